import { z } from 'zod'
import type { Deps } from '#src/deps.ts'
import { defineJob, type JobDefinition } from '#src/queue/define-job.ts'
import { keepFresh } from './freshness.ts'
import { planCampaign, type PlanNeighbours } from './plan-campaign.ts'
import { beginDue, type MayBegin } from './begin-due.ts'
import { skipStopped } from './queries-due.ts'
import { endFinished, logCampaign, reopenEnded, unplannedCampaigns } from './queries-states.ts'
import { PLAN_JOB } from './start-campaign.ts'

/** Once a minute: what is due begins, what has ended ends, what must not be sent any more is skipped. */
export const SETTLE_CAMPAIGNS_JOB = 'campaigns.settle'
const AT_ONCE = 2
const RETRIES = 50

type Parts = Pick<Deps, 'db' | 'clock' | 'queue' | 'log'>

export const campaignJobs = (
  deps: Parts,
  neighbours: PlanNeighbours,
  mayBegin: MayBegin,
): JobDefinition[] => [
  defineJob({
    name: PLAN_JOB,
    input: z.object({ campaignId: z.int() }),
    concurrency: AT_ONCE,
    retryLimit: RETRIES,
    run: async ({ campaignId }) => {
      await planCampaign(deps, neighbours, campaignId)
      await settleCampaigns(deps)
    },
  }),
  defineJob({
    name: SETTLE_CAMPAIGNS_JOB,
    input: z.object({}),
    concurrency: 1,
    retryLimit: 0,
    run: async () => {
      await beginDue(deps, mayBegin)
      await keepFresh(deps.db, deps.queue, deps.clock)
      await skipStopped(deps.db)
      await settleCampaigns(deps)
      // A job that was given up for good is asked for again; one that waits or runs is not doubled.
      for (const campaignId of await unplannedCampaigns(deps.db))
        await deps.queue.enqueue(deps.db, PLAN_JOB, [{ campaignId }], {
          singletonKey: `campaign:${campaignId}`,
        })
    },
  }),
]

/** Campaigns with nothing left to do end; those of which something is to be sent again run again. */
export const settleCampaigns = ({ db, clock }: Pick<Parts, 'db' | 'clock'>): Promise<void> =>
  db.transaction(async (tx) => {
    for (const campaignId of await reopenEnded(tx))
      await logCampaign(tx, { campaignId, kind: 'reopened', userId: null })
    for (const { id, state } of await endFinished(tx, clock.now()))
      await logCampaign(tx, { campaignId: id, kind: 'completed', userId: null, detail: { state } })
  })
