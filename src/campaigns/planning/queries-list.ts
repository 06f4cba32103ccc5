import { sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import type { CampaignState } from './queries-states.ts'
import { CAMPAIGNS_PER_PAGE } from './queries-drafts.ts'

export type ListedCampaign = {
  id: number
  name: string
  kind: 'real' | 'rehearsal'
  state: CampaignState
  createdAt: Date
  scheduledAt: Date | null
  startedAt: Date | null
  pauseReason: string | null
  pauseDetail: string | null
  /** Rows of the ledger: all, of which a mail went out, which wait, which did not go out and never will. */
  total: number
  sent: number
  waiting: number
  replied: number
}

/** A page of the campaigns, newest first, and how many there are. */
export const listCampaigns = async (
  db: Db,
  page: number,
): Promise<{ rows: ListedCampaign[]; total: number }> => {
  const [counted] = await db.execute<{ total: number }>(
    sql`SELECT count(*)::int AS total FROM campaigns WHERE deleted_at IS NULL`,
  )
  const rows = await db.execute<Record<keyof ListedCampaign, never>>(sql`
    SELECT c.id, c.name, c.kind, c.state, c.created_at AS "createdAt", c.scheduled_at AS "scheduledAt",
      c.started_at AS "startedAt", c.pause_reason AS "pauseReason", c.pause_detail AS "pauseDetail",
      coalesce(m.total, 0)::int AS total, coalesce(m.sent, 0)::int AS sent, coalesce(m.waiting, 0)::int AS waiting,
      coalesce(m.replied, 0)::int AS replied
    FROM (SELECT * FROM campaigns WHERE deleted_at IS NULL ORDER BY id DESC
      LIMIT ${CAMPAIGNS_PER_PAGE} OFFSET ${(page - 1) * CAMPAIGNS_PER_PAGE}) c
    LEFT JOIN LATERAL (
      SELECT count(*) AS total, count(*) FILTER (WHERE sent_at IS NOT NULL) AS sent,
        count(*) FILTER (WHERE state IN ('planned', 'held', 'claimed', 'sending')) AS waiting,
        count(*) FILTER (WHERE replied_at IS NOT NULL) AS replied
      FROM campaign_messages WHERE campaign_id = c.id
    ) m ON true ORDER BY c.id DESC`)
  const date = (value: string | null) => (value === null ? null : new Date(value))
  return {
    total: counted?.total ?? 0,
    rows: rows.map((row) => ({
      ...(row as unknown as ListedCampaign),
      createdAt: new Date(row.createdAt),
      scheduledAt: date(row.scheduledAt),
      startedAt: date(row.startedAt),
    })),
  }
}

/** Mails of other campaigns that wait for each account. */
export const waitingElsewhere = async (db: Db, campaignId: number): Promise<Map<number, number>> => {
  const rows = await db.execute<{ id: number; count: number }>(sql`
    SELECT m.account_id AS id, count(*)::int AS count FROM campaign_messages m
    JOIN campaigns c ON c.id = m.campaign_id AND c.state = 'running' AND c.deleted_at IS NULL
    WHERE m.state = 'planned' AND m.campaign_id <> ${campaignId} GROUP BY m.account_id`)
  return new Map(rows.map(({ id, count }) => [id, count]))
}
