import { sql } from 'drizzle-orm'
import type { MailTrigger } from '#src/companies/move-status.ts'
import { intArray } from '#src/db/arrays.ts'
import type { Db, Sql } from '#src/db/open.ts'
import type { Outcome, Prepared, Reason } from './ledger.ts'

// What PostgreSQL takes for no text: half a character, and NUL.
const storable = (text: string): string => text.replaceAll('\0', '').toWellFormed()

export type Doer = { accountId: number; kind: 'real' | 'rehearsal'; node: string }

/** Notes what became of mails that were handed over, and then that these mails are on their way from now on, with what is
 *  kept of each: all of it in one statement, or nothing. Of the mails those go that the node still has, whose campaign runs
 *  and whose recipient may be written to at this moment. Returns their messages by the ids of the rows. */
export const sendStep = async (
  to: { tx: Db } | { sql: Sql },
  { accountId, kind, node }: Doer,
  outcomes: readonly Outcome[],
  mails: readonly Prepared[],
): Promise<Map<number, number>> => {
  if (outcomes.length + mails.length === 0) return new Map()
  const settled = outcomes.map(({ row, messageId, state, reason, reply, dueAt, at, hardBounce }) => ({
    id: row.id,
    message: messageId,
    state,
    reason,
    reply: storable(reply) || null,
    due_at: dueAt,
    at,
    hard: hardBounce,
  }))
  const kept = mails.map(({ row, kept: { evidence, subject, links, ...rest } }) => ({
    id: row.id,
    ...rest,
    subject: storable(subject),
    evidence: evidence.length === 0 ? null : evidence.map((one) => mapText(one, storable)),
    links: links.map(({ target, honeypot }) => ({ target: storable(target), honeypot })),
  }))
  const [done, next, follow] = [JSON.stringify(settled), JSON.stringify(kept), kind === 'real']
  type Row = { row_id: number; sent_as: number }
  // By itself as a prepared statement: one way there and back instead of two.
  const rows =
    'sql' in to
      ? await to.sql<Row[]>`SELECT row_id, sent_as FROM send_step(${node}::text, ${accountId}::int,
          ${done}::text::jsonb, ${next}::text::jsonb, ${follow}::boolean)`
      : await to.tx.execute<Row>(sql`SELECT row_id, sent_as FROM send_step(${node}, ${accountId},
          ${done}::jsonb, ${next}::jsonb, ${follow})`)
  return new Map(rows.map((row) => [row.row_id, row.sent_as]))
}

const mapText = <T extends object>(value: T, change: (text: string) => string): T =>
  Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, typeof part === 'string' ? change(part) : part]),
  ) as T

/** Why sendStep left rows out that the node still has: their campaign stands still, their recipient must not be
 *  written to, or the company was won, lost or taken over. */
export const findStanding = async (
  db: Db,
  node: string,
  ids: readonly number[],
): Promise<{ id: number; suppressed: string | null; ended: string | null }[]> => [
  ...(await db.execute<{ id: number; suppressed: string | null; ended: string | null }>(sql`
    SELECT m.id, CASE WHEN c.state = 'running' AND c.deleted_at IS NULL
      THEN suppression_reason(m.address, m.company_id, m.campaign_id) END AS suppressed,
      ended_since_chosen(co.status, co.stage, m.chosen_status, m.chosen_stage) AS ended
    FROM campaign_messages m JOIN campaigns c ON c.id = m.campaign_id LEFT JOIN companies co ON co.id = m.company_id
    WHERE m.id = ANY (${intArray(ids)}) AND m.state = 'claimed' AND m.claimed_by = ${node}`)),
]

/** Takes back what sendStep noted in a try whose answer was lost with the connection: the mails, by their rows and tokens,
 *  are certainly not on their way, as this node did not hand them over. */
export const takeBack = async (
  db: Db,
  node: string,
  mails: readonly { id: number; token: string }[],
): Promise<void> => {
  await db.execute(sql`
    WITH given AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(mails)}::jsonb) AS g(id int, token text)
    ), back AS (
      UPDATE campaign_messages m SET state = 'planned', message_id = NULL, attempts = m.attempts - 1,
        claimed_by = NULL, claimed_at = NULL
      FROM given g JOIN messages sent ON sent.token = g.token
      WHERE m.id = g.id AND m.message_id = sent.id AND m.state = 'sending' AND m.claimed_by = ${node}
      RETURNING sent.id
    )
    DELETE FROM messages USING back WHERE messages.id = back.id`)
}

export type Return = {
  id: number
  state: 'planned' | 'held' | 'skipped'
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

/** Takes up to `limit` companies whose status is to follow what was sent, by what it follows. */
export const takeMoves = async (tx: Db, limit: number): Promise<Map<MailTrigger, number[]>> => {
  const rows = await tx.execute<{ company_id: number; trigger: MailTrigger }>(sql`
    DELETE FROM sending_moves WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM sending_moves LIMIT ${limit} FOR UPDATE SKIP LOCKED
    )) RETURNING company_id, "trigger"`)
  const moves = new Map<MailTrigger, number[]>()
  for (const { company_id: companyId, trigger } of rows)
    moves.set(trigger, [...(moves.get(trigger) ?? []), companyId])
  return moves
}
