import { expect, test } from 'bun:test'
import { createApp } from '#src/app.ts'
import { ENDPOINTS } from '#src/public-api/endpoints/all.ts'
import { testDatabase } from '#tests/support/database.ts'
import { browserOf } from '#tests/support/sign-in.ts'
import { authDeps, PASSWORD, testUser } from './small-app.ts'

const WITHOUT_SESSION = [
  'GET /healthz public',
  'GET /metrics token',
  'GET /assets/:name public',
  'GET /track/pixel/:token public',
  'GET /track/click/:token public',
  'GET /track/read_time/:token public',
  'POST /track/read_time/:token public',
  'GET /track/read.js public',
  'GET /track/unsubscribe/:token public',
  'POST /track/unsubscribe/:token public',
  'POST /edge/health token',
  'POST /edge/events token',
  'POST /edge/link token',
  'POST /edge/api token',
  'GET /api/public/openapi.json public',
  'GET /api/public/docs public',
  'GET /login public',
  'POST /login public',
  'POST /language public',
  'GET /setup setup',
  'POST /setup setup',
]

const deps = authDeps(await testDatabase())
const { app, routes } = createApp(deps)
// Whoever has a mail may follow its links, and whoever has a token may ask the API: these are the right themselves.
const isForOutside = (path: string) => path.startsWith('/track/') || path.startsWith('/api/public/')
const filled = (path: string) => path.replace(/:[^/]+/g, '1')
const guarded = routes.filter(({ access }) => access === 'session' || access === 'admin')
const browser = browserOf(app)
const send = (method: string, path: string, headers: Record<string, string> = {}) =>
  browser.request(filled(path), { method, headers })

test('the routes that need no session are these and no others', () => {
  const open = routes.filter((route) => !guarded.includes(route))
  const api = ENDPOINTS.map(({ method, path }) => `${method.toUpperCase()} /api/public${path} token`)
  expect(open.map(({ method, path, access }) => `${method} ${path} ${access}`).sort()).toEqual(
    [...WITHOUT_SESSION, ...api].sort(),
  )
  expect(guarded.length).toBeGreaterThan(20)
})

test('the table names every handler of the program', () => {
  const named = new Set(routes.map(({ method, path }) => `${method} ${path}`))
  const handlers = app.routes.map(
    ({ method, path }) => `${method} ${path === '/' ? '/' : path.replace(/\/$/, '')}`,
  )
  const missing = handlers.filter((handler) => !named.has(handler) && !/^ALL .*\*$/.test(handler))
  expect(missing).toEqual([])
})

test('every other route refuses without a session, and with a made-up one', async () => {
  browser.cookies.clear()
  for (const cookie of ['', 'made-up'])
    for (const { method, path } of guarded) {
      if (cookie) browser.cookies.set(`prospectlab_${deps.keys.installation}_session`, cookie)
      const answer = await send(method, path)
      const expected = path.startsWith('/api/') ? 401 : 303
      expect([method, path, answer.status]).toEqual([method, path, expected])
      if (expected === 303) expect(answer.headers.get('location')).toMatch(/^\/login(\?next=|$)/)
      if (method === 'GET') expect((await send('HEAD', path)).status).toBe(expected)
    }
})

test('what only administrators may do is refused to members', async () => {
  await testUser(deps, 'member@example.org')
  browser.cookies.clear()
  await browser.signIn('member@example.org', PASSWORD)
  await browser.get('/settings')
  for (const { method, path } of guarded.filter(({ access }) => access === 'admin')) {
    const answer = await send(method, path, { 'x-csrf-token': browser.token() })
    expect([method, path, answer.status]).toEqual([method, path, 403])
  }
})

test('nothing is changed without a form token, whoever is signed in', async () => {
  for (const { method, path } of routes.filter(
    // What an edge asks is signed.
    (route) => route.method !== 'GET' && !isForOutside(route.path) && !route.path.startsWith('/edge/'),
  )) {
    const answer = await send(method, path)
    expect([method, path, answer.status]).toEqual([method, path, 403])
  }
})

test('from outside the local network only health, tracking and the public API answer', async () => {
  const outside = browserOf(app, { address: '203.0.113.9' })
  for (const { method, path } of routes) {
    if (path === '/healthz' || isForOutside(path)) continue
    const answer = await outside.request(filled(path), { method })
    expect([method, path, answer.status]).toEqual([method, path, path === '/metrics' ? 404 : 403])
  }
})
