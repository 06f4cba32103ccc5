import type { Db } from '#src/db/open.ts'
import { AppError } from '#src/lib/errors.ts'
import { scoreManyAgain } from '#src/scoring/queries.ts'
import { canHash, eraseRecords, hashEntries, noteInLog } from './queries-erase.ts'
import { findSubject, type PersonKey } from './queries-person.ts'

/** Erases one person everywhere (GDPR art. 17), in one transaction. On request (`erase`) a keyed hash is kept, so that no
 *  crawl, import or campaign brings them back; at the end of the time data may be kept (`retention`) nothing is. Returns how
 *  much it was. Mails still in a mailbox, exported files and backups are beyond its reach.
 *  Throws AppError when this connection cannot keep the hash. */
export const erasePerson = (
  db: Db,
  key: PersonKey,
  { kind, userId, now }: { kind: 'erase' | 'retention'; userId: number | null; now: Date },
): Promise<Record<string, number>> =>
  db.transaction(async (tx) => {
    if (!(await canHash(tx)))
      throw new AppError('erase_unavailable', 'The key of the suppression list is not available.', {
        status: 500,
      })
    const subject = await findSubject(tx, key)
    if (kind === 'erase') await hashEntries(tx, subject, now)
    const counts = await eraseRecords(tx, [subject])
    // Whoever is left is the contact from now on, and nothing of the score rests on who is gone.
    await scoreManyAgain(tx, subject.companyIds)
    await noteInLog(tx, { kind, userId, counts, at: now })
    return counts
  })
