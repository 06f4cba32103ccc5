import { sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import type { SendCalendar } from '../accounts/schema.ts'
import type { AccountRules, AccountState, Breaker } from './decide.ts'
import type { Limits, Usage } from './windows.ts'

/** As drizzle/objects/66_mail_limits.sql gives and takes them: rows with the names of the columns, moments as texts. */
type BucketRow = {
  minute_from: number
  minute: number[]
  hour_from: number
  hour: number[]
  day_from: number
  day: number[]
}
type LimitRow = { per_minute: number | null; per_hour: number | null; per_day: number | null }
type UsageRow = BucketRow & {
  granted_at: string | null
  next_at: string | null
  warmup_days: number
  warmup_on: string | null
  warmup_from: string | null
}
type AccountRow = LimitRow & {
  active: boolean
  paused_at: string | null
  pause_reason: string | null
  min_gap_ms: number
  gap_jitter_ms: number
  warmup_first_day: number | null
  warmup_step: number | null
  warmup_started_at: string | null
  calendar: SendCalendar | null
}
type Found = {
  now: string
  usage: UsageRow
  account: AccountRow
  limits: (LimitRow & { provider: string })[] | null
  usages: (BucketRow & { provider: string })[] | null
  breakers: { provider: string; open_until: string | null; reason: string | null }[] | null
}

export type Locked = {
  /** What the database's clock says. */
  now: Date
  grantedAt: Date | null
  state: AccountState & { warmupFrom: Date | null }
  rules: AccountRules
  warmupStartedAt: Date | null
  /** `*` for each provider without a row of its own. */
  limits: Map<string, Limits>
  usages: Map<string, Usage>
  /** Those that are, or were, open; '' is that of the account's own server. */
  breakers: Map<string, Breaker>
}

/** All that a decision about an account and some providers needs, the account's usage held until the transaction ends: of
 *  all nodes one at a time reserves for it. Null when there is no such account. */
export const lockUsage = async (tx: Db, accountId: number, providers: string[]): Promise<Locked | null> => {
  const names = sql`ARRAY(SELECT jsonb_array_elements_text(${JSON.stringify(providers)}::text::jsonb))`
  const [row] = await tx.execute<{ found: Found | null }>(
    sql`SELECT mail_usage_lock(${accountId}::int, ${names}) AS found`,
  )
  if (!row?.found) return null
  const { now, usage, account, limits, usages, breakers } = row.found
  return {
    now: new Date(now),
    grantedAt: dateOf(usage.granted_at),
    state: {
      usage: usageOf(usage),
      nextAt: dateOf(usage.next_at),
      warmup: { days: usage.warmup_days, on: usage.warmup_on },
      warmupFrom: dateOf(usage.warmup_from),
    },
    rules: rulesOf(account),
    warmupStartedAt: dateOf(account.warmup_started_at),
    limits: new Map((limits ?? []).map((one) => [one.provider, limitsOf(one)])),
    usages: new Map((usages ?? []).map((one) => [one.provider, usageOf(one)])),
    breakers: new Map(
      (breakers ?? []).map((one) => [
        one.provider,
        { openUntil: dateOf(one.open_until), reason: one.reason },
      ]),
    ),
  }
}

const rulesOf = (row: AccountRow): AccountRules => ({
  active: row.active,
  pausedAt: dateOf(row.paused_at),
  pauseReason: row.pause_reason,
  limits: limitsOf(row),
  minGapMs: row.min_gap_ms,
  gapJitterMs: row.gap_jitter_ms,
  warmup:
    row.warmup_first_day === null ? null : { firstDay: row.warmup_first_day, step: row.warmup_step ?? 0 },
  calendar: row.calendar,
})

const limitsOf = (row: LimitRow): Limits => ({
  minute: row.per_minute,
  hour: row.per_hour,
  day: row.per_day,
})

const usageOf = (row: BucketRow): Usage => ({
  minute: { from: row.minute_from, counts: row.minute },
  hour: { from: row.hour_from, counts: row.hour },
  day: { from: row.day_from, counts: row.day },
})

const dateOf = (text: string | null): Date | null => (text === null ? null : new Date(text))

/** Stores what was decided, under the lock of lockUsage. `trials`: breakers that are tried, until then at the latest. */
export const storeUsage = async (
  tx: Db,
  accountId: number,
  after: {
    state: AccountState & { grantedAt: Date; warmupFrom: Date | null }
    usages: Map<string, Usage>
    trials: string[]
    trialUntil: Date
  },
): Promise<void> => {
  const { state, usages, trials, trialUntil } = after
  const account = {
    ...rowOf(state.usage),
    granted_at: state.grantedAt,
    next_at: state.nextAt,
    warmup_days: state.warmup.days,
    warmup_on: state.warmup.on,
    warmup_from: state.warmupFrom,
  }
  const providers = [...usages].map(([provider, usage]) => ({ provider, ...rowOf(usage) }))
  await tx.execute(sql`SELECT mail_usage_store(${accountId}::int, ${JSON.stringify(account)}::text::jsonb,
    ${JSON.stringify(providers)}::text::jsonb,
    ARRAY(SELECT jsonb_array_elements_text(${JSON.stringify(trials)}::text::jsonb)), ${trialUntil.toISOString()}::timestamptz)`)
}

const rowOf = ({ minute, hour, day }: Usage): BucketRow => ({
  minute_from: minute.from,
  minute: minute.counts,
  hour_from: hour.from,
  hour: hour.counts,
  day_from: day.from,
  day: day.counts,
})
