import type { Clock } from '#src/lib/clock.ts'
import { isInNetworks } from '#src/lib/networks.ts'
import type { KnownToken, TokenFinder } from './find-token.ts'
import { addressGroup, createWindows, rateHeaders } from './limit-rate.ts'
import {
  tooManyRequests,
  unauthenticated,
  unavailable,
  wrongAddress,
  type Refusal,
} from '../answers/refusal.ts'
import { hashToken } from './token-text.ts'

/** Requests of one address in a minute; twice its allowance for an address that uses a token allowed more. */
const ADDRESS_REQUESTS = 1200
/** Requests of one address in a minute that bring no token that counts. */
const ADDRESS_FAILURES = 60

export type Admission =
  | { ok: true; known: KnownToken; headers: Record<string, string> }
  | { ok: false; refusal: Refusal }

export type Admit = (text: string | null, address: string | null) => Promise<Admission>

/** Decides who may go on: the token of a call, and how often it and its address have called within the minute. */
export const createAdmission = (finder: TokenFinder, clock: Clock): Admit => {
  const tokens = createWindows()
  const addresses = createWindows()
  const failures = createWindows()

  return async (text, address) => {
    const now = clock.now().getTime()
    const group = addressGroup(address)
    const fromAddress = addresses.count(group, now)
    const refused = (refusal: Refusal): Admission => {
      const use = failures.count(group, now)
      const headers = rateHeaders('address', ADDRESS_FAILURES, use)
      return { ok: false, refusal: { ...refusal, headers: { ...refusal.headers, ...headers } } }
    }
    const slowDown = (
      quota: number,
      use: { used: number; resetSeconds: number },
      policy: 'token' | 'address',
    ) => {
      const { headers, ...rest } = tooManyRequests(use.resetSeconds)
      return {
        ok: false as const,
        refusal: { ...rest, headers: { ...headers, ...rateHeaders(policy, quota, use) } },
      }
    }

    const hash = text === null ? null : hashToken(text)
    // Nobody guesses a token; the count is there so that guesses cost no queries, and spares tokens in use.
    if (hash === null || !finder.isFamiliar(hash)) {
      const failed = failures.look(group, now)
      if (failed.used >= ADDRESS_FAILURES) return slowDown(ADDRESS_FAILURES, failed, 'address')
      if (fromAddress.used > ADDRESS_REQUESTS) return slowDown(ADDRESS_REQUESTS, fromAddress, 'address')
    }
    if (text === null) return refused(unauthenticated('missing'))
    if (hash === null) return refused(unauthenticated('invalid'))
    const found = await finder.find(hash)
    if (found === 'unknown') return refused(unauthenticated('invalid'))
    if (found === 'unavailable') return { ok: false, refusal: unavailable() }

    const { token, networks } = found
    if (token.allowedNetworks.length > 0 && !(address !== null && isInNetworks(address, networks)))
      return refused(wrongAddress())
    const addressQuota = Math.max(ADDRESS_REQUESTS, 2 * token.requestsPerMinute)
    if (fromAddress.used > addressQuota) return slowDown(addressQuota, fromAddress, 'address')
    const use = tokens.count(token.id, now)
    if (use.used > token.requestsPerMinute) return slowDown(token.requestsPerMinute, use, 'token')
    return { ok: true, known: found, headers: rateHeaders('token', token.requestsPerMinute, use) }
  }
}
