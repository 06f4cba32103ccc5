import { isDatabaseDown } from '#src/db/failures.ts'
import type { Sql } from '#src/db/open.ts'
import type { Clock } from '#src/lib/clock.ts'
import { AppError } from '#src/lib/errors.ts'
import { parseNetworks, type Networks } from '#src/lib/networks.ts'
import { within } from '#src/lib/within.ts'
import type { ApiToken } from '../endpoint.ts'
import { findToken } from './queries-tokens.ts'

/** How long a found token counts without being looked up again: a revocation shows after this at the latest. */
const FRESH_MS = 10_000
/** How long a known token goes on counting while the database is away. */
const WITHOUT_DATABASE_MS = 60_000
/** After the database was away, how long it is not asked again. */
const PAUSE_MS = 1000
const LOOK_UP_WITHIN_MS = 5000
const MAX_KNOWN = 10_000
const MAX_UNKNOWN = 20_000

/** A token that counts, with what is worked out of it once. */
export type KnownToken = {
  token: ApiToken
  networks: Networks
  /** In milliseconds; Infinity when it does not expire. */
  expiresAt: number
  /** Of whom answers may be used again: the same token with the same rights. */
  cacheKey: string
}

export type FoundToken = KnownToken | 'unknown' | 'unavailable'

export type TokenFinder = {
  find: (hash: string) => Promise<FoundToken>
  /** Whether this token has counted lately. */
  isFamiliar: (hash: string) => boolean
}

type Entry = { known: KnownToken; checkedAt: number }

/** Finds tokens by their hashes and remembers them for a few seconds, those that do not exist apart from the others, so
 *  that no flood of guesses drives out a token in use. */
export const createTokenFinder = (sql: () => Sql | null, clock: Clock): TokenFinder => {
  const known = new Map<string, Entry>()
  const unknown = new Map<string, number>()
  const asked = new Map<string, Promise<FoundToken>>()
  let awayAt = -Infinity

  const withoutDatabase = (hash: string, now: number): FoundToken => {
    const entry = known.get(hash)
    return entry && isWithin(now, entry.checkedAt, WITHOUT_DATABASE_MS) ? entry.known : 'unavailable'
  }

  const ask = async (hash: string, now: number): Promise<FoundToken> => {
    const database = sql()
    if (!database) return 'unavailable'
    try {
      const token = await within(LOOK_UP_WITHIN_MS, findToken(database, hash))
      if (token === null) {
        known.delete(hash)
        remember(unknown, hash, now, MAX_UNKNOWN)
        return 'unknown'
      }
      const entry = { known: knownToken(token), checkedAt: now }
      remember(known, hash, entry, MAX_KNOWN)
      return entry.known
    } catch (error) {
      if (!isAway(error)) throw error
      awayAt = clock.now().getTime()
      return withoutDatabase(hash, now)
    }
  }

  const find = async (hash: string): Promise<FoundToken> => {
    const now = clock.now().getTime()
    const entry = known.get(hash)
    if (entry && entry.known.expiresAt <= now) return 'unknown'
    if (entry && isWithin(now, entry.checkedAt, FRESH_MS)) return entry.known
    const missedAt = unknown.get(hash)
    if (missedAt !== undefined && isWithin(now, missedAt, FRESH_MS)) return 'unknown'
    if (isWithin(now, awayAt, PAUSE_MS)) return withoutDatabase(hash, now)
    const asking = asked.get(hash)
    if (asking) return asking
    const answer = ask(hash, now).finally(() => asked.delete(hash))
    asked.set(hash, answer)
    return answer
  }

  return { find, isFamiliar: (hash) => known.has(hash) }
}

// Refused, or without an answer: a network that swallows everything looks the same.
const isAway = (error: unknown): boolean =>
  isDatabaseDown(error) || (error instanceof AppError && error.status === 503)

// A clock that was set back makes nothing last longer.
const isWithin = (now: number, since: number, ms: number): boolean => now >= since && now - since < ms

const remember = <T>(map: Map<string, T>, key: string, value: T, max: number): void => {
  map.delete(key)
  map.set(key, value)
  if (map.size > max) map.delete(map.keys().next().value ?? '')
}

const knownToken = (token: ApiToken): KnownToken => {
  const networks = parseNetworks(token.allowedNetworks)
  return {
    token,
    // A list that cannot be read allows nobody: the address 0.0.0.0 alone.
    networks: networks.ok ? networks.value : nobody(),
    expiresAt: token.expiresAt === null ? Infinity : Date.parse(token.expiresAt),
    cacheKey: `${token.id} ${token.scopes.toSorted().join(' ')}`,
  }
}

const nobody = (): Networks => {
  const parsed = parseNetworks(['0.0.0.0/32'])
  return parsed.ok ? parsed.value : []
}
