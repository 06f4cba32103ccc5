import { expect, test } from 'bun:test'
import { Hono } from 'hono'
import { deriveKeys } from '#src/lib/keys.ts'
import type { AppEnv } from '#src/http-env.ts'
import { makeMonths, moveHits } from '#src/tracking/move-hits.ts'
import { insertHits } from '#src/tracking/queries.ts'
import { testReach } from '#src/tracking/reach-test.ts'
import { trackingRoutes } from '#src/tracking/routes.tsx'
import { linkKeys } from '#src/tracking/token.ts'
import { testDatabase } from '#tests/support/database.ts'

const { db, sql, beforeClose } = await testDatabase()
await makeMonths(db, new Date())
const keys = deriveKeys('a secret for tests only')
let now = new Date()
const clock = { now: () => now }

/** What stands at BASE_URL: the public routes, with these keys. */
const serve = (linksOf: Buffer) => {
  const app = new Hono<AppEnv>()
  app.route(
    '/track',
    trackingRoutes({
      clock,
      keys: () => linkKeys(linksOf),
      record: async (hit) => {
        await insertHits(sql, [JSON.stringify(hit)])
        return 'stored'
      },
      findOldLink: async () => null,
      addressOf: () => '203.0.113.9',
    }),
  )
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: app.fetch })
  beforeClose(() => server.stop(true))
  return `http://127.0.0.1:${server.port}`
}
const deps = { db, keys, clock }
const own = serve(keys.links)

test('the page of a test link proves that the public address leads to this product', async () => {
  expect(await testReach(deps, own)).toEqual({ ok: true, by: 'server' })
  // It is nobody's message: no event is kept.
  await moveHits(db)
  expect(await sql`SELECT * FROM tracking_events`).toHaveLength(0)
})

test('a page of another program, or of one with other keys, is no proof', async () => {
  const stranger = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: () => new Response('<h1>Bonjour</h1>'),
  })
  beforeClose(() => stranger.stop(true))
  now = new Date(now.getTime() + 10 * 60_000)
  const other = await testReach(deps, `http://127.0.0.1:${stranger.port}`)
  expect(other).toMatchObject({ ok: false, why: 'other_page', detail: '200' })
  const foreign = serve(deriveKeys('another secret').links)
  expect(await testReach(deps, foreign)).toMatchObject({ ok: false, why: 'other_page' })
})

test('where the server cannot reach itself, a test link opened elsewhere counts for five minutes', async () => {
  now = new Date(now.getTime() + 10 * 60_000)
  // The name leads nowhere from here; the edge is asked for it by somebody outside.
  const unreachable = 'http://suivi.agence.invalid'
  const first = await testReach(deps, unreachable)
  if (first.ok) throw new Error('reached')
  expect(first.why).toBe('unreachable')
  const opened = first.link.replace(unreachable, own)
  expect((await fetch(opened, { headers: { host: 'autre.exemple' } })).status).toBe(200)
  await moveHits(db)
  expect((await testReach(deps, unreachable)).ok).toBe(false)
  await fetch(opened, { headers: { host: 'suivi.agence.invalid' } })
  await moveHits(db)
  now = new Date()
  const [stored] = await sql`SELECT value FROM settings WHERE key = 'reach_test'`
  const reachedAt = new Date(stored!['value'].reachedAt as string)
  now = new Date(reachedAt.getTime() + 60_000)
  expect(await testReach(deps, unreachable)).toEqual({ ok: true, by: 'report' })
  now = new Date(reachedAt.getTime() + 6 * 60_000)
  expect((await testReach(deps, unreachable)).ok).toBe(false)
})

test('a link that is no test, forged or a real one, carries no proof and reports nothing', async () => {
  const answer = await fetch(`${own}/track/unsubscribe/abc.def.ghi`)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('x-prospectlab-reached')).toBeNull()
})
