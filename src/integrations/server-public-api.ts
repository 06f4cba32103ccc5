import { Hono } from 'hono'
import { clientOf } from '#src/auth/request.ts'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import type { PublicApi } from '#src/public-api/public-api.ts'
import { publicApiRoutes } from '#src/public-api/routes.ts'

/** What the server gives to its own /api/public. */
export const serverPublicApi = (deps: Pick<Deps, 'clock' | 'config' | 'log' | 'sql'>): PublicApi => ({
  clock: deps.clock,
  log: deps.log,
  sql: () => deps.sql,
  addressOf: (c) => clientOf(c, deps.config).address,
})

/** /api/public for calls that an edge without a database passes on, with the client's address as it tells it. */
export const forwardedApi = (deps: Pick<Deps, 'clock' | 'config' | 'log' | 'sql'>) => {
  const addressOf: PublicApi['addressOf'] = (c) => (c.env as { clientAddress: string | null }).clientAddress
  const app = new Hono<AppEnv>()
  app.route('/api/public', publicApiRoutes({ ...serverPublicApi(deps), addressOf }))
  return (request: Request, env: { clientAddress: string | null }) => app.fetch(request, env)
}
