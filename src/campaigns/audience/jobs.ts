import { z } from 'zod'
import type { Deps } from '#src/deps.ts'
import { defineJob, type JobDefinition } from '#src/queue/define-job.ts'
import { refreshAddresses } from './refresh-addresses.ts'

export const REFRESH_ADDRESSES_JOB = 'audience.refresh-addresses'

/** Scheduled: judges the addresses of companies that changed, so that an audience finds little left to do. */
export const refreshAddressesJob = ({ db }: Pick<Deps, 'db'>): JobDefinition =>
  defineJob({
    name: REFRESH_ADDRESSES_JOB,
    input: z.object({}),
    concurrency: 1,
    retryLimit: 2,
    run: async () => void (await refreshAddresses(db)),
  })
