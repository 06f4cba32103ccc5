import type { Sql } from '#src/db/open.ts'
import { within } from '#src/lib/within.ts'
import type { Clock } from '#src/lib/clock.ts'
import type { ApiToken } from '../endpoint.ts'
import { isAllowedOrigin } from './queries-tokens.ts'

const FRESH_MS = 10_000
// It may come after a token was looked up in vain for five seconds, and the edge waits ten.
const LOOK_UP_WITHIN_MS = 3000
const MAX_ORIGINS = 1000
const PREFLIGHT_SECONDS = '600'
const ORIGIN = /^[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/?#]{1,253}$/i
const READABLE = 'ETag, RateLimit, RateLimit-Policy, Retry-After'
const SENDABLE = 'Authorization, Content-Type, If-None-Match'

export type Origins = {
  /** For an answer: its page may read it when this token allows its origin, or, where no token is known, any does. */
  headersFor: (origin: string | undefined, token: ApiToken | null) => Promise<Record<string, string>>
  /** For a preflight, which brings no token. */
  preflight: (origin: string | undefined, methods: string[]) => Promise<Record<string, string>>
}

/** Cross-origin sharing by the setting of each token. No cookie is ever involved. */
export const createOrigins = (sql: () => Sql | null, clock: Clock): Origins => {
  const known = new Map<string, { allowed: boolean; at: number }>()

  const isAllowed = async (origin: string): Promise<boolean> => {
    if (!ORIGIN.test(origin)) return false
    const now = clock.now().getTime()
    const found = known.get(origin)
    if (found && now >= found.at && now - found.at < FRESH_MS) return found.allowed
    const database = sql()
    // With the database away nobody new is allowed, and it is not an error of the page's.
    const allowed = database
      ? await within(LOOK_UP_WITHIN_MS, isAllowedOrigin(database, origin)).catch(() => false)
      : false
    known.delete(origin)
    known.set(origin, { allowed, at: now })
    if (known.size > MAX_ORIGINS) known.delete(known.keys().next().value ?? '')
    return allowed
  }

  return {
    headersFor: async (origin, token): Promise<Record<string, string>> => {
      if (origin === undefined) return {}
      const allowed = token ? token.allowedOrigins.includes(origin) : await isAllowed(origin)
      if (!allowed) return {}
      return { 'Access-Control-Allow-Origin': origin, 'Access-Control-Expose-Headers': READABLE }
    },
    preflight: async (origin, methods): Promise<Record<string, string>> => {
      if (origin === undefined || !(await isAllowed(origin))) return {}
      return {
        'Access-Control-Allow-Origin': origin,
        'Access-Control-Allow-Methods': methods.join(', '),
        'Access-Control-Allow-Headers': SENDABLE,
        'Access-Control-Max-Age': PREFLIGHT_SECONDS,
      }
    },
  }
}
