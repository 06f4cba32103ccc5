import type { Context } from 'hono'
import type { Outcome, Rank } from '#edge/spool.ts'
import type { Clock } from '#src/lib/clock.ts'
import type { Hit } from './hit.ts'
import type { LinkKeys } from './token.ts'

/** What the public routes are given, by the server and by the edge. */
export type Tracking = {
  clock: Clock
  keys: () => LinkKeys
  /** Resolves when the hit is durable, or is not going to be. */
  record: (hit: Hit, rank: Rank) => Promise<Outcome>
  /** The link of a message of the existing product, as stored; null when it has none of these. Rejects while the
   *  database is away. */
  findOldLink: (token: string, urls: string[]) => Promise<string | null>
  /** The resolved client address, canonical. */
  addressOf: (c: Context) => string | null
}
