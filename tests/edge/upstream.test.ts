import { afterAll, expect, test } from 'bun:test'
import { heapStats } from 'bun:jsc'
import { Hono } from 'hono'
import { openUpstream, rememberLinks } from '#edge/upstream.ts'
import { forwardedApi } from '#edge/forward-api.ts'
import { systemClock } from '#src/lib/clock.ts'
import { deriveKeys } from '#src/lib/keys.ts'
import { silentLog } from '#src/lib/log.ts'
import { signCall } from '#src/lib/signed-call.ts'
import { edgeRoutes, upstreamKey, type ForwardedEnv } from '#src/operations/edge-routes.ts'
import { testDatabase } from '#tests/support/database.ts'

const { sql } = await testDatabase()
const keys = deriveKeys('a-secret-key-of-the-tests')
const KEY = upstreamKey(keys)

const asked: { request: Request; env: ForwardedEnv }[] = []
const app = new Hono().route(
  '/edge',
  edgeRoutes({ sql, keys, clock: systemClock, log: silentLog }, (request, env) => {
    asked.push({ request, env })
    return new Response(`{"path":"${new URL(request.url).pathname}"}`, {
      status: 202,
      headers: {
        'Content-Type': 'application/json',
        ETag: '"x"',
        'Set-Cookie': 'a=b',
        Server: 'inside',
        'RateLimit-Remaining': '9',
      },
    })
  }),
)
/** What went over the wire. */
const calls: { path: string; authorization: string; body: string }[] = []
const server = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  fetch: async (request) => {
    const { pathname: path } = new URL(request.url)
    calls.push({
      path,
      authorization: request.headers.get('authorization') ?? '',
      body: await request.clone().text(),
    })
    return app.fetch(request)
  },
})
afterAll(() => server.stop(true))
const base = `http://127.0.0.1:${server.port}`
const upstream = openUpstream(base, KEY, systemClock.now)

const hit = () => {
  const event_id = Bun.randomUUIDv7()
  const facts = { method: 'GET' }
  return { event_id, type: 'open', at: new Date().toISOString(), message: null, campaign_id: null, facts }
}
const arrived = async (id: string) => {
  const [row] = await sql`SELECT count(*)::int AS n FROM tracking_inbox WHERE event_id = ${id}`
  return row?.n as number
}
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: { code?: string }) => error.code,
  )

test('events are put into the inbox of the server', async () => {
  const [one, two] = [hit(), hit()]
  await upstream.deliver([JSON.stringify(one), JSON.stringify(two)])
  expect([await arrived(one.event_id), await arrived(two.event_id)]).toEqual([1, 1])
  expect(await upstream.health()).toBe('ok')
})

test('what the database will never take is told as such, so that the rest is not held up', async () => {
  expect(await codeOf(upstream.deliver([JSON.stringify({ ...hit(), at: 'never' })]))).toBe('22007')
})

test('a call that is repeated, changed or sent by somebody else is refused and does nothing', async () => {
  const event = hit()
  await upstream.deliver([JSON.stringify(event)])
  const { path, authorization, body } = calls.at(-1)!
  const send = async (given: { path?: string; authorization?: string; body?: string }) => {
    const answer = await fetch(`${base}${given.path ?? path}`, {
      method: 'POST',
      body: given.body ?? body,
      headers: { Authorization: given.authorization ?? authorization },
    })
    return [answer.status, ((await answer.json()) as { error: string }).error]
  }
  const fresh = (text: string, key = KEY) =>
    signCall(key, { method: 'POST', path, body: text }, new Date()).authorization
  expect(await send({})).toEqual([401, 'repeated'])
  expect(await send({ authorization: '' })).toEqual([401, 'unsigned'])
  expect(await send({ path: '/edge/link' })).toEqual([401, 'forged'])
  expect(await send({ authorization: fresh(body, 'cd'.repeat(32)) })).toEqual([401, 'forged'])
  expect(await send({ authorization: fresh(body), body: `${body}\n${JSON.stringify(hit())}` })).toEqual([
    401,
    'body',
  ])
  expect(await arrived(event.event_id)).toBe(1)
})

test('a call too large to be read is refused', async () => {
  const body = 'x'.repeat(9 * 1024 * 1024)
  const { authorization } = signCall(KEY, { method: 'POST', path: '/edge/events', body }, new Date())
  const answer = await fetch(`${base}/edge/events`, {
    method: 'POST',
    body,
    headers: { Authorization: authorization },
  })
  expect(answer.status).toBe(401)
})

test('another key, another clock and a server that is away are told apart', async () => {
  const withKey = openUpstream(base, 'cd'.repeat(32), systemClock.now)
  const withClock = openUpstream(base, KEY, () => new Date(Date.now() - 3_600_000))
  const away = openUpstream('http://127.0.0.1:1', KEY, systemClock.now)
  expect([
    await codeOf(withKey.health()),
    await codeOf(withClock.health()),
    await codeOf(away.health()),
  ]).toEqual(['refused', 'clock', 'unreachable'])
})

test('somebody else who answers "200" to everything takes no event', async () => {
  const stranger = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: () => new Response('{"taken":1}\n', { headers: { 'X-Edge-Signature': 'x'.repeat(43) } }),
  })
  const other = openUpstream(`http://127.0.0.1:${stranger.port}`, KEY, systemClock.now)
  expect(await codeOf(other.deliver([JSON.stringify(hit())]))).toBe('stranger')
  stranger.stop(true)
})

test('an old link is asked for once, and is known while the server is away', async () => {
  const [message] = await sql<{ id: number }[]>`
    INSERT INTO messages (token, recipient, subject, opens, clicks)
    VALUES ('token-of-an-old-message', 'a@example.org', 's', 'individual', 'individual') RETURNING id`
  await sql`INSERT INTO message_links (message_id, position, target) VALUES (${message!.id}, 0, 'https://e.org/')`
  const before = calls.length
  const ask = (url: string) => upstream.findOldLink('token-of-an-old-message', [url])
  expect([await ask('https://e.org/'), await ask('https://e.org/'), await ask('https://f.org/')]).toEqual([
    'https://e.org/',
    'https://e.org/',
    null,
  ])
  expect(calls.length - before).toBe(2)
})

test('the API is passed on with its allowed headers and the client address, and nothing else', async () => {
  const edge = new Hono().route(
    '/api/public',
    forwardedApi(upstream, () => '203.0.113.9'),
  )
  const answer = await edge.request('http://t.example.org/api/public/companies?limit=1', {
    method: 'POST',
    body: '{"name":"é"}',
    headers: {
      Authorization: 'Bearer token',
      'Content-Type': 'application/json',
      'X-Forwarded-For': '10.0.0.1',
      'X-Real-IP': '10.0.0.1',
      Cookie: 'a=b',
      'X-Edge-Address': '10.0.0.1',
    },
  })
  const { request, env } = asked.at(-1)!
  expect([env.clientAddress, request.method, request.url, await request.text()]).toEqual([
    '203.0.113.9',
    'POST',
    'http://t.example.org/api/public/companies?limit=1',
    '{"name":"é"}',
  ])
  expect([...request.headers.keys()].sort()).toEqual(['authorization', 'content-type'])
  expect([answer.status, await answer.text()]).toEqual([202, '{"path":"/api/public/companies"}'])
  expect([...answer.headers.keys()].sort()).toEqual(['content-type', 'etag', 'ratelimit-remaining'])
})

test('the API is unavailable while the server is away, and too long a body is refused', async () => {
  const away = openUpstream('http://127.0.0.1:1', KEY, systemClock.now)
  const edge = new Hono().route(
    '/api/public',
    forwardedApi(away, () => null),
  )
  const answer = await edge.request('/api/public/companies')
  expect([answer.status, ((await answer.json()) as { success: boolean }).success]).toEqual([503, false])
  const large = await edge.request('/api/public/companies', { method: 'POST', body: 'x'.repeat(70_000) })
  expect(large.status).toBe(413)
})

test('made-up old links take little memory, and push out none that is known', () => {
  const known = 'token-of-an-old-message'
  const links = rememberLinks(systemClock.now)
  links.keep(known, ['https://e.org/'], 'https://e.org/')
  const made = (i: number) => [0, 1, 2].map((n) => `https://e.org/${i}/${n}/${'x'.repeat(1900)}`)
  Bun.gc(true)
  const before = heapStats().heapSize
  for (let i = 0; i < 10_500; i++) links.keep(`${known}-${i}`, made(i), null)
  Bun.gc(true)
  expect((heapStats().heapSize - before) / 10_000).toBeLessThan(1000)
  expect([links.find(known, ['https://e.org/']), links.find(`${known}-10499`, made(10_499))]).toEqual([
    'https://e.org/',
    null,
  ])
})

test.each(['TRACE', 'CONNECT', 'PROPFIND', 'track'])(
  '%s is answered as the server answers it',
  async (method) => {
    const answer = await upstream.callApi(
      { method, url: 'http://t.example.org/api/public/x', headers: new Headers() } as Request,
      Buffer.alloc(0),
      null,
    )
    expect(answer.status).toBeLessThan(500)
  },
)
