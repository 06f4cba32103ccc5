import { z } from 'zod'
import type { Deps } from '#src/deps.ts'
import { defineJob, type JobDefinition } from '#src/queue/define-job.ts'
import { mayEraseOld } from '#src/operations/trust-clock.ts'
import { eraseExpired } from './retain.ts'

export const ERASE_EXPIRED_JOB = 'privacy.erase-expired'
const RETRIES = 3

/** People whose data has been kept for as long as it may be. */
export const eraseExpiredJob = ({ db, clock, log }: Pick<Deps, 'db' | 'clock' | 'log'>): JobDefinition =>
  defineJob({
    name: ERASE_EXPIRED_JOB,
    input: z.object({}),
    concurrency: 1,
    retryLimit: RETRIES,
    run: async (_, { signal }) => {
      const now = clock.now()
      if (!(await mayEraseOld({ db, log }, ERASE_EXPIRED_JOB, now))) return
      const people = await eraseExpired(db, now, signal)
      if (people > 0) log.info('people were erased at the end of their retention', { people })
    },
  })
