import type { Db } from '#src/db/open.ts'
import { inAscii } from '#src/lib/mail-address.ts'
import { warmupOn, timeZoneOf } from './decide.ts'
import { localTime } from './local-time.ts'
import { providerOf } from './provider.ts'
import { readProviders } from './queries-providers.ts'
import { lockUsage, storeUsage } from './queries-reserve.ts'
import { currentState, momentOf, ownLimits, timeOfItsOwn } from './reserve.ts'
import { NO_USAGE, withMails } from './windows.ts'

const EVER = new Date(0)

/** Counts a mail that a person sent by hand: nobody is kept from that, but campaigns get a place less. The provider is taken
 *  as it is known; nobody is asked. */
export const countSent = async (
  db: Db,
  { accountId, address }: { accountId: number; address: string },
  now: Date,
): Promise<void> => {
  const domain = inAscii(address.slice(address.lastIndexOf('@') + 1).toLowerCase())
  const provider = (await readProviders(db, [domain], EVER)).get(domain) ?? providerOf(domain, null)
  const given = timeOfItsOwn(now)
  await db.transaction(async (tx) => {
    const locked = await lockUsage(tx, accountId, [provider])
    if (!locked) return
    const at = momentOf(locked, given)
    const { rules, warmupStartedAt } = locked
    const state = currentState(locked.state, warmupStartedAt)
    const ramp = warmupOn(rules, state.warmup, localTime(timeZoneOf(rules), at).date)
    const usage = withMails(state.usage, 1, at.getTime())
    const isLimited = ownLimits(locked, provider) !== null
    const used = withMails(locked.usages.get(provider) ?? NO_USAGE, 1, at.getTime())
    await storeUsage(tx, accountId, {
      state: { ...state, usage, warmup: ramp.after, grantedAt: at, warmupFrom: warmupStartedAt },
      usages: new Map(isLimited ? [[provider, used]] : []),
      trials: [],
      trialUntil: at,
    })
  })
}
