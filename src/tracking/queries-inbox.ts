import { sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import { inLetters } from '#src/lib/mail-address.ts'
import type { HitDetail } from './hit.ts'
import type { JudgedMessage } from './queries-judge.ts'
import { onEntryThere } from './queries-suppress.ts'

/** Later and earlier than any clock can mean; what a damaged or hijacked edge inserts must not stop the rest. */
const POSSIBLE_TIMES = sql`at BETWEEN '1970-01-01 00:00:00+00' AND '9999-12-31 00:00:00+00'`
const MAX_REASON = 500

// Any constant will do, as long as every node of this product uses the same.
const MONTHS_LOCK = 7_203_601

/** What a recipient asked for; acted upon in the transaction that moves it. */
export type Request = {
  eventId: string
  type: 'unsubscribe' | 'consent'
  at: Date
  detail: HitDetail
  messageId: number
  recipient: string
  companyId: number | null
  campaignId: number | null
}

/** What was taken from the inbox: how many, what recipients newly asked for, and the hits that are kept with nobody, with
 *  what was seen of them for the last time. */
export type Batch = { taken: number; requests: Request[]; nameless: JudgedMessage['events'] }

/** Moves up to `limit` hits from the inbox to the events, in one statement: a hit that came twice is kept once, and one
 *  of a message whose mode is aggregate, that is gone, or whose recipient takes part no more, is kept with nobody.
 *  Addresses are kept as the settings say, until they are judged. */
export const moveInbox = async (tx: Db, limit: number): Promise<Batch> => {
  const rows = await tx.execute<{
    taken: string
    requests: Request[] | null
    nameless: Batch['nameless'] | null
  }>(sql`
    WITH deleted AS (
      DELETE FROM tracking_inbox WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM tracking_inbox LIMIT ${limit} FOR UPDATE SKIP LOCKED
      )) RETURNING *
    ), taken AS (
      SELECT event_id, type, message, campaign_id, link, verdict, reason,
        CASE WHEN ${POSSIBLE_TIMES} THEN at ELSE now() END AS at,
        CASE jsonb_typeof(facts) WHEN 'object' THEN facts ELSE '{}' END AS facts,
        CASE jsonb_typeof(detail) WHEN 'object' THEN detail END AS detail
      FROM deleted WHERE type IN ('open', 'click', 'unsubscribe', 'read_time', 'consent')
    ), reached AS (
      UPDATE settings SET updated_at = now(), value = value || jsonb_build_object('host', hit.link, 'reachedAt',
        to_char(least(hit.at, now()) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
      FROM deleted hit
      WHERE hit.type = 'reach' AND settings.key = 'reach_test' AND ${POSSIBLE_TIMES}
        AND settings.value ->> 'nonce' = hit.campaign_id::text
    ), known AS (
      SELECT taken.*, messages.id AS message_id, messages.company_id, messages.recipient,
        messages.campaign_id AS message_campaign,
        CASE taken.type WHEN 'unsubscribe' THEN 'individual' WHEN 'open' THEN messages.opens
          ELSE messages.clicks END AS mode,
        taken.type <> 'unsubscribe' AND EXISTS (
          SELECT FROM consent_withdrawals gone
          WHERE gone.active AND gone.address = lower(messages.recipient)
        ) AS withdrawn
      FROM taken LEFT JOIN messages ON messages.token = taken.message
    ), sorted AS (
      SELECT *, message_id IS NOT NULL AND mode = 'individual' AND NOT withdrawn AS person FROM known
    ), moved AS (
      INSERT INTO tracking_events (event_id, at, type, message_id, campaign_id, link, facts, detail, verdict, reason, judged_at)
      SELECT event_id, at, type,
        CASE WHEN person THEN message_id END,
        coalesce(campaign_id, message_campaign),
        link,
        CASE WHEN person OR message IS NULL
            THEN CASE WHEN facts ? 'whole' AND addresses IN ('whole', 'hashed')
              THEN jsonb_set(facts, '{ip}', facts -> 'whole') ELSE facts END - 'whole'
          ELSE jsonb_build_object('method', facts -> 'method') END,
        detail, verdict, reason, CASE WHEN NOT person THEN now() END
      FROM (
        SELECT *, (SELECT value ->> 'addresses' FROM settings WHERE key = 'tracking') AS addresses FROM sorted
      ) hit
      WHERE type <> 'consent' AND (message_id IS NULL OR mode <> 'off')
        AND (message_id IS NOT NULL OR detail -> 'old' IS NULL)
      ON CONFLICT DO NOTHING RETURNING event_id
    )
    SELECT (SELECT count(*) FROM deleted) AS taken, (
      SELECT json_agg(json_build_object('eventId', event_id, 'type', type, 'at', at,
        'detail', json_build_object('scope', detail ->> 'scope', 'source', detail ->> 'source',
          'reason', left(detail ->> 'reason', ${MAX_REASON}), 'withdrawConsent', detail ->> 'withdrawConsent' = 'true'),
        'messageId', message_id, 'recipient', recipient, 'companyId', company_id, 'campaignId', message_campaign))
      FROM known
      WHERE message_id IS NOT NULL AND NOT is_rehearsal(message_campaign)
        AND (type = 'consent' OR (type = 'unsubscribe' AND event_id IN (SELECT event_id FROM moved)))
    ) AS requests, (
      SELECT json_agg(json_build_object('eventId', event_id, 'at', at, 'type', type, 'link', link, 'facts', facts,
        'open', true))
      FROM sorted
      WHERE NOT person AND message IS NOT NULL AND verdict IS NULL AND type <> 'consent'
    ) AS nameless`)
  const [row] = rows
  const requests = (row?.requests ?? []).map((request) => ({ ...request, at: new Date(request.at) }))
  return { taken: Number(row?.taken ?? 0), requests, nameless: row?.nameless ?? [] }
}

export const isInboxEmpty = async (db: Db): Promise<boolean> => {
  const [row] = await db.execute<{ some: boolean }>(sql`SELECT EXISTS (SELECT FROM tracking_inbox) AS some`)
  return row?.some !== true
}

/** Nobody at this address is written to any more; once is enough. */
export const insertSuppression = async (
  tx: Db,
  suppression: {
    address: string
    scope: 'campaign' | 'all'
    campaignId: number | null
    reason: string
    source: string
    messageId: number | null
    at: Date
  },
): Promise<void> => {
  const { address, scope, campaignId, reason, source, messageId, at } = suppression
  await tx.execute(sql`
    INSERT INTO suppressions (address, scope, campaign_id, reason, source, message_id, at)
    VALUES (lower(${inLetters(address.toLowerCase())}), ${scope}, ${campaignId}, ${reason}, ${source}, ${messageId}, ${at.toISOString()}::timestamptz)
    ${onEntryThere}`)
}

export const insertWithdrawal = async (
  tx: Db,
  { address, messageId, at }: { address: string; messageId: number | null; at: Date },
): Promise<void> => {
  await tx.execute(sql`
    INSERT INTO consent_withdrawals (address, message_id, at)
    VALUES (lower(${address}), ${messageId}, ${at.toISOString()}::timestamptz)
    ON CONFLICT (address) DO UPDATE SET active = true`)
}

/** Whether this address (of this company) may be written to: null, or why not; asked for alone, with its domain and with its
 *  company. `campaignId` null asks for a single mail. What another node has in hand and not committed still stands in the
 *  inbox: it counts. */
export const findSuppression = async (
  db: Db,
  address: string,
  campaignId: number | null,
  companyId: number | null = null,
): Promise<{ scope: 'campaign' | 'all'; reason: string; source: string; at: Date } | null> => {
  const rows = await db.execute<{
    scope: 'campaign' | 'all'
    reason: string
    source: string
    at: string
  }>(sql`
    SELECT scope, reason, source, at FROM suppressions
    WHERE address = ANY (suppression_keys(${address.toLowerCase()}, ${companyId}::int))
      AND (scope = 'all' OR campaign_id = ${campaignId}::int)
    UNION ALL
    SELECT 'all', '', 'page', now() FROM tracking_inbox asked JOIN messages ON messages.token = asked.message
    WHERE asked.type = 'unsubscribe' AND lower(messages.recipient) IN (lower(${address}), other_spelling(lower(${address})))
      AND (asked.detail ->> 'scope' IS DISTINCT FROM 'campaign' OR messages.campaign_id IS NULL
        OR messages.campaign_id = ${campaignId}::int)
    ORDER BY scope LIMIT 1`)
  const [row] = rows
  return row ? { ...row, at: new Date(row.at) } : null
}

/** Makes the table of each of these months (`2026-11`) that has none, with the events that came before it. */
export const ensureMonths = async (db: Db, months: string[]): Promise<void> => {
  for (const month of months) {
    const table = `tracking_events_${month.replace('-', '_')}`
    const [known] = await db.execute<{ there: boolean }>(
      sql`SELECT to_regclass(${table}) IS NOT NULL AS there`,
    )
    if (!known?.there) await makeMonth(db, month, table)
  }
}

const makeMonth = (db: Db, month: string, table: string): Promise<void> =>
  db.transaction(async (tx) => {
    await tx.execute(sql`SELECT pg_advisory_xact_lock(${MONTHS_LOCK})`)
    const [known] = await tx.execute<{ there: boolean }>(
      sql`SELECT to_regclass(${table}) IS NOT NULL AS there`,
    )
    if (known?.there) return
    const name = sql.identifier(table)
    const [from, to] = [`${month}-01 00:00:00+00`, `${monthAfter(month)}-01 00:00:00+00`].map((text) =>
      sql.raw(`'${text}'`),
    )
    await tx.execute(sql`LOCK TABLE tracking_events_default IN ACCESS EXCLUSIVE MODE`)
    await tx.execute(sql`CREATE TABLE ${name} (LIKE tracking_events INCLUDING ALL)`)
    await tx.execute(sql`
      WITH early AS (DELETE FROM tracking_events_default WHERE at >= ${from} AND at < ${to} RETURNING *)
      INSERT INTO ${name} SELECT * FROM early`)
    await tx.execute(
      sql`ALTER TABLE tracking_events ATTACH PARTITION ${name} FOR VALUES FROM (${from}) TO (${to})`,
    )
  })

const monthAfter = (month: string): string => {
  const [year = 0, number = 0] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 7)
}

/** Months of events in the table of last resort that a clock may well have meant. */
export const monthsWithoutTable = async (db: Db): Promise<string[]> => {
  const rows = await db.execute<{ month: string }>(sql`
    SELECT DISTINCT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM') AS month FROM tracking_events_default
    WHERE at >= '2020-01-01' AND at < now() + interval '1 day'`)
  return rows.map(({ month }) => month)
}
