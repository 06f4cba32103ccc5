import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { limitCrowd } from '#edge/crowd.ts'
import { listen } from '#edge/listen.ts'
import { silentLog } from '#src/lib/log.ts'
import { until } from '#tests/support/until.ts'
import { KEYS, NOW, testEdge } from './test-edge.ts'
import { newMessageKey, signToken } from '#src/tracking/token.ts'

setDefaultTimeout(40_000)

/** Ten seconds for a body, ten for what comes after its answer, and some for the sweep. */
const BODY_AND_IDLE_MS = 25_000

const { app, hits } = testEdge()
const listeners: { stop: () => Promise<void> }[] = []
afterAll(() => Promise.all(listeners.map((each) => each.stop())))
const openListener = (maxConnections = 100_000) => {
  const listener = listen({
    hostname: '127.0.0.1',
    port: 0,
    fetch: (request, server) => app.fetch(request, server),
    addressOf: () => null,
    log: silentLog,
    maxConnections,
  })
  listeners.push(listener)
  return listener
}
const { port } = openListener()

type Told = { answer: string; closedAfterMs: number }

/** Sends a beginning, then a piece again and again, until the other side closes. */
const talk = (
  start: string,
  options: { piece?: string; everyMs?: number; at?: number; withinMs?: number } = {},
): Promise<Told> =>
  new Promise((resolve) => {
    const { piece = '', everyMs = 1500, at = port, withinMs = 30_000 } = options
    const began = performance.now()
    let answer = ''
    const socket = connect(at, '127.0.0.1', () => socket.write(Buffer.from(start, 'latin1')))
    const timer = piece === '' ? null : setInterval(() => socket.write(piece), everyMs)
    const late = setTimeout(() => socket.destroy(), withinMs)
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')))
    socket.on('error', () => {})
    socket.on('close', () => {
      if (timer) clearInterval(timer)
      clearTimeout(late)
      resolve({ answer, closedAfterMs: performance.now() - began })
    })
  })

const tokenOf = (kind: 'pixel' | 'unsubscribe' | 'read') => {
  const subject = { mode: 'individual', message: newMessageKey() } as const
  return signToken(KEYS, { kind, subject, locale: 'fr', target: '' }, NOW)!
}

test('clients that dawdle with head or body, a byte at a time, are soon gone', async () => {
  const post = (path: string, extra: string) => `POST ${path} HTTP/1.1\r\nHost: a\r\n${extra}\r\n`
  const slow = await Promise.all([
    talk('GET /track/pixel/x HTTP/1.1\r\nHost: a\r\n', { piece: 'X-A: b\r\n' }),
    talk('GET /track/pixel/x HTTP/1.1\r\nHost: a\r\nX-A: ', { piece: 'a' }),
    talk('GET /track/pix', { piece: 'a' }),
    talk(''),
    talk(post(`/track/unsubscribe/${tokenOf('unsubscribe')}`, 'Content-Length: 6000\r\n'), { piece: 'a' }),
    talk(post(`/track/unsubscribe/x`, 'Transfer-Encoding: chunked\r\n'), { piece: '1\r\na\r\n' }),
    talk(post(`/track/read_time/${tokenOf('read')}`, 'Content-Length: 6000\r\n'), { piece: 'a' }),
    talk(post('/nothing', 'Content-Length: 60000\r\n'), { piece: 'a' }),
    // Kept alive and silent.
    talk('GET /track/pixel/x HTTP/1.1\r\nHost: a\r\n\r\n'),
  ])
  expect(
    slow.map(({ closedAfterMs }) => (closedAfterMs < BODY_AND_IDLE_MS ? 'gone' : closedAfterMs)),
  ).toEqual(slow.map(() => 'gone'))
})

const statusOf = ({ answer }: Told) => /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? ''

test.each([
  ['a head of 40 KB', `GET / HTTP/1.1\r\nHost: a\r\nX-A: ${'a'.repeat(40_000)}\r\n\r\n`, '431'],
  ['a URL of 10 KB', `GET /track/click/${'a'.repeat(10_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, '414'],
  [
    'a body that is announced to be huge',
    'POST /track/unsubscribe/x HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n',
    '413',
  ],
  [
    'a body of negative length',
    'POST /track/unsubscribe/x HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n',
    '400',
  ],
  [
    'two lengths',
    'POST /track/unsubscribe/x HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
    '400',
  ],
  [
    'length and chunks at once',
    'POST /track/unsubscribe/x HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    '400',
  ],
  ['no host', 'GET /track/pixel/x HTTP/1.1\r\n\r\n', '400'],
  ['no HTTP', 'hello there\r\n\r\n', '400'],
  ['a line break in a header name', 'GET / HTTP/1.1\r\nHost: a\r\nX A\n: b\r\n\r\n', '400'],
  ['TRACE', 'TRACE /track/pixel/x HTTP/1.1\r\nHost: a\r\n\r\n', '4'],
  ['CONNECT', 'CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n', '4'],
  ['a foreign absolute target', 'GET http://other.example/companies HTTP/1.1\r\nHost: a\r\n\r\n', '404'],
])('refused: %s', async (_, request, status) => {
  const before = hits.length
  const told = await talk(request.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'), { withinMs: 3000 })
  expect(statusOf(told)).toStartWith(status)
  expect(hits.length).toBe(before)
})

test('a method that HTTP does not know ends the connection', async () => {
  const told = await talk('BREW /track/pixel/x HTTP/1.1\r\nHost: a\r\n\r\n', { withinMs: 3000 })
  expect([statusOf(told), told.closedAfterMs < 2000]).toEqual(['', true])
})

test.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS'])('%s on tracking changes nothing', async (method) => {
  const before = hits.length
  const answer = await app.request(`/track/unsubscribe/${tokenOf('unsubscribe')}`, { method })
  expect([answer.status, hits.length]).toEqual([404, before])
})

test('every answer carries the headers that keep browsers from guessing, framing and running', async () => {
  for (const path of [
    '/',
    '/healthz',
    '/track/pixel/x',
    '/track/click/x',
    '/track/unsubscribe/x',
    '/metrics',
  ]) {
    const { headers } = await app.request(path)
    expect([path, headers.get('x-content-type-options')]).toEqual([path, 'nosniff'])
    expect([path, headers.get('content-security-policy')]).toEqual([
      path,
      expect.stringContaining("default-src 'none'"),
    ])
    expect([path, headers.get('referrer-policy')]).toEqual([path, 'no-referrer'])
    expect([path, headers.get('server'), headers.get('x-powered-by')]).toEqual([path, null, null])
  }
})

test('when there are too many connections all of them end, and others are answered', async () => {
  const most = readdirSync('/proc/self/fd').length + 60
  const crowded = openListener(most)
  const dawdlers = Array.from({ length: 100 }, () =>
    talk('GET /track/pixel/x HTTP/1.1\r\nHost: a\r\n', { piece: 'X-A: b\r\n', at: crowded.port }),
  )
  await until('the connections are ended', () => crowded.turnovers() > 0)
  const answer = await fetch(`http://127.0.0.1:${crowded.port}/track/pixel/x`)
  expect(answer.status).toBe(200)
  const ended = await Promise.all(dawdlers)
  for (const { closedAfterMs } of ended) expect(closedAfterMs).toBeLessThan(8000)
})

test('while it is crowded one address gets no more than its share, and others get theirs', async () => {
  const server = { pendingRequests: 600 }
  const admit = limitCrowd<typeof server>((request) => request.headers.get('from'))
  let finish = () => {}
  const finished = new Promise<void>((resolve) => (finish = resolve))
  const serve = async () => {
    await finished
    return new Response('served')
  }
  const ask = (from: string) => admit(new Request('http://a/', { headers: { From: from } }), server, serve)
  const many = Array.from({ length: 150 }, () => ask('203.0.113.1'))
  const other = ask('203.0.113.2')
  finish()
  const statuses = (await Promise.all(many)).map(({ status }) => status)
  expect([statuses.filter((status) => status === 200).length, (await other).status]).toEqual([100, 200])
  expect((await ask('203.0.113.1')).status).toBe(200)
  server.pendingRequests = 3000
  expect((await ask('203.0.113.3')).status).toBe(503)
  server.pendingRequests = 10
  const quiet = await Promise.all(Array.from({ length: 150 }, () => ask('203.0.113.1')))
  expect(quiet.every(({ status }) => status === 200)).toBe(true)
})
