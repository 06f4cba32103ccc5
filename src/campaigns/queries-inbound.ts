import { sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'

/** isNew: it had not come back, or been complained of, before; whoever has a mail can say so any number of times. */
export type TouchedRow = { id: number; accountId: number; provider: string; isNew: boolean }

export type LedgerChange = {
  messageId: number
  what: 'bounced' | 'delayed' | 'delivered' | 'replied' | 'stopped' | 'complained'
  bounceKind: 'hard' | 'soft' | null
  diagnostic: string | null
  at: Date
}

/** Notes in the ledger what came back about a mail. A mail of which nobody knew whether it went out did, when something
 *  comes back; servers may take minutes to say that they have one (sending/late-answers.ts). What a person did is never
 *  replaced by what a machine says. Null when no campaign sent it. */
export const changeLedger = async (tx: Db, change: LedgerChange): Promise<TouchedRow | null> => {
  const at = sql`${change.at.toISOString()}::timestamptz`
  const moved = (to: string, from: string) =>
    sql`CASE WHEN state = ANY (${`{${from}}`}::text[]) THEN ${to} ELSE state END`
  const sets = {
    bounced: sql`state = ${moved('bounced', 'sent,delivered,unknown,sending')}, bounced_at = ${at},
      bounce_kind = CASE WHEN bounce_kind = 'hard' THEN 'hard' ELSE ${change.bounceKind} END, reply = coalesce(${change.diagnostic}, reply)`,
    delayed: sql`state = ${moved('sent', 'unknown')}, reply = coalesce(${change.diagnostic}, reply)`,
    delivered: sql`state = ${moved('delivered', 'sent,unknown')}, delivered_at = coalesce(delivered_at, ${at})`,
    replied: sql`state = ${moved('replied', 'sending,sent,delivered,unknown,bounced')}, replied_at = coalesce(replied_at, ${at}),
      delivered_at = coalesce(delivered_at, ${at})`,
    stopped: sql`state = ${moved('unsubscribed', 'sending,sent,delivered,unknown,bounced,replied')},
      replied_at = coalesce(replied_at, ${at}), unsubscribed_at = coalesce(unsubscribed_at, ${at}),
      delivered_at = coalesce(delivered_at, ${at})`,
    complained: sql`state = ${moved('delivered', 'sent,unknown')}, complained_at = coalesce(complained_at, ${at}),
      delivered_at = coalesce(delivered_at, ${at})`,
  }
  const isNew =
    change.what === 'complained'
      ? sql`complained_at IS NULL`
      : sql`(bounced_at IS NULL OR bounce_kind = 'soft' AND ${change.bounceKind} = 'hard')`
  const [row] = await tx.execute<TouchedRow>(sql`
    WITH known AS MATERIALIZED (
      SELECT id AS known_id, ${isNew} AS is_new FROM campaign_messages
      WHERE message_id = ${change.messageId} AND state NOT IN ('planned', 'held', 'claimed', 'skipped') FOR UPDATE
    )
    UPDATE campaign_messages SET ${sets[change.what]}, sent_at = coalesce(sent_at, claimed_at, ${at})
    FROM known WHERE id = known_id
    RETURNING id, account_id AS "accountId", provider, is_new AS "isNew"`)
  return row ?? null
}
