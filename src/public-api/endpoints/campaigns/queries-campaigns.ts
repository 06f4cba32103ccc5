import type { Sql } from '#src/db/open.ts'

/** Until campaigns have a table of their own, one is known by its messages: its numbers, and when it began. */
export type CampaignRow = {
  id: number
  sujet: string | null
  total: number
  waiting: number
  sent: number
  failed: number
  date_creation: string
}

/** Campaigns as far as their messages tell, newest first; `companyId`: only those that wrote to this company, and of
 *  their messages only these. `statut` as `campaignStatus` of campaign-shape.ts says it. */
export const listCampaigns = (
  sql: Sql,
  wanted: { companyId: number | null; statut: string | null; limit: number; offset: number },
): Promise<CampaignRow[]> => {
  const { companyId, statut, limit, offset } = wanted
  const ids = companyId === null ? allIds(sql) : idsOfCompany(sql, companyId)
  return sql<CampaignRow[]>`
    WITH RECURSIVE ${ids}, shown AS (
      SELECT numbers.*, CASE WHEN waiting > 0 THEN 'running' WHEN sent = 0 AND failed > 0 THEN 'failed'
        ELSE 'completed' END AS statut
      FROM ids CROSS JOIN LATERAL (${numbersOf(sql, sql`ids.id`)}) numbers WHERE ids.id IS NOT NULL
    ) SELECT id, sujet, total, waiting, sent, failed, date_creation FROM shown
    WHERE ${statut === null ? sql`true` : sql`statut = ${statut}`}
    ORDER BY id DESC LIMIT ${limit} OFFSET ${offset}`
}

// One step of the index for each campaign, however many messages it has.
const allIds = (sql: Sql) => sql`
  ids AS (
    (SELECT campaign_id AS id FROM api_messages WHERE campaign_id IS NOT NULL ORDER BY campaign_id DESC LIMIT 1)
    UNION ALL
    SELECT (SELECT m.campaign_id FROM api_messages m WHERE m.campaign_id < ids.id
      ORDER BY m.campaign_id DESC LIMIT 1) FROM ids WHERE ids.id IS NOT NULL
  )`

const idsOfCompany = (sql: Sql, companyId: number) => sql`
  ids AS (SELECT DISTINCT campaign_id AS id FROM api_messages WHERE company_id = ${companyId})`

const numbersOf = (sql: Sql, id: ReturnType<Sql>) => sql`
  SELECT ${id} AS id, (SELECT subject FROM api_messages first WHERE first.id = min(m.id)) AS sujet,
    count(*)::int AS total, (count(*) FILTER (WHERE state = 'waiting'))::int AS waiting,
    (count(*) FILTER (WHERE state = 'sent'))::int AS sent, (count(*) FILTER (WHERE state = 'failed'))::int AS failed,
    to_char(min(created_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS date_creation
  FROM api_messages m WHERE m.campaign_id = ${id}`

/** Null when no message belongs to it. */
export const findCampaign = async (sql: Sql, id: number): Promise<CampaignRow | null> => {
  const [row] = await sql<CampaignRow[]>`SELECT * FROM (${numbersOf(sql, sql`${id}::int`)}) numbers`
  return row && row.total > 0 ? row : null
}

/** Hits of one type: all, those of people, the mails these came from, and those of people that belong to no mail
 *  (counted in aggregate, so that nobody is known to have opened). */
export type HitNumbers = { type: string; raw: number; human: number; unique: number; nobody: number }

export const countHits = async (sql: Sql, campaignId: number): Promise<HitNumbers[]> => [
  ...(await sql<HitNumbers[]>`
    SELECT type, sum(raw)::int AS raw, sum(human)::int AS human,
      (count(*) FILTER (WHERE human > 0 AND message_id IS NOT NULL))::int AS unique,
      coalesce(sum(human) FILTER (WHERE message_id IS NULL), 0)::int AS nobody
    FROM (
      SELECT type, message_id, count(*) AS raw, count(*) FILTER (WHERE verdict = 'human') AS human
      FROM api_events WHERE campaign_id = ${campaignId} GROUP BY type, message_id
    ) message GROUP BY type ORDER BY type`),
]

/** Seconds that people read on average; null when none was measured. */
export const averageReadTime = async (sql: Sql, campaignId: number): Promise<number | null> => {
  const [row] = await sql<{ seconds: number | null }[]>`
    SELECT avg(seconds) AS seconds FROM api_events
    WHERE campaign_id = ${campaignId} AND type = 'read_time' AND verdict IS DISTINCT FROM 'machine'`
  return row?.seconds ?? null
}

export type MessageRow = {
  id: number
  campagne_id: number
  entreprise_id: number | null
  entreprise: string | null
  email: string
  sujet: string
  state: string
  smtp_reply: string | null
  date_creation: string
  date_envoi: string | null
  opens: number
  opens_raw: number
  clicks: number
  clicks_raw: number
}

/** Messages of a campaign in the order they were made, with their hits; `after`: only with a greater id. */
export const listMessages = (
  sql: Sql,
  wanted: {
    campaignId: number
    state: string | null
    limit: number
    offset: number
    after: number | undefined
  },
): Promise<MessageRow[]> => {
  const { campaignId, state, limit, offset, after } = wanted
  return sql<MessageRow[]>`
    SELECT m.id, m.campaign_id AS campagne_id, m.company_id AS entreprise_id, m.company_name AS entreprise,
      m.recipient AS email, m.subject AS sujet, m.state, m.smtp_reply, m.date_creation, m.date_envoi,
      hits.opens, hits.opens_raw, hits.clicks, hits.clicks_raw
    FROM (
      SELECT * FROM api_messages WHERE campaign_id = ${campaignId}
        ${state === null ? sql`` : sql`AND state = ${state}`} ${after === undefined ? sql`` : sql`AND id > ${after}`}
      ORDER BY id LIMIT ${limit} OFFSET ${offset}
    ) m CROSS JOIN LATERAL (
      SELECT (count(*) FILTER (WHERE type = 'open' AND verdict = 'human'))::int AS opens,
        (count(*) FILTER (WHERE type = 'open'))::int AS opens_raw,
        (count(*) FILTER (WHERE type = 'click' AND verdict = 'human'))::int AS clicks,
        (count(*) FILTER (WHERE type = 'click'))::int AS clicks_raw
      FROM api_events e WHERE e.message_id = m.id
    ) hits ORDER BY m.id`
}

export const countMessages = async (sql: Sql, campaignId: number, state: string | null): Promise<number> => {
  const [row] = await sql<{ count: number }[]>`
    SELECT count(*)::int AS count FROM api_messages
    WHERE campaign_id = ${campaignId} AND ${state === null ? sql`true` : sql`state = ${state}`}`
  return row?.count ?? 0
}
