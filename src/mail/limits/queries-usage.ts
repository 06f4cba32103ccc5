import { and, eq, getTableColumns, inArray, isNotNull, isNull, sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import { mailAccounts } from '../accounts/schema.ts'
import type { AccountRules, AccountState, Breaker } from './decide.ts'
import { mailAccountUsage, mailBreakers, mailProviderLimits, mailProviderUsage } from './schema.ts'
import type { Limits, Usage } from './windows.ts'

type BucketColumns = Pick<
  typeof mailProviderUsage.$inferSelect,
  'minuteFrom' | 'minute' | 'hourFrom' | 'hour' | 'dayFrom' | 'day'
>

const usageOf = (row: BucketColumns): Usage => ({
  minute: { from: row.minuteFrom, counts: row.minute },
  hour: { from: row.hourFrom, counts: row.hour },
  day: { from: row.dayFrom, counts: row.day },
})

const columnsOf = (usage: Usage): BucketColumns => ({
  minuteFrom: usage.minute.from,
  minute: usage.minute.counts,
  hourFrom: usage.hour.from,
  hour: usage.hour.counts,
  dayFrom: usage.day.from,
  day: usage.day.counts,
})

export type LockedUsage = AccountState & {
  grantedAt: Date | null
  /** The beginning that the warm-up was counted from. */
  warmupFrom: Date | null
  /** What the database's clock says. */
  now: Date
}

/** The state to go on from: a warm-up that was begun anew counts its days anew. */
export const currentState = (
  state: AccountState & { warmupFrom: Date | null },
  warmupStartedAt: Date | null,
): AccountState =>
  state.warmupFrom?.getTime() === warmupStartedAt?.getTime()
    ? state
    : { ...state, warmup: { days: 0, on: null } }

/** What an account has used, held until the transaction ends: of all nodes one at a time reserves for it. Null when
 *  there is no such account. */
export const lockUsage = async (tx: Db, accountId: number): Promise<LockedUsage | null> => {
  const found = await selectUsage(tx, accountId)
  if (found) return found
  await tx.execute(sql`INSERT INTO ${mailAccountUsage} (account_id)
    SELECT id FROM ${mailAccounts} WHERE id = ${accountId} ON CONFLICT DO NOTHING`)
  return selectUsage(tx, accountId)
}

const selectUsage = async (tx: Db, accountId: number): Promise<LockedUsage | null> => {
  const [row] = await tx
    .select({ ...getTableColumns(mailAccountUsage), now: sql<string>`clock_timestamp()` })
    .from(mailAccountUsage)
    .where(eq(mailAccountUsage.accountId, accountId))
    .for('update')
  return row
    ? { ...stateOf(row), grantedAt: row.grantedAt, warmupFrom: row.warmupFrom, now: new Date(row.now) }
    : null
}

const stateOf = (row: typeof mailAccountUsage.$inferSelect): AccountState => ({
  usage: usageOf(row),
  nextAt: row.nextAt,
  warmup: { days: row.warmupDays, on: row.warmupOn },
})

/** The rules of accounts, by id, with the beginning of their warm-up; those of deleted ones are missing. */
export const accountRules = async (
  db: Db,
  ids: number[],
): Promise<Map<number, AccountRules & { warmupStartedAt: Date | null }>> => {
  const rows = await db
    .select()
    .from(mailAccounts)
    .where(and(inArray(mailAccounts.id, ids), isNull(mailAccounts.deletedAt)))
  return new Map(rows.map((row) => [row.id, { ...rulesOf(row), warmupStartedAt: row.warmupStartedAt }]))
}

const rulesOf = (row: typeof mailAccounts.$inferSelect): AccountRules => ({
  active: row.active,
  pausedAt: row.pausedAt,
  pauseReason: row.pauseReason,
  limits: { minute: row.perMinute, hour: row.perHour, day: row.perDay },
  minGapMs: row.minGapMs,
  gapJitterMs: row.gapJitterMs,
  warmup: row.warmupFirstDay === null ? null : { firstDay: row.warmupFirstDay, step: row.warmupStep ?? 0 },
  calendar: row.calendar,
})

export const accountLabels = async (db: Db, ids: number[]): Promise<Map<number, string>> => {
  const rows = await db
    .select({ id: mailAccounts.id, label: mailAccounts.label })
    .from(mailAccounts)
    .where(inArray(mailAccounts.id, ids))
  return new Map(rows.map(({ id, label }) => [id, label]))
}

/** What accounts have used, without holding it; those that never sent are missing. */
export const accountStates = async (
  db: Db,
  ids: number[],
): Promise<Map<number, AccountState & { warmupFrom: Date | null }>> => {
  const rows = await db.select().from(mailAccountUsage).where(inArray(mailAccountUsage.accountId, ids))
  return new Map(rows.map((row) => [row.accountId, { ...stateOf(row), warmupFrom: row.warmupFrom }]))
}

/** The limits of an account's providers; `*` stands for each without a row of its own. */
export const providerLimits = async (db: Db, accountId: number): Promise<Map<string, Limits>> => {
  const rows = await db.select().from(mailProviderLimits).where(eq(mailProviderLimits.accountId, accountId))
  return new Map(
    rows.map((row) => [row.provider, { minute: row.perMinute, hour: row.perHour, day: row.perDay }]),
  )
}

export const providerUsages = async (
  db: Db,
  accountId: number,
  providers: string[],
): Promise<Map<string, Usage>> => {
  const rows = await db
    .select()
    .from(mailProviderUsage)
    .where(and(eq(mailProviderUsage.accountId, accountId), inArray(mailProviderUsage.provider, providers)))
  return new Map(rows.map((row) => [row.provider, usageOf(row)]))
}

/** The breakers that are, or were, open; '' is that of the account's own server. */
export const openBreakers = async (
  db: Db,
  accountId: number,
  providers: string[],
): Promise<Map<string, Breaker>> => {
  const { provider, openUntil, reason } = mailBreakers
  const rows = await db
    .select({ provider, openUntil, reason })
    .from(mailBreakers)
    .where(
      and(eq(mailBreakers.accountId, accountId), inArray(provider, ['', ...providers]), isNotNull(openUntil)),
    )
  return new Map(rows.map((row) => [row.provider, row]))
}

export const storeUsage = async (
  tx: Db,
  accountId: number,
  state: AccountState & { grantedAt: Date; warmupFrom: Date | null },
): Promise<void> => {
  await tx
    .update(mailAccountUsage)
    .set({
      ...columnsOf(state.usage),
      grantedAt: state.grantedAt,
      nextAt: state.nextAt,
      warmupDays: state.warmup.days,
      warmupOn: state.warmup.on,
      warmupFrom: state.warmupFrom,
    })
    .where(eq(mailAccountUsage.accountId, accountId))
}

/** Under the lock of the account (lockUsage). */
export const storeProviderUsages = async (
  tx: Db,
  accountId: number,
  usages: Map<string, Usage>,
): Promise<void> => {
  if (usages.size === 0) return
  const rows = [...usages].map(([provider, usage]) => ({ accountId, provider, ...columnsOf(usage) }))
  await tx
    .insert(mailProviderUsage)
    .values(rows)
    .onConflictDoUpdate({
      target: [mailProviderUsage.accountId, mailProviderUsage.provider],
      set: {
        minuteFrom: sql`excluded.minute_from`,
        minute: sql`excluded.minute`,
        hourFrom: sql`excluded.hour_from`,
        hour: sql`excluded.hour`,
        dayFrom: sql`excluded.day_from`,
        day: sql`excluded.day`,
      },
    })
}

/** Others wait until the trial has ended, or has taken too long. */
export const storeTrials = async (
  tx: Db,
  accountId: number,
  providers: string[],
  until: Date,
): Promise<void> => {
  if (providers.length === 0) return
  await tx
    .update(mailBreakers)
    .set({ openUntil: until, trying: true })
    .where(and(eq(mailBreakers.accountId, accountId), inArray(mailBreakers.provider, providers)))
}
