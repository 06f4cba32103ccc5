import type { Db } from '#src/db/open.ts'
import { findCampaign, logCampaign, moveCampaign, skipWaiting } from './queries-states.ts'

type Change = { userId: number | null; reason?: string | null; detail?: string | null }

/** Stops a running or scheduled campaign: nothing more of it is handed over, everything stays where it is. `reason` is
 *  a code of planning/messages.ts, null when a person did it. False when it was neither running nor scheduled. */
export const pauseCampaign = (
  db: Db,
  id: number,
  { userId, reason = null, detail = null }: Change,
): Promise<boolean> =>
  db.transaction(async (tx) => {
    const paused = await moveCampaign(tx, id, ['running', 'scheduled'], {
      state: 'paused',
      pauseReason: reason,
      pauseDetail: detail,
      pausedAt: new Date(),
    })
    if (paused) await logCampaign(tx, { campaignId: id, kind: 'paused', userId, detail: { reason, detail } })
    return paused !== null
  })

/** Goes on where it was paused; one that had not begun waits for its time again. False when it was not paused. */
export const resumeCampaign = (db: Db, id: number, { userId }: Pick<Change, 'userId'>): Promise<boolean> =>
  db.transaction(async (tx) => {
    const begun = (await findCampaign(tx, id))?.startedAt !== null
    const resumed = await moveCampaign(tx, id, ['paused'], {
      state: begun ? 'running' : 'scheduled',
      pauseReason: null,
      pauseDetail: null,
      pausedAt: null,
    })
    if (resumed) await logCampaign(tx, { campaignId: id, kind: 'resumed', userId })
    return resumed !== null
  })

/** Ends it for good: what waits is skipped, what was sent stays. False when it had ended already. */
export const cancelCampaign = (db: Db, id: number, { userId }: Pick<Change, 'userId'>): Promise<boolean> =>
  db.transaction(async (tx) => {
    const cancelled = await moveCampaign(tx, id, ['scheduled', 'running', 'paused'], {
      state: 'cancelled',
      finishedAt: new Date(),
    })
    if (!cancelled) return false
    const skipped = await skipWaiting(tx, id, 'cancelled')
    await logCampaign(tx, { campaignId: id, kind: 'cancelled', userId, detail: { skipped } })
    return true
  })
