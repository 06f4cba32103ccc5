import type { Db } from '#src/db/open.ts'
import { failed, ok, type Result } from '#src/lib/errors.ts'
import {
  companiesByIds,
  lockImport,
  rowsToUndo,
  updateImport,
  updateImported,
  type NewCompany,
} from './queries-import.ts'
import { markDeleted } from './queries-edit.ts'

const ROWS_AT_ONCE = 1_000

export type UndoReport = { removed: number; restored: number; keptEdits: number }

/** Takes an import back: what it created goes to the deleted companies (and can be restored from there), what it
 *  changed gets its values from before, except where somebody has edited by hand since. */
export const undoImport = (
  db: Db,
  importId: number,
  { at, userId }: { at: Date; userId: number | null },
): Promise<Result<UndoReport>> =>
  db.transaction(async (tx) => {
    const record = await lockImport(tx, importId)
    if (!record) return failed('import_not_found', 'There is no such import.')
    if (record.state !== 'done')
      return failed('import_not_done', 'Only a finished import can be undone, and only once.')
    const rows = await rowsToUndo(tx, importId)
    const created = rows.filter((row) => row.outcome === 'created').flatMap((row) => row.companyId ?? [])
    const updated = rows.filter((row) => row.outcome === 'updated' && row.companyId !== null)
    const removed = await markDeleted(tx, { ids: created }, { at, userId })
    let restored = 0
    let keptEdits = 0
    for (let start = 0; start < updated.length; start += ROWS_AT_ONCE) {
      const part = updated.slice(start, start + ROWS_AT_ONCE)
      const companies = await companiesByIds(
        tx,
        part.map((row) => row.companyId!),
      )
      for (const row of part) {
        const company = companies.get(row.companyId!)
        if (!company) continue
        const before = Object.entries(row.before ?? {})
        const values = before.filter(([field]) => !company.editedFields.includes(field))
        if (values.length < before.length) keptEdits++
        if (values.length === 0) continue
        await updateImported(tx, company.id, Object.fromEntries(values) as Partial<NewCompany>, {
          importId,
          userId,
          detail: { undone: true },
        })
        restored++
      }
    }
    await updateImport(tx, importId, { state: 'undone', undoneAt: at })
    return ok({ removed, restored, keptEdits })
  })
