import type { Clock } from '#src/lib/clock.ts'
import type { Db } from '#src/db/open.ts'
import type { Queue } from '#src/queue/open-queue.ts'
import { fingerprintOf, logCampaign, moveCampaign } from './queries-states.ts'

export const PLAN_JOB = 'campaigns.plan'

type Parts = { db: Db; queue: Pick<Queue, 'enqueue'>; clock: Clock }

/** Starts a draft, now or at a time to come; whoever calls it has seen that the preflight lets it (preflight.ts) or that
 *  it is a rehearsal. `checked` is its fingerprint from before that: what was changed since was not checked. `detail` goes into
 *  the campaign's log. False when it is no draft any more, or another one. */
export const startCampaign = (
  { db, queue, clock }: Parts,
  id: number,
  start: {
    userId: number | null
    at: Date | null
    checked?: string | null
    detail?: Record<string, unknown>
  },
): Promise<boolean> =>
  db.transaction(async (tx) => {
    const { userId, at, checked, detail = {} } = start
    if (checked !== undefined && (await fingerprintOf(tx, id)) !== checked) return false
    const scheduled = await moveCampaign(tx, id, ['draft'], {
      state: 'scheduled',
      scheduledAt: at ?? clock.now(),
    })
    if (!scheduled) return false
    if (at !== null) {
      await logCampaign(tx, {
        campaignId: id,
        kind: 'scheduled',
        userId,
        detail: { ...detail, at: at.toISOString() },
      })
      return true
    }
    return beginCampaign(tx, { queue, clock }, id, { userId, detail })
  })

/** A scheduled campaign begins: its ledger is written by a job that is enqueued in this transaction. */
export const beginCampaign = async (
  tx: Db,
  { queue, clock }: Pick<Parts, 'queue' | 'clock'>,
  id: number,
  { userId, detail = {} }: { userId: number | null; detail?: Record<string, unknown> },
): Promise<boolean> => {
  const begun = await moveCampaign(tx, id, ['scheduled'], { state: 'running', startedAt: clock.now() })
  if (!begun) return false
  await logCampaign(tx, { campaignId: id, kind: 'started', userId, detail })
  await queue.enqueue(tx, PLAN_JOB, [{ campaignId: id }], { singletonKey: `campaign:${id}` })
  return true
}

/** Back to a draft, as long as nothing of it was planned; the start that was chosen stays, too. */
export const unscheduleCampaign = (db: Db, id: number, userId: number | null): Promise<boolean> =>
  db.transaction(async (tx) => {
    const back = await moveCampaign(tx, id, ['scheduled'], { state: 'draft' })
    if (back) await logCampaign(tx, { campaignId: id, kind: 'unscheduled', userId })
    return back !== null
  })
