import type { CrawlBudget } from '#src/companies/schema.ts'
import type { Deps } from '#src/deps.ts'
import type { JobDefinition } from '#src/queue/define-job.ts'
import { defineBatchJob } from '#src/queue/define-batch-job.ts'
import { createLocalSlots } from './politeness/slots.ts'
import { createMxCheck, systemMxResolver } from './contacts/check-mx.ts'
import { crawlCompany, type AfterCrawl } from './crawl-company.ts'
import { limitsOf, SITES_AT_ONCE, type CrawlLimits } from './crawl-limits.ts'
import { crawlTools } from './crawl-tools.ts'
import { databaseForMx } from './contacts/queries-mail.ts'
import { createPageRoom } from './page-room.ts'
import { findCrawlBudget } from './queries-request.ts'

// Their facts are all in memory then, and each takes a connection to the database, of which pages need some too.
const SITES_ENDING_AT_ONCE = 4

/** `limits`: what every site may cost, instead of each company's own budget; `budgetOf`: what the sites of one batch
 *  may cost, null for each company's own. */
export const crawlJobs = (
  deps: Deps,
  afterCrawl: AfterCrawl,
  limits?: CrawlLimits,
  budgetOf?: (batchId: number) => Promise<CrawlBudget | null>,
): JobDefinition[] => {
  const now = deps.clock.now
  const memory = databaseForMx(deps)
  const checkMx = createMxCheck({ resolver: systemMxResolver(), memory, now })
  const room = createPageRoom(deps.config.WORKERS)
  const ending = createLocalSlots()
  return [
    defineBatchJob(deps, {
      name: 'crawl.company',
      concurrency: SITES_AT_ONCE,
      run: async ({ subjectId, batchId }, { signal, report, finish, fail }) => {
        const tools = crawlTools({
          settings: deps.config,
          politeness: deps.politeness,
          threads: deps.threads,
          ...(deps.renderer && { renderer: deps.renderer }),
          checkMx,
          room,
          signal,
        })
        const result = await crawlCompany(subjectId, {
          db: deps.db,
          clock: deps.clock,
          limits:
            limits ?? limitsOf((await budgetOf?.(batchId)) ?? (await findCrawlBudget(deps.db, subjectId))),
          afterCrawl,
          turnToEnd: async () => {
            const leave = await ending.acquire('site', SITES_ENDING_AT_ONCE, signal)
            return () => {
              leave()
              room.ended()
            }
          },
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
