import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import { campaignReports } from '../results/schema.ts'

/** What happened to a campaign in a stretch of time; opened and clicked are mails of which people did so. */
export type CampaignNews = {
  id: number
  name: string
  state: string
  pauseReason: string | null
  pauseDetail: string | null
  sent: number
  opened: number
  clicked: number
  /** Openings and clicks of people that are kept with nobody. */
  nobody: number
  replied: number
  unsubscribed: number
  complained: number
  bounced: number
  failed: number
  waiting: number
  unknown: number
}

/** Campaigns to which something happened from `since` until before `until`, the newest first; rehearsals are none. */
export const listNews = async (
  db: Db,
  { since, until, campaignId = null }: { since: Date; until: Date; campaignId?: number | null },
): Promise<CampaignNews[]> => {
  const from = sql`${since.toISOString()}::timestamptz`
  const to = sql`${until.toISOString()}::timestamptz`
  const within = (column: string) => sql`${sql.raw(column)} >= ${from} AND ${sql.raw(column)} < ${to}`
  const rows = await db.execute<CampaignNews>(sql`
    WITH chosen AS (
      SELECT * FROM campaigns WHERE kind = 'real' AND deleted_at IS NULL AND state <> 'draft'
        AND ${campaignId === null ? sql`true` : sql`id = ${campaignId}`}
    ), hits AS (
      SELECT campaign_id, count(DISTINCT message_id) FILTER (WHERE type = 'open')::int AS opened,
        count(DISTINCT message_id) FILTER (WHERE type = 'click')::int AS clicked,
        (count(*) FILTER (WHERE message_id IS NULL))::int AS nobody
      FROM tracking_events
      WHERE ${within('at')} AND verdict = 'human' AND type IN ('open', 'click') AND campaign_id IN (SELECT id FROM chosen)
      GROUP BY campaign_id
    ), mails AS (
      SELECT campaign_id, (count(*) FILTER (WHERE ${within('sent_at')}))::int AS sent,
        (count(*) FILTER (WHERE ${within('replied_at')}))::int AS replied,
        (count(*) FILTER (WHERE ${within('unsubscribed_at')}))::int AS unsubscribed,
        (count(*) FILTER (WHERE ${within('complained_at')}))::int AS complained,
        (count(*) FILTER (WHERE ${within('bounced_at')} AND state <> 'failed'))::int AS bounced,
        (count(*) FILTER (WHERE state = 'failed' AND ${within('coalesce(bounced_at, claimed_at, due_at)')}))::int AS failed,
        (count(*) FILTER (WHERE state IN ('planned', 'held', 'claimed', 'sending')))::int AS waiting,
        (count(*) FILTER (WHERE state = 'unknown'))::int AS unknown
      FROM campaign_messages WHERE campaign_id IN (SELECT id FROM chosen) GROUP BY campaign_id
    )
    SELECT c.id, c.name, c.state, c.pause_reason AS "pauseReason", c.pause_detail AS "pauseDetail",
      coalesce(m.sent, 0) AS sent, coalesce(h.opened, 0) AS opened, coalesce(h.clicked, 0) AS clicked,
      coalesce(h.nobody, 0) AS nobody, coalesce(m.replied, 0) AS replied, coalesce(m.unsubscribed, 0) AS unsubscribed,
      coalesce(m.complained, 0) AS complained, coalesce(m.bounced, 0) AS bounced, coalesce(m.failed, 0) AS failed,
      coalesce(m.waiting, 0) AS waiting, coalesce(m.unknown, 0) AS unknown
    FROM chosen c LEFT JOIN mails m ON m.campaign_id = c.id LEFT JOIN hits h ON h.campaign_id = c.id
    WHERE ${campaignId === null ? sql`false` : sql`true`}
      OR coalesce(m.sent, 0) + coalesce(m.replied, 0) + coalesce(m.unsubscribed, 0) + coalesce(m.complained, 0)
        + coalesce(m.bounced, 0) + coalesce(m.failed, 0) + coalesce(h.opened, 0) + coalesce(h.clicked, 0)
        + coalesce(h.nobody, 0) > 0
      OR (${within('c.started_at')}) OR (${within('c.finished_at')}) OR (${within('c.paused_at')} AND c.state = 'paused')
    ORDER BY c.id DESC`)
  return [...rows]
}

/** One who answered or followed a link in a stretch of time. */
export type WarmCompany = { companyId: number | null; name: string; address: string; replied: boolean }

const WARM = 15

/** Who did, answers first; only of campaigns that are told. */
export const listWarm = async (
  db: Db,
  { since, until, campaignIds }: { since: Date; until: Date; campaignIds: number[] },
): Promise<WarmCompany[]> => {
  const list = sql`(SELECT value::int FROM jsonb_array_elements_text(${JSON.stringify(campaignIds)}::jsonb))`
  const from = sql`${since.toISOString()}::timestamptz`
  const to = sql`${until.toISOString()}::timestamptz`
  const rows = await db.execute<WarmCompany>(sql`
    SELECT DISTINCT ON (warm.replied, coalesce(c.name, warm.address)) c.id AS "companyId",
      coalesce(c.name, warm.address) AS name, warm.address, warm.replied
    FROM (
      SELECT company_id, address, true AS replied FROM campaign_messages
        WHERE campaign_id IN ${list} AND replied_at >= ${from} AND replied_at < ${to}
      UNION
      SELECT m.company_id, m.address, false FROM tracking_events e JOIN campaign_messages m ON m.message_id = e.message_id
        WHERE e.campaign_id IN ${list} AND e.at >= ${from} AND e.at < ${to} AND e.type = 'click' AND e.verdict = 'human'
          AND m.replied_at IS NULL AND m.unsubscribed_at IS NULL
    ) warm LEFT JOIN companies c ON c.id = warm.company_id AND c.deleted_at IS NULL
    ORDER BY warm.replied DESC, coalesce(c.name, warm.address) LIMIT ${WARM}`)
  return [...rows]
}

export type Report = typeof campaignReports.$inferSelect

/** Takes the report that is due at this moment upon this node; null when another has it. */
export const takeReport = async (
  db: Db,
  report: Pick<Report, 'dueAt' | 'since' | 'origin'>,
): Promise<number | null> => {
  const [made] = await db
    .insert(campaignReports)
    .values(report)
    .onConflictDoNothing()
    .returning({ id: campaignReports.id })
  return made?.id ?? null
}

export const settleReport = async (
  db: Db,
  id: number,
  outcome: Pick<Report, 'state' | 'detail'>,
): Promise<void> => {
  await db.update(campaignReports).set(outcome).where(eq(campaignReports.id, id))
}

/** Until when the last report that was due told; null before the first. One that failed has told nothing. */
export const lastReported = async (db: Db): Promise<Date | null> => {
  const [row] = await db
    .select({ at: campaignReports.dueAt })
    .from(campaignReports)
    .where(and(eq(campaignReports.origin, 'schedule'), inArray(campaignReports.state, ['sent', 'nothing'])))
    .orderBy(desc(campaignReports.dueAt))
    .limit(1)
  return row?.at ?? null
}

const SHOWN = 10

/** The latest reports, the newest first. */
export const listReports = (db: Db): Promise<Report[]> =>
  db.select().from(campaignReports).orderBy(desc(campaignReports.dueAt)).limit(SHOWN)
