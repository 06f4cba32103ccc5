import type { SendCalendar } from '../accounts/schema.ts'
import { closingAfter, nextCommonOpening } from './calendar.ts'
import { timeZoneOf, warmupOn, type AccountRules, type AccountState, type Limit } from './decide.ts'
import { localTime } from './local-time.ts'
import { NO_USAGE, roomAt, roomFrom, withMails, type Limits, type Usage } from './windows.ts'

/** How long one mail takes an account when nothing slows it down: a server far away that answers in a second, with ten
 *  connections. */
const MAIL_MS = 100
const HORIZON_MS = 2 * 365 * 86_400_000
/** The finer the steps, the closer to what will happen, and the longer it takes to tell. */
const STEPS = 400
const SHORTEST_STEP_MS = 60_000
const LONGEST_STEP_MS = 15 * 60_000
const MAX_STEPS = 100_000
/** Below this share of the waiting, a limit is not what decides. */
const DECIDES = 0.1

export type ForecastAccount = {
  id: number
  label: string
  rules: AccountRules
  /** What is already used, and how far the warm-up is. */
  state: AccountState
  /** The mails of the campaign per provider. */
  mails: ReadonlyMap<string, number>
  /** Mails of other campaigns that wait for the same account; it is shared fairly. */
  others: number
  /** `*` for each provider without a row of its own. */
  providerLimits: ReadonlyMap<string, Limits>
  providerUsage: ReadonlyMap<string, Usage>
}

export type AccountForecast = {
  id: number
  label: string
  mails: number
  /** Null: never, or not within two years. */
  endsAt: Date | null
  limitedBy: Limit | null
}

export type Forecast = {
  /** When the last mail leaves; null when it never would. `from` when there is nothing to send. */
  endsAt: Date | null
  /** The account that ends last and what slows it down; null when nothing does. */
  limitedBy: (Limit & { accountId: number; label: string }) | null
  /** By days (YYYY-MM-DD) of the campaign's time zone, else of the first account's. */
  perDay: { date: string; mails: number }[]
  accounts: AccountForecast[]
}

/** When a campaign's first mails will have left, day by day, obeying the same windows, gaps, warm-up and calendars as
 *  reserve. Pure; replies, failures and follow-ups are not foreseen. */
export const forecast = (given: {
  accounts: ForecastAccount[]
  calendar: SendCalendar | null
  from: Date
}): Forecast => {
  const { accounts, calendar, from } = given
  const timeZone = calendar?.timeZone ?? (accounts[0] ? timeZoneOf(accounts[0].rules) : 'Europe/Paris')
  const perDay = new Map<string, number>()
  const count = (at: Date, mails: number): void => {
    const { date } = localTime(timeZone, at)
    perDay.set(date, (perDay.get(date) ?? 0) + mails)
  }
  const ends = accounts
    .filter(({ mails }) => sum(mails.values()) > 0)
    .map((account) => forecastAccount(account, { calendar, from, count }))
  const last = ends.reduce<AccountForecast | null>(
    (worst, one) => (worst === null || endOf(one) > endOf(worst) ? one : worst),
    null,
  )
  return {
    endsAt: last ? last.endsAt : from,
    limitedBy: last?.limitedBy ? { ...last.limitedBy, accountId: last.id, label: last.label } : null,
    perDay: [...perDay].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([date, mails]) => ({ date, mails })),
    accounts: ends,
  }
}

const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0)

const endOf = ({ endsAt }: AccountForecast): number => endsAt?.getTime() ?? Infinity

type Run = { calendar: SendCalendar | null; from: Date; count: (at: Date, mails: number) => void }

/** The mails to one provider that has a limit, or to all those that have none. */
type Queue = { left: number; limits: Limits | null; usage: Usage; provider: string | null }

const forecastAccount = (account: ForecastAccount, run: Run): AccountForecast => {
  const { rules } = account
  const calendars = [rules.calendar, run.calendar]
  const mails = sum(account.mails.values())
  const answer = { id: account.id, label: account.label, mails }
  if (rules.pausedAt)
    return {
      ...answer,
      endsAt: null,
      limitedBy: { kind: 'paused', of: 'account', reason: rules.pauseReason ?? 'hand' },
    }
  if (!rules.active) return { ...answer, endsAt: null, limitedBy: { kind: 'inactive', of: 'account' } }

  const gapMs = rules.minGapMs + rules.gapJitterMs / 2
  const paceMs = Math.max(MAIL_MS, gapMs)
  const stepMs = Math.min(LONGEST_STEP_MS, Math.max(SHORTEST_STEP_MS, (mails * paceMs) / STEPS))
  const waits = createWaits(paceMs > MAIL_MS ? { kind: 'gap', of: 'account' } : null)
  const queues = queuesOf(account)
  let { usage, warmup } = account.state
  let others = account.others
  let at = later(run.from, account.state.nextAt)
  let closing = at
  for (let step = 0; step < MAX_STEPS && at.getTime() - run.from.getTime() < HORIZON_MS; step += 1) {
    if (closing <= at) {
      const opening = nextCommonOpening(calendars, at)
      if (opening === null) return { ...answer, endsAt: null, limitedBy: calendarLimit(calendars) }
      waits.add(calendarLimit(calendars), opening.getTime() - at.getTime())
      at = opening
      closing = nextClosing(calendars, at)
    }
    const ramp = warmupOn(rules, warmup, rules.warmup ? localTime(timeZoneOf(rules), at).date : '')
    const limits = { ...rules.limits, day: ramp.perDay }
    const spanMs = Math.min(stepMs, closing.getTime() - at.getTime())
    const room = Math.min(roomAt(usage, limits, at.getTime()), Math.max(1, Math.floor(spanMs / paceMs)))
    const mine = take(queues, room, others > 0 ? Math.ceil(room / 2) : room, at)
    const theirs = Math.min(others, room - mine)
    if (mine + theirs === 0) {
      const wait = waitOf(usage, limits, queues, at, ramp.perDay !== rules.limits.day)
      if (wait.at === null) return { ...answer, endsAt: null, limitedBy: wait.limit }
      waits.add(wait.limit, wait.at.getTime() - at.getTime())
      at = wait.at
      continue
    }
    others -= theirs
    usage = withMails(usage, mine + theirs, at.getTime())
    warmup = ramp.after
    if (mine > 0) run.count(at, mine)
    const sending = new Date(at.getTime() + (mine + theirs) * paceMs)
    waits.pace(sending.getTime() - at.getTime())
    if (queues.every(({ left }) => left === 0))
      return { ...answer, endsAt: sending, limitedBy: waits.decisive() }
    at = sending
  }
  return { ...answer, endsAt: null, limitedBy: waits.decisive() }
}

const later = (at: Date, than: Date | null): Date => (than && than > at ? than : at)

const queuesOf = ({ mails, providerLimits, providerUsage }: ForecastAccount): Queue[] => {
  const free: Queue = { left: 0, limits: null, usage: NO_USAGE, provider: null }
  const queues = [free]
  for (const [provider, left] of mails) {
    const limits = providerLimits.get(provider) ?? providerLimits.get('*') ?? null
    if (limits) queues.push({ left, limits, usage: providerUsage.get(provider) ?? NO_USAGE, provider })
    else free.left += left
  }
  return queues
}

/** Takes mails off the queues, the narrow ones first as they need the longest; returns how many. */
const take = (queues: Queue[], room: number, share: number, at: Date): number => {
  let taken = 0
  for (const queue of queues.toReversed()) {
    const most = Math.min(queue.left, Math.min(room, share) - taken)
    if (most <= 0) continue
    const mails = queue.limits ? Math.min(most, roomAt(queue.usage, queue.limits, at.getTime())) : most
    if (mails <= 0) continue
    queue.left -= mails
    queue.usage = queue.limits ? withMails(queue.usage, mails, at.getTime()) : queue.usage
    taken += mails
  }
  return taken
}

const waitOf = (
  usage: Usage,
  limits: Limits,
  queues: Queue[],
  at: Date,
  warming: boolean,
): { at: Date | null; limit: Limit } => {
  const own = roomFrom(usage, limits, at.getTime())
  if (own === null) return { at: null, limit: { kind: 'day', of: 'account', limit: 0 } }
  if (own.window !== null) {
    const kind = own.window === 'day' && warming ? 'warmup' : own.window
    return { at: new Date(own.atMs), limit: { kind, of: 'account', limit: limits[own.window] ?? 0 } }
  }
  let first: { at: Date | null; limit: Limit } | null = null
  for (const { left, limits: narrow, usage: used, provider } of queues) {
    if (left === 0 || !narrow || provider === null) continue
    const room = roomFrom(used, narrow, at.getTime())
    const kind = room?.window ?? 'day'
    const limit = { kind, of: 'provider', provider, limit: narrow[kind] ?? 0 } satisfies Limit
    const free = room === null ? null : new Date(room.atMs)
    if (first === null || (free !== null && (first.at === null || free < first.at)))
      first = { at: free, limit }
  }
  return first ?? { at: new Date(at.getTime() + SHORTEST_STEP_MS), limit: { kind: 'gap', of: 'account' } }
}

const calendarLimit = ([own]: (SendCalendar | null)[]): Limit => ({
  kind: 'calendar',
  of: own === null ? 'campaign' : 'account',
})

const nextClosing = (calendars: (SendCalendar | null)[], at: Date): Date =>
  calendars
    .map((calendar) => closingAfter(calendar, at) ?? new Date(at.getTime() + HORIZON_MS))
    .reduce((first, one) => (one < first ? one : first))

/** What was waited for longest. Nights come on top of something else, so they decide only where nothing else does. */
const createWaits = (paced: Limit | null) => {
  const waited = new Map<string, { limit: Limit; ms: number }>()
  const add = (limit: Limit, ms: number): void => {
    const key = `${limit.kind} ${limit.of} ${limit.provider ?? ''}`
    waited.set(key, { limit, ms: (waited.get(key)?.ms ?? 0) + ms })
  }
  const pace = (ms: number): void => void (paced && add(paced, ms))
  const decisive = (): Limit | null => {
    const all = [...waited.values()].toSorted((a, b) => b.ms - a.ms)
    const total = all.reduce((ms, one) => ms + one.ms, 0)
    const real = all.find(({ limit, ms }) => limit.kind !== 'calendar' && ms >= total * DECIDES)
    return (real ?? all.find(({ ms }) => ms > 0))?.limit ?? null
  }
  return { add, pace, decisive }
}
