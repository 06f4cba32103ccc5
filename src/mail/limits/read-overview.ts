import type { Db } from '#src/db/open.ts'
import type { SendCalendar } from '../accounts/schema.ts'
import { nextOpening } from './calendar.ts'
import { timeZoneOf, warmupOn } from './decide.ts'
import { HEALTH_DAYS, type Health } from './health.ts'
import { localTime } from './local-time.ts'
import { listBreakers, listPauses, listProviderUsage, type PauseView } from './queries-overview.ts'
import { pauseRounds, readHealth } from './queries-outcomes.ts'
import { accountLabels, accountRules, accountStates, providerLimits, usageOf } from './queries-usage.ts'
import { currentState } from './reserve.ts'
import { NO_USAGE, usedAt, WINDOWS, type Limits, type Usage, type WindowName } from './windows.ts'

const DAY_MS = 86_400_000
const BREAKERS_SHOWN = 50
const PAUSES_SHOWN = 20

export type UsedWindow = { window: WindowName; used: number; limit: number | null }

export type LimitsOverview = {
  id: number
  label: string
  active: boolean
  pause: { at: Date; reason: string; detail: string | null } | null
  windows: UsedWindow[]
  /** Null without a warm-up, or when it is over. */
  warmup: { day: number; limit: number; until: number | null } | null
  minGapMs: number
  gapJitterMs: number
  calendar: SendCalendar | null
  /** When it opens, when it is closed; 'never' when it never does. */
  opensAt: Date | 'never' | null
  health: Health & { days: number }
  providers: { provider: string; windows: UsedWindow[] }[]
  breakers: {
    provider: string
    sent: number
    bounced: number
    failures: number
    openUntil: Date | null
    reason: string | null
  }[]
  pauses: PauseView[]
}

/** What an account has used of its limits, what stands in its way and how its mails fare; null when there is none. */
export const readOverview = async (db: Db, id: number, now: Date): Promise<LimitsOverview | null> => {
  const rules = (await accountRules(db, [id])).get(id)
  if (!rules) return null
  const [labels, states, limits, usages, breakers, pauses, rounds] = await Promise.all([
    accountLabels(db, [id]),
    accountStates(db, [id]),
    providerLimits(db, id),
    listProviderUsage(db, id),
    listBreakers(db, id, BREAKERS_SHOWN),
    listPauses(db, id, PAUSES_SHOWN),
    pauseRounds(db, [id]),
  ])
  const stored = states.get(id)
  const state = stored ? currentState(stored, rules.warmupStartedAt) : null
  const ramp = warmupOn(rules, state?.warmup ?? { days: 0, on: null }, localTime(timeZoneOf(rules), now).date)
  const warming = rules.warmup !== null && ramp.perDay !== null && ramp.perDay !== rules.limits.day
  const opening = nextOpening(rules.calendar, now)
  const since = new Date(now.getTime() - (HEALTH_DAYS - 1) * DAY_MS).toISOString().slice(0, 10)
  // Of an account that the product stopped, what it was stopped for.
  const rounded = rounds.get(id)?.round ?? 0
  const round = rules.pausedAt && rules.pauseReason !== 'hand' ? Math.max(0, rounded - 1) : rounded
  const used = new Map(usages.map((row) => [row.provider, usageOf(row)]))
  return {
    id,
    label: labels.get(id) ?? '',
    active: rules.active,
    pause: rules.pausedAt && {
      at: rules.pausedAt,
      reason: rules.pauseReason ?? 'hand',
      detail: pauses.find(({ resumedAt }) => resumedAt === null)?.detail ?? null,
    },
    windows: windowsOf(state?.usage ?? NO_USAGE, { ...rules.limits, day: ramp.perDay }, now),
    warmup: warming ? { day: ramp.after.days, limit: ramp.perDay ?? 0, until: rules.limits.day } : null,
    minGapMs: rules.minGapMs,
    gapJitterMs: rules.gapJitterMs,
    calendar: rules.calendar,
    opensAt: opening === null ? 'never' : opening > now ? opening : null,
    health: {
      ...(await readHealth(db, { accountId: id, round, since })),
      days: HEALTH_DAYS,
    },
    providers: [...limits]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([provider, own]) => ({
        provider,
        windows: windowsOf(used.get(provider) ?? NO_USAGE, own, now).filter(({ limit }) => limit !== null),
      })),
    breakers: breakers
      .map((row) => ({ ...row, openUntil: row.openUntil && row.openUntil > now ? row.openUntil : null }))
      .filter(({ provider, openUntil }) => provider !== '' || openUntil !== null),
    pauses,
  }
}

const windowsOf = (usage: Usage, limits: Limits, now: Date): UsedWindow[] =>
  WINDOWS.map((window) => ({
    window,
    used: usedAt(usage, window, now.getTime()),
    limit: limits[window],
  }))
