import { Hono } from 'hono/tiny'
import type { Context } from 'hono'
import type { AppEnv } from '#src/http-env.ts'
import { createAdmission } from './admission/admit.ts'
import { createOrigins } from './admission/allow-origin.ts'
import { createAnswerCache } from './answers/answer-cache.ts'
import { answerCall, type CallParts } from './answer-call.ts'
import type { Endpoint } from './endpoint.ts'
import { ENDPOINTS } from './endpoints/all.ts'
import { createTokenFinder } from './admission/find-token.ts'
import { createLastUses } from './admission/last-uses.ts'
import type { PublicApi } from './public-api.ts'
import { methodNotAllowed, notFound } from './answers/refusal.ts'
import { respondRefusal } from './answers/respond.ts'

/** /api/public/*, the same on the server and on the edge: every endpoint behind its token, and JSON whatever comes. */
export const publicApiRoutes = (api: PublicApi, endpoints: readonly Endpoint[] = ENDPOINTS): Hono<AppEnv> => {
  const routes = new Hono<AppEnv>()
  const sql = () => api.sql()
  const origins = createOrigins(sql, api.clock)
  const parts: CallParts = {
    api,
    admit: createAdmission(createTokenFinder(sql, api.clock), api.clock),
    cache: createAnswerCache(),
    origins,
    noteUse: createLastUses(sql, api.log).note,
    reading: new Map(),
    load: { atWork: 0 },
  }
  const methodsAt = methodFinder(endpoints)

  routes.use(async (c, next) => {
    // The router of the edge overlooks a slash at the end, that of the server does not: no path has one.
    if (c.req.path.endsWith('/')) return respondRefusal(notFound(), null, {})
    if (c.req.method !== 'OPTIONS') return next()
    const methods = methodsAt(pathOf(c))
    const shared = await origins.preflight(c.req.header('origin'), methods)
    const headers = { Allow: [...methods, 'OPTIONS'].join(', '), Vary: 'Origin', 'Cache-Control': 'no-store' }
    return new Response(null, { status: 204, headers: { ...headers, ...shared } })
  })
  for (const endpoint of fixedFirst(endpoints))
    routes.on(endpoint.method.toUpperCase(), endpoint.path, (c) => answerCall(c, endpoint, parts))
  routes.all('*', (c) => {
    const methods = methodsAt(pathOf(c))
    return respondRefusal(methods.length > 0 ? methodNotAllowed(methods) : notFound(), null, {})
  })
  return routes
}

// Below where these routes are mounted.
const pathOf = (c: Context): string => c.req.path.replace(/^\/api\/public(?=\/|$)/, '')

/** Paths without parameters first: `/entreprises/statuses` is no company. */
const fixedFirst = (endpoints: readonly Endpoint[]): Endpoint[] => {
  const parameters = (path: string) => path.split('/').map((part) => (part.startsWith(':') ? '1' : '0'))
  return endpoints.toSorted((a, b) => parameters(a.path).join('').localeCompare(parameters(b.path).join('')))
}

const methodFinder = (endpoints: readonly Endpoint[]) => {
  const byPath = Map.groupBy(endpoints, ({ path }) => path)
  const patterns = [...byPath].map(([path, at]) => {
    const methods = new Set(at.map(({ method }) => method.toUpperCase()))
    if (methods.has('GET')) methods.add('HEAD')
    return {
      pattern: new RegExp(`^${path.replace(/:[^/]+/g, '[^/]+')}$`),
      methods: [...methods].toSorted(),
    }
  })
  return (path: string): string[] => [
    ...new Set(patterns.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods)),
  ]
}
