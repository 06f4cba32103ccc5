import type { Deps } from '#src/deps.ts'
import type { JobDefinition } from '#src/queue/define-job.ts'
import { defineBatchJob } from '#src/queue/define-batch-job.ts'
import { createMxCheck, systemMxResolver } from './contacts/check-mx.ts'
import { crawlCompany, type AfterCrawl } from './crawl-company.ts'
import { standardLimits, type CrawlLimits } from './crawl-limits.ts'
import { crawlTools } from './crawl-tools.ts'
import { databaseForMx } from './contacts/queries-mail.ts'

// A crawl mostly waits for the other side: many sites at once cost little.
const SITES_AT_ONCE = 24

/** `limits`: what one site may cost, when not the usual. */
export const crawlJobs = (
  deps: Deps,
  afterCrawl: AfterCrawl,
  limits: CrawlLimits = standardLimits,
): JobDefinition[] => {
  const now = deps.clock.now
  const memory = databaseForMx(deps.db, now)
  const checkMx = createMxCheck({ resolver: systemMxResolver(), memory, now })
  return [
    defineBatchJob(deps, {
      name: 'crawl.company',
      concurrency: SITES_AT_ONCE,
      run: async ({ subjectId }, { signal, report, finish, fail }) => {
        const tools = crawlTools({
          settings: deps.config,
          politeness: deps.politeness,
          threads: deps.threads,
          checkMx,
          signal,
        })
        const result = await crawlCompany(subjectId, {
          db: deps.db,
          clock: deps.clock,
          limits,
          afterCrawl,
          tools: {
            ...tools,
            onPage: ({ url, pages }) =>
              report({ code: 'crawling', values: { host: new URL(url).host, pages } }),
          },
          finish: (tx, ended) =>
            ended.kind === 'failed'
              ? fail(tx, { code: ended.code, values: { message: ended.message } })
              : finish(tx),
        })
        return result.kind === 'skipped' ? { failed: { code: result.code } } : undefined
      },
    }),
  ]
}
