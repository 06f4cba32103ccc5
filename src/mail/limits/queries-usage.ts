import { and, eq, inArray, isNull } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import { mailAccounts } from '../accounts/schema.ts'
import type { AccountRules, AccountState } from './decide.ts'
import { mailAccountUsage, mailProviderLimits, mailProviderUsage } from './schema.ts'
import type { Limits, Usage } from './windows.ts'

type BucketColumns = Pick<
  typeof mailProviderUsage.$inferSelect,
  'minuteFrom' | 'minute' | 'hourFrom' | 'hour' | 'dayFrom' | 'day'
>

export const usageOf = (row: BucketColumns): Usage => ({
  minute: { from: row.minuteFrom, counts: row.minute },
  hour: { from: row.hourFrom, counts: row.hour },
  day: { from: row.dayFrom, counts: row.day },
})

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
