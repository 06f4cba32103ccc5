import type { Clock } from '#src/lib/clock.ts'
import { sign, type Keys } from '#src/lib/keys.ts'
import { parseAddress } from '#src/lib/networks.ts'
import type { Db } from '#src/db/open.ts'
import {
  countFailures,
  deleteFailures,
  deleteFailuresBefore,
  insertFailures,
  lockThrottleKeys,
} from './queries.ts'

const FREE_FAILURES = { account: 5, device: 10, address: 20 }
const FIRST_WAIT_MS = 10_000
const LONGEST_WAIT_MS = 15 * 60_000
const REMEMBERED_MS = 24 * 3_600_000

type Kind = keyof typeof FREE_FAILURES
export type ThrottleKey = { kind: Kind; key: string }
export type Attempt = { kind: 'allowed'; ids: number[] } | { kind: 'wait'; seconds: number }

// One subscriber holds a whole /64: its addresses count as one.
const addressGroup = (address: string): string => {
  const parsed = parseAddress(address)
  if (parsed?.kind() !== 'ipv6') return address
  return parsed.toByteArray().slice(0, 8).join('.')
}

/** What an attempt is counted by. A browser in which this account has signed in before is counted by itself
 *  only, so that nobody else's failures, however many, can keep its owner out. */
export const throttleKeys = (
  keys: Keys,
  attempt: { email: string; address: string | null; device: string | null },
): ThrottleKey[] => {
  const hashed = (kind: Kind, value: string): ThrottleKey => ({ kind, key: sign(keys.throttle, kind, value) })
  if (attempt.device) return [hashed('device', attempt.device)]
  const account = hashed('account', attempt.email.toLowerCase())
  return attempt.address ? [account, hashed('address', addressGroup(attempt.address))] : [account]
}

const waitAfter = (kind: Kind, failures: number): number => {
  const excess = failures - FREE_FAILURES[kind]
  return excess < 0 ? 0 : Math.min(FIRST_WAIT_MS * 2 ** Math.min(excess, 20), LONGEST_WAIT_MS)
}

/** Counts an attempt as failed before the password is looked at (so that many at once cannot all slip through),
 *  or tells how long to wait. An attempt refused here is not counted: the wait ends. */
export const reserveAttempt = (
  { db, clock }: { db: Db; clock: Clock },
  keys: ThrottleKey[],
): Promise<Attempt> =>
  db.transaction(async (tx) => {
    const names = keys.map(({ key }) => key)
    await lockThrottleKeys(tx, names)
    const now = clock.now()
    const counts = await countFailures(tx, names, new Date(now.getTime() - REMEMBERED_MS))
    const waits = counts.map(({ key, failures, last }) => {
      const kind = keys.find((each) => each.key === key)?.kind ?? 'account'
      const wait = waitAfter(kind, failures)
      // Another node's clock may be ahead: its failures alone are no reason to wait.
      return wait === 0 ? 0 : last.getTime() + wait - now.getTime()
    })
    const longest = Math.max(0, ...waits)
    if (longest > 0) return { kind: 'wait', seconds: Math.ceil(longest / 1000) }
    return { kind: 'allowed', ids: await insertFailures(tx, names, now) }
  })

/** The password was right: forgets this attempt and the account's failures. Those of the address stay, else an
 *  attacker with an account of his own could wipe them. */
export const forgiveAttempt = async (
  { db, clock }: { db: Db; clock: Clock },
  keys: ThrottleKey[],
  ids: number[],
): Promise<void> => {
  const forgiven = keys.filter(({ kind }) => kind !== 'address').map(({ key }) => key)
  await deleteFailures(db, { ids, keys: forgiven })
  await deleteFailuresBefore(db, new Date(clock.now().getTime() - REMEMBERED_MS))
}

/** An account whose password was set anew starts afresh. */
export const forgetFailures = (db: Db, keys: Keys, email: string): Promise<void> =>
  deleteFailures(db, {
    ids: [],
    keys: throttleKeys(keys, { email, address: null, device: null }).map(({ key }) => key),
  })
