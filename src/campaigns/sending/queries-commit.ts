import { sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import type { Outcome, Prepared, Reason } from './ledger.ts'

const idArray = (ids: readonly number[]) => sql`${`{${ids.join(',')}}`}::int[]`

// What PostgreSQL takes for no text: half a character, and NUL.
const storable = (text: string): string => text.replaceAll('\0', '').toWellFormed()

export type Standing = { id: number; runs: boolean; suppressed: string | null }

/** How the mails stand that a node still has: whether their campaign runs, and why somebody must not be written to (null:
 *  he may). Those that were taken from it are missing. Locked until the transaction ends. */
export const lockClaimed = async (tx: Db, node: string, ids: readonly number[]): Promise<Standing[]> => {
  if (ids.length === 0) return []
  return [
    ...(await tx.execute<Standing>(sql`
      SELECT m.id, c.state = 'running' AND c.deleted_at IS NULL AS runs,
        suppression_reason(m.address, m.company_id, m.campaign_id) AS suppressed
      FROM campaign_messages m JOIN campaigns c ON c.id = m.campaign_id
      WHERE m.id = ANY (${idArray(ids)}) AND m.state = 'claimed' AND m.claimed_by = ${node}
      FOR UPDATE OF m`)),
  ]
}

/** From here on the mails may be on their way: notes it, with what is kept of each. Returns the messages by the ids of
 *  the rows. Only for rows locked by lockClaimed. */
export const markSending = async (
  tx: Db,
  accountId: number,
  mails: readonly Prepared[],
): Promise<Map<number, number>> => {
  if (mails.length === 0) return new Map()
  const given = JSON.stringify(
    mails.map(({ row, kept }) => ({
      id: row.id,
      ...kept,
      subject: storable(kept.subject),
      evidence: kept.evidence.length === 0 ? null : JSON.parse(storable(JSON.stringify(kept.evidence))),
      links: kept.links.map(({ target, honeypot }) => ({ target: storable(target), honeypot })),
    })),
  )
  const rows = await tx.execute<{ id: number; message_id: number }>(sql`
    WITH mails AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(${given}::jsonb) AS mail(id int, token text, recipient text, subject text,
        html text, text text, locale text, opens text, clicks text, "messageId" text, "envelopeFrom" text,
        "inReplyTo" text, "references" text, evidence jsonb, links jsonb)
    ), made AS (
      INSERT INTO messages (token, company_id, campaign_id, recipient, subject, html, text, locale, opens, clicks,
        message_id, account_id, envelope_from, in_reply_to, mail_references, evidence)
      SELECT mails.token, m.company_id, m.campaign_id, mails.recipient, mails.subject, decode(mails.html, 'base64'),
        decode(mails.text, 'base64'), mails.locale, mails.opens, mails.clicks, mails."messageId", ${accountId},
        mails."envelopeFrom", mails."inReplyTo", mails."references", mails.evidence
      FROM mails JOIN campaign_messages m ON m.id = mails.id
      RETURNING id, token
    ), linked AS (
      INSERT INTO message_links (message_id, position, target, honeypot)
      SELECT made.id, link.place - 1, link.value ->> 'target', (link.value ->> 'honeypot')::boolean
      FROM made JOIN mails USING (token), jsonb_array_elements(mails.links) WITH ORDINALITY AS link(value, place)
    )
    UPDATE campaign_messages m SET state = 'sending', message_id = made.id, attempts = m.attempts + 1,
      claimed_at = now()
    FROM mails JOIN made USING (token) WHERE m.id = mails.id
    RETURNING m.id, m.message_id`)
  return new Map(rows.map(({ id, message_id: messageId }) => [id, messageId]))
}

/** Notes what became of mails that were handed over. A row that has gone on since (a bounce that was faster) keeps its
 *  state. A try that certainly sent nothing leaves no message behind when it will be repeated. */
export const settleOutcomes = async (tx: Db, outcomes: readonly Outcome[]): Promise<void> => {
  if (outcomes.length === 0) return
  const given = JSON.stringify(
    outcomes.map(({ row, messageId, state, reason, reply, dueAt, at, hardBounce }) => ({
      id: row.id,
      message: messageId,
      state,
      reason,
      reply: storable(reply) || null,
      due_at: dueAt,
      at,
      hard: hardBounce,
    })),
  )
  await tx.execute(sql`
    WITH given AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(${given}::jsonb) AS o(id int, message int, state text, reason text, reply text,
        due_at timestamptz, at timestamptz, hard boolean)
    ), rows AS (
      UPDATE campaign_messages m SET
        state = CASE WHEN m.state NOT IN ('sending', 'unknown') THEN m.state
          WHEN o.state = 'planned' AND c.state = 'cancelled' THEN 'skipped' ELSE o.state END,
        reason = CASE WHEN o.state = 'planned' AND c.state = 'cancelled' THEN 'cancelled' ELSE o.reason END,
        reply = o.reply, due_at = coalesce(o.due_at, m.due_at),
        message_id = CASE o.state WHEN 'planned' THEN NULL ELSE m.message_id END,
        sent_at = CASE o.state WHEN 'sent' THEN o.at ELSE m.sent_at END,
        bounce_kind = CASE WHEN o.hard THEN 'hard' ELSE m.bounce_kind END,
        bounced_at = CASE WHEN o.hard THEN o.at ELSE m.bounced_at END,
        claimed_by = NULL, claimed_at = CASE o.state WHEN 'unknown' THEN m.claimed_at END
      FROM given o, campaigns c WHERE m.id = o.id AND m.message_id = o.message AND c.id = m.campaign_id
    ), gone AS (
      DELETE FROM messages USING given o WHERE messages.id = o.message AND o.state = 'planned'
    )
    UPDATE messages SET state = o.state, smtp_reply = o.reply, sent_at = CASE o.state WHEN 'sent' THEN o.at END
    FROM given o WHERE messages.id = o.message AND o.state <> 'planned'`)
}

export type Return = {
  id: number
  state: 'planned' | 'held' | 'skipped' | 'failed'
  /** Undefined: as it was. */
  reason?: Reason | string | undefined
  reply?: string | undefined
}

/** Gives back rows that a node has and does not send now. */
export const returnClaimed = async (db: Db, node: string, rows: readonly Return[]): Promise<void> => {
  if (rows.length === 0) return
  const given = JSON.stringify(
    rows.map(({ id, state, reason, reply }) => ({
      id,
      state,
      reason: reason ?? null,
      reply: reply === undefined ? null : storable(reply),
    })),
  )
  await db.execute(sql`
    UPDATE campaign_messages m SET
      state = CASE WHEN o.state = 'planned' AND c.state = 'cancelled' THEN 'skipped' ELSE o.state END,
      reason = CASE WHEN o.state = 'planned' AND c.state = 'cancelled' THEN 'cancelled' ELSE coalesce(o.reason, m.reason) END,
      reply = coalesce(o.reply, m.reply), held_at = CASE o.state WHEN 'held' THEN now() END,
      claimed_by = NULL, claimed_at = NULL
    FROM jsonb_to_recordset(${given}::jsonb) AS o(id int, state text, reason text, reply text), campaigns c
    WHERE m.id = o.id AND c.id = m.campaign_id AND m.state = 'claimed' AND m.claimed_by = ${node}`)
}
