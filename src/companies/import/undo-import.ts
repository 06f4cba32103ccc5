import type { Db } from '#src/db/open.ts'
import { failed, ok, type Result } from '#src/lib/errors.ts'
import {
  lockImports,
  recordImports,
  storedCompanies,
  updateCompanies,
  type StoredCompany,
} from './queries-import.ts'
import { lockImport, updateImport } from './queries-imports.ts'
import {
  changedCompanies,
  changesSince,
  handOverCreated,
  removeCreated,
  writeChanges,
  type ChangedRow,
} from './queries-undo.ts'

const COMPANIES_AT_ONCE = 1_000

export type UndoReport = { removed: number; restored: number; keptEdits: number }

/** Takes an import back: what it created goes to the bin (and can be restored from there), what it changed gets
 *  its values from before, except where somebody has edited since. Where a later import names the same company,
 *  that import keeps it as if this one had never been; the order in which imports are undone does not matter. */
export const undoImport = (
  db: Db,
  importId: number,
  { at, userId }: { at: Date; userId: number | null },
): Promise<Result<UndoReport>> =>
  db.transaction(async (tx) => {
    await lockImports(tx)
    const record = await lockImport(tx, importId)
    if (!record) return failed('import_not_found', 'There is no such import.')
    if (record.state !== 'done')
      return failed('import_not_done', 'Only a finished import can be undone, and only once.')
    await handOverCreated(tx, importId)
    const removed = await removeCreated(tx, importId, { at, userId })
    const report: UndoReport = { removed, restored: 0, keptEdits: 0 }
    for (let after = 0; ;) {
      const ids = await changedCompanies(tx, importId, { after, limit: COMPANIES_AT_ONCE })
      if (ids.length === 0) break
      await restore(tx, { importId, userId }, ids, report)
      after = ids.at(-1)!
    }
    await updateImport(tx, importId, { state: 'undone', undoneAt: at })
    return ok(report)
  })

const restore = async (
  tx: Db,
  history: { importId: number; userId: number | null },
  ids: number[],
  report: UndoReport,
): Promise<void> => {
  const { importId } = history
  const stored = await storedCompanies(tx, ids, { hold: true })
  const byCompany = Map.groupBy(await changesSince(tx, importId, ids), ({ companyId }) => companyId)
  const changed: StoredCompany[] = []
  const rewritten: ChangedRow[] = []
  for (const [id, rows] of byCompany) {
    const company = stored.get(id)
    if (!company) continue
    const before = takeBack(company, rows, importId)
    rewritten.push(...before.rewritten)
    if (before.kept) report.keptEdits++
    if (Object.keys(before.values).length === 0) continue
    changed.push({ ...company, ...before.values })
    report.restored++
  }
  await updateCompanies(tx, changed)
  const details = changed.map(({ id }) => ({ companyId: id, detail: { importId, undone: true } }))
  await recordImports(tx, details, history.userId)
  await writeChanges(tx, rewritten)
}

/** `rows` in the order they happened, those of this import and of later ones. */
const takeBack = (company: StoredCompany, rows: ChangedRow[], importId: number) => {
  let values: Partial<StoredCompany> = {}
  let kept = false
  const rewritten = new Set<ChangedRow>()
  const mine = rows.filter((row) => row.importId === importId)
  for (const own of mine.toReversed())
    for (const [field, [before, value]] of Object.entries(own.changes)) {
      const current = { ...company, ...values }[field as keyof StoredCompany]
      const later = rows.filter((row) => row.importId !== importId && row.changes[field])
      if (field === 'tags') {
        const added = new Set((value as string[]).filter((tag) => !(before as string[]).includes(tag)))
        const without = (tags: unknown) => (tags as string[]).filter((tag) => !added.has(tag))
        values = { ...values, tags: without(current) }
        for (const row of later) {
          row.changes[field] = [without(row.changes[field]![0]), without(row.changes[field]![1])]
          rewritten.add(row)
        }
      } else if (later[0] && Bun.deepEquals(later[0].changes[field]![0], value)) {
        later[0].changes[field]![0] = before
        rewritten.add(later[0])
      } else if (!company.editedFields.includes(field) && Bun.deepEquals(current, value))
        values = { ...values, [field]: before }
      else if (field !== 'nameKey') kept = true
    }
  return { values, kept, rewritten: [...rewritten] }
}
