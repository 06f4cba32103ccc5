import type { SendCalendar } from '../accounts/schema.ts'
import { isOpen, nextCommonOpening } from './calendar.ts'
import { localTime } from './local-time.ts'
import { roomAt, roomFrom, WINDOWS, withMails, type Limits, type Usage, type WindowName } from './windows.ts'

/** How long a trial of an open breaker may be on its way before another one may follow. */
export const TRIAL_MS = 2 * 60_000
/** Whose days the warm-up counts when the account has no calendar. */
const TIME_ZONE = 'Europe/Paris'

/** What keeps mails from leaving. `of`: whose limit it is. */
export type Limit = {
  kind: 'paused' | 'inactive' | 'calendar' | 'gap' | 'warmup' | 'breaker' | WindowName
  of: 'account' | 'campaign' | 'provider'
  /** Of a provider's limit or breaker. */
  provider?: string
  /** So many mails in the window. */
  limit?: number
  /** A code: of a pause (messages.ts) or a breaker. */
  reason?: string
}

/** What an account may do, as its form says. */
export type AccountRules = {
  active: boolean
  pausedAt: Date | null
  pauseReason: string | null
  limits: Limits
  minGapMs: number
  gapJitterMs: number
  /** Null: no warm-up. */
  warmup: { firstDay: number; step: number } | null
  calendar: SendCalendar | null
}

/** How far the warm-up is: days of sending, and the last of them (YYYY-MM-DD). */
export type Warmup = { days: number; on: string | null }

export type AccountState = { usage: Usage; nextAt: Date | null; warmup: Warmup }

/** `openUntil` in the past: the next mail is a trial. */
export type Breaker = { openUntil: Date | null; reason: string | null }

export type ProviderState = { limits: Limits | null; usage: Usage; breaker: Breaker | null }

export type Wanted = { id: number; provider: string }

export type Decision = {
  granted: number[]
  waitUntil: Date | null
  limitedBy: Limit | null
  /** After what was granted. */
  account: AccountState
  /** How many were granted, per provider. */
  perProvider: Map<string, number>
  /** Breakers whose trial is among what was granted; '' is the account's own. */
  trials: string[]
}

/** What an account may send on the given day (YYYY-MM-DD) of its warm-up, and the state after sending on it. */
export const warmupOn = (
  rules: AccountRules,
  warmup: Warmup,
  date: string,
): { perDay: number | null; after: Warmup } => {
  const days = warmup.on === date ? Math.max(1, warmup.days) : warmup.days + 1
  const after = { days, on: date }
  if (!rules.warmup) return { perDay: rules.limits.day, after }
  const ramp = rules.warmup.firstDay + rules.warmup.step * (days - 1)
  return { perDay: rules.limits.day === null ? ramp : Math.min(ramp, rules.limits.day), after }
}

/** The time zone in which an account's days are counted. */
export const timeZoneOf = (rules: Pick<AccountRules, 'calendar'>): string =>
  rules.calendar?.timeZone ?? TIME_ZONE

export type Given = {
  rules: AccountRules
  state: AccountState
  /** The breaker of the account's own server. */
  breaker: Breaker | null
  /** Of every wanted provider that has a limit or a breaker. */
  providers: ReadonlyMap<string, ProviderState>
  /** The campaign's, besides the account's. */
  calendar: SendCalendar | null
  wants: readonly Wanted[]
}

/** Which of the wanted mails may leave now, in their order, and when to ask again for the rest. Pure: all that is known
 *  comes in, all that changes goes out. `chance` yields 0–1 for the jitter. */
export const decide = (given: Given, now: Date, chance: () => number): Decision => {
  const { rules, state, wants } = given
  const standing = standsStill(rules)
  const ramp = warmupOn(rules, state.warmup, localTime(timeZoneOf(rules), now).date)
  const limits = { ...rules.limits, day: ramp.perDay }
  const { granted, perProvider, trials } = standing ? grantNothing() : grant(given, limits, now)
  const gapMs = rules.minGapMs + Math.floor(chance() * rules.gapJitterMs)
  const account: AccountState =
    granted.length === 0
      ? state
      : {
          usage: withMails(state.usage, granted.length, now.getTime()),
          nextAt: gapMs > 0 ? new Date(now.getTime() + gapMs) : null,
          warmup: ramp.after,
        }
  const decision = { granted, perProvider, trials, account }
  if (granted.length === wants.length) return { ...decision, waitUntil: null, limitedBy: null }
  if (standing) return { ...decision, waitUntil: null, limitedBy: standing }
  const warming = ramp.perDay !== rules.limits.day
  return { ...decision, ...askAgain(given, decision, limits, warming, now) }
}

const standsStill = (rules: AccountRules): Limit | null => {
  if (rules.pausedAt) return { kind: 'paused', of: 'account', reason: rules.pauseReason ?? 'hand' }
  return rules.active ? null : { kind: 'inactive', of: 'account' }
}

type Granted = Pick<Decision, 'granted' | 'perProvider' | 'trials'>

const grantNothing = (): Granted => ({ granted: [], perProvider: new Map(), trials: [] })

const grant = (given: Given, limits: Limits, now: Date): Granted => {
  const { granted, perProvider, trials } = grantNothing()
  const door = doorOf(given.breaker, now)
  let room = door === 'shut' || !mayStart(given, now) ? 0 : roomAt(given.state.usage, limits, now.getTime())
  if (door === 'trial' || given.rules.minGapMs + given.rules.gapJitterMs > 0) room = Math.min(room, 1)
  const rooms = new Map<string, number>()
  for (const { id, provider } of given.wants) {
    if (granted.length >= room) break
    const left = rooms.get(provider) ?? providerRoom(given.providers.get(provider), now)
    if (left > 0) {
      granted.push(id)
      perProvider.set(provider, (perProvider.get(provider) ?? 0) + 1)
      const isTrial = doorOf(given.providers.get(provider)?.breaker ?? null, now) === 'trial'
      if (isTrial) trials.push(provider)
    }
    rooms.set(provider, Math.max(0, left - 1))
  }
  if (door === 'trial' && granted.length > 0) trials.push('')
  return { granted, perProvider, trials }
}

const mayStart = ({ rules, state, calendar }: Given, now: Date): boolean =>
  (state.nextAt === null || state.nextAt <= now) &&
  [rules.calendar, calendar].every((one) => one === null || isOpen(one, now))

const doorOf = (breaker: Breaker | null, now: Date): 'open' | 'shut' | 'trial' => {
  if (!breaker?.openUntil) return 'open'
  if (breaker.openUntil > now) return 'shut'
  // Bounces tell of mails sent long ago: a single trial would prove nothing.
  return breaker.reason === 'bounces' ? 'open' : 'trial'
}

const providerRoom = (state: ProviderState | undefined, now: Date): number => {
  if (!state) return Infinity
  const door = doorOf(state.breaker, now)
  if (door === 'shut') return 0
  const room = state.limits ? roomAt(state.usage, state.limits, now.getTime()) : Infinity
  return door === 'trial' ? Math.min(room, 1) : room
}

type Hindrance = { at: Date | null; limit: Limit }

// All of the account's hindrances and those of at least one provider must be gone, at a time when it may send.
const askAgain = (
  given: Given,
  after: Pick<Decision, 'granted' | 'perProvider' | 'trials' | 'account'>,
  limits: Limits,
  warming: boolean,
  now: Date,
): Pick<Decision, 'waitUntil' | 'limitedBy'> => {
  const taken = new Set(after.granted)
  const left = new Set(given.wants.filter(({ id }) => !taken.has(id)).map(({ provider }) => provider))
  const found = latest([
    ...accountHindrances(given, after, limits, warming, now),
    earliest([...left].map((provider) => latest(providerHindrances(given, after, provider, now)))),
  ])
  if (found?.at === null) return { waitUntil: null, limitedBy: found.limit }
  const at = found?.at ?? now
  for (const [of, calendar] of [
    ['account', given.rules.calendar],
    ['campaign', given.calendar],
  ] as const)
    if (calendar !== null && !isOpen(calendar, at))
      return {
        waitUntil: nextCommonOpening([given.rules.calendar, given.calendar], at),
        limitedBy: { kind: 'calendar', of },
      }
  return { waitUntil: at, limitedBy: found?.limit ?? null }
}

const accountHindrances = (
  { breaker }: Given,
  { account, trials }: Pick<Decision, 'account' | 'trials'>,
  limits: Limits,
  warming: boolean,
  now: Date,
): Hindrance[] => {
  const room = roomFrom(account.usage, limits, now.getTime())
  const full = room === null ? emptyLimit(limits) : room.window
  const kind = full === 'day' && warming ? 'warmup' : full
  return [
    ...(account.nextAt && account.nextAt > now
      ? [{ at: account.nextAt, limit: { kind: 'gap', of: 'account' } } satisfies Hindrance]
      : []),
    ...breakerHindrance(breaker, trials.includes(''), { of: 'account' }, now),
    ...(kind === null || full === null
      ? []
      : [{ at: atOf(room), limit: { kind, of: 'account', limit: limits[full] ?? 0 } } satisfies Hindrance]),
  ]
}

const providerHindrances = (
  { providers }: Given,
  { perProvider, trials }: Pick<Decision, 'perProvider' | 'trials'>,
  provider: string,
  now: Date,
): Hindrance[] => {
  const state = providers.get(provider)
  if (!state) return []
  const whose = { of: 'provider', provider } as const
  const hindrances = breakerHindrance(state.breaker, trials.includes(provider), whose, now)
  if (!state.limits) return hindrances
  const usage = withMails(state.usage, perProvider.get(provider) ?? 0, now.getTime())
  const room = roomFrom(usage, state.limits, now.getTime())
  const kind = room === null ? emptyLimit(state.limits) : room.window
  if (kind === null) return hindrances
  return [...hindrances, { at: atOf(room), limit: { kind, ...whose, limit: state.limits[kind] ?? 0 } }]
}

const breakerHindrance = (
  breaker: Breaker | null,
  trying: boolean,
  whose: Pick<Limit, 'of' | 'provider'>,
  now: Date,
): Hindrance[] => {
  const until = trying ? new Date(now.getTime() + TRIAL_MS) : (breaker?.openUntil ?? now)
  if (until <= now) return []
  return [{ at: until, limit: { kind: 'breaker', ...whose, reason: breaker?.reason ?? 'busy' } }]
}

const atOf = (room: { atMs: number } | null): Date | null => (room === null ? null : new Date(room.atMs))

const emptyLimit = (limits: Limits): WindowName =>
  WINDOWS.find((window) => limits[window] !== null && limits[window] <= 0) ?? 'day'

const msOf = (hindrance: Hindrance | null): number =>
  hindrance === null ? -Infinity : (hindrance.at?.getTime() ?? Infinity)

const latest = (hindrances: (Hindrance | null)[]): Hindrance | null =>
  hindrances.reduce((worst, one) => (msOf(one) > msOf(worst) ? one : worst), null)

const earliest = (hindrances: (Hindrance | null)[]): Hindrance | null =>
  hindrances.reduce((best, one) => (msOf(one) < msOf(best) ? one : best), hindrances[0] ?? null)
