import { sql, type SQL } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import type { MessageEvidence } from '#src/tracking/schema.ts'
import type { RecipientFilter } from './recipient-filter.ts'

/** A row of the ledger with what happened to it. Moments are ISO 8601 UTC. */
export type RecipientRow = {
  id: number
  messageId: number | null
  companyId: number | null
  company: string | null
  sector: string | null
  address: string
  contactName: string | null
  step: number
  variant: string
  account: string
  provider: string
  state: string
  reason: string | null
  reply: string | null
  dueAt: string
  sentAt: string | null
  deliveredAt: string | null
  repliedAt: string | null
  bouncedAt: string | null
  bounceKind: string | null
  unsubscribedAt: string | null
  complainedAt: string | null
  /** By people; and all. Null where openings or clicks are not kept with anybody. */
  opens: number | null
  allOpens: number | null
  clicks: number | null
  allClicks: number | null
}

const human = (type: string) => sql`EXISTS (SELECT FROM tracking_events e
  WHERE e.message_id = m.message_id AND e.type = ${type} AND e.verdict = 'human')`

const CONDITIONS: Record<RecipientFilter, SQL> = {
  all: sql`true`,
  waiting: sql`m.state IN ('planned', 'held', 'claimed', 'sending')`,
  held: sql`m.state = 'held'`,
  sent: sql`m.state IN ('sent', 'delivered', 'bounced', 'replied', 'unsubscribed')`,
  opened: human('open'),
  clicked: human('click'),
  replied: sql`m.replied_at IS NOT NULL`,
  bounced: sql`(m.state = 'bounced' OR m.bounced_at IS NOT NULL AND m.bounce_kind = 'hard' AND m.state <> 'failed')`,
  unsubscribed: sql`(m.unsubscribed_at IS NOT NULL OR EXISTS (SELECT FROM tracking_events e
    WHERE e.message_id = m.message_id AND e.type = 'unsubscribe'))`,
  complained: sql`m.complained_at IS NOT NULL`,
  failed: sql`m.state = 'failed'`,
  unknown: sql`m.state = 'unknown'`,
  skipped: sql`m.state = 'skipped'`,
}

type Wanted = { campaignId: number; filter: RecipientFilter; q: string }

const whereOf = ({ campaignId, filter, q }: Wanted): SQL => {
  const pattern = `%${q.toLowerCase().replace(/[\\%_]/g, String.raw`\$&`)}%`
  const search =
    q === ''
      ? sql`true`
      : sql`(m.address LIKE ${pattern} OR m.company_id IN (SELECT id FROM companies
          WHERE search_text LIKE '%' || fold(${pattern}::text) || '%'))`
  return sql`m.campaign_id = ${campaignId} AND ${CONDITIONS[filter]} AND ${search}`
}

const iso = (column: SQL) => sql`to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`

const shown = (from: SQL) => sql`
  SELECT m.id, m.message_id AS "messageId", c.id AS "companyId", c.name AS company,
    coalesce(c.sector, c.category) AS sector, m.address, m.contact_name AS "contactName", s.position + 1 AS step,
    v.label AS variant, a.label AS account, m.provider, m.state, m.reason, m.reply, ${iso(sql`m.due_at`)} AS "dueAt",
    ${iso(sql`m.sent_at`)} AS "sentAt", ${iso(sql`m.delivered_at`)} AS "deliveredAt", ${iso(sql`m.replied_at`)} AS "repliedAt",
    ${iso(sql`m.bounced_at`)} AS "bouncedAt", m.bounce_kind AS "bounceKind",
    ${iso(sql`coalesce(m.unsubscribed_at, hits.unsubscribed_at)`)} AS "unsubscribedAt",
    ${iso(sql`m.complained_at`)} AS "complainedAt",
    CASE WHEN mail.opens = 'individual' THEN hits.opens END AS opens,
    CASE WHEN mail.opens = 'individual' THEN hits.all_opens END AS "allOpens",
    CASE WHEN mail.clicks = 'individual' THEN hits.clicks END AS clicks,
    CASE WHEN mail.clicks = 'individual' THEN hits.all_clicks END AS "allClicks"
  FROM (${from}) m
  JOIN campaign_steps s ON s.id = m.step_id
  JOIN campaign_variants v ON v.id = m.variant_id
  JOIN mail_accounts a ON a.id = m.account_id
  LEFT JOIN companies c ON c.id = m.company_id AND c.deleted_at IS NULL
  LEFT JOIN messages mail ON mail.id = m.message_id
  LEFT JOIN LATERAL (
    SELECT (count(*) FILTER (WHERE type = 'open'))::int AS all_opens,
      (count(*) FILTER (WHERE type = 'open' AND verdict = 'human'))::int AS opens,
      (count(*) FILTER (WHERE type = 'click'))::int AS all_clicks,
      (count(*) FILTER (WHERE type = 'click' AND verdict = 'human'))::int AS clicks,
      min(at) FILTER (WHERE type = 'unsubscribe') AS unsubscribed_at
    FROM tracking_events e WHERE e.message_id = m.message_id
  ) hits ON m.message_id IS NOT NULL
  ORDER BY m.id`

/** A page of the list, in the order of the ledger. */
export const listRecipients = async (
  db: Db,
  wanted: Wanted & { limit: number; offset: number },
): Promise<RecipientRow[]> => [
  ...(await db.execute<RecipientRow>(
    shown(sql`SELECT * FROM campaign_messages m WHERE ${whereOf(wanted)}
      ORDER BY m.id LIMIT ${wanted.limit} OFFSET ${wanted.offset}`),
  )),
]

/** The next ones after this ledger row, for files. */
export const recipientsAfter = async (
  db: Db,
  wanted: Wanted & { after: number; limit: number },
): Promise<RecipientRow[]> => [
  ...(await db.execute<RecipientRow>(
    shown(sql`SELECT * FROM campaign_messages m WHERE ${whereOf(wanted)} AND m.id > ${wanted.after}
      ORDER BY m.id LIMIT ${wanted.limit}`),
  )),
]

/** How many there are, counted no further than `most`. */
export const countRecipients = async (db: Db, wanted: Wanted, most: number): Promise<number> => {
  const [row] = await db.execute<{ count: number }>(sql`
    SELECT count(*)::int AS count FROM (
      SELECT FROM campaign_messages m WHERE ${whereOf(wanted)} LIMIT ${most}) found`)
  return row?.count ?? 0
}

/** The mails of one recipient of a campaign: the first and its follow-ups. Empty when there is no such row. */
export const mailsOfRecipient = async (
  db: Db,
  campaignId: number,
  rowId: number,
): Promise<RecipientRow[]> => [
  ...(await db.execute<RecipientRow>(
    shown(sql`SELECT * FROM campaign_messages m WHERE m.campaign_id = ${campaignId} AND m.address = (
      SELECT address FROM campaign_messages WHERE id = ${rowId} AND campaign_id = ${campaignId})`),
  )),
]

/** The mail as it was sent. Bodies are gzip, null when they were forgotten. */
export type KeptMail = {
  subject: string
  recipient: string
  html: Uint8Array | null
  text: Uint8Array | null
  locale: 'fr' | 'en'
  state: string
  headerId: string | null
  envelopeFrom: string | null
  smtpReply: string | null
  evidence: MessageEvidence[] | null
  links: { target: string; honeypot: boolean }[]
}

export const findKeptMail = async (db: Db, campaignId: number, rowId: number): Promise<KeptMail | null> => {
  const [row] = await db.execute<KeptMail>(sql`
    SELECT mail.subject, mail.recipient, mail.html, mail.text, mail.locale, mail.state, mail.message_id AS "headerId",
      mail.envelope_from AS "envelopeFrom", mail.smtp_reply AS "smtpReply", mail.evidence,
      coalesce((SELECT json_agg(json_build_object('target', l.target, 'honeypot', l.honeypot) ORDER BY l.position)
        FROM message_links l WHERE l.message_id = mail.id), '[]') AS links
    FROM campaign_messages m JOIN messages mail ON mail.id = m.message_id
    WHERE m.id = ${rowId} AND m.campaign_id = ${campaignId}`)
  return row ?? null
}

/** What was seen of a mail, in order. `detail`: the link, the reason of a verdict, the words of an unsubscribe. */
export type SeenEvent = {
  rowId: number
  at: string
  kind: 'open' | 'click' | 'unsubscribe' | 'read_time' | 'hard' | 'soft' | 'autoreply' | 'complaint' | 'reply'
  verdict: 'human' | 'machine' | null
  reason: string | null
  detail: string | null
  inboundId: number | null
}

const MAX_SEEN = 500

/** The hits and the incoming mails that belong to these ledger rows, in order. */
export const listSeen = async (db: Db, rowIds: number[]): Promise<SeenEvent[]> => {
  if (rowIds.length === 0) return []
  const ids = sql`ARRAY[${sql.join(
    rowIds.map((id) => sql`${id}`),
    sql`, `,
  )}]::int[]`
  const rows = await db.execute<SeenEvent>(sql`
    SELECT "rowId", ${iso(sql`seen.at`)} AS at, kind, verdict, reason, detail, "inboundId" FROM (
      SELECT m.id AS "rowId", e.at, e.type AS kind, e.verdict, e.reason,
        coalesce(e.link, e.detail ->> 'reason', e.detail ->> 'seconds') AS detail, NULL::int AS "inboundId"
      FROM campaign_messages m JOIN tracking_events e ON e.message_id = m.message_id WHERE m.id = ANY (${ids})
      UNION ALL
      SELECT m.id, i.received_at, i.kind, NULL, i.reason, coalesce(i.diagnostic, nullif(i.subject, '')), i.id
      FROM campaign_messages m JOIN inbound_mails i ON i.message_id = m.message_id WHERE m.id = ANY (${ids})
    ) seen ORDER BY seen.at LIMIT ${MAX_SEEN}`)
  return [...rows]
}

/** Pictures of messages by their Content-ID, as data URLs. */
export const picturesByKey = async (db: Db, keys: string[]): Promise<Map<string, string>> => {
  if (keys.length === 0) return new Map()
  const rows = await db.execute<{ key: string; type: string; bytes: string }>(sql`
    SELECT key, content_type AS type, encode(bytes, 'base64') AS bytes FROM mail_images
    WHERE key IN (SELECT jsonb_array_elements_text(${JSON.stringify(keys)}::jsonb))`)
  return new Map(
    rows.map(({ key, type, bytes }) => [key, `data:${type};base64,${bytes.replaceAll('\n', '')}`]),
  )
}
