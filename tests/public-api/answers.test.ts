import { expect, test } from 'bun:test'
import { Hono } from 'hono'
import { createLog } from '#src/lib/log.ts'
import { createAnswerCache, isKnownTo } from '#src/public-api/answers/answer-cache.ts'
import { testDatabase } from '#tests/support/database.ts'
import { until } from '#tests/support/until.ts'
import { apiApp, givenToken, movedClock } from './api-app.ts'
import { probe } from './probe.ts'

const { sql } = await testDatabase()

const setup = () => {
  const clock = movedClock()
  const lines: string[] = []
  const { endpoints, seen } = probe()
  const log = createLog((line) => void lines.push(line))
  return { clock, seen, lines, ...apiApp(sql, { endpoints, clock, log }) }
}

const reads = async (answer: Response): Promise<number> => ((await answer.json()) as { reads: number }).reads

test('a read is used again for as long as its endpoint says, whatever else stands in the query', async () => {
  const { ask, clock } = setup()
  const { text } = await givenToken(sql)
  expect(await reads(await ask('/things?limit=5', { token: text }))).toBe(1)
  expect(await reads(await ask(`/things?nonsense=1&limit=5&api_token=${text}`))).toBe(1)
  expect(await reads(await ask('/things?limit=6', { token: text }))).toBe(2)
  clock.advance(19_999)
  expect(await reads(await ask('/things?limit=5', { token: text }))).toBe(1)
  clock.advance(1)
  expect(await reads(await ask('/things?limit=5', { token: text }))).toBe(3)
})

test('what one token was told is told to no other, nor to itself with other rights', async () => {
  const { ask, clock } = setup()
  const [one, two] = [await givenToken(sql), await givenToken(sql)]
  expect(await reads(await ask('/things', { token: one.text }))).toBe(1)
  expect(await reads(await ask('/things', { token: two.text }))).toBe(2)
  await sql`UPDATE api_tokens SET scopes = '{companies:read}' WHERE id = ${one.id}`
  clock.advance(10_001)
  expect(await reads(await ask('/things', { token: one.text }))).toBe(3)
  await sql`UPDATE api_tokens SET scopes = '{emails:read}' WHERE id = ${one.id}`
  clock.advance(10_001)
  expect((await ask('/things', { token: one.text })).status).toBe(403)
})

test('a write makes everything known be read again, even one that failed', async () => {
  const { ask, seen } = setup()
  const { text } = await givenToken(sql)
  const again = async () => reads(await ask('/things', { token: text }))
  expect([await again(), await again()]).toEqual([1, 1])
  await ask('/things/7', { token: text, json: { name: 'a' } })
  expect([await again(), await again()]).toEqual([2, 2])
  seen.fail = new Error('half done')
  await ask('/things/7', { token: text, json: { name: 'a' } })
  seen.fail = null
  expect(await again()).toBe(3)
})

test('the same question asked many times at once is asked of the database once', async () => {
  const { ask, seen } = setup()
  const { text } = await givenToken(sql)
  await ask('/things/7', { token: text })
  await Promise.all(Array.from({ length: 20 }, () => ask('/things', { token: text })))
  expect(seen.reads).toBe(1)
})

test('what more ask at once than can be answered in time is refused, and nothing is left of it', async () => {
  const { ask, seen } = setup()
  const { text } = await givenToken(sql)
  const held = Promise.withResolvers<void>()
  seen.held = held.promise
  const calls = Array.from({ length: 1000 }, (_, n) => ask(`/things?q=${n}`, { token: text }))
  await until('all are at work', () => seen.reads === 1000)
  const refused = await ask('/things?q=another', { token: text })
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5'])
  const shared = ask('/things?q=1', { token: text })
  held.resolve()
  expect(new Set((await Promise.all([...calls, shared])).map(({ status }) => status))).toEqual(new Set([200]))
  expect((await ask('/things?q=another', { token: text })).status).toBe(200)
})

test('failures are not kept', async () => {
  const { ask, seen } = setup()
  const { text } = await givenToken(sql)
  seen.fail = Object.assign(new Error('away'), { code: 'ECONNREFUSED' })
  expect((await ask('/things', { token: text })).status).toBe(503)
  seen.fail = null
  expect((await ask('/things', { token: text })).status).toBe(200)
})

test('an unchanged answer is 304 without a body; HEAD has the headers of GET', async () => {
  const { ask } = setup()
  const { text } = await givenToken(sql)
  const first = await ask('/things', { token: text })
  const etag = first.headers.get('etag') ?? ''
  expect(etag).toMatch(/^"[\w-]+"$/)
  expect(first.headers.get('cache-control')).toBe('private, no-cache')
  expect(first.headers.get('vary')).toBe('Authorization, Origin')
  for (const header of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
    const again = await ask('/things', { token: text, headers: { 'if-none-match': header } })
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag])
    expect(again.headers.get('ratelimit')).not.toBeNull()
  }
  const other = await ask('/things?q=x', { token: text, headers: { 'if-none-match': etag } })
  expect(other.status).toBe(200)
  const head = await ask('/things', { token: text, method: 'HEAD' })
  expect([head.status, await head.text(), head.headers.get('etag')]).toEqual([200, '', etag])
  expect(head.headers.get('content-length')).toBe(first.headers.get('content-length'))
  expect(Number(head.headers.get('content-length'))).toBeGreaterThan(10)
  expect(isKnownTo('', '""')).toBe(false)
})

test('the answers kept are bounded by their bytes, and the least used go first', () => {
  const cache = createAnswerCache(10_000)
  const options = () => ({ from: 0, until: 1000, generation: cache.generation() })
  const answer = { text: 'x'.repeat(1500), etag: '"e"' }
  cache.set('a', answer, options())
  cache.set('b', answer, options())
  cache.get('a', 0)
  cache.set('c', answer, options())
  cache.set('d', answer, options())
  expect(['a', 'b', 'c', 'd'].filter((key) => cache.get(key, 0) !== null)).toEqual(['a', 'c', 'd'])
  cache.set('huge', { text: 'x'.repeat(6000), etag: '"e"' }, options())
  expect(cache.get('huge', 0)).toBeNull()
  expect(cache.get('a', 1000)).toBeNull()
  expect(cache.get('c', -1)).toBeNull()
})

test('what was being read while something was written is not kept', () => {
  const cache = createAnswerCache()
  const generation = cache.generation()
  cache.clear()
  cache.set('a', { text: '{}', etag: '"e"' }, { from: 0, until: 1000, generation })
  expect(cache.get('a', 0)).toBeNull()
})

test('pages of origins that a token names may use it, and ask before', async () => {
  const { ask, clock } = setup()
  const { text, id } = await givenToken(sql, { origins: ['https://app.example'] })
  const stranger = await givenToken(sql)
  const origin = 'https://app.example'
  const allowed = async (path: string, call: Parameters<typeof ask>[1]) =>
    (await ask(path, call)).headers.get('access-control-allow-origin')
  expect(await allowed('/things', { token: text, headers: { origin } })).toBe(origin)
  expect(await allowed('/things', { token: text, headers: { origin: 'https://evil.example' } })).toBeNull()
  expect(await allowed('/things', { token: stranger.text, headers: { origin } })).toBeNull()
  expect(await allowed('/things', { token: 'wrong', headers: { origin } })).toBe(origin)

  const preflight = { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } }
  const before = await ask('/things/7', preflight)
  expect([before.status, before.headers.get('access-control-allow-origin')]).toEqual([204, origin])
  expect(before.headers.get('access-control-allow-methods')).toBe('GET, HEAD, POST')
  expect(before.headers.get('access-control-allow-headers')).toContain('Authorization')
  expect(before.headers.get('access-control-allow-credentials')).toBeNull()
  for (const strange of ['https://evil.example', 'null', 'https://app.example.evil.example', "x'--", ''])
    expect(await allowed('/things/7', { method: 'OPTIONS', headers: { origin: strange } })).toBeNull()
  await sql`UPDATE api_tokens SET revoked_at = now() WHERE id = ${id}`
  clock.advance(10_001)
  expect(await allowed('/things/7', preflight)).toBeNull()
})

test('a path asked in a way it does not have says which it has; an unknown one is not found', async () => {
  const { ask } = setup()
  const { text } = await givenToken(sql)
  const wrong = await ask('/things/7', { token: text, method: 'DELETE' })
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST'])
  expect(await wrong.json()).toMatchObject({ success: false })
  for (const path of ['/nothing', '/', '/things/7/more', '/%00', '/../token/info'])
    expect((await ask(path, { token: text })).status).toBe(404)
  expect((await ask('/things/7', { method: 'OPTIONS' })).headers.get('allow')).toBe(
    'GET, HEAD, POST, OPTIONS',
  )
})

test('a slash too many is not found, whichever router there is', async () => {
  const { app, ask } = setup()
  const { text } = await givenToken(sql)
  const server = new Hono().route('/', app)
  const headers = { authorization: `Bearer ${text}` }
  for (const path of ['/things/', '/things/7/', '/']) {
    const answers = [
      await ask(path, { token: text }),
      await server.request(`/api/public${path}`, { headers }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([404, 404])
  }
})

test('a fixed path is not taken for a parameter', async () => {
  const { ask } = setup()
  const { text } = await givenToken(sql)
  expect(await (await ask('/things/latest', { token: text })).json()).toEqual({ success: true, latest: true })
})

test('what is wrong in a body is said in French; failures of plain endpoints are error only', async () => {
  const { ask } = setup()
  const { text } = await givenToken(sql)
  const missing = await ask('/things/7', { token: text, json: {} })
  expect([missing.status, await missing.json()]).toEqual([
    400,
    { success: false, error: 'Paramètre « name » requis.' },
  ])
  const plain = await ask('/plain', { token: text, json: { website: 3 } })
  expect([plain.status, await plain.json()]).toEqual([400, { error: 'Paramètre « website » invalide.' }])
  const nothing = await ask('/plain', { token: text, method: 'POST' })
  expect(await nothing.json()).toEqual({ error: 'Paramètre « website » requis.' })
})

test('what nobody foresaw is 500 with a reference that the log explains, without a word of the cause', async () => {
  const { ask, seen, lines } = setup()
  const { text } = await givenToken(sql)
  seen.fail = new Error('secret of the database')
  const answer = await ask('/things?q=personal', { token: text })
  const body = (await answer.json()) as { reference: string }
  expect(answer.status).toBe(500)
  expect(JSON.stringify(body)).not.toContain('secret')
  const logged = lines.find((line) => line.includes(body.reference)) ?? ''
  expect(logged).toContain('secret of the database')
  expect(logged).not.toContain('personal')
  expect(logged).not.toContain(text)
})

test('a database that refuses, cancels, or cannot hold a value is no failure of ours', async () => {
  const { ask, seen } = setup()
  const { text } = await givenToken(sql)
  const statusOf = async (code: string) => {
    seen.fail = Object.assign(new Error('x'), { code })
    return (await ask('/things', { token: text })).status
  }
  expect(await statusOf('57014')).toBe(503)
  expect(await statusOf('42P01')).toBe(503)
  expect(await statusOf('42703')).toBe(503)
  expect(await statusOf('22003')).toBe(400)
  expect(await statusOf('PL403')).toBe(403)
  expect(await statusOf('42601')).toBe(500)
})

test('what the database refuses in a text is taken out of it, and what is nested without end is refused', async () => {
  const { ask } = setup()
  const { text } = await givenToken(sql)
  const sent = await ask('/things/7', { token: text, json: { name: 'a\u0000b\ud800', nested: ['c\u0000'] } })
  expect(await sent.json()).toEqual({ success: true, id: 7, name: 'ab\ufffd', nested: ['c'] })
  const found = await ask('/things?q=a%00b', { token: text })
  expect(await found.json()).toMatchObject({ query: { q: 'ab' } })
  const nested = (depth: number) => JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as unknown
  expect((await ask('/things/7', { token: text, json: { name: 'a', nested: nested(30) } })).status).toBe(200)
  expect((await ask('/things/7', { token: text, json: { name: 'a', nested: nested(40) } })).status).toBe(400)
})
