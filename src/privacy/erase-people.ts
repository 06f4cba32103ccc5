import type { Db } from '#src/db/open.ts'
import { AppError } from '#src/lib/errors.ts'
import { scoreManyAgain } from '#src/scoring/queries.ts'
import { canHash, eraseRecords, noteInLog } from './queries-erase.ts'
import { findSubject, type PersonKey, type Subject } from './queries-person.ts'

/** Erases people at the end of the time their data may be kept, some at once in one transaction: every table is read through
 *  once for all of them. Nothing of them is kept, as they have asked for nothing (erase-person.ts); who had said no stays on
 *  the suppression list as a keyed hash.
 *  Throws AppError when this connection cannot keep it. */
export const erasePeople = async (db: Db, keys: readonly PersonKey[], now: Date): Promise<void> => {
  if (keys.length === 0) return
  await db.transaction(async (tx) => {
    if (!(await canHash(tx)))
      throw new AppError('erase_unavailable', 'The key of the suppression list is not available.', {
        status: 500,
      })
    const people: Subject[] = []
    for (const key of keys) people.push(await findSubject(tx, key))
    const counts = await eraseRecords(tx, people)
    await scoreManyAgain(
      tx,
      people.flatMap(({ companyIds }) => companyIds),
    )
    await noteInLog(tx, { kind: 'retention', userId: null, counts, at: now })
  })
}
