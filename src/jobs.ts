import { REFRESH_ADDRESSES_JOB, refreshAddressesJob } from './campaigns/audience/jobs.ts'
import { listRecipients } from './campaigns/audience/queries-audience.ts'
import { campaignJobs, SETTLE_CAMPAIGNS_JOB } from './campaigns/planning/jobs.ts'
import { mayBegin } from './campaigns/planning/run-preflight.ts'
import { COUNT_JOB, REPORT_JOB, reportJobs } from './campaigns/reports/jobs.ts'
import { companyJobs, FORGET_DRAFTS_JOB } from './companies/jobs.ts'
import { crawlJobs } from './crawl/jobs.ts'
import { requestCrawls } from './crawl/request-crawls.ts'
import { settleJob } from './crawl/settle-job.ts'
import { findAskedBudget } from './integrations/analyses/queries.ts'
import { PRUNE_INTEGRATIONS_JOB, pruneIntegrationsJob } from './integrations/prune-job.ts'
import { ERASE_EXPIRED_JOB, eraseExpiredJob } from './privacy/jobs.ts'
import { SETTLE_MAILS_JOB, settleMailsJob } from './mail/jobs.ts'
import { SWEEP_LIMITS_JOB, sweepLimitsJob } from './mail/limits/jobs.ts'
import { providersOf } from './mail/limits/providers-of.ts'
import type { Deps } from './deps.ts'
import type { JobDefinition } from './queue/define-job.ts'
import type { Schedule } from './queue/schedules.ts'
import { SCORE_REQUESTED_JOB, scoreRequestedJob } from './scoring/jobs.ts'
import { scoreCrawl } from './scoring/score-crawl.ts'
import { scoreImport } from './scoring/score-import.ts'
import { FORGET_TRACKING_JOB, trackingJobs } from './tracking/jobs.ts'

/** Every job of the product. */
export const allJobs = (deps: Deps): JobDefinition[] => [
  ...companyJobs(deps, {
    requestCrawls: async (tx, { companyIds, fileName, createdBy }) => {
      const label = { key: 'crawl.import', values: { file: fileName } }
      return (await requestCrawls(tx, deps.queue, companyIds, { createdBy, label })).batchId
    },
    score: scoreImport,
  }),
  ...crawlJobs(deps, scoreCrawl(deps), undefined, (batchId) => findAskedBudget(deps.db, batchId)),
  settleJob(deps),
  pruneIntegrationsJob(deps),
  ...trackingJobs(deps),
  settleMailsJob(deps),
  sweepLimitsJob(deps),
  eraseExpiredJob(deps),
  scoreRequestedJob(deps),
  ...reportJobs(deps),
  refreshAddressesJob(deps),
  ...campaignJobs(
    deps,
    { listRecipients, providersOf: (domains) => providersOf(deps, domains) },
    mayBegin(deps),
  ),
]

/** What runs when, in the server's time zone. */
export const schedules = (_deps: Deps): Schedule[] => [
  { cron: '* * * * *', job: 'crawl.settle-states', input: {} },
  { cron: '20 4 * * *', job: FORGET_DRAFTS_JOB, input: {} },
  { cron: '40 4 * * *', job: PRUNE_INTEGRATIONS_JOB, input: {} },
  { cron: '0 3 * * *', job: FORGET_TRACKING_JOB, input: {} },
  { cron: '20 3 * * *', job: ERASE_EXPIRED_JOB, input: {} },
  { cron: '10 3 * * *', job: SWEEP_LIMITS_JOB, input: {} },
  { cron: '* * * * *', job: SETTLE_MAILS_JOB, input: {} },
  { cron: '* * * * *', job: SCORE_REQUESTED_JOB, input: {} },
  { cron: '* * * * *', job: REPORT_JOB, input: {} },
  { cron: '*/10 * * * *', job: COUNT_JOB, input: {} },
  { cron: '* * * * *', job: REFRESH_ADDRESSES_JOB, input: {} },
  { cron: '* * * * *', job: SETTLE_CAMPAIGNS_JOB, input: {} },
]

/** Takes up jobs and fires schedules; `serve` and `work` both call it. While the database is away it keeps
 *  trying; `deps.queue.stop()` ends it. */
export const startWorking = (deps: Deps): Promise<void> => deps.queue.start(allJobs(deps), schedules(deps))

/** For commands that enqueue without working: makes sure that the queues exist. */
export const ensureQueues = (deps: Deps): Promise<void> => deps.queue.ensureQueues(allJobs(deps))
