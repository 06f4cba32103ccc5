import { z } from 'zod'
import type { Deps } from '#src/deps.ts'
import { defineJob, type JobDefinition } from '#src/queue/define-job.ts'
import { settleLeftBehind } from './queries-messages.ts'

export const SETTLE_MAILS_JOB = 'mail.settle-left-behind'

/** Scheduled: a mail whose sender died is not shown as on its way for ever. */
export const settleMailsJob = ({ db }: Pick<Deps, 'db'>): JobDefinition =>
  defineJob({
    name: SETTLE_MAILS_JOB,
    input: z.object({}),
    concurrency: 1,
    retryLimit: 2,
    run: async () => void (await settleLeftBehind(db)),
  })
