import { Hono } from 'hono/tiny'
import type { AppEnv } from '#src/http-env.ts'
import { readSmallBody } from '#src/lib/small-body.ts'
import { tooLarge, unavailable } from '#src/public-api/answers/refusal.ts'
import { respondRefusal } from '#src/public-api/answers/respond.ts'
import type { Tracking } from '#src/tracking/tracking.ts'
import type { Upstream } from './upstream.ts'

const MAX_BODY = 64 * 1024
const BODY_WITHIN_MS = 10_000

/** /api/public of an edge without a database: the server answers, and 503 while it is away. */
export const forwardedApi = (upstream: Upstream, addressOf: Tracking['addressOf']): Hono<AppEnv> => {
  const routes = new Hono<AppEnv>()
  routes.all('*', async (c) => {
    const bodyless = c.req.method === 'GET' || c.req.method === 'HEAD'
    const body = bodyless
      ? Buffer.alloc(0)
      : await readSmallBody(c.req.raw, { maxBytes: MAX_BODY, withinMs: BODY_WITHIN_MS })
    if (!Buffer.isBuffer(body) && !body.ok) return respondRefusal(tooLarge(), null, {})
    try {
      return await upstream.callApi(c.req.raw, Buffer.isBuffer(body) ? body : body.bytes, addressOf(c))
    } catch {
      return respondRefusal(unavailable(), null, {})
    }
  })
  return routes
}
