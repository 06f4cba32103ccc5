import type { Db } from '#src/db/open.ts'
import type { SendCalendar } from '../accounts/schema.ts'
import { forecast, type Forecast, type ForecastAccount } from './forecast.ts'
import {
  accountLabels,
  accountRules,
  accountStates,
  providerLimits,
  providerUsages,
} from './queries-usage.ts'
import { currentState } from './reserve.ts'
import { NO_USAGE } from './windows.ts'

const NEW_STATE = { usage: NO_USAGE, nextAt: null, warmup: { days: 0, on: null }, warmupFrom: null }

/** forecast with the accounts as they stand now. `mails`: the campaign's own, per account and provider; `others`: those of
 *  other campaigns that wait for the same accounts. Accounts that were deleted are left out. */
export const readForecast = async (
  db: Db,
  given: {
    mails: { accountId: number; provider: string; mails: number }[]
    others?: ReadonlyMap<number, number>
    calendar: SendCalendar | null
    from: Date
  },
): Promise<Forecast> => {
  const ids = [...new Set(given.mails.map(({ accountId }) => accountId))]
  const [rules, labels, states] = await Promise.all([
    accountRules(db, ids),
    accountLabels(db, ids),
    accountStates(db, ids),
  ])
  const accounts: ForecastAccount[] = []
  for (const [id, own] of rules) {
    const mails = new Map<string, number>()
    for (const row of given.mails)
      if (row.accountId === id) mails.set(row.provider, (mails.get(row.provider) ?? 0) + row.mails)
    const [limits, usages] = await Promise.all([
      providerLimits(db, id),
      providerUsages(db, id, [...mails.keys()]),
    ])
    accounts.push({
      id,
      label: labels.get(id) ?? '',
      rules: own,
      state: currentState(states.get(id) ?? NEW_STATE, own.warmupStartedAt),
      mails,
      others: given.others?.get(id) ?? 0,
      providerLimits: limits,
      providerUsage: usages,
    })
  }
  return forecast({ accounts, calendar: given.calendar, from: given.from })
}
