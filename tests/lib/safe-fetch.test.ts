import { expect, test } from 'bun:test'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { readWire } from '#src/lib/response-body.ts'
import { retryAfterMs } from '#src/lib/retry-after.ts'
import { safeFetch, type FetchOptions, type FetchResult } from '#src/lib/safe-fetch.ts'
import { inspectTls } from '#src/lib/safe-fetch/inspect-tls.ts'
import {
  networks,
  page,
  redirect,
  startServer,
  startTlsServer,
  testAuthority,
  type Answer,
} from '#tests/support/outside-servers.ts'

const local: FetchOptions = {
  allowNetworks: networks('127.0.0.0/8'),
  resolve: async () => ['127.0.0.1'],
  timeoutMs: 5_000,
}

const fetchFrom = async (answer: Answer, options: FetchOptions = {}): Promise<FetchResult> => {
  const server = await startServer(answer)
  return safeFetch(`http://127.0.0.1:${server.port}/`, { ...local, ...options })
}
const responseOf = (result: FetchResult) => {
  if (!result.ok) throw new Error(`${result.problem.code}: ${result.problem.message}`)
  return result.response
}
const textOf = (result: FetchResult): string => new TextDecoder().decode(responseOf(result).body)
const closing =
  (head: string, body: string | Uint8Array = ''): Answer =>
  (socket) => {
    socket.write(`HTTP/1.1 ${head}\r\nConnection: close\r\n\r\n`)
    socket.end(body)
  }

const text = 'bonjour '.repeat(20_000)
const encoded: [string, Uint8Array][] = [
  ['gzip', gzipSync(text)],
  ['x-gzip', gzipSync(text)],
  ['GZIP', gzipSync(text)],
  ['deflate', deflateSync(text)],
  ['deflate', deflateRawSync(text)],
  ['br', brotliCompressSync(text)],
  ['zstd', zstdCompressSync(text)],
  ['gzip, br', brotliCompressSync(gzipSync(text))],
  ['identity', Buffer.from(text)],
  ['', Buffer.from(text)],
  ['utf-8', Buffer.from(text)],
  ['gzip', Buffer.from(text)],
  ['br', Buffer.from(text)],
]

test.each(encoded)('a body encoded as %p is read whole', async (encoding, body) => {
  const result = await fetchFrom(page(body, { 'Content-Encoding': encoding }))
  expect(textOf(result)).toBe(text)
  expect(responseOf(result)).toMatchObject({ truncated: false, bytes: text.length, wireBytes: body.length })
})

test.each(['\r\n', '<!-- served by a plugin -->', '\0\0\0\0'])(
  'what follows a gzip body (%p) is ignored',
  async (rest) => {
    const named = gzipSync(text)
    named[3] = 4 | 8 | 16
    const member = Buffer.concat([
      named.subarray(0, 10),
      Buffer.from('\x02\0abname\0comment\0'),
      named.subarray(10),
    ])
    for (const body of [gzipSync(text), member])
      expect(
        textOf(
          await fetchFrom(page(Buffer.concat([body, Buffer.from(rest)]), { 'Content-Encoding': 'gzip' })),
        ),
      ).toBe(text)
  },
)

const BOMB_BYTES = 20_000_000
const bombs: [string, Uint8Array][] = [
  ['gzip', gzipSync(new Uint8Array(BOMB_BYTES))],
  ['deflate', deflateSync(new Uint8Array(BOMB_BYTES))],
  ['br', brotliCompressSync(new Uint8Array(BOMB_BYTES))],
  ['zstd', zstdCompressSync(new Uint8Array(BOMB_BYTES))],
  ['gzip, gzip', gzipSync(gzipSync(new Uint8Array(BOMB_BYTES)))],
]

test.each(bombs)('a %s bomb stops at the limit of decoded bytes', async (encoding, body) => {
  const result = await fetchFrom(page(body, { 'Content-Encoding': encoding }), { maxBytes: 50_000 })
  const response = responseOf(result)
  expect(response.truncated).toBe(true)
  expect(response.body.length).toBeLessThanOrEqual(50_000)
  expect(response.body.buffer.byteLength).toBeLessThan(1_000_000)
})

test('an endless body is cut at the limit and the connection is given up', async () => {
  const closed = Promise.withResolvers<boolean>()
  const result = await fetchFrom(
    (socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      const pour = (): void => {
        while (socket.writable && socket.write('x'.repeat(65_536)));
        if (socket.writable) socket.once('drain', pour)
      }
      socket.on('close', () => closed.resolve(true))
      pour()
    },
    { maxBytes: 200_000 },
  )
  expect(responseOf(result)).toMatchObject({ truncated: true, bytes: 200_000 })
  expect(await closed.promise).toBe(true)
})

test('a body of exactly the limit is whole', async () => {
  const result = await fetchFrom(page('x'.repeat(1_000)), { maxBytes: 1_000 })
  expect(responseOf(result)).toMatchObject({ truncated: false, bytes: 1_000 })
})

test('headers that do not come end the request at their own deadline', async () => {
  const result = await fetchFrom((socket) => void socket.write('HTTP/1.1 200 OK\r\nX-Slow: '), {
    headersTimeoutMs: 150,
  })
  expect(result).toMatchObject({ ok: false, problem: { code: 'timeout' } })
})

test('a body that drips ends the request at the deadline of the whole', async () => {
  const result = await fetchFrom(
    (socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      const drip = setInterval(() => socket.write('x'), 20)
      socket.on('close', () => clearInterval(drip))
    },
    { timeoutMs: 300 },
  )
  expect(result).toMatchObject({ ok: false, problem: { code: 'timeout' } })
})

test('the deadline of the whole spans all redirects', async () => {
  let step = 0
  const result = await fetchFrom(
    (socket, head) => {
      step += 1
      const timer = setTimeout(() => redirect(`/${step}`)(socket, head), 100)
      socket.on('close', () => clearTimeout(timer))
    },
    { timeoutMs: 350 },
  )
  expect(result).toMatchObject({ ok: false, problem: { code: 'timeout' } })
  expect(step).toBeLessThanOrEqual(4)
})

test('waiting at the gate is not counted as time spent', async () => {
  const onHop = async () => {
    await Bun.sleep(200)
    return { go: true } as const
  }
  expect(textOf(await fetchFrom(page('fine'), { timeoutMs: 150, onHop }))).toBe('fine')
})

test('endless headers and endless early hints come to an end', async () => {
  const pour =
    (line: string): Answer =>
    (socket) => {
      socket.write('HTTP/1.1 200 OK\r\n'.repeat(line.startsWith('HTTP') ? 0 : 1))
      const timer = setInterval(() => socket.write(line.repeat(200)), 1)
      socket.on('close', () => clearInterval(timer))
    }
  const headers = await fetchFrom(pour(`X-Long: ${'a'.repeat(1_000)}\r\n`), { headersTimeoutMs: 2_000 })
  const hints = await fetchFrom(pour('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'), {
    headersTimeoutMs: 300,
  })
  expect(headers).toMatchObject({ ok: false })
  expect(hints).toMatchObject({ ok: false, problem: { code: 'timeout' } })
})

test.each([
  ['another protocol', ((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')) as Answer],
  ['nothing', ((socket) => socket.end()) as Answer],
  ['a reset', ((socket) => void socket.resetAndDestroy()) as Answer],
  ['an unasked upgrade', closing('101 Switching Protocols\r\nUpgrade: x')],
])('a server that answers with %s is unreachable', async (_, answer) => {
  expect(await fetchFrom(answer)).toMatchObject({ ok: false, problem: { code: 'unreachable' } })
})

test('a port where nobody listens is unreachable and says so', async () => {
  const result = await safeFetch('http://127.0.0.1:1/', local)
  expect(result).toMatchObject({ ok: false, problem: { code: 'unreachable', cause: 'ECONNREFUSED' } })
})

test('a connection lost in the middle of a body keeps what came, lost before it is an error', async () => {
  const broken = (...chunks: string[]) =>
    new Response(
      new ReadableStream({
        pull: (controller) => {
          const chunk = chunks.shift()
          if (chunk === undefined) controller.error(new Error('lost'))
          else controller.enqueue(Buffer.from(chunk))
        },
      }),
    )
  const kept = await readWire(broken('half ', 'a page'), 1_000, () => false)
  expect({ ...kept, bytes: Buffer.from(kept.bytes).toString() }).toEqual({ bytes: 'half a page', cut: true })
  expect(readWire(broken(), 1_000, () => false)).rejects.toThrow('lost')
  expect(readWire(broken('half'), 1_000, () => true)).rejects.toThrow('lost')
})

test('headers are lower-cased, cookies kept apart, control characters removed and UTF-8 repaired', async () => {
  const result = await fetchFrom(
    closing(
      '200 OK\r\nX-Name: Café\r\nX-Tab: a\tb\r\nSet-Cookie: a=1; Path=/\r\nset-cookie: b=2\r\nX-Twice: 1\r\nX-Twice: 2',
    ),
  )
  expect(responseOf(result).headers).toMatchObject({
    'x-name': 'Café',
    'x-tab': 'a b',
    'set-cookie': 'a=1; Path=/\nb=2',
    'x-twice': '1, 2',
  })
})

test('redirects are followed and told', async () => {
  const server = await startServer((socket, head) => {
    const [, path = ''] = head.split(' ')
    if (path === '/') redirect('/one?x=1#part', 301)(socket, head)
    else if (path === '/one?x=1') redirect('caf\u00e9/', 302)(socket, head)
    else page(path)(socket, head)
  })
  const base = `http://127.0.0.1:${server.port}`
  const result = await safeFetch(`${base}/#top`, local)
  expect(textOf(result)).toBe('/caf%C3%A9/')
  expect(responseOf(result).url).toBe(`${base}/caf%C3%A9/`)
  expect(result.hops).toEqual([
    { from: `${base}/`, to: `${base}/one?x=1`, status: 301 },
    { from: `${base}/one?x=1`, to: `${base}/caf%C3%A9/`, status: 302 },
  ])
  expect(server.connections).toBe(1)
})

test('a circle of redirects is found at once, an endless walk at the limit', async () => {
  const circle = await startServer((socket, head) =>
    redirect(head.includes('/a') ? '/b' : '/a')(socket, head),
  )
  const walk = await startServer((socket, head) => redirect(`${head.split(' ')[1]}x`)(socket, head))
  const around = await safeFetch(`http://127.0.0.1:${circle.port}/a`, local)
  const along = await safeFetch(`http://127.0.0.1:${walk.port}/`, { ...local, maxRedirects: 5 })
  expect(around).toMatchObject({ ok: false, problem: { code: 'too_many_redirects' } })
  expect(circle.requests).toHaveLength(2)
  expect(along).toMatchObject({ ok: false, problem: { code: 'too_many_redirects' } })
  expect(walk.requests).toHaveLength(6)
})

test('redirects are handed back when they are not to be followed, and so is a 3xx that leads nowhere', async () => {
  const kept = await fetchFrom(redirect('/next'), { followRedirects: false })
  const nowhere = await fetchFrom(page('', {}, 302))
  expect(responseOf(kept)).toMatchObject({ status: 302, headers: { location: '/next' } })
  expect(responseOf(nowhere).status).toBe(302)
})

test('secrets stay behind when a redirect leads to another host', async () => {
  const other = await startServer(page())
  const first = await startServer((socket, head) =>
    redirect(head.includes('/start') ? '/same' : `http://other.test:${other.port}/`)(socket, head),
  )
  const headers = {
    authorization: 'Bearer 1',
    Cookie: 'a=b',
    'x-signature': 's',
    'user-agent': 'ProspectLab',
  }
  await safeFetch(`http://first.test:${first.port}/start`, { ...local, headers })
  expect(first.requests[1]?.toLowerCase()).toContain('authorization: bearer 1')
  const sent = other.requests[0]?.toLowerCase() ?? ''
  expect(sent).toContain('user-agent: prospectlab')
  for (const secret of ['authorization', 'cookie', 'x-signature']) expect(sent).not.toContain(secret)
})

test('a POST becomes a GET after 302 and stays a POST after 307, but not to another host', async () => {
  const other = await startServer(page('other'))
  const server = await startServer((socket, head) => {
    if (head.includes('/302')) redirect('/end', 302)(socket, head)
    else if (head.includes('/307')) redirect('/end', 307)(socket, head)
    else if (head.includes('/away')) redirect(`http://other.test:${other.port}/`, 307)(socket, head)
    else page(head.split(' ')[0])(socket, head)
  })
  const post = (path: string) =>
    safeFetch(`http://127.0.0.1:${server.port}${path}`, { ...local, method: 'POST', body: '' })
  expect(textOf(await post('/302'))).toBe('GET')
  expect(textOf(await post('/307'))).toBe('POST')
  expect(responseOf(await post('/away')).status).toBe(307)
  expect(other.connections).toBe(0)
})

test('the gate sees every hop with its address, is told when each ends, and can stop', async () => {
  const server = await startServer((socket, head) =>
    (head.includes('/forbidden') ? page() : redirect('/forbidden'))(socket, head),
  )
  const seen: string[] = []
  const result = await safeFetch(`http://127.0.0.1:${server.port}/`, {
    ...local,
    onHop: async ({ url, address, from }) => {
      seen.push(`${from ? 'redirect' : 'start'} ${url.pathname} ${address}`)
      if (url.pathname === '/forbidden') return { go: false, message: 'robots.txt forbids it' }
      return { go: true, done: () => seen.push('done') }
    },
  })
  expect(result).toMatchObject({ ok: false, problem: { code: 'stopped', message: 'robots.txt forbids it' } })
  expect(seen).toEqual(['start / 127.0.0.1', 'done', 'redirect /forbidden 127.0.0.1'])
  expect(server.requests).toHaveLength(1)
})

test('the caller can cancel, before and during', async () => {
  const before = await fetchFrom(page(), { signal: AbortSignal.abort() })
  const stop = new AbortController()
  const during = await fetchFrom(() => stop.abort(), { signal: stop.signal })
  for (const result of [before, during])
    expect(result).toMatchObject({ ok: false, problem: { code: 'stopped' } })
})

test('a proxy in the environment is not used', async () => {
  const proxy = await startServer(page('proxy'))
  const names = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'ALL_PROXY']
  for (const name of names) process.env[name] = `http://127.0.0.1:${proxy.port}`
  try {
    expect(textOf(await fetchFrom(page('direct')))).toBe('direct')
  } finally {
    for (const name of names) delete process.env[name]
  }
  expect(proxy.connections).toBe(0)
})

test.each([
  ['alpha.test', 'alpha.test', 'ok', null],
  ['alpha.test', 'beta.test', 'broken', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ['expired.test', 'expired.test', 'broken', 'CERT_HAS_EXPIRED'],
  ['self.test', 'self.test', 'broken', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
] as const)('the certificate of %s shown to %s is %s (%p)', async (certificate, name, state, problem) => {
  const server = await startTlsServer([certificate], page())
  const result = await inspectTls(name, server.port, { ...local, certificateAuthorities: testAuthority })
  expect(result).toMatchObject({
    ok: true,
    value: { state, problem, names: [certificate], protocol: 'TLSv1.3' },
  })
  expect(server.requests).toEqual([])
})

test('a certificate tells who made it and how long it holds', async () => {
  const server = await startTlsServer(['expired.test'], page())
  const result = await inspectTls('expired.test', server.port, {
    ...local,
    certificateAuthorities: testAuthority,
  })
  expect(result).toMatchObject({
    ok: true,
    value: {
      issuer: 'ProspectLab tests Test authority',
      subject: 'expired.test',
      validFrom: '2020-01-01T00:00:00.000Z',
      validTo: '2021-01-01T00:00:00.000Z',
      address: '127.0.0.1',
    },
  })
})

test('an inspection tells an old protocol, a server without TLS and one that is not there', async () => {
  const old = await startTlsServer(['alpha.test'], page(), { maxVersion: 'TLSv1' })
  const plain = await startServer((socket) => socket.end('HTTP/1.1 400 Bad\r\n\r\n'))
  expect(await inspectTls('alpha.test', old.port, local)).toMatchObject({
    ok: true,
    value: { protocol: 'TLSv1' },
  })
  const stop = new AbortController()
  setTimeout(() => stop.abort(), 200)
  expect(await inspectTls('plain.test', plain.port, { ...local, signal: stop.signal })).toMatchObject({
    ok: false,
  })
  expect(await inspectTls('gone.test', 1, local)).toMatchObject({
    ok: false,
    problem: { code: 'unreachable' },
  })
})

test.each([
  ['120', 120_000],
  [' 0 ', 0],
  ['Sun, 22 Nov 2026 12:00:30 GMT', 30_000],
  ['Sun, 22 Nov 2026 11:00:00 GMT', 0],
  ['99999999', 86_400_000],
  ['-5', null],
  ['soon', null],
  ['', null],
])('Retry-After %p is %p ms', (value, expected) => {
  expect(retryAfterMs({ 'retry-after': value }, new Date('2026-11-22T12:00:00Z'))).toBe(expected)
})
