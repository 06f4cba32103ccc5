import type { Db } from '#src/db/open.ts'
import { applied } from './compare-rows.ts'
import {
  insertImportRows,
  recordImports,
  storedCompanies,
  updateCompanies,
  type ImportRow,
  type StoredCompany,
} from './queries-import.ts'
import type { JudgedRow } from './read-rows.ts'
import type { FieldChanges } from '#src/companies/schema.ts'

const COMPANIES_AT_ONCE = 1_000

type Held = { id: number; record: ImportRow }

/** Changes to companies that are there wait until the whole table is read: while it is, crawls and people work on
 *  them unhindered, and what they changed meanwhile wins. */
export const createHeldChanges = (tx: Db, history: { importId: number; userId: number | null }) => {
  const held = new Map<number, Held[]>()

  /** The companies as they will be. */
  const over = (stored: Map<number, StoredCompany>): Map<number, StoredCompany> => {
    for (const [id, company] of stored) {
      let after = company
      for (const { record } of held.get(id) ?? []) after = applied(after, record.changes ?? {})
      stored.set(id, after)
    }
    return stored
  }

  /** Keeps the rows that change something; returns the others. */
  const take = (rows: JudgedRow[], records: ImportRow[]): ImportRow[] =>
    records.filter((record, index) => {
      const id = rows[index]?.match?.known.id
      if (!record.changes || !id) return true
      const list = held.get(id)
      if (list) list.push({ id, record })
      else held.set(id, [{ id, record }])
      return false
    })

  /** Writes them. Returns how many updating rows were left with nothing to change. */
  const write = async (): Promise<number> => {
    let unchanged = 0
    const ids = [...held.keys()].sort((a, b) => a - b)
    for (let start = 0; start < ids.length; start += COMPANIES_AT_ONCE) {
      const part = ids.slice(start, start + COMPANIES_AT_ONCE)
      const stored = await storedCompanies(tx, part, { hold: true })
      const records = part.flatMap((id) => held.get(id)!.map(({ record }) => record))
      const changed = new Map<number, FieldChanges>()
      for (const id of part)
        for (const { record } of held.get(id)!) {
          const company = stored.get(id)
          record.changes = company ? stillMeant(record.changes!, company) : null
          if (record.changes && company) {
            stored.set(id, applied(company, record.changes))
            changed.set(id, merged(changed.get(id), record.changes))
          } else if (record.outcome === 'updated') {
            record.outcome = 'unchanged'
            unchanged++
          }
        }
      await updateCompanies(
        tx,
        [...changed.keys()].map((id) => stored.get(id)!),
      )
      const details = [...changed].map(([companyId, changes]) => ({
        companyId,
        detail: { importId: history.importId, ...changes },
      }))
      await recordImports(tx, details, history.userId)
      await insertImportRows(tx, history.importId, records)
    }
    return unchanged
  }

  return { over, take, write }
}

/** What was changed since the row was read stays as it is. */
const stillMeant = (changes: FieldChanges, company: StoredCompany): FieldChanges | null => {
  const kept = Object.entries(changes).filter(
    ([field, [before]]) =>
      !company.editedFields.includes(field) && Bun.deepEquals(company[field as keyof StoredCompany], before),
  )
  return kept.length > 0 ? Object.fromEntries(kept) : null
}

const merged = (earlier: FieldChanges | undefined, later: FieldChanges): FieldChanges => {
  const both: FieldChanges = { ...earlier }
  for (const [field, [before, value]] of Object.entries(later))
    both[field] = [both[field]?.[0] ?? before, value]
  return both
}
