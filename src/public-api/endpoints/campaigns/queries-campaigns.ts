import type { Sql } from '#src/db/open.ts'

/** A campaign with its numbers: of recipients, but `mails`, which counts those of follow-ups too. */
export type CampaignRow = {
  id: number
  nom: string
  template_id: number | null
  mail_account_id: number | null
  sujet: string | null
  statut: string
  en_pause: boolean
  scheduled_at: string | null
  date_creation: string
  date_debut: string | null
  date_fin: string | null
  total: number
  sent: number
  failed: number
  unknown: number
  bounced: number
  mails: number
}

/** Campaigns, newest first; `companyId`: only those that write to this company. */
export const listCampaigns = (
  sql: Sql,
  wanted: { companyId: number | null; statut: string | null; limit: number; offset: number },
): Promise<CampaignRow[]> => {
  const { companyId, statut, limit, offset } = wanted
  const ofCompany =
    companyId === null
      ? sql`true`
      : sql`id IN (SELECT campaign_id FROM api_campaign_mails WHERE company_id = ${companyId})`
  return sql<CampaignRow[]>`
    SELECT campaign.*, numbers.* FROM (
      SELECT * FROM api_campaigns WHERE ${ofCompany} AND ${statut === null ? sql`true` : sql`statut = ${statut}`}
      ORDER BY id DESC LIMIT ${limit} OFFSET ${offset}
    ) campaign CROSS JOIN LATERAL (${numbersOf(sql, sql`campaign.id`)}) numbers ORDER BY campaign.id DESC`
}

const numbersOf = (sql: Sql, id: ReturnType<Sql>) => sql`
  SELECT (count(*) FILTER (WHERE premier))::int AS total,
    (count(*) FILTER (WHERE premier AND sent))::int AS sent,
    (count(*) FILTER (WHERE premier AND state = 'failed'))::int AS failed,
    (count(*) FILTER (WHERE premier AND state = 'unknown'))::int AS unknown,
    (count(*) FILTER (WHERE bounced))::int AS bounced,
    (count(*) FILTER (WHERE sent))::int AS mails
  FROM api_campaign_mails m WHERE m.campaign_id = ${id}`

export const findCampaign = async (sql: Sql, id: number): Promise<CampaignRow | null> => {
  const [row] = await sql<CampaignRow[]>`
    SELECT campaign.*, numbers.* FROM api_campaigns campaign
    CROSS JOIN LATERAL (${numbersOf(sql, sql`campaign.id`)}) numbers WHERE campaign.id = ${id}`
  return row ?? null
}

export const isCampaign = async (sql: Sql, id: number): Promise<boolean> =>
  (await sql`SELECT FROM api_campaigns WHERE id = ${id}`).length > 0

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
  nom_destinataire: string | null
  sujet: string
  state: string
  smtp_reply: string | null
  bounce: string | null
  date_creation: string
  date_envoi: string | null
  opens: number
  opens_raw: number
  clicks: number
  clicks_raw: number
}

// A mail that bounced says so, whatever became of it when it was handed over.
const stateOf = (sql: Sql) => sql`CASE WHEN ledger.bounced THEN 'bounced' ELSE m.state END`
const ledgerOf = (sql: Sql) => sql`LEFT JOIN api_campaign_mails ledger ON ledger.message_id = m.id`

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
      m.recipient AS email, m.contact_name AS nom_destinataire, m.subject AS sujet, m.shown_state AS state, m.smtp_reply,
      CASE WHEN m.shown_state = 'bounced' THEN (SELECT erreur FROM api_bounces b WHERE b.message_id = m.id
        ORDER BY b.received_at DESC LIMIT 1) END AS bounce,
      m.date_creation, m.date_envoi, hits.opens, hits.opens_raw, hits.clicks, hits.clicks_raw
    FROM (
      SELECT m.*, ledger.contact_name, ${stateOf(sql)} AS shown_state FROM api_messages m ${ledgerOf(sql)}
      WHERE m.campaign_id = ${campaignId} AND ${isState(sql, state)}
        ${after === undefined ? sql`` : sql`AND m.id > ${after}`}
      ORDER BY m.id LIMIT ${limit} OFFSET ${offset}
    ) m CROSS JOIN LATERAL (
      SELECT (count(*) FILTER (WHERE type = 'open' AND verdict = 'human'))::int AS opens,
        (count(*) FILTER (WHERE type = 'open'))::int AS opens_raw,
        (count(*) FILTER (WHERE type = 'click' AND verdict = 'human'))::int AS clicks,
        (count(*) FILTER (WHERE type = 'click'))::int AS clicks_raw
      FROM api_events e WHERE e.message_id = m.id
    ) hits ORDER BY m.id`
}

const isState = (sql: Sql, state: string | null) =>
  state === null ? sql`true` : sql`${stateOf(sql)} = ${state}`

export const countMessages = async (sql: Sql, campaignId: number, state: string | null): Promise<number> => {
  const [row] = await sql<{ count: number }[]>`
    SELECT count(*)::int AS count FROM api_messages m ${state === null ? sql`` : ledgerOf(sql)}
    WHERE m.campaign_id = ${campaignId} AND ${isState(sql, state)}`
  return row?.count ?? 0
}
