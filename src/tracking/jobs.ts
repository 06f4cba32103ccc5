import { z } from 'zod'
import type { Deps } from '#src/deps.ts'
import { defineJob, type JobDefinition } from '#src/queue/define-job.ts'
import { mayEraseOld } from '#src/operations/trust-clock.ts'
import { reclassify, rememberReclassified } from './reclassify.ts'
import { forgetOldTracking } from './retain.ts'

export const FORGET_TRACKING_JOB = 'tracking.forget'
export const RECLASSIFY_JOB = 'tracking.reclassify'

const RETRIES = 3

/** Forgetting what may be kept no longer, and judging history by new rules. */
export const trackingJobs = ({ db, clock, log }: Pick<Deps, 'db' | 'clock' | 'log'>): JobDefinition[] => [
  defineJob({
    name: FORGET_TRACKING_JOB,
    input: z.object({}),
    concurrency: 1,
    retryLimit: RETRIES,
    run: async (_, { signal }) => {
      const now = clock.now()
      if (!(await mayEraseOld({ db, log }, FORGET_TRACKING_JOB, now))) return
      const { months, events, facts, bodies } = await forgetOldTracking(db, now, signal)
      if (months.length + events + facts + bodies > 0)
        log.info('old tracking was forgotten', { months: months.join(','), events, facts, bodies })
    },
  }),
  defineJob({
    name: RECLASSIFY_JOB,
    input: z.object({}),
    concurrency: 1,
    retryLimit: RETRIES,
    run: async (_, { signal }) => {
      const result = await reclassify(db, signal)
      signal.throwIfAborted()
      await rememberReclassified(db, result, clock.now())
    },
  }),
]
