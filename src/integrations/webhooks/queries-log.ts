import { and, count, desc, eq, gte, inArray, isNotNull, ne, sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import { webhookDeliveries, webhooks } from '../schema.ts'
import { PING, type EventType } from './event-types.ts'
import type { Delivery, Webhook } from './queries.ts'

type State = Delivery['state']
export type ListedWebhook = Omit<Webhook, 'secret'> & { counts: Record<State, number> }

const shown = {
  id: webhooks.id,
  name: webhooks.name,
  url: webhooks.url,
  events: webhooks.events,
  active: webhooks.active,
  disabledReason: webhooks.disabledReason,
  failingSince: webhooks.failingSince,
  createdBy: webhooks.createdBy,
  createdAt: webhooks.createdAt,
}

/** Webhooks by their names, with how many of their logged deliveries are in which state. */
export const listWebhooks = async (db: Db, id?: number): Promise<ListedWebhook[]> => {
  const rows = await db
    .select(shown)
    .from(webhooks)
    .where(id === undefined ? undefined : eq(webhooks.id, id))
    .orderBy(webhooks.name, webhooks.id)
  const counted = await db
    .select({ webhookId: webhookDeliveries.webhookId, state: webhookDeliveries.state, total: count() })
    .from(webhookDeliveries)
    .where(id === undefined ? undefined : eq(webhookDeliveries.webhookId, id))
    .groupBy(webhookDeliveries.webhookId, webhookDeliveries.state)
  return rows.map((row) => {
    const counts = { waiting: 0, delivered: 0, failed: 0 }
    for (const { webhookId, state, total } of counted) if (webhookId === row.id) counts[state] = total
    return { ...row, counts }
  })
}

export const findWebhook = async (db: Db, id: number): Promise<ListedWebhook | null> =>
  (await listWebhooks(db, id))[0] ?? null

/** Names of those the product itself has switched off. */
export const switchedOffWebhooks = async (db: Db): Promise<{ id: number; name: string }[]> =>
  db
    .select({ id: webhooks.id, name: webhooks.name })
    .from(webhooks)
    .where(and(eq(webhooks.active, false), isNotNull(webhooks.disabledReason)))
    .orderBy(webhooks.name)

export const insertWebhook = async (
  db: Db,
  values: { name: string; url: string; events: EventType[]; secret: Uint8Array; createdBy: number | null },
): Promise<number> => {
  const [row] = await db.insert(webhooks).values(values).returning({ id: webhooks.id })
  return row!.id
}

/** What it is called, where it goes, what it is told. */
export const updateWebhook = async (
  db: Db,
  id: number,
  values: { name: string; url: string; events: EventType[] },
): Promise<void> => {
  await db.update(webhooks).set(values).where(eq(webhooks.id, id))
}

export const replaceSecret = async (db: Db, id: number, secret: Uint8Array): Promise<void> => {
  await db.update(webhooks).set({ secret }).where(eq(webhooks.id, id))
}

/** Switched on, it has five days again to get well. */
export const switchWebhook = async (db: Db, id: number, active: boolean): Promise<void> => {
  const reset = active ? { failingSince: null } : {}
  await db
    .update(webhooks)
    .set({ active, disabledReason: null, ...reset })
    .where(eq(webhooks.id, id))
  if (active) await wakeSenders(db)
}

export const deleteWebhook = async (db: Db, id: number): Promise<void> => {
  await db.delete(webhooks).where(eq(webhooks.id, id))
}

/** Sends a ping to this webhook alone. Returns the id of the delivery. */
export const insertPing = async (
  db: Db,
  webhook: Pick<Webhook, 'id' | 'name'>,
  now: Date,
): Promise<string> => {
  const id = crypto.randomUUID()
  const payload = { type: PING, timestamp: now.toISOString(), data: { webhook: webhook.name } }
  await db
    .insert(webhookDeliveries)
    .values({ id, webhookId: webhook.id, eventId: crypto.randomUUID(), type: PING, payload })
  await wakeSenders(db)
  return id
}

export const findDelivery = async (db: Db, id: string): Promise<Delivery | null> =>
  (await db.select().from(webhookDeliveries).where(eq(webhookDeliveries.id, id)))[0] ?? null

const ofLog = (webhookId: number, state: State | null) =>
  and(eq(webhookDeliveries.webhookId, webhookId), state ? eq(webhookDeliveries.state, state) : undefined)

/** One page of the log, newest first. */
export const listDeliveries = (
  db: Db,
  webhookId: number,
  { state, limit, offset }: { state: State | null; limit: number; offset: number },
): Promise<Delivery[]> =>
  db
    .select()
    .from(webhookDeliveries)
    .where(ofLog(webhookId, state))
    .orderBy(desc(webhookDeliveries.createdAt), webhookDeliveries.id)
    .limit(limit)
    .offset(offset)

const again = {
  state: 'waiting' as const,
  tries: 0,
  nextTryAt: sql`now()`,
  finishedAt: null,
  statusCode: null,
  answer: null,
}

/** Sends one delivery again that has ended, with the id it had. False when it has not, or is not there. */
export const replayDelivery = async (db: Db, webhookId: number, id: string): Promise<boolean> => {
  const rows = await db
    .update(webhookDeliveries)
    .set(again)
    .where(
      and(
        eq(webhookDeliveries.id, id),
        eq(webhookDeliveries.webhookId, webhookId),
        inArray(webhookDeliveries.state, ['delivered', 'failed']),
      ),
    )
    .returning({ id: webhookDeliveries.id })
  if (rows.length > 0) await wakeSenders(db)
  return rows.length > 0
}

/** Sends again all that failed since a moment, pings left out. Returns how many. */
export const replayFailed = async (db: Db, webhookId: number, since: Date): Promise<number> => {
  const rows = await db
    .update(webhookDeliveries)
    .set(again)
    .where(
      and(
        ofLog(webhookId, 'failed'),
        gte(webhookDeliveries.createdAt, since),
        ne(webhookDeliveries.type, PING),
      ),
    )
    .returning({ id: webhookDeliveries.id })
  if (rows.length > 0) await wakeSenders(db)
  return rows.length
}

const wakeSenders = (db: Db) => db.execute(sql`SELECT pg_notify('webhook_deliveries', '')`)
