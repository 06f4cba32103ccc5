import type { Db } from '#src/db/open.ts'
import { erasePerson } from './erase-person.ts'
import { readPrivacySettings } from './privacy-settings.ts'
import { findExpired, noteInLog } from './queries-erase.ts'
import { eraseName, findExpiredNames } from './queries-names.ts'

const AT_ONCE = 100

/** Erases the people whose time is over. Each is a transaction of its own: what was interrupted goes on the next night.
 *  Returns how many. */
export const eraseExpired = async (db: Db, now: Date, signal?: AbortSignal): Promise<number> => {
  const { retentionMonths } = await readPrivacySettings(db)
  const before = new Date(now)
  before.setUTCMonth(before.getUTCMonth() - retentionMonths)
  let erased = 0
  for (;;) {
    const expired = await findExpired(db, before, AT_ONCE)
    for (const { factId, address } of expired) {
      if (signal?.aborted) return erased
      await erasePerson(db, address === null ? { factId } : { address }, {
        kind: 'retention',
        userId: null,
        now,
      })
      erased += 1
    }
    if (expired.length < AT_ONCE) break
  }
  return erased + (await eraseExpiredNames(db, before, now, signal))
}

/** Names that lists gave, of people whom no page names. */
const eraseExpiredNames = async (
  db: Db,
  before: Date,
  now: Date,
  signal: AbortSignal | undefined,
): Promise<number> => {
  let erased = 0
  for (;;) {
    const expired = await findExpiredNames(db, before, AT_ONCE)
    for (const given of expired) {
      if (signal?.aborted) return erased
      const { address } = given
      if (address !== null) await erasePerson(db, { address }, { kind: 'retention', userId: null, now })
      await db.transaction(async (tx) => {
        const counts = await eraseName(tx, given)
        if (address === null) await noteInLog(tx, { kind: 'retention', userId: null, counts, at: now })
      })
      erased += 1
    }
    if (expired.length < AT_ONCE) return erased
  }
}
