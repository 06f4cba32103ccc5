import { sql } from 'drizzle-orm'
import { intArray } from '#src/db/arrays.ts'
import type { Db } from '#src/db/open.ts'

/** A person's decision about rows whose outcome nobody knows: they are sent (again). What may have gone out before stays
 *  as the message it was, unknown. Rows in another state, and those of campaigns that were cancelled, stay as they are.
 *  Returns the ids that will be sent. */
export const resendUnknown = (db: Db, ids: readonly number[], userId: number | null): Promise<number[]> =>
  db.transaction(async (tx) => {
    const rows = await tx.execute<{ id: number; campaign_id: number }>(sql`
      UPDATE campaign_messages m
      SET state = 'planned', reason = 'resent', due_at = now(), message_id = NULL, claimed_by = NULL, claimed_at = NULL
      FROM campaigns c
      WHERE m.id = ANY (${intArray(ids)}) AND m.state = 'unknown' AND c.id = m.campaign_id
        AND c.state <> 'cancelled' AND c.deleted_at IS NULL
      RETURNING m.id, m.campaign_id`)
    await logDecision(tx, rows, 'unknown_resent', userId)
    return rows.map(({ id }) => id)
  })

/** A person's decision: rows whose outcome nobody knows count as sent, at the time they were handed over. Returns their
 *  ids; what follows a sent mail (its next step) is for the caller, in the same transaction. */
export const countUnknownAsSent = async (
  tx: Db,
  ids: readonly number[],
  userId: number | null,
): Promise<number[]> => {
  const rows = await tx.execute<{ id: number; campaign_id: number }>(sql`
    WITH counted AS (
      UPDATE campaign_messages m
      SET state = 'sent', reason = 'counted_as_sent', sent_at = coalesce(m.claimed_at, sent.created_at, now()),
        claimed_by = NULL, claimed_at = NULL
      FROM campaign_messages o LEFT JOIN messages sent ON sent.id = o.message_id
      WHERE m.id = ANY (${intArray(ids)}) AND m.state = 'unknown' AND o.id = m.id
      RETURNING m.id, m.campaign_id, m.message_id, m.sent_at
    ), told AS (
      UPDATE messages SET state = 'sent', sent_at = counted.sent_at FROM counted WHERE messages.id = counted.message_id
    )
    SELECT id, campaign_id FROM counted`)
  await logDecision(tx, rows, 'unknown_counted', userId)
  return rows.map(({ id }) => id)
}

const logDecision = async (
  tx: Db,
  rows: readonly { id: number; campaign_id: number }[],
  kind: string,
  userId: number | null,
): Promise<void> => {
  for (const [campaignId, group] of Map.groupBy(rows, (row) => row.campaign_id)) {
    const detail = JSON.stringify({ messages: group.map(({ id }) => id) })
    await tx.execute(sql`
      INSERT INTO campaign_log (campaign_id, user_id, kind, detail)
      VALUES (${campaignId}, ${userId}, ${kind}, ${detail}::jsonb)`)
  }
}
