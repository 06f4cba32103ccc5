import { and, asc, eq, gt, inArray, isNotNull, isNull, ne, or, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { Db } from '#src/db/open.ts'
import { mailAccounts } from '../accounts/schema.ts'
import { newBreaker, type BreakerState } from './breaker.ts'
import type { Health, Pause } from './health.ts'
import { mailAccountPauses, mailBreakers, mailHealth } from './schema.ts'

export type BreakerKey = { accountId: number; provider: string }
export type BreakerRow = BreakerKey & BreakerState

const { accountId, provider } = mailBreakers
const breakerColumns = {
  accountId,
  provider,
  sent: mailBreakers.sent,
  bounced: mailBreakers.bounced,
  halvedAt: mailBreakers.halvedAt,
  failures: mailBreakers.failures,
  openUntil: mailBreakers.openUntil,
  trying: mailBreakers.trying,
  openings: mailBreakers.openings,
  reason: mailBreakers.reason,
}
const breakerOrder = [asc(accountId), asc(sql`${provider} COLLATE "C"`)]

/** Breakers, made where there were none, held until the transaction ends. Locked in one order by everybody. */
export const lockBreakers = async (tx: Db, keys: BreakerKey[], now: Date): Promise<BreakerRow[]> => {
  if (keys.length === 0) return []
  const select = () =>
    tx
      .select(breakerColumns)
      .from(mailBreakers)
      .where(
        sql`(${accountId}, ${provider}) IN (SELECT "accountId", provider
          FROM jsonb_to_recordset(${JSON.stringify(keys)}::text::jsonb) AS k("accountId" int, provider text))`,
      )
      .orderBy(...breakerOrder)
      .for('update')
  const found = await select()
  if (found.length === keys.length) return found
  await insertBreakers(tx, keys, now)
  return select()
}

const insertBreakers = async (tx: Db, keys: BreakerKey[], now: Date): Promise<void> => {
  const rows = keys.toSorted(inOrder).map((key) => ({ ...key, ...newBreaker(now), updatedAt: now }))
  await tx.insert(mailBreakers).values(rows).onConflictDoNothing()
}

const inOrder = (a: BreakerKey, b: BreakerKey): number =>
  a.accountId - b.accountId || (a.provider < b.provider ? -1 : 1)

/** The same for the breakers of accounts' own servers, without making or holding those that are at rest. */
export const lockRestlessServers = (tx: Db, accountIds: number[]): Promise<BreakerRow[]> =>
  accountIds.length === 0
    ? Promise.resolve([])
    : tx
        .select(breakerColumns)
        .from(mailBreakers)
        .where(
          and(
            inArray(accountId, accountIds),
            eq(provider, ''),
            or(gt(mailBreakers.failures, 0), isNotNull(mailBreakers.openUntil)),
          ),
        )
        .orderBy(...breakerOrder)
        .for('update')

export const storeBreakers = async (tx: Db, rows: BreakerRow[], now: Date): Promise<void> => {
  if (rows.length === 0) return
  await tx.execute(sql`
    UPDATE ${mailBreakers} AS b SET sent = r.sent, bounced = r.bounced, halved_at = r."halvedAt", failures = r.failures,
      open_until = r."openUntil", trying = r.trying, openings = r.openings, reason = r.reason,
      updated_at = ${now.toISOString()}::timestamptz
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) AS r("accountId" int, provider text, sent int,
      bounced int, "halvedAt" timestamptz, failures int, "openUntil" timestamptz, trying boolean, openings int,
      reason text)
    WHERE b.account_id = r."accountId" AND b.provider = r.provider`)
}

/** How often accounts were paused by the product, and when last. */
export const pauseRounds = async (
  tx: Db,
  accountIds: number[],
): Promise<Map<number, { round: number; since: Date | null }>> => {
  const rows = await tx
    .select({
      id: mailAccountPauses.accountId,
      round: sql<number>`count(*)::int`,
      since: sql<string | null>`max(${mailAccountPauses.at})`,
    })
    .from(mailAccountPauses)
    .where(and(inArray(mailAccountPauses.accountId, accountIds), ne(mailAccountPauses.reason, 'hand')))
    .groupBy(mailAccountPauses.accountId)
  return new Map(
    rows.map(({ id, round, since }) => [id, { round, since: since === null ? null : new Date(since) }]),
  )
}

/** Adds to what became of an account's mails on a day (YYYY-MM-DD, UTC). */
export const addHealth = async (
  tx: Db,
  rows: ({ accountId: number; round: number; day: string } & Health)[],
): Promise<void> => {
  if (rows.length === 0) return
  await tx
    .insert(mailHealth)
    .values(rows.toSorted((a, b) => a.accountId - b.accountId))
    .onConflictDoUpdate({
      target: [mailHealth.accountId, mailHealth.round, mailHealth.day],
      set: {
        sent: sql`${mailHealth.sent} + excluded.sent`,
        refused: sql`${mailHealth.refused} + excluded.refused`,
        bounced: sql`${mailHealth.bounced} + excluded.bounced`,
        complained: sql`${mailHealth.complained} + excluded.complained`,
      },
    })
}

/** What became of an account's mails since a day, within a round. */
export const readHealth = async (
  db: Db,
  of: { accountId: number; round: number; since: string },
): Promise<Health> => {
  const sum = (column: PgColumn) => sql<number>`coalesce(sum(${column}), 0)::int`
  const [row] = await db
    .select({
      sent: sum(mailHealth.sent),
      refused: sum(mailHealth.refused),
      bounced: sum(mailHealth.bounced),
      complained: sum(mailHealth.complained),
    })
    .from(mailHealth)
    .where(
      and(
        eq(mailHealth.accountId, of.accountId),
        eq(mailHealth.round, of.round),
        sql`${mailHealth.day} >= ${of.since}`,
      ),
    )
  return row ?? { sent: 0, refused: 0, bounced: 0, complained: 0 }
}

/** False when it already stood still. */
export const storePause = async (tx: Db, id: number, pause: Pause, now: Date): Promise<boolean> => {
  const paused = await tx
    .update(mailAccounts)
    .set({ pausedAt: now, pauseReason: pause.reason, pauseDetail: pause.detail })
    .where(and(eq(mailAccounts.id, id), isNull(mailAccounts.pausedAt), isNull(mailAccounts.deletedAt)))
    .returning({ id: mailAccounts.id })
  if (paused.length === 0) return false
  await tx.insert(mailAccountPauses).values({ accountId: id, at: now, ...pause })
  return true
}

/** False when it did not stand still. Its breakers are closed: a person says that it goes on. */
export const storeResumption = async (tx: Db, id: number, now: Date): Promise<boolean> => {
  const resumed = await tx
    .update(mailAccounts)
    .set({ pausedAt: null, pauseReason: null, pauseDetail: null })
    .where(and(eq(mailAccounts.id, id), isNotNull(mailAccounts.pausedAt)))
    .returning({ id: mailAccounts.id })
  if (resumed.length === 0) return false
  await tx
    .update(mailAccountPauses)
    .set({ resumedAt: now })
    .where(and(eq(mailAccountPauses.accountId, id), isNull(mailAccountPauses.resumedAt)))
  await deleteBreakers(tx, id)
  return true
}

const deleteBreakers = async (tx: Db, id: number): Promise<void> => {
  await tx.delete(mailBreakers).where(eq(accountId, id))
}
