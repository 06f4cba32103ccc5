import { sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'

/** Something that happened to a campaign as a whole. */
export type LogEntry = {
  at: string
  kind: string
  userName: string | null
  detail: Record<string, unknown>
}

const LOG_SHOWN = 50

/** The newest first. */
export const listLog = async (db: Db, campaignId: number): Promise<LogEntry[]> => [
  ...(await db.execute<LogEntry>(sql`
    SELECT to_char(l.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS at, l.kind,
      coalesce(nullif(u.name, ''), u.email) AS "userName", l.detail
    FROM campaign_log l LEFT JOIN users u ON u.id = l.user_id
    WHERE l.campaign_id = ${campaignId} ORDER BY l.at DESC, l.id DESC LIMIT ${LOG_SHOWN}`)),
]

/** Ledger rows of a campaign whose outcome nobody knows: these, or all without `ids`. */
export const listUnknown = async (db: Db, campaignId: number, ids: number[] | null): Promise<number[]> => {
  const rows = await db.execute<{ id: number }>(sql`
    SELECT id FROM campaign_messages WHERE campaign_id = ${campaignId} AND state = 'unknown'
      AND ${ids === null ? sql`true` : sql`id IN (SELECT value::int FROM jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))`}
    ORDER BY id`)
  return rows.map(({ id }) => id)
}

/** Campaigns whose numbers may still change much, and were not counted in these ten minutes. */
export const listWatched = async (db: Db): Promise<number[]> => {
  const rows = await db.execute<{ id: number }>(sql`
    SELECT c.id FROM campaigns c LEFT JOIN campaign_results r ON r.campaign_id = c.id
    WHERE c.deleted_at IS NULL AND c.started_at IS NOT NULL
      AND (c.finished_at IS NULL OR c.finished_at > now() - interval '7 days')
      AND (r.counted_at IS NULL OR r.counted_at < now() - interval '9 minutes') ORDER BY c.id`)
  return rows.map(({ id }) => id)
}

/** A person's decision: what a campaign holds – these rows, or all without `ids` – is not sent. Returns how many. */
export const skipHeld = async (db: Db, campaignId: number, ids: number[] | null): Promise<number> => {
  const rows = await db.execute(sql`
    UPDATE campaign_messages SET state = 'skipped', reason = 'given_up', held_at = NULL
    WHERE campaign_id = ${campaignId} AND state = 'held'
      AND ${ids === null ? sql`true` : sql`id IN (SELECT value::int FROM jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))`}
    RETURNING id`)
  return rows.length
}
