import type { Db } from '#src/db/open.ts'
import { AppError, type Result } from '#src/lib/errors.ts'
import type { Threads } from '#src/threads.ts'
import type { ImportedCompany } from './clean-row.ts'
import { createMatcher, type Match } from './match-rows.ts'
import {
  companiesByIds,
  finishImport,
  insertCompanies,
  insertImportRows,
  knownCompanies,
  updateImported,
  type CompanyRow,
  type ImportRow,
  type NewCompany,
} from './queries-import.ts'
import type { Mapping } from './recognise-columns.ts'
import type { ImportCounts } from './schema.ts'
import type { ReadRow, TableHead } from './worker.ts'
import type { TableWarnings } from './tables/table.ts'

// Kept of rejected rows in an answer; all of them are in import_rows.
const MAX_REJECTED_SHOWN = 100_000

export type ImportReport = TableHead & {
  counts: ImportCounts
  rejected: { row: number; reason: string }[]
  warnings: TableWarnings
}

type ImportSource = { bytes: Uint8Array; fileName: string; mapping: Mapping; sheet?: string | undefined }

type Writing = {
  importId: number
  userId: number | null
  onCreated?: (tx: Db, ids: number[]) => Promise<void>
}

/** Reads a table and tells each of its rows apart: created, updated, unchanged, duplicate or rejected. With
 *  `writing` the companies are stored, all or none; without it this is the dry run, by the same rules. */
export const importCompanies = async (
  { db, threads }: { db: Db; threads: Threads },
  source: ImportSource,
  options: { writing?: Writing; onProgress?: (rows: number) => void } = {},
): Promise<Result<ImportReport>> => {
  const { writing, onProgress } = options
  const run = (tx: Db) => importRowsOf(tx, threads, source, writing, onProgress)
  if (!writing) return run(db)
  // A problem found half-way must take back what came before it.
  return db
    .transaction(async (tx) => {
      const result = await run(tx)
      if (!result.ok) throw new AppError(result.problem.code, result.problem.message, { status: 422 })
      await finishImport(tx, writing.importId, result.value.counts)
      return result
    })
    .catch((error: unknown) => {
      if (error instanceof AppError && error.status === 422)
        return { ok: false as const, problem: { code: error.code, message: error.message } }
      throw error
    })
}

const importRowsOf = async (
  tx: Db,
  threads: Threads,
  source: ImportSource,
  writing: Writing | undefined,
  onProgress: ((rows: number) => void) | undefined,
): Promise<Result<ImportReport>> => {
  const matcher = createMatcher()
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
  const created: number[] = []

  const takeChunk = async (chunk: ReadRow[]) => {
    const companies = chunk.flatMap((row) => (row.clean?.ok ? [row.clean.company] : []))
    for (const known of await knownCompanies(tx, keysOf(companies))) matcher.add(known)
    const judged = chunk.map((row) => judge(row, matcher.match))
    const stored = await companiesByIds(
      tx,
      judged.flatMap((one) => (one.match?.kind === 'known' ? [one.match.id] : [])),
    )
    const rows = judged.map((one) => ({ ...one, changes: changesOf(one, stored) }))
    count(rows, counts, rejected)
    if (writing) created.push(...(await write(tx, rows, writing)))
    onProgress?.(counts.rows)
  }

  const read = await threads.readTable(
    {
      bytes: source.bytes,
      fileName: source.fileName,
      options: { mapping: source.mapping, ...(source.sheet === undefined ? {} : { sheet: source.sheet }) },
    },
    takeChunk,
  )
  if (!read.ok) return read
  if (created.length > 0) await writing?.onCreated?.(tx, created)
  const { rows: _, warnings, ...head } = read.value
  return { ok: true, value: { ...head, counts, rejected, warnings } }
}

type Judged = { row: ReadRow; match: Match | null }
type Decided = Judged & { changes: Changes | null }
type Changes = { values: Partial<NewCompany>; before: Record<string, unknown> }

const keysOf = (companies: ImportedCompany[]) => ({
  siteKeys: [...new Set(companies.flatMap((company) => company.siteKey ?? []))],
  nameKeys: [...new Set(companies.map((company) => company.nameKey))],
})

const judge = (row: ReadRow, match: (company: ImportedCompany) => Match): Judged => ({
  row,
  match: row.clean?.ok ? match(row.clean.company) : null,
})

// A list that leaves a cell empty does not take back what is known, and a hand edit wins over any list.
const changesOf = ({ row, match }: Judged, stored: Map<number, CompanyRow>): Changes | null => {
  const company = match?.kind === 'known' ? stored.get(match.id) : undefined
  if (!company || !row.clean?.ok) return null
  const values: Record<string, unknown> = {}
  const before: Record<string, unknown> = {}
  for (const [field, value] of Object.entries(columnsOf(row.clean.company))) {
    const old = company[field as keyof CompanyRow]
    if (value === null || value === undefined || company.editedFields.includes(field) || old === value)
      continue
    if (field === 'nameKey' || (field === 'notes' && old !== '')) continue
    if (Array.isArray(value)) {
      const merged = [...new Set([...(old as string[]), ...(value as string[])])]
      if (merged.length === (old as string[]).length) continue
      values[field] = merged
    } else values[field] = value
    before[field] = old
  }
  return Object.keys(values).length > 0 ? { values, before } : null
}

const columnsOf = (company: ImportedCompany) => ({
  name: company.name,
  website: company.website,
  siteKey: company.siteKey,
  nameKey: company.nameKey,
  profileUrl: company.profileUrl,
  email: company.email,
  phone: company.phone,
  phoneE164: company.phoneE164,
  contactName: company.contactName,
  category: company.category ?? company.categoryTranslated,
  sector: company.categoryTranslated,
  address1: company.address1 ?? company.addressFull,
  address2: company.address2,
  postalCode: company.postalCode,
  city: company.city,
  country: company.country,
  longitude: company.longitude,
  latitude: company.latitude,
  rating: company.rating,
  reviewsCount: company.reviewsCount,
  siren: company.siren,
  siret: company.siret,
  notes: company.notes ?? '',
  tags: company.tags,
})

const outcomeOf = ({ row, match, changes }: Decided): ImportRow['outcome'] => {
  if (!row.clean?.ok) return 'rejected'
  if (match?.kind === 'new') return 'created'
  if (match?.kind === 'duplicate') return 'duplicate'
  return changes ? 'updated' : 'unchanged'
}

const count = (rows: Decided[], counts: ImportCounts, rejected: { row: number; reason: string }[]): void => {
  for (const one of rows) {
    const outcome = outcomeOf(one)
    counts.rows++
    if (outcome === 'duplicate') counts.duplicates++
    else counts[outcome]++
    if (one.match?.kind === 'new' && one.match.branch) counts.branches++
    if (outcome === 'rejected' && rejected.length < MAX_REJECTED_SHOWN)
      rejected.push({ row: one.row.row, reason: reasonOf(one) })
  }
}

const reasonOf = ({ row }: Decided): string => (row.clean && !row.clean.ok ? row.clean.reason : 'unreadable')

const write = async (tx: Db, rows: Decided[], writing: Writing): Promise<number[]> => {
  const { importId, userId } = writing
  const fresh = rows.filter((one) => outcomeOf(one) === 'created')
  const ids = await insertCompanies(
    tx,
    fresh.map((one) => newCompany(one, importId)),
    { importId, userId },
  )
  const idOf = new Map(fresh.map((one, index) => [one, ids[index]!]))
  for (const one of rows)
    if (one.match?.kind === 'known' && one.changes)
      await updateImported(tx, one.match.id, one.changes.values, {
        importId,
        userId,
        detail: Object.fromEntries(
          Object.entries(one.changes.before).map(([field, old]) => [
            field,
            [old, one.changes!.values[field as keyof NewCompany]],
          ]),
        ),
      })
  await insertImportRows(
    tx,
    rows.map((one) => ({
      importId,
      row: one.row.row,
      outcome: outcomeOf(one),
      reason: outcomeOf(one) === 'rejected' ? reasonOf(one) : null,
      branch: one.match?.kind === 'new' && one.match.branch,
      companyId: idOf.get(one) ?? (one.match?.kind === 'known' ? one.match.id : null),
      before: one.changes?.before ?? null,
      cells: outcomeOf(one) === 'rejected' ? one.row.cells : null,
    })),
  )
  return ids
}

const newCompany = ({ row }: Decided, importId: number): NewCompany => {
  if (!row.clean?.ok) throw new Error('only cleaned rows are stored')
  const company = columnsOf(row.clean.company)
  return {
    ...company,
    importId,
    contactEmail: company.email,
    contactPerson: company.contactName,
    contactPhone: company.phoneE164 ?? company.phone,
  }
}
