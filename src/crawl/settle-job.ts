import { z } from 'zod'
import type { Deps } from '#src/deps.ts'
import { defineJob, type JobDefinition } from '#src/queue/define-job.ts'
import { settleCrawlStates } from './queries-request.ts'

/** Scheduled: after a cancelled batch no company is shown as waiting for ever. */
export const settleJob = ({ db }: Pick<Deps, 'db'>): JobDefinition =>
  defineJob({
    name: 'crawl.settle-states',
    input: z.object({}),
    concurrency: 1,
    retryLimit: 2,
    run: async () => void (await settleCrawlStates(db)),
  })
