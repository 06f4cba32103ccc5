import type { Db } from '#src/db/open.ts'
import { AppError, type Result } from '#src/lib/errors.ts'
import type { Threads } from '#src/threads.ts'
import { applied, compareWith, newValues, withNameKey } from './compare-rows.ts'
import { createHeldChanges } from '#src/companies/import/held-changes.ts'
import {
  insertCompanies,
  insertImportRows,
  lockAdding,
  lockImports,
  newestCompany,
  storedCompanies,
  updateCompanies,
  wasAddedMeanwhile,
  type ImportRow,
  type StoredCompany,
} from './queries-import.ts'
import { readRows, type ImportSource, type JudgedRow, type Reading, type ReadReport } from './read-rows.ts'
import type { CrawlBudget, FieldChanges, ImportCounts } from '#src/companies/schema.ts'

// Somebody adding the same company by hand while an import runs makes it start again; the last try lets them wait.
const MAX_TRIES = 3

export type ImportReport = ReadReport & {
  counts: ImportCounts
  rejected: { row: number; reason: string }[]
}

type Tools = { db: Db; threads: Threads }

export type ImportPlan = {
  userId: number | null
  /** What crawling the companies it creates may cost; null is the standard preset. */
  crawlBudget?: CrawlBudget | null
  /** Makes or claims the import within its transaction and returns its id. May run again. */
  begin: (tx: Db) => Promise<number>
  /** Ends it in the same transaction. */
  finish: (tx: Db, importId: number, report: ImportReport, created: number[]) => Promise<void>
}

/** Reads a table and tells what an import would do, by the same rules; stores nothing but what `onRows` does. */
export const checkImport = async (
  { db, threads }: Tools,
  source: ImportSource,
  { onRows, ...reading }: Reading & { onRows?: (rows: ImportRow[]) => Promise<void> } = {},
): Promise<Result<ImportReport>> => {
  const tally = createTally()
  const take = async (rows: JudgedRow[]) => {
    const changes = changesOf(rows, await storedCompanies(db, idsOf(rows)))
    const records = rows.map((one, index) => recordOf(one, changes[index] ?? null))
    tally.add(records)
    await onRows?.(records)
  }
  const read = await readRows({ db, threads }, source, take, reading)
  return read.ok ? { ok: true, value: { ...read.value, ...tally.result() } } : read
}

/** Stores what a table says of companies, all or none: new ones, branches, and what it changes on those that are
 *  there. One import runs at a time, on every node; the pages work on meanwhile. */
export const importCompanies = async (
  { db, threads }: Tools,
  source: ImportSource,
  plan: ImportPlan,
  reading: Reading = {},
): Promise<Result<ImportReport & { importId: number }>> => {
  for (let attempt = 1; ; attempt++)
    try {
      const alone = attempt === MAX_TRIES
      return await db.transaction(async (tx) => {
        await lockImports(tx)
        if (alone) await lockAdding(tx)
        const newest = alone ? null : await newestSettled(db)
        const result = await write({ db: tx, threads }, source, plan, reading, newest)
        if (!result.ok) throw new Unreadable(result.problem.code, result.problem.message, { status: 422 })
        return result
      })
    } catch (error) {
      if (error instanceof Unreadable)
        return { ok: false, problem: { code: error.code, message: error.message } }
      if (!(error instanceof AddedMeanwhile)) throw error
    }
}

/** A problem found half-way must take back what came before it: thrown through the transaction. */
class Unreadable extends AppError {}
class AddedMeanwhile extends Error {}

// Who adds a company at this moment is waited for; who adds one later gets a higher id.
const newestSettled = (db: Db): Promise<number> =>
  db.transaction(async (tx) => {
    await lockAdding(tx)
    return newestCompany(tx)
  })

const write = async (
  { db: tx, threads }: Tools,
  source: ImportSource,
  plan: ImportPlan,
  reading: Reading,
  newest: number | null,
): Promise<Result<ImportReport & { importId: number }>> => {
  const importId = await plan.begin(tx)
  const history = { importId, userId: plan.userId, crawlBudget: plan.crawlBudget ?? null }
  const tally = createTally()
  const held = createHeldChanges(tx, history)
  const created: number[] = []

  const take = async (rows: JudgedRow[]) => {
    const fresh = rows.flatMap(({ columns, match }) =>
      columns && match?.kind === 'new' ? [{ columns, known: match.known }] : [],
    )
    const ids = await insertCompanies(
      tx,
      fresh.map(({ columns }) => newValues(columns)),
      history,
    )
    for (const [index, { known }] of fresh.entries()) known.id = ids[index]!
    created.push(...ids)
    const stored = held.over(await storedCompanies(tx, idsOf(rows)))
    const changes = changesOf(rows, stored)
    const records = rows.map((one, index) => recordOf(one, changes[index] ?? null))
    await completeNew(tx, rows, records, stored)
    await insertImportRows(tx, importId, held.take(rows, records))
    tally.add(records)
  }

  const read = await readRows({ db: tx, threads }, source, take, reading)
  if (!read.ok) return read
  tally.correct(await held.write())
  if (newest !== null) {
    await lockAdding(tx)
    if (await wasAddedMeanwhile(tx, importId, newest)) throw new AddedMeanwhile()
  }
  const report = { ...read.value, ...tally.result() }
  await plan.finish(tx, importId, report, created)
  return { ok: true, value: { ...report, importId } }
}

/** The companies that rows mean and that are stored. */
const idsOf = (rows: JudgedRow[]): number[] => [
  ...new Set(rows.flatMap(({ match }) => (match && match.kind !== 'new' ? (match.known.id ?? []) : []))),
]

/** What each row changes, in order: a row sees what the rows before it have changed. `stored` is brought up. */
const changesOf = (rows: JudgedRow[], stored: Map<number, StoredCompany>): (FieldChanges | null)[] =>
  rows.map(({ columns, match }) => {
    const company = match && match.kind !== 'new' ? stored.get(match.known.id ?? 0) : undefined
    if (!company || !columns || !match || match.known.mergedIntoId) return null
    const isFirst = match.kind === 'known'
    const found = compareWith(columns, company, { fillOnly: !isFirst })
    if (Object.keys(found).length === 0) return null
    const changes = isFirst ? withNameKey(found, company) : found
    stored.set(company.id, applied(company, changes))
    return changes
  })

const recordOf = ({ row, match }: JudgedRow, changes: FieldChanges | null): ImportRow => ({
  row: row.row,
  outcome: outcomeOf(match, changes),
  reason: match ? null : row.clean && !row.clean.ok ? row.clean.reason : 'unreadable',
  branch: match?.kind === 'new' && match.branch,
  companyId: match ? (match.known.mergedIntoId ?? match.known.id) : null,
  changes,
  cells: match ? null : row.cells,
})

const outcomeOf = (match: JudgedRow['match'], changes: FieldChanges | null): ImportRow['outcome'] => {
  if (!match) return 'rejected'
  if (match.kind === 'new') return 'created'
  if (match.kind === 'duplicate') return 'duplicate'
  return changes ? 'updated' : 'unchanged'
}

/** What later rows complete on companies of this import is written at once: nobody else sees them yet. */
const completeNew = async (
  tx: Db,
  rows: JudgedRow[],
  records: ImportRow[],
  stored: Map<number, StoredCompany>,
): Promise<void> => {
  const completed = new Set<number>()
  for (const [index, record] of records.entries()) {
    const known = rows[index]?.match?.known
    if (!record.changes || !known?.isNew) continue
    completed.add(known.id!)
    record.changes = null
  }
  await updateCompanies(
    tx,
    [...completed].map((id) => stored.get(id)!),
  )
}

const createTally = () => {
  const counts: ImportCounts = {
    rows: 0,
    created: 0,
    updated: 0,
    unchanged: 0,
    duplicates: 0,
    rejected: 0,
    branches: 0,
  }
  const rejected: { row: number; reason: string }[] = []
  const add = (records: ImportRow[]) => {
    for (const { row, outcome, branch, reason } of records) {
      counts.rows++
      counts[outcome === 'duplicate' ? 'duplicates' : outcome]++
      if (branch) counts.branches++
      if (outcome === 'rejected') rejected.push({ row, reason: reason ?? 'unreadable' })
    }
  }
  /** So many rows counted as updating changed nothing after all. */
  const correct = (unchanged: number) => {
    counts.updated -= unchanged
    counts.unchanged += unchanged
  }
  return { add, correct, result: () => ({ counts, rejected }) }
}
