import { z } from 'zod'
import type { Deps } from '#src/deps.ts'
import { defineJob, type JobDefinition } from '#src/queue/define-job.ts'
import { listWatched } from '../results/queries-campaign.ts'
import { numbersReader } from '../results/read-numbers.ts'
import { sendDueReport } from './send-report.ts'

/** Every minute. */
export const REPORT_JOB = 'campaigns.report'
/** Every ten minutes. */
export const COUNT_JOB = 'campaigns.count'

/** Reports by mail, and numbers of campaigns under way counted ahead, so that their pages open at once. */
export const reportJobs = (deps: Pick<Deps, 'db' | 'clock' | 'log' | 'config' | 'keys'>): JobDefinition[] => [
  defineJob({
    name: REPORT_JOB,
    input: z.object({}),
    concurrency: 1,
    retryLimit: 0,
    run: async () => {
      const outcome = await sendDueReport(deps)
      if (outcome?.state === 'failed' || outcome?.state === 'no_account')
        deps.log.warn('a report by mail could not be sent', { reason: outcome.state })
    },
  }),
  defineJob({
    name: COUNT_JOB,
    input: z.object({}),
    concurrency: 1,
    retryLimit: 0,
    run: async (_, { signal }) => {
      const reader = numbersReader(deps)
      for (const id of await listWatched(deps.db)) {
        if (signal.aborted) return
        await reader.count(id)
      }
    },
  }),
]
