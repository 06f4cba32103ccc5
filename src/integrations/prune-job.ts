import { z } from 'zod'
import type { Deps } from '#src/deps.ts'
import { defineJob, type JobDefinition } from '#src/queue/define-job.ts'
import { pruneRequests } from './analyses/queries.ts'
import { prunePushes } from './push/queries.ts'
import { pruneDeliveries } from './webhooks/queries.ts'

/** The log of deliveries goes back so far, and with it what can be replayed. */
export const KEPT_DAYS = 30
const PUSHES_KEPT_DAYS = 7

export const PRUNE_INTEGRATIONS_JOB = 'integrations.prune'

/** Scheduled: forgets deliveries, requests and messages to phones of long ago. */
export const pruneIntegrationsJob = ({ db }: Pick<Deps, 'db'>): JobDefinition =>
  defineJob({
    name: PRUNE_INTEGRATIONS_JOB,
    input: z.object({}),
    concurrency: 1,
    retryLimit: 2,
    run: async () => {
      await pruneDeliveries(db, KEPT_DAYS)
      await pruneRequests(db, KEPT_DAYS)
      await prunePushes(db, PUSHES_KEPT_DAYS)
    },
  })
