import { z } from 'zod'
import type { Deps } from '#src/deps.ts'
import { defineJob, type JobDefinition } from '#src/queue/define-job.ts'
import { scoreRequested } from './queries.ts'

export const SCORE_REQUESTED_JOB = 'scoring.requested'

/** Scheduled: companies that the public API changed. */
export const scoreRequestedJob = ({ db }: Pick<Deps, 'db'>): JobDefinition =>
  defineJob({
    name: SCORE_REQUESTED_JOB,
    input: z.object({}),
    concurrency: 1,
    retryLimit: 2,
    run: async () => void (await scoreRequested(db)),
  })
