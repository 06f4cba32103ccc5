import type { Db } from '#src/db/open.ts'
import type { SendCalendar } from '../accounts/schema.ts'
import { decide, TRIAL_MS, type Decision, type Given, type Limit, type ProviderState } from './decide.ts'
import {
  accountRules,
  currentState,
  lockUsage,
  openBreakers,
  providerLimits,
  providerUsages,
  storeProviderUsages,
  storeTrials,
  storeUsage,
} from './queries-usage.ts'
import { NO_USAGE, withMails, type Limits, type Usage } from './windows.ts'

/** For providers without a row of their own in the limits. */
const EACH_OTHER = '*'

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
 *  Promises: never more than any limit in any window of that length (closed windows, one second of handing over
 *  included), nothing closer together than the gap, nothing outside of the calendars, nothing of a paused, inactive or
 *  deleted account, at most one trial towards a provider whose breaker was open. A rate is reached to 97 %.
 *
 *  `provider` as providerOf gives it. `now`: leave it out where nodes run on several machines, the database's own
 *  clock is used then; it never goes back for an account. With several accounts in one transaction: by ascending id, and
 *  before any noteOutcomes. */
export const reserve = async (
  tx: Db,
  wanted: { accountId: number; calendar: SendCalendar | null; wants: readonly Given['wants'][number][] },
  now?: Date,
): Promise<Reserved> => {
  const { accountId, calendar, wants } = wanted
  if (wants.length === 0) return { granted: [], waitUntil: null, limitedBy: null }
  const names = [...new Set(wants.map(({ provider }) => provider))]
  // Sent together: the second is read once the first has its lock.
  const [locked, rules] = await Promise.all([lockUsage(tx, accountId), accountRules(tx, [accountId])])
  const account = rules.get(accountId)
  if (!locked || !account)
    return { granted: [], waitUntil: null, limitedBy: { kind: 'inactive', of: 'account' } }
  const at = later(now ?? locked.now, locked.grantedAt)
  const [limits, usages, breakers] = await Promise.all([
    providerLimits(tx, accountId),
    providerUsages(tx, accountId, names),
    openBreakers(tx, accountId, names),
  ])
  const providers = new Map<string, ProviderState>()
  for (const name of names) {
    const own = limits.get(name) ?? limits.get(EACH_OTHER) ?? null
    const breaker = breakers.get(name) ?? null
    if (own || breaker) providers.set(name, { limits: own, usage: usages.get(name) ?? NO_USAGE, breaker })
  }
  const state = currentState(locked, account.warmupStartedAt)
  const decision = decide(
    { rules: account, state, breaker: breakers.get('') ?? null, providers, calendar, wants },
    at,
    Math.random,
  )
  if (decision.granted.length > 0)
    await store(tx, accountId, decision, { at, warmupFrom: account.warmupStartedAt, providers })
  return { granted: decision.granted, waitUntil: decision.waitUntil, limitedBy: decision.limitedBy }
}

const store = async (
  tx: Db,
  accountId: number,
  { account, perProvider, trials }: Decision,
  known: { at: Date; warmupFrom: Date | null; providers: Map<string, ProviderState> },
): Promise<void> => {
  const { at, warmupFrom, providers } = known
  const usages = new Map<string, Usage>()
  for (const [provider, count] of perProvider) {
    const state = providers.get(provider)
    if (state?.limits && isLimited(state.limits))
      usages.set(provider, withMails(state.usage, count, at.getTime()))
  }
  await Promise.all([
    storeUsage(tx, accountId, { ...account, grantedAt: at, warmupFrom }),
    storeProviderUsages(tx, accountId, usages),
    storeTrials(tx, accountId, trials, new Date(at.getTime() + TRIAL_MS)),
  ])
}

const isLimited = (limits: Limits): boolean => Object.values(limits).some((limit) => limit !== null)

const later = (at: Date, than: Date | null): Date => (than && than > at ? than : at)
