import type { Context } from 'hono'
import type { Sql } from '#src/db/open.ts'
import type { Clock } from '#src/lib/clock.ts'
import type { Log } from '#src/lib/log.ts'

/** What the routes of /api/public are given, by the server and by the edge. */
export type PublicApi = {
  clock: Clock
  log: Log
  /** A database that need know no more than the api_* views and functions; null where there is none. */
  sql: () => Sql | null
  /** The resolved client address, canonical. */
  addressOf: (c: Context) => string | null
}
