import { requestCrawls } from '#src/crawl/request-crawls.ts'
import type { Clock } from '#src/lib/clock.ts'
import type { Db } from '#src/db/open.ts'
import type { Queue } from '#src/queue/open-queue.ts'
import {
  companiesToRecheck,
  giveUpHeld,
  holdStale,
  noteRecheck,
  settleRechecked,
} from './queries-freshness.ts'

/** So long before a mail is due its site is looked at again. */
const AHEAD_MS = 15 * 60_000
const SITES_AT_ONCE = 300
const PATIENCE_MS = 24 * 3600_000
const KEPT_HELD_MS = 7 * 24 * 3600_000

/** A mail that quotes what was found on a site longer ago than its campaign allows is held, the site is visited again,
 *  and it goes on with what is true now – or stays held when the site cannot be read. */
export const keepFresh = async (db: Db, queue: Queue, clock: Clock): Promise<void> => {
  const now = clock.now()
  await holdStale(db, now, AHEAD_MS)
  const companyIds = await companiesToRecheck(db, SITES_AT_ONCE)
  if (companyIds.length > 0)
    await db.transaction(async (tx) => {
      await requestCrawls(tx, queue, companyIds, {
        createdBy: null,
        label: { key: 'crawl.campaign', values: {} },
      })
      await noteRecheck(tx, companyIds, now)
    })
  await settleRechecked(db, now, PATIENCE_MS)
  await giveUpHeld(db, now, KEPT_HELD_MS)
}
