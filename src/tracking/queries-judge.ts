import { sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import type { HitFacts, HitType } from './hit.ts'

/** Of one message, enough around its first unjudged event; a flood of hits on one mail is judged piece by piece. */
const EVENTS_BEFORE = 500
const EVENTS_FROM = 1500

/** Everything that bears on the verdicts of one message. */
export type JudgedMessage = {
  sentAt: string | null
  links: { url: string; honeypot: boolean }[]
  events: {
    eventId: string
    at: string
    type: HitType
    link: string | null
    facts: HitFacts
    open: boolean
  }[]
}

/** Messages with events that have no verdict yet, or whose verdict becomes final after `finalAfterMs`. */
export const listUnjudged = async (
  db: Db,
  { messages, finalAfterMs }: { messages: number; finalAfterMs: number },
): Promise<JudgedMessage[]> => {
  const columns = sql`event_id, at, type, link, facts, judged_at`
  const rows = await db.execute<JudgedMessage>(sql`
    WITH due AS (
      SELECT message_id, min(at) AS first FROM (
        SELECT message_id, at FROM tracking_events
        WHERE judged_at IS NULL AND message_id IS NOT NULL
          AND (verdict IS NULL OR at < now() - ${finalAfterMs} * interval '1 millisecond')
        LIMIT ${messages}
      ) waiting GROUP BY message_id
    )
    SELECT messages.sent_at AS "sentAt",
      coalesce((SELECT json_agg(json_build_object('url', target, 'honeypot', honeypot) ORDER BY position) FROM message_links
        WHERE message_links.message_id = due.message_id), '[]') AS links,
      (SELECT json_agg(json_build_object('eventId', event_id, 'at', at, 'type', type, 'link', link, 'facts', facts,
        'open', judged_at IS NULL) ORDER BY at) FROM (
          (SELECT ${columns} FROM tracking_events WHERE message_id = due.message_id AND at < due.first
            ORDER BY at DESC LIMIT ${EVENTS_BEFORE})
          UNION ALL
          (SELECT ${columns} FROM tracking_events WHERE message_id = due.message_id AND at >= due.first
            ORDER BY at LIMIT ${EVENTS_FROM})
        ) near) AS events
    FROM due LEFT JOIN messages ON messages.id = due.message_id`)
  return [...rows]
}

// With the salt of the day (renewSalt); without one the address goes altogether.
const HASHED_FACTS = sql`coalesce((
  SELECT jsonb_set(event.facts, '{ip}', to_jsonb('h:' || left(encode(sha256(convert_to(
    (value ->> 'salt') || (event.facts ->> 'ip'), 'UTF8')), 'hex'), 16)))
  FROM settings WHERE key = 'tracking_salt'), event.facts - 'ip')`

/** A new salt of hashed addresses each day; nobody can undo what was hashed with the one before. */
export const renewSalt = async (db: Db, { day, salt }: { day: string; salt: string }): Promise<void> => {
  await db.execute(sql`
    INSERT INTO settings (key, value) VALUES ('tracking_salt', jsonb_build_object('day', ${day}::text, 'salt', ${salt}::text))
    ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = now()
    WHERE settings.value ->> 'day' <> ${day}`)
}

export type GivenVerdict = { event_id: string; at: string; verdict: 'human' | 'machine'; reason: string }

/** What a company's people were found to have done, for good. */
export type HumanHit = { companyId: number; type: 'open' | 'click' }

/** Stores verdicts; those of events older than `finalAfterMs`, or dated ahead by a wrong clock, are final. Returns how many,
 *  and what people did with mails that were no rehearsal. */
export const storeVerdicts = async (
  db: Db,
  verdicts: GivenVerdict[],
  finalAfterMs: number,
): Promise<{ stored: number; people: HumanHit[] }> => {
  const rows = await db.execute<{ person: HumanHit | null }>(sql`
    UPDATE tracking_events event SET verdict = given.verdict, reason = given.reason,
      judged_at = CASE WHEN given.final THEN now() END,
      facts = CASE WHEN given.final AND given.hashed AND event.facts ? 'ip' THEN ${HASHED_FACTS}
        ELSE event.facts END
    FROM (
      SELECT *, at < now() - ${finalAfterMs} * interval '1 millisecond' OR at > now() + interval '1 minute' AS final,
        (SELECT value ->> 'addresses' FROM settings WHERE key = 'tracking') = 'hashed' AS hashed
      FROM json_to_recordset(${JSON.stringify(verdicts)}::text::json)
        AS given(event_id uuid, at timestamptz, verdict text, reason text)
    ) given
    WHERE event.event_id = given.event_id AND event.at = given.at AND event.judged_at IS NULL
    RETURNING CASE WHEN given.final AND given.verdict = 'human' AND event.type IN ('open', 'click') THEN (
      SELECT jsonb_build_object('companyId', m.company_id, 'type', event.type) FROM messages m
      WHERE m.id = event.message_id AND m.company_id IS NOT NULL AND NOT is_rehearsal(m.campaign_id)
    ) END AS person`)
  return { stored: rows.length, people: rows.flatMap(({ person }) => person ?? []) }
}

/** Of one message more hits than this are a flood: the first ones stand for it. */
const EVENTS_REVIEWED = 20_000

/** A message whose hits were judged, with the verdicts they have. */
export type ReviewedMessage = Omit<JudgedMessage, 'events'> & {
  messageId: number
  /** Hits of which nothing is kept any more to judge them by. */
  unknown: number
  events: (JudgedMessage['events'][number] & { verdict: 'human' | 'machine' | null; reason: string | null })[]
}

/** The next messages with judged hits, by their numbers. */
export const listJudged = async (db: Db, after: number, limit: number): Promise<ReviewedMessage[]> => {
  const rows = await db.execute<ReviewedMessage>(sql`
    SELECT due.message_id AS "messageId", messages.sent_at AS "sentAt",
      coalesce((SELECT json_agg(json_build_object('url', target, 'honeypot', honeypot) ORDER BY position) FROM message_links
        WHERE message_links.message_id = due.message_id), '[]') AS links,
      (SELECT count(*)::int FROM tracking_events WHERE message_id = due.message_id AND judged_at IS NOT NULL
        AND type <> 'read_time' AND NOT facts ? 'headers') AS unknown,
      coalesce((SELECT json_agg(json_build_object('eventId', event_id, 'at', at, 'type', type, 'link', link, 'facts', facts,
        'verdict', verdict, 'reason', reason, 'open', true) ORDER BY at) FROM (
          SELECT * FROM tracking_events WHERE message_id = due.message_id AND judged_at IS NOT NULL
            AND facts ? 'headers' ORDER BY at LIMIT ${EVENTS_REVIEWED}
        ) hit), '[]') AS events
    FROM (
      SELECT DISTINCT message_id FROM tracking_events WHERE message_id > ${after}
      ORDER BY message_id LIMIT ${limit}
    ) due LEFT JOIN messages ON messages.id = due.message_id ORDER BY due.message_id`)
  return [...rows]
}

/** Stores other verdicts on events that had a final one. */
export const reviseVerdicts = async (db: Db, verdicts: GivenVerdict[]): Promise<void> => {
  await db.execute(sql`
    UPDATE tracking_events event SET verdict = given.verdict, reason = given.reason
    FROM json_to_recordset(${JSON.stringify(verdicts)}::text::json)
      AS given(event_id uuid, at timestamptz, verdict text, reason text)
    WHERE event.event_id = given.event_id AND event.at = given.at AND event.judged_at IS NOT NULL`)
}
