import type { CrawlBudget } from '#src/companies/schema.ts'
import type { Db } from '#src/db/open.ts'
import { createBatch } from '#src/queue/batches.ts'
import type { Queue } from '#src/queue/open-queue.ts'
import { keepCrawlBudget, queueForCrawl } from './queries-request.ts'

export type CrawlRequest = {
  createdBy: number | null
  /** Key and values of templates/operations/batch-texts.ts; `count` is filled in when it is missing. */
  label: { key: string; values: Record<string, string | number> }
  /** What these crawls, and later ones of the same companies, may cost; without it each keeps its own. */
  budget?: CrawlBudget | null
}

/** Asks for the crawl of these companies' sites as one batch, in the caller's transaction. Companies without a
 *  site, deleted ones and those whose crawl already waits or runs are left out. `batchId` is null when none is left. */
export const requestCrawls = async (
  tx: Db,
  queue: Queue,
  companyIds: number[],
  { createdBy, label, budget }: CrawlRequest,
): Promise<{ batchId: number | null; requested: number; leftOut: number }> => {
  if (budget !== undefined) await keepCrawlBudget(tx, companyIds, budget)
  const subjectIds = await queueForCrawl(tx, companyIds)
  const counts = { requested: subjectIds.length, leftOut: companyIds.length - subjectIds.length }
  if (subjectIds.length === 0) return { batchId: null, ...counts }
  const named = { key: label.key, values: { count: subjectIds.length, ...label.values } }
  return {
    batchId: await createBatch(tx, queue, { job: 'crawl.company', label: named, subjectIds, createdBy }),
    ...counts,
  }
}
