import { pickStable } from './pick-variant.ts'
import type { Account } from './queries-plan.ts'

const HOURS = 10
const MINUTES = 60 * HOURS

type Limits = Pick<Account, 'id' | 'perMinute' | 'perHour' | 'perDay'>

/** What an account may send on a working day, so that each gets its share of the recipients. Accounts without a
 *  limit take as much as the one with the highest. */
export const accountWeights = (accounts: readonly Limits[]): { id: number; weight: number }[] => {
  const capacities = accounts.map(({ perMinute, perHour, perDay }) =>
    Math.min(
      perDay ?? Infinity,
      perHour === null ? Infinity : perHour * HOURS,
      perMinute === null ? Infinity : perMinute * MINUTES,
    ),
  )
  const highest = Math.max(1, ...capacities.filter(Number.isFinite))
  return accounts.map(({ id }, place) => {
    const capacity = capacities[place] ?? highest
    return { id, weight: Number.isFinite(capacity) ? capacity : highest }
  })
}

/** The account that a campaign writes to a company with: the one that wrote to it last (`known`, by company), else always
 *  the same. */
export const accountChooser = (
  campaignId: number,
  accounts: readonly Limits[],
  known: ReadonlyMap<number, number>,
): ((companyId: number) => number) => {
  const weights = accountWeights(accounts)
  return (companyId) => known.get(companyId) ?? pickStable(weights, `account:${campaignId}:${companyId}`).id
}
