import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import { campaignLog, campaigns } from '../schema.ts'

export type Campaign = typeof campaigns.$inferSelect
export type CampaignState = Campaign['state']

/** Moves a campaign on when it is in one of these states; null when it is not, or not there. */
export const moveCampaign = async (
  tx: Db,
  id: number,
  from: CampaignState[],
  changes: Partial<Omit<Campaign, 'id'>>,
): Promise<Campaign | null> => {
  const rows = await tx
    .update(campaigns)
    .set({ ...changes, updatedAt: sql`now()` })
    .where(and(eq(campaigns.id, id), inArray(campaigns.state, from), isNull(campaigns.deletedAt)))
    .returning()
  return rows[0] ?? null
}

export const findCampaign = async (db: Db, id: number): Promise<Campaign | null> => {
  const rows = await db
    .select()
    .from(campaigns)
    .where(and(eq(campaigns.id, id), isNull(campaigns.deletedAt)))
  return rows[0] ?? null
}

/** What a campaign is set to, its messages included, as one short text: it differs when anything of it was changed. Holds
 *  the campaign until the transaction ends. */
export const fingerprintOf = async (tx: Db, id: number): Promise<string | null> => {
  const [row] = await tx.execute<{ fingerprint: string }>(sql`
    WITH held AS (SELECT * FROM campaigns WHERE id = ${id} AND deleted_at IS NULL FOR UPDATE)
    SELECT md5(row(c.kind, c.locale, c.audience, c.recipients, c.account_ids, c.opens, c.clicks, c.calendar,
        c.freshness_days, c.overrides, c.scheduled_at)::text || coalesce((
      SELECT string_agg(row(s.position, s.delay_days, s.condition, v.label, v.subject, v.html, v.text, v.weight)::text, ''
        ORDER BY s.position, v.label)
      FROM campaign_steps s LEFT JOIN campaign_variants v ON v.step_id = s.id WHERE s.campaign_id = c.id), '')) AS fingerprint
    FROM held c`)
  return row?.fingerprint ?? null
}

export const logCampaign = async (
  tx: Db,
  entry: { campaignId: number; kind: string; userId: number | null; detail?: Record<string, unknown> },
): Promise<void> => {
  await tx.insert(campaignLog).values({ detail: {}, ...entry })
}

/** What still waits of a campaign will not be sent. A row in `sending` is past that: it is being handed over.
 *  Returns how many. */
export const skipWaiting = async (tx: Db, campaignId: number, reason: string): Promise<number> => {
  const rows = await tx.execute(sql`
    UPDATE campaign_messages SET state = 'skipped', reason = ${reason}, claimed_by = NULL, claimed_at = NULL
    WHERE campaign_id = ${campaignId} AND state IN ('planned', 'held', 'claimed') RETURNING id`)
  return rows.length
}

/** Ends running campaigns of which nothing waits or is under way any more. Returns their ids. */
export const endFinished = async (tx: Db, now: Date): Promise<{ id: number; state: CampaignState }[]> => [
  ...(await tx.execute<{ id: number; state: CampaignState }>(sql`
    UPDATE campaigns c SET finished_at = ${now.toISOString()}, updated_at = ${now.toISOString()}, state = (
      SELECT CASE
        WHEN count(*) FILTER (WHERE m.state IN ('failed', 'unknown')) = 0 THEN 'completed'
        WHEN count(*) FILTER (WHERE m.sent_at IS NOT NULL) = 0
          AND count(*) FILTER (WHERE m.state = 'unknown') = 0 THEN 'failed'
        ELSE 'completed_with_errors' END
      FROM campaign_messages m WHERE m.campaign_id = c.id)
    WHERE c.state = 'running' AND c.planned_at IS NOT NULL AND c.deleted_at IS NULL AND NOT EXISTS (
      SELECT FROM campaign_messages m
      WHERE m.campaign_id = c.id AND m.state IN ('planned', 'held', 'claimed', 'sending'))
    RETURNING c.id, c.state`)),
]

/** Campaigns that had ended and of which something is to be sent again (a person decided so) run again. */
export const reopenEnded = async (tx: Db): Promise<number[]> => {
  const rows = await tx.execute<{ id: number }>(sql`
    UPDATE campaigns c SET state = 'running', finished_at = NULL, updated_at = now()
    WHERE c.state IN ('completed', 'completed_with_errors', 'failed') AND c.deleted_at IS NULL AND EXISTS (
      SELECT FROM campaign_messages m WHERE m.campaign_id = c.id AND m.state = 'planned')
    RETURNING c.id`)
  return rows.map(({ id }) => id)
}

/** Scheduled campaigns whose time has come, oldest first. */
export const dueCampaigns = async (db: Db, now: Date): Promise<number[]> => {
  const rows = await db.execute<{ id: number }>(sql`
    SELECT id FROM campaigns WHERE state = 'scheduled' AND scheduled_at <= ${now.toISOString()}
      AND deleted_at IS NULL ORDER BY scheduled_at, id`)
  return rows.map(({ id }) => id)
}

/** Running campaigns whose first mails are not all in the ledger yet. */
export const unplannedCampaigns = async (db: Db): Promise<number[]> => {
  const rows = await db.execute<{ id: number }>(sql`
    SELECT id FROM campaigns WHERE state = 'running' AND planned_at IS NULL AND deleted_at IS NULL`)
  return rows.map(({ id }) => id)
}
