import { Hono } from 'hono/tiny'
import type { Context } from 'hono'
import type { Client } from '#src/auth/client-address.ts'
import { loggableMessage } from '#src/db/failures.ts'
import type { AppEnv } from '#src/http-env.ts'
import type { Log } from '#src/lib/log.ts'
import { publicApiDocsRoutes } from '#src/public-api/docs-routes.tsx'
import { trackingRoutes, warnPlainly } from '#src/tracking/routes.tsx'
import { answerOddHost } from '#src/tracking/odd-host.ts'
import { answerSigned } from '#src/tracking/signed-hits.ts'
import type { Tracking } from '#src/tracking/tracking.ts'
import { watchHealth, type Ping } from './health.ts'
import { isMetricsToken, metricsText } from './metrics.ts'
import type { SpoolState } from './spool-state.ts'
import type { EdgeEnv } from './tracking.ts'

const URL_LENGTH = 8 * 1024

export type EdgeDeps = {
  log: Log
  /** Names of the settings that are still to be given. */
  missing: string[]
  /** Asks whether events can be delivered to the database; null when the edge has none of its own. */
  pingDatabase: Ping | null
  /** The same of the server, where there is no database. */
  pingUpstream?: Ping | null
  tracking: Tracking
  spool: () => SpoolState
  clientOf: (request: Request, env: EdgeEnv | undefined) => Client
  metricsToken?: string | undefined
  /** How often there were too many connections. */
  turnovers?: () => number
  publicApi?: Hono<AppEnv>
}

/** The whole of what the Internet may ask the edge; everything else is 404. */
export const createEdge = (deps: EdgeDeps): Hono<AppEnv> => {
  const app = new Hono<AppEnv>()
  app.use(async (c, next) => {
    if (c.req.url.length > URL_LENGTH && !c.req.path.startsWith('/track/pixel/'))
      return c.text('URI too long\n', 414, PLAIN)
    await next()
    for (const [name, value] of Object.entries(PLAIN))
      if (!c.res.headers.has(name)) c.res.headers.set(name, value)
  })
  const health = watchHealth(deps)
  app.get('/healthz', async (c) => {
    const found = await health()
    return c.json(found, found.status === 'ok' ? 200 : 503)
  })
  app.get('/metrics', (c) => {
    const { local } = deps.clientOf(c.req.raw, c.env as EdgeEnv | undefined)
    if (!local || !isMetricsToken(c.req.header('authorization'), deps.metricsToken)) return c.notFound()
    return c.body(metricsText(deps.spool(), deps.turnovers?.() ?? 0), 200, {
      'Content-Type': 'text/plain; version=0.0.4; charset=utf-8',
    })
  })
  app.route('/track', trackingRoutes(deps.tracking))
  app.route('/api/public', publicApiDocsRoutes())
  if (deps.publicApi) app.route('/api/public', deps.publicApi)
  app.notFound((c) => c.text('Not found\n', 404))
  app.onError((error, c) => {
    deps.log.error('a request failed', { reason: loggableMessage(error) })
    return c.text('Internal error\n', 500)
  })
  const { fetch: route } = app
  app.fetch = (request, env, context) => {
    if (request.url.length > URL_LENGTH) return route(request, env, context)
    const asker = { req: { raw: request }, env } as Context
    const address = () => deps.tracking.addressOf(asker)
    return (
      answerSigned(deps.tracking, { request, address }, warnPlainly) ??
      answerOddHost(request) ??
      route(request, env, context)
    )
  }
  return app
}

const PLAIN: Record<string, string> = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'X-Robots-Tag': 'noindex',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
}
