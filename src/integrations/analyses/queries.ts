import { and, eq, isNull, sql } from 'drizzle-orm'
import { companies, type CrawlBudget } from '#src/companies/schema.ts'
import type { Db } from '#src/db/open.ts'
import { analysisRequests } from '../schema.ts'

export type WaitingRequest = Pick<typeof analysisRequests.$inferSelect, 'id' | 'website' | 'options'>
type End = Partial<typeof analysisRequests.$inferInsert>

/** Whether any request waits; cheap enough to be asked all the time. */
export const isRequestWaiting = async (db: Db): Promise<boolean> => {
  const [row] = await db.execute<{ waits: boolean }>(
    sql`SELECT EXISTS (SELECT FROM analysis_requests WHERE state = 'waiting') AS waits`,
  )
  return row?.waits === true
}

/** The oldest request that nobody has taken up, held until the transaction ends; null when there is none. */
export const holdRequest = async (tx: Db): Promise<WaitingRequest | null> => {
  const [row] = await tx
    .select({
      id: analysisRequests.id,
      website: analysisRequests.website,
      options: analysisRequests.options,
    })
    .from(analysisRequests)
    .where(eq(analysisRequests.state, 'waiting'))
    .orderBy(analysisRequests.createdAt)
    .limit(1)
    .for('update', { skipLocked: true })
  return row ?? null
}

export const updateRequest = async (tx: Db, id: string, values: End): Promise<void> => {
  const over = values.state !== undefined && values.state !== 'launched'
  await tx
    .update(analysisRequests)
    .set({ ...values, ...(over && { finishedAt: sql`now()` }) })
    .where(and(eq(analysisRequests.id, id), eq(analysisRequests.state, 'waiting')))
}

/** The company of a site, of several branches the one read last; `analysed` when its site has been read. */
export const findCompanyOfSite = async (
  tx: Db,
  siteKey: string,
): Promise<{ id: number; name: string; analysed: boolean } | null> => {
  const [row] = await tx
    .select({
      id: companies.id,
      name: companies.name,
      analysed: sql<boolean>`EXISTS (SELECT FROM crawls WHERE company_id = companies.id AND crawls.state = 'done')`,
    })
    .from(companies)
    .where(and(eq(companies.siteKey, siteKey), isNull(companies.deletedAt)))
    .orderBy(sql`${companies.crawledAt} DESC NULLS LAST`, companies.id)
    .limit(1)
  return row ?? null
}

/** The batch in which this company's crawl waits or runs. */
export const findOpenCrawl = async (tx: Db, companyId: number): Promise<number | null> => {
  const [row] = await tx.execute<{ id: number }>(sql`
    SELECT b.id FROM batch_items i JOIN batches b ON b.id = i.batch_id
    WHERE i.subject_id = ${companyId} AND b.job = 'crawl.company' AND b.state IN ('running', 'paused')
      AND i.state IN ('pending', 'running') ORDER BY b.id DESC LIMIT 1`)
  return row?.id ?? null
}

/** What the API asked this batch to cost; null for batches that were asked for otherwise. */
export const findAskedBudget = async (db: Db, batchId: number): Promise<CrawlBudget | null> => {
  const [row] = await db.execute<{ budget: CrawlBudget | null }>(sql`
    SELECT options -> 'budget' AS budget FROM analysis_requests
    WHERE state = 'launched' AND batch_id = ${batchId} AND options ? 'budget' LIMIT 1`)
  return row?.budget ?? null
}

/** Ends the requests whose analysis has ended, and has the phones of their tokens told, in one statement. Returns
 *  how many. */
export const settleRequests = async (db: Db): Promise<number> => {
  const rows = await db.execute(sql`
    WITH ended AS (
      SELECT r.id, CASE i.state WHEN 'done' THEN 'done' ELSE 'failed' END AS state,
        CASE WHEN i.state = 'done' THEN NULL WHEN i.state IS NULL THEN 'deleted'
          ELSE coalesce(i.detail ->> 'code', i.state) END AS reason
      FROM analysis_requests r
      LEFT JOIN batch_items i ON i.batch_id = r.batch_id AND i.subject_id = r.company_id
      WHERE r.state = 'launched' AND (i.state IS NULL OR i.state IN ('done', 'failed', 'cancelled'))
    ), settled AS (
      UPDATE analysis_requests r SET state = ended.state, reason = ended.reason, finished_at = now()
      FROM ended WHERE r.id = ended.id AND r.state = 'launched'
      RETURNING r.id, r.token_id, r.company_id, r.state
    ), told AS (
      INSERT INTO push_messages (device_id, kind, "values")
      SELECT d.id, 'analysis_' || settled.state,
        jsonb_build_object('companyId', settled.company_id, 'name', coalesce(c.name, ''))
      FROM settled JOIN push_devices d ON d.token_id = settled.token_id
      LEFT JOIN companies c ON c.id = settled.company_id
      RETURNING pg_notify('push_messages', '')
    )
    SELECT id, (SELECT count(*) FROM told) AS told FROM settled`)
  return rows.length
}

/** Forgets requests that ended long ago. */
export const pruneRequests = async (db: Db, days: number): Promise<void> => {
  await db.execute(sql`
    DELETE FROM analysis_requests
    WHERE finished_at < now() - ${days} * interval '1 day' AND state NOT IN ('waiting', 'launched')`)
}
