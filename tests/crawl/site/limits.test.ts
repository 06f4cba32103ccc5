import { afterAll, expect, test } from 'bun:test'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { standardLimits } from '#src/crawl/crawl-limits.ts'
import { createPoliteness } from '#src/crawl/politeness/politeness.ts'
import { createBudget } from '#src/crawl/site/budget.ts'
import type { FetchOptions, FetchResult } from '#src/lib/safe-fetch.ts'
import { startThreads } from '#src/threads.ts'
import { crawlSmallSite, html, readSmallSite, serveSmallSite } from '#tests/support/small-site.ts'

const threads = startThreads(1)
const stops: (() => unknown)[] = []
afterAll(async () => {
  threads.close()
  for (const stop of stops) await stop()
})

const serve: typeof serveSmallSite = (pages, otherwise) => {
  const site = serveSmallSite(pages, otherwise)
  stops.push(site.stop)
  return site
}
const WORDS = 'chene hetre frene noyer erable tilleul bouleau cedre orme aulne'.split(' ')
const MENU = WORDS.map((word) => `<a href="/${word}">${word}</a>`).join('')
const isPage = (path: string): boolean => !/robots|sitemap/.test(path)

/** A clock that only moves when told to. */
const handClock = () => {
  let at = Date.parse('2026-11-22T12:00:00Z')
  return { now: () => new Date(at), pass: (milliseconds: number) => void (at += milliseconds) }
}

test('no more pages than allowed are read', async () => {
  const site = serve({}, (request) =>
    html(`${MENU}<p>${new URL(request.url).pathname.slice(1)}@atelier-noel.fr</p>`),
  )
  const found = await readSmallSite(site.url, { threads, limits: { pages: 4 } })
  expect(found.pages).toHaveLength(4)
  expect(site.asked.filter(isPage)).toHaveLength(4)
  expect(found.endedBy).toBe('pages')
})

test('the bytes of a site are cut in the middle of a page', async () => {
  const site = serve({}, (request) =>
    html(`${MENU}<p>${new URL(request.url).pathname}${'mot '.repeat(10_000)}</p>`),
  )
  const found = await readSmallSite(site.url, { threads, limits: { bytes: 100_000 } })
  const read = found.pages.reduce((sum, page) => sum + page.bytes, 0)
  expect(read).toBeLessThanOrEqual(100_000)
  expect(found.pages.at(-1)!.truncated).toBe(true)
  expect(found.endedBy).toBe('bytes')
})

test('a huge sitemap leaves bytes for the pages', async () => {
  const locations = Array.from(
    { length: 20_000 },
    (_, n) => `<url><loc>http://127.0.0.1/page-${n}</loc></url>`,
  )
  const site = serve({
    '/': MENU,
    '/chene': '<p>chene@atelier-noel.fr</p>',
    '/sitemap.xml': () => new Response(`<urlset>${locations.join('')}</urlset>`),
  })
  const found = await readSmallSite(site.url, { threads, limits: { bytes: 200_000 } })
  expect(found.emails).toHaveLength(1)
})

test('links deeper than allowed are left', async () => {
  const site = serve({}, (request) =>
    html(`<a href="${new URL(request.url).pathname}${WORDS[0]}x/">plus</a>`),
  )
  const found = await readSmallSite(site.url, { threads, limits: { depth: 2, fruitlessPages: 50 } })
  expect(found.pages.map((page) => page.depth)).toEqual([0, 1, 2])
})

test('a download that outlasts the seconds of the site is cut off, and named', async () => {
  const drip = () =>
    new Response(
      new ReadableStream({
        pull: async (controller) => {
          controller.enqueue(new TextEncoder().encode('<p>encore</p>'))
          await Bun.sleep(20)
        },
      }),
      { headers: { 'content-type': 'text/html' } },
    )
  const site = serve({ '/': '<a href="/contact">Contact</a><a href="/chene">x</a>', '/contact': drip })
  const started = performance.now()
  const found = await readSmallSite(site.url, { threads, limits: { durationMs: 1_000 } })
  expect(performance.now() - started).toBeLessThan(5_000)
  expect(found.errors).toMatchObject([{ url: `${site.url}contact`, code: 'timeout' }])
  expect(found.endedBy).toBe('time')
})

test('time spent waiting for a turn is not the site’s', async () => {
  const clock = handClock()
  const politeness = createPoliteness({
    now: clock.now,
    sleep: async (milliseconds) => clock.pass(milliseconds),
  })
  const site = serve({}, (request) =>
    html(`${MENU}<p>${new URL(request.url).pathname.slice(1)}@atelier-noel.fr</p>`),
  )
  let waited = 0
  const gate: typeof politeness.gate = async (hop) => {
    const before = clock.now().getTime()
    const pass = await politeness.gate(hop)
    waited += clock.now().getTime() - before
    return pass
  }
  const how = { threads, politeness: { ...politeness, gate }, limits: { durationMs: 5_000, pages: 11 } }
  const found = await readSmallSite(site.url, { ...how, tools: { now: clock.now, waitedMs: () => waited } })
  expect(waited).toBeGreaterThan(10_000)
  expect(found.pages).toHaveLength(11)
})

test('however long a site makes us wait, there is an end', async () => {
  const clock = handClock()
  const answer: FetchResult = {
    ok: false,
    hops: [],
    problem: { code: 'unreachable', message: 'no', cause: null, beforeRequest: true },
  }
  const asked: string[] = []
  let waited = 0
  const budget = createBudget(standardLimits, {
    now: clock.now,
    waitedMs: () => waited,
    fetch: async (url: string, _options?: FetchOptions) => {
      asked.push(url)
      clock.pass(60_000)
      waited += 60_000
      return answer
    },
  })
  for (let index = 0; index < 45; index += 1) await budget.fetch(`https://site.test/${index}`)
  expect(asked).toHaveLength(30)
  expect(budget.endedBy()).toBe('time')
})

test('links that lead to no page are not asked for without end', async () => {
  const links = Array.from(
    { length: 200 },
    (_, n) => `<a href="/d${'abcdefghij'[n % 10]}/${n}-piece">x</a>`,
  ).join('')
  const picture = () => new Response('x', { headers: { 'content-type': 'image/png' } })
  const site = serve({ '/': links }, picture)
  const found = await readSmallSite(site.url, { threads, limits: { pages: 10 } })
  expect(site.asked.length).toBeLessThanOrEqual(32)
  expect(found.pages).toHaveLength(1)
})

test('a busy answer is waited out and the page read at the second try', async () => {
  for (const [status, retryAfter, waits] of [
    [429, '7', 7_000],
    [503, null, 5_000],
    [503, '86400', 60_000],
  ] as const) {
    const clock = handClock()
    const sleeps: number[] = []
    const sleep = async (milliseconds: number) => {
      sleeps.push(milliseconds)
      clock.pass(milliseconds)
    }
    let asked = 0
    const busy = () =>
      asked++ === 0
        ? new Response('later', { status, ...(retryAfter && { headers: { 'retry-after': retryAfter } }) })
        : html('<p>bonjour@atelier-noel.fr</p>')
    const site = serve({ '/': '<a href="/contact">Contact</a>', '/contact': busy })
    const found = await readSmallSite(site.url, {
      threads,
      politeness: createPoliteness({ now: clock.now, sleep }),
    })
    expect(asked).toBe(2)
    expect(Math.max(...sleeps)).toBe(waits)
    expect(found.emails).toHaveLength(1)
    expect(found.errors).toEqual([])
  }
})

test('a server that stays busy is left alone soon', async () => {
  const site = serve({ '/': MENU }, () => new Response('later', { status: 503 }))
  const found = await readSmallSite(site.url, { threads })
  expect(found.endedBy).toBe('busy')
  expect(site.asked.filter(isPage).length).toBeLessThanOrEqual(5)
  expect(found.errors.map((error) => error.code)).toContain('status_503')
})

test('a home page that is busy, or that its proxy does not reach, is asked for twice', async () => {
  for (const status of [429, 502, 503, 504]) {
    let asked = 0
    const site = serve({ '/': () => (asked++ === 0 ? new Response('', { status }) : html('<p>ok</p>')) })
    expect((await readSmallSite(site.url, { threads })).pages).toHaveLength(1)
  }
  const closed = serve({ '/': () => new Response('', { status: 503 }) })
  expect(await crawlSmallSite(closed.url, { threads })).toMatchObject({ ok: false, error: { status: 503 } })
  expect(closed.asked.filter(isPage)).toHaveLength(2)
})

test('a whole site is read over one connection, compressed', async () => {
  let connections = 0
  const encodings: (string | undefined)[] = []
  const compressed = { br: brotliCompressSync, zstd: zstdCompressSync, gzip: gzipSync, deflate: deflateSync }
  const server = createServer((socket) => {
    connections += 1
    socket.on('error', () => {})
    socket.on('data', (data) => {
      const [, path = ''] = /^GET (\S+)/.exec(data.toString('latin1')) ?? []
      encodings.push(/accept-encoding: (.*)\r/i.exec(data.toString('latin1'))?.[1])
      const [name, encode] = Object.entries(compressed)[encodings.length % 4]!
      const missing = /robots|sitemap/.test(path)
      const body = encode(
        Buffer.from(missing ? 'no' : `${MENU}<p>${path.slice(1) || 'accueil'}@atelier-noel.fr</p>`),
      )
      socket.write(
        `HTTP/1.1 ${missing ? '404 Not Found' : '200 OK'}\r\ncontent-type: text/html\r\ncontent-encoding: ${name}\r\ncontent-length: ${body.length}\r\n\r\n`,
      )
      socket.write(body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  stops.push(() => server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const found = await readSmallSite(url, { threads })
  expect(found.pages).toHaveLength(11)
  expect(found.emails).toHaveLength(11)
  expect(new Set(encodings)).toEqual(new Set(['gzip, deflate, br, zstd']))
  expect(connections).toBe(1)
})
