import { z } from 'zod'
import type { Deps } from '#src/deps.ts'
import { defineJob, type JobDefinition } from '#src/queue/define-job.ts'
import { deleteOldLimits } from './queries-sweep.ts'

export const SWEEP_LIMITS_JOB = 'mail.sweep-limits'

const DAY_MS = 86_400_000
/** Longer than anything is judged by: a day of usage, a week of health, a month of providers. */
const USAGE_KEPT_MS = 2 * DAY_MS
const KEPT_MS = 60 * DAY_MS

/** Scheduled: of thousands of providers that were written to once, nothing is kept for ever. */
export const sweepLimitsJob = ({ db, clock }: Pick<Deps, 'db' | 'clock'>): JobDefinition =>
  defineJob({
    name: SWEEP_LIMITS_JOB,
    input: z.object({}),
    concurrency: 1,
    retryLimit: 2,
    run: async () => {
      const now = clock.now().getTime()
      await deleteOldLimits(db, {
        usageBefore: new Date(now - USAGE_KEPT_MS),
        before: new Date(now - KEPT_MS),
      })
    },
  })
