import { eq, sql } from 'drizzle-orm'
import { companies, type CrawlBudget } from '#src/companies/schema.ts'
import type { Db } from '#src/db/open.ts'

/** Marks those of the companies that have a site as waiting for their crawl. Returns their ids, in the order in
 *  which they are best crawled: as they came. */
export const queueForCrawl = async (tx: Db, companyIds: number[]): Promise<number[]> => {
  const rows = await tx.execute<{ id: number }>(sql`
    UPDATE companies SET crawl_state = 'queued'
    FROM (SELECT value::int AS id FROM jsonb_array_elements_text(${JSON.stringify(companyIds)}::jsonb)) AS asked
    WHERE companies.id = asked.id AND website IS NOT NULL AND deleted_at IS NULL
      AND (crawl_state NOT IN ('queued', 'running') OR NOT EXISTS (
        SELECT 1 FROM batch_items i JOIN batches b ON b.id = i.batch_id
        WHERE i.subject_id = companies.id AND b.job = 'crawl.company'
          AND b.state IN ('running', 'paused') AND i.state IN ('pending', 'running')))
    RETURNING companies.id`)
  const asked = new Set(rows.map(({ id }) => id))
  return [...new Set(companyIds)].filter((id) => asked.has(id))
}

/** Companies that wait for a crawl nobody will make any more (their batch was cancelled or the item given up) show
 *  how their last crawl ended. Returns how many. */
export const settleCrawlStates = async (db: Db): Promise<number> => {
  const rows = await db.execute(sql`
    UPDATE companies SET crawl_state = coalesce(
      (SELECT c.state FROM crawls c WHERE c.company_id = companies.id ORDER BY c.finished_at DESC, c.id DESC LIMIT 1),
      'never')
    WHERE crawl_state IN ('queued', 'running') AND NOT EXISTS (
      SELECT 1 FROM batch_items i JOIN batches b ON b.id = i.batch_id
      WHERE i.subject_id = companies.id AND b.job = 'crawl.company'
        AND b.state IN ('running', 'paused') AND i.state IN ('pending', 'running'))
    RETURNING companies.id`)
  return rows.length
}

/** What crawling this company's site may cost; null is the standard preset. */
export const findCrawlBudget = async (db: Db, companyId: number): Promise<CrawlBudget | null> => {
  const [row] = await db
    .select({ budget: companies.crawlBudget })
    .from(companies)
    .where(eq(companies.id, companyId))
  return row?.budget ?? null
}

/** Keeps a budget for this and later crawls of these companies. */
export const keepCrawlBudget = async (
  tx: Db,
  companyIds: number[],
  budget: CrawlBudget | null,
): Promise<void> => {
  const value = budget === null ? sql`NULL` : sql`${JSON.stringify(budget)}::text::jsonb`
  await tx.execute(sql`
    UPDATE companies SET crawl_budget = ${value}
    FROM (SELECT value::int AS id FROM jsonb_array_elements_text(${JSON.stringify(companyIds)}::jsonb)) AS asked
    WHERE companies.id = asked.id AND deleted_at IS NULL AND crawl_budget IS DISTINCT FROM ${value}`)
}
