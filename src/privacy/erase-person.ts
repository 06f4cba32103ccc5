import type { Db } from '#src/db/open.ts'
import { AppError } from '#src/lib/errors.ts'
import { scoreManyAgain } from '#src/scoring/queries.ts'
import { canHash, eraseRecords, hashEntries, noteInLog } from './queries-erase.ts'
import { findSubject, type PersonKey, type Subject } from './queries-person.ts'

type Why = { kind: 'erase' | 'retention'; userId: number | null; now: Date }

/** Erases one person everywhere (GDPR art. 17), in one transaction. On request (`erase`) a keyed hash is kept, so that no
 *  crawl, import or campaign brings them back; at the end of the time data may be kept (`retention`) nothing is, but who had
 *  said no stays on the suppression list as a keyed hash. Returns how much it was. Mails still in a mailbox, exported files
 *  and backups are beyond its reach.
 *  Throws AppError when this connection cannot keep the hash. */
export const erasePerson = (db: Db, key: PersonKey, why: Why): Promise<Record<string, number>> =>
  erasePeople(db, [key], why)

/** As erasePerson, some at once: every table is read through once for all of them. */
export const erasePeople = (
  db: Db,
  keys: readonly PersonKey[],
  { kind, userId, now }: Why,
): Promise<Record<string, number>> =>
  db.transaction(async (tx) => {
    if (!(await canHash(tx)))
      throw new AppError('erase_unavailable', 'The key of the suppression list is not available.', {
        status: 500,
      })
    const people: Subject[] = []
    for (const key of keys) people.push(await findSubject(tx, key))
    if (kind === 'erase') for (const person of people) await hashEntries(tx, person, now)
    const counts = await eraseRecords(tx, people)
    // Whoever is left is the contact from now on, and nothing of the score rests on who is gone.
    await scoreManyAgain(
      tx,
      people.flatMap(({ companyIds }) => companyIds),
    )
    await noteInLog(tx, { kind, userId, counts, at: now })
    return counts
  })
