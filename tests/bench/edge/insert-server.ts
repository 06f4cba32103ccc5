// The same routes, each hit one INSERT of its own before the answer. DATABASE_URL, KEY (hexadecimal), PORT.
import { Hono } from 'hono/tiny'
import { networkRules, resolveClient } from '#src/auth/client-address.ts'
import { openDatabase } from '#src/db/open.ts'
import { systemClock } from '#src/lib/clock.ts'
import { insertHits } from '#src/tracking/queries.ts'
import { trackingRoutes } from '#src/tracking/routes.tsx'
import { linkKeys } from '#src/tracking/token.ts'

const CONNECTIONS = 12

const { sql } = openDatabase({ url: process.env.DATABASE_URL ?? '' }, { max: CONNECTIONS })
const keys = linkKeys(Buffer.from(process.env.KEY ?? '', 'hex'))
const rules = networkRules({ ALLOWED_NETWORKS: [], TRUSTED_PROXIES: [] })
const app = new Hono()
const routes = trackingRoutes({
  clock: systemClock,
  keys: () => keys,
  record: async (hit) => {
    await insertHits(sql, [JSON.stringify(hit)])
    return 'stored'
  },
  findOldLink: async () => null,
  addressOf: (c) => {
    const { requestIP } = c.env as { requestIP: (request: Request) => { address: string } | null }
    return resolveClient(requestIP(c.req.raw)?.address ?? null, (name) => c.req.header(name), rules).address
  },
})

app.route('/track', routes)

Bun.serve({
  hostname: '127.0.0.1',
  port: Number(process.env.PORT),
  fetch: (request, server) => app.fetch(request, { requestIP: (asked: Request) => server.requestIP(asked) }),
})
