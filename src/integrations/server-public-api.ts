import { clientOf } from '#src/auth/request.ts'
import type { Deps } from '#src/deps.ts'
import type { PublicApi } from '#src/public-api/public-api.ts'

/** What the server gives to its own /api/public. */
export const serverPublicApi = (deps: Pick<Deps, 'clock' | 'config' | 'log' | 'sql'>): PublicApi => ({
  clock: deps.clock,
  log: deps.log,
  sql: () => deps.sql,
  addressOf: (c) => clientOf(c, deps.config).address,
})
