import type { Db } from '#src/db/open.ts'
import type { SendCalendar } from '../accounts/schema.ts'
import {
  decide,
  TRIAL_MS,
  type AccountState,
  type Decision,
  type Limit,
  type ProviderState,
  type Wanted,
} from './decide.ts'
import { lockUsage, storeUsage, type Locked } from './queries-reserve.ts'
import { NO_USAGE, withMails, type Limits, type Usage } from './windows.ts'

/** For providers without a row of their own in the limits. */
const EACH_OTHER = '*'
/** A moment this close to the machine's own time was just read from it. */
const OWN_TIME_MS = 50

export type Reserved = {
  /** The ids that may be handed over now. */
  granted: number[]
  /** When to ask again for the others; null when all were granted, or when only a person can change it (limitedBy). */
  waitUntil: Date | null
  /** What keeps the others back; null when all were granted. */
  limitedBy: Limit | null
}

/** Asks for places within an account's limits, and uses those it grants up: call it in the transaction that marks the
 *  mails as being sent, so that what is rolled back was never used. Of all nodes one at a time gets places of an account.
 *
 *  Promises: never more than any limit in any window of that length (closed windows, HAND_OVER_MS
 *  included), nothing closer together than the gap, nothing outside of the calendars, nothing of a paused, inactive or
 *  deleted account, at most one trial towards a provider whose breaker was open. A rate is reached to 96 %.
 *
 *  `provider` as providerOf gives it. `now`: this machine's own time is replaced by that of the database, so that nodes
 *  whose clocks differ share one; a time of a test's own holds. It never goes back for an account. With several accounts in one transaction: by ascending id, and
 *  before any noteOutcomes. */
export const reserve = async (
  tx: Db,
  wanted: { accountId: number; calendar: SendCalendar | null; wants: readonly Wanted[] },
  now: Date,
): Promise<Reserved> => {
  const { accountId, calendar, wants } = wanted
  const given = timeOfItsOwn(now)
  if (wants.length === 0) return { granted: [], waitUntil: null, limitedBy: null }
  const names = [...new Set(wants.map(({ provider }) => provider))]
  const locked = await lockUsage(tx, accountId, names)
  if (!locked) return { granted: [], waitUntil: null, limitedBy: { kind: 'inactive', of: 'account' } }
  const at = momentOf(locked, given)
  const providers = providersOf(locked, names)
  const { rules, warmupStartedAt } = locked
  const state = currentState(locked.state, warmupStartedAt)
  const breaker = locked.breakers.get('') ?? null
  const decision = decide({ rules, state, breaker, providers, calendar, wants }, at, Math.random)
  if (decision.granted.length > 0)
    await storeUsage(tx, accountId, {
      state: { ...decision.account, grantedAt: at, warmupFrom: warmupStartedAt },
      usages: usagesAfter(decision, providers, at),
      trials: decision.trials,
      trialUntil: new Date(at.getTime() + TRIAL_MS),
    })
  return { granted: decision.granted, waitUntil: decision.waitUntil, limitedBy: decision.limitedBy }
}

/** The state to go on from: a warm-up that was begun anew counts its days anew. */
export const currentState = (
  state: AccountState & { warmupFrom: Date | null },
  warmupStartedAt: Date | null,
): AccountState =>
  state.warmupFrom?.getTime() === warmupStartedAt?.getTime()
    ? state
    : { ...state, warmup: { days: 0, on: null } }

/** The limits of a provider: its own, else those of each other one; null when there are none. */
export const ownLimits = ({ limits }: Pick<Locked, 'limits'>, provider: string): Limits | null =>
  limits.get(provider) ?? limits.get(EACH_OTHER) ?? null

const providersOf = ({ limits, usages, breakers }: Locked, names: string[]): Map<string, ProviderState> => {
  const providers = new Map<string, ProviderState>()
  for (const name of names) {
    const own = ownLimits({ limits }, name)
    const breaker = breakers.get(name) ?? null
    if (own || breaker) providers.set(name, { limits: own, usage: usages.get(name) ?? NO_USAGE, breaker })
  }
  return providers
}

const usagesAfter = (
  { perProvider }: Decision,
  providers: Map<string, ProviderState>,
  at: Date,
): Map<string, Usage> => {
  const usages = new Map<string, Usage>()
  for (const [provider, count] of perProvider) {
    const state = providers.get(provider)
    if (state?.limits && isLimited(state.limits))
      usages.set(provider, withMails(state.usage, count, at.getTime()))
  }
  return usages
}

const isLimited = (limits: Limits): boolean => Object.values(limits).some((limit) => limit !== null)

/** The moment that was given when it is not simply the machine's own time; asked before anything is waited for. */
export const timeOfItsOwn = (now: Date): Date | null =>
  Math.abs(Date.now() - now.getTime()) < OWN_TIME_MS ? null : now

/** When that is for an account whose usage is held: by the clock of the database, and never before its last mail. */
export const momentOf = ({ now, grantedAt }: Pick<Locked, 'now' | 'grantedAt'>, given: Date | null): Date => {
  const at = given ?? now
  return grantedAt && grantedAt > at ? grantedAt : at
}
