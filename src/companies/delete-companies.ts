import type { Db } from '#src/db/open.ts'
import { markDeleted, unmarkDeleted } from './queries-edit.ts'
import type { Selection } from './queries-list.ts'

/** Puts the selection into the bin. `at` names the deletion: `restoreCompanies` takes it back as a whole. */
export const deleteCompanies = async (
  db: Db,
  selection: Selection,
  { at, userId }: { at: Date; userId: number | null },
): Promise<{ count: number; at: Date }> => {
  const count = await db.transaction((tx) => markDeleted(tx, selection, { at, userId }))
  return { count, at }
}

/** Takes a deletion back, or one company out of the bin. Returns the ids. */
export const restoreCompanies = (
  db: Db,
  which: { at: Date } | { id: number },
  userId: number | null,
): Promise<number[]> => db.transaction((tx) => unmarkDeleted(tx, which, userId))
