import { and, eq, sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import { webhookDeliveries, webhooks } from '../schema.ts'

export type Webhook = typeof webhooks.$inferSelect
export type Delivery = typeof webhookDeliveries.$inferSelect

export type ClaimedDelivery = {
  id: string
  webhookId: number
  eventId: string
  type: string
  payload: Record<string, unknown>
  /** This one included. */
  tries: number
  url: string
  secret: Uint8Array
}

/** Takes what is due, of every webhook as much as it has places here, and postpones it by the lease: what a node
 *  that dies had taken comes back when that is over.
 *  @param busy deliveries of each webhook that this node is at */
export const claimDeliveries = async (
  db: Db,
  { busy, perWebhook, leaseMs }: { busy: Map<number, number>; perWebhook: number; leaseMs: number },
): Promise<ClaimedDelivery[]> => {
  const taken = JSON.stringify(Object.fromEntries(busy))
  const rows = await db.execute<Omit<ClaimedDelivery, 'secret'> & { secret: Uint8Array }>(sql`
    WITH due AS (
      SELECT waiting.id, w.url, w.secret
      FROM webhooks w CROSS JOIN LATERAL (
        SELECT d.id FROM webhook_deliveries d
        WHERE d.webhook_id = w.id AND d.state = 'waiting' AND d.next_try_at <= now()
        ORDER BY d.next_try_at
        LIMIT greatest(0, ${perWebhook} - coalesce((${taken}::text::jsonb ->> w.id::text)::int, 0))
        FOR UPDATE SKIP LOCKED
      ) waiting
      WHERE w.active
    )
    UPDATE webhook_deliveries d
    SET tries = d.tries + 1, next_try_at = now() + ${leaseMs} * interval '1 millisecond'
    FROM due WHERE d.id = due.id
    RETURNING d.id, d.webhook_id AS "webhookId", d.event_id AS "eventId", d.type, d.payload, d.tries, due.url, due.secret`)
  return [...rows]
}

// What another node has taken meanwhile, because the lease was over, is that node's to settle.
const stillOurs = ({ id, tries }: { id: string; tries: number }) =>
  and(
    eq(webhookDeliveries.id, id),
    eq(webhookDeliveries.tries, tries),
    eq(webhookDeliveries.state, 'waiting'),
  )

type Taken = Pick<ClaimedDelivery, 'id' | 'tries' | 'webhookId'>
type Answered = { statusCode: number | null; answer: string }

export const saveDelivered = (db: Db, delivery: Taken, answered: Answered): Promise<void> =>
  db.transaction(async (tx) => {
    await tx
      .update(webhookDeliveries)
      .set({ ...answered, state: 'delivered', finishedAt: sql`now()` })
      .where(stillOurs(delivery))
    await tx.execute(sql`
      UPDATE webhooks SET failing_since = NULL WHERE id = ${delivery.webhookId} AND failing_since IS NOT NULL`)
  })

/** Notes a try that failed: `pauseMs` until the next, or null when it was the last. */
export const saveFailure = async (
  db: Db,
  delivery: Taken,
  { pauseMs, ...answered }: Answered & { pauseMs: number | null },
): Promise<void> => {
  const next =
    pauseMs === null
      ? { state: 'failed' as const, finishedAt: sql`now()` }
      : { nextTryAt: sql`now() + ${pauseMs} * interval '1 millisecond'` }
  await db
    .update(webhookDeliveries)
    .set({ ...answered, ...next })
    .where(stillOurs(delivery))
}

/** Hands a delivery back that was not really tried. */
export const releaseDelivery = async (db: Db, delivery: Taken): Promise<void> => {
  await db
    .update(webhookDeliveries)
    .set({ tries: delivery.tries - 1, nextTryAt: sql`now()` })
    .where(stillOurs(delivery))
}

/** Notes that a webhook fails, and since when. True when that is for longer than it may be. */
export const noteFailing = async (db: Db, webhookId: number, mostMs: number): Promise<boolean> => {
  const [row] = await db.execute<{ over: boolean }>(sql`
    UPDATE webhooks SET failing_since = coalesce(failing_since, now()) WHERE id = ${webhookId}
    RETURNING failing_since < now() - ${mostMs} * interval '1 millisecond' AS over`)
  return row?.over === true
}

/** Switches a webhook off and gives up what waits for it; that can be replayed. False when it was off already. */
export const giveUpWebhook = (db: Db, webhookId: number, reason: 'gone' | 'failing'): Promise<boolean> =>
  db.transaction(async (tx) => {
    const rows = await tx
      .update(webhooks)
      .set({ active: false, disabledReason: reason })
      .where(and(eq(webhooks.id, webhookId), eq(webhooks.active, true)))
      .returning({ id: webhooks.id })
    await tx
      .update(webhookDeliveries)
      .set({ state: 'failed', finishedAt: sql`now()` })
      .where(and(eq(webhookDeliveries.webhookId, webhookId), eq(webhookDeliveries.state, 'waiting')))
    return rows.length > 0
  })

/** Forgets deliveries that ended long ago. */
export const pruneDeliveries = async (db: Db, days: number): Promise<void> => {
  await db.execute(sql`
    DELETE FROM webhook_deliveries
    WHERE created_at < now() - ${days} * interval '1 day' AND (state <> 'waiting' OR NOT EXISTS (
      SELECT FROM webhooks w WHERE w.id = webhook_id AND w.active))`)
}
