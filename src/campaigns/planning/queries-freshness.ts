import { sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'

/** What a mail quotes is too old: the last visit was before the campaign's limit, or could not read the site (of rows
 *  c: campaigns, v: their variants, co: companies). A company that was never visited has nothing to be quoted, and for a
 *  rehearsal nobody is visited. */
export const stale = (
  now: Date,
) => sql`v.quotes AND c.kind = 'real' AND c.freshness_days IS NOT NULL AND co.crawled_at IS NOT NULL
  AND (co.crawled_at < ${now.toISOString()}::timestamptz - make_interval(days => c.freshness_days)
    OR co.crawl_state = 'failed')`

const joined = sql`campaign_messages m
  JOIN campaigns c ON c.id = m.campaign_id AND c.state IN ('running', 'paused')
  JOIN campaign_variants v ON v.id = m.variant_id
  JOIN companies co ON co.id = m.company_id`

/** Holds what would quote old findings, from `aheadMs` before it is due; what a person released stays free. */
export const holdStale = async (db: Db, now: Date, aheadMs: number): Promise<number> => {
  const until = new Date(now.getTime() + aheadMs).toISOString()
  const rows = await db.execute(sql`
    UPDATE campaign_messages SET state = 'held', reason = 'stale', held_at = ${now.toISOString()}
    FROM (
      SELECT m.id FROM ${joined}
      WHERE m.state = 'planned' AND m.due_at <= ${until} AND m.reason IS DISTINCT FROM 'released' AND ${stale(now)}
    ) old WHERE campaign_messages.id = old.id AND campaign_messages.state = 'planned'
    RETURNING campaign_messages.id`)
  return rows.length
}

/** Companies whose mails are held for a fresh look nobody has asked for yet. */
export const companiesToRecheck = async (db: Db, limit: number): Promise<number[]> => {
  const rows = await db.execute<{ id: number }>(sql`
    SELECT company_id AS id FROM campaign_messages
    WHERE state = 'held' AND reason = 'stale' AND recheck_at IS NULL AND company_id IS NOT NULL
    GROUP BY company_id ORDER BY min(due_at), company_id LIMIT ${limit}`)
  return rows.map(({ id }) => id)
}

export const noteRecheck = async (tx: Db, companyIds: number[], now: Date): Promise<void> => {
  await tx.execute(sql`
    UPDATE campaign_messages SET recheck_at = ${now.toISOString()}
    WHERE state = 'held' AND reason = 'stale' AND recheck_at IS NULL
      AND company_id IN (SELECT value::int FROM jsonb_array_elements_text(${JSON.stringify(companyIds)}::jsonb))`)
}

/** After the fresh look: mails whose findings are young again go on; where the site could not be read, or no look came
 *  about within `patienceMs`, they stay held for a person to decide. */
export const settleRechecked = async (
  db: Db,
  now: Date,
  patienceMs: number,
): Promise<{ released: number; failed: number }> => {
  const late = new Date(now.getTime() - patienceMs).toISOString()
  const released = await db.execute(sql`
    UPDATE campaign_messages SET state = 'planned', reason = NULL, held_at = NULL
    FROM (
      SELECT m.id FROM ${joined}
      WHERE m.state = 'held' AND m.reason IN ('stale', 'stale_failed') AND NOT coalesce(${stale(now)}, false)
    ) fresh WHERE campaign_messages.id = fresh.id AND campaign_messages.state = 'held'
    RETURNING campaign_messages.id`)
  const failed = await db.execute(sql`
    UPDATE campaign_messages m SET reason = 'stale_failed' FROM companies co
    WHERE co.id = m.company_id AND m.state = 'held' AND m.reason = 'stale' AND m.recheck_at IS NOT NULL
      AND co.crawl_state NOT IN ('queued', 'running')
      AND (co.crawled_at >= m.recheck_at AND co.crawl_state = 'failed' OR m.recheck_at < ${late})
    RETURNING m.id`)
  return { released: released.length, failed: failed.length }
}

/** Held mails that nobody decided about in this time are given up, so that a campaign ends; those that wait for a visit
 *  of their site are not. Whoever held a mail without saying when is taken to have done so now. */
export const giveUpHeld = async (db: Db, now: Date, keptMs: number): Promise<number> => {
  await db.execute(sql`
    UPDATE campaign_messages SET held_at = ${now.toISOString()} WHERE state = 'held' AND held_at IS NULL`)
  const before = new Date(now.getTime() - keptMs).toISOString()
  const rows = await db.execute(sql`
    UPDATE campaign_messages SET state = 'skipped'
    WHERE state = 'held' AND reason IS DISTINCT FROM 'stale' AND held_at < ${before} RETURNING id`)
  return rows.length
}

/** A person's decision: held mails of a campaign go out as they are. Returns how many. */
export const releaseHeld = async (db: Db, campaignId: number, ids: number[] | 'all'): Promise<number> => {
  const which =
    ids === 'all'
      ? sql`true`
      : sql`id IN (
    SELECT value::int FROM jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))`
  const rows = await db.execute(sql`
    UPDATE campaign_messages SET state = 'planned', reason = 'released', held_at = NULL
    WHERE campaign_id = ${campaignId} AND state = 'held' AND ${which} RETURNING id`)
  return rows.length
}
