import type { Db } from '#src/db/open.ts'
import { holdJudging } from './queries-addresses.ts'
import { hasBlockChanges, markBlocked, sumUp, takeBlockChanges } from './queries-blocks.ts'

/** Looks anew at the addresses and companies of every entry that came or went and of every bounce, so that whoever counts
 *  or lists need not: what was said a moment ago holds. Companies judged from now on are looked at with it. */
export const refreshBlocks = async (db: Db): Promise<void> => {
  // Mostly there is nothing: then nobody waits for the lock.
  if (!(await hasBlockChanges(db))) return
  await db.transaction(async (tx) => {
    await holdJudging(tx)
    const companyIds = await takeBlockChanges(tx)
    if (companyIds.length === 0) return
    await markBlocked(tx, companyIds)
    await sumUp(tx, companyIds)
  })
}
