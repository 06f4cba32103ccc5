import { expect, test } from 'bun:test'
import { createLastUses } from '#src/public-api/admission/last-uses.ts'
import { silentLog } from '#src/lib/log.ts'
import { testDatabase } from '#tests/support/database.ts'
import { apiApp, givenToken, movedClock } from './api-app.ts'
import { probe } from './probe.ts'

const { sql } = await testDatabase()
const NOBODYS = `pl_${'0'.repeat(32)}`

/** A database that counts what it is asked and can be taken away. */
const watched = () => {
  const state = { asked: 0, away: false }
  const tag = (...call: Parameters<typeof sql>) => {
    state.asked += 1
    if (state.away) return Promise.reject(Object.assign(new Error('no'), { code: 'ECONNREFUSED' }))
    return sql(...call)
  }
  return { state, sql: () => tag as unknown as typeof sql }
}

const setup = (options: Parameters<typeof apiApp>[1] = {}) => {
  const clock = movedClock()
  const { endpoints, seen } = probe()
  return { clock, seen, ...apiApp(sql, { endpoints, clock, ...options }) }
}

test('a token is taken from the header, the query or a form, in this order', async () => {
  const { ask } = setup()
  const { text } = await givenToken(sql)
  const form = new URLSearchParams({ api_token: text, name: 'a' })
  const multipart = new FormData()
  multipart.set('api_token', text)
  multipart.set('name', 'a')
  expect((await ask('/things', { token: text })).status).toBe(200)
  expect((await ask('/things', { headers: { authorization: `bearer  ${text} ` } })).status).toBe(200)
  expect((await ask(`/things?api_token=${text}`)).status).toBe(200)
  expect((await ask('/things/7', { body: form })).status).toBe(200)
  expect((await ask('/things/7', { body: multipart })).status).toBe(200)
  expect((await ask(`/things?api_token=${text}`, { token: NOBODYS })).status).toBe(401)
  expect((await ask('/things/7', { json: { api_token: text, name: 'a' } })).status).toBe(401)
})

test('without a token, and with one nobody has, the answer is that of the existing product', async () => {
  const { ask } = setup()
  for (const token of [null, NOBODYS, 'short', 'x'.repeat(5000), 'ünïcode'.replace(/[^\w]/g, '')]) {
    const answer = await ask('/things', { token })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toStartWith('Bearer')
    expect(Object.keys((await answer.json()) as object).sort()).toEqual(['error', 'message'])
  }
})

test('a missing scope is named as the column of the existing product', async () => {
  const { ask } = setup()
  const { text } = await givenToken(sql, { scopes: ['companies:read'] })
  const answer = await ask('/things/7', { token: text, json: { name: 'a' } })
  expect(answer.status).toBe(403)
  expect(await answer.json()).toMatchObject({
    error: 'Permission API insuffisante',
    permission: 'can_write_entreprises',
  })
})

test('a revoked token counts no more within fifteen seconds, and an expired one not a moment longer', async () => {
  const { ask, clock } = setup()
  const revoked = await givenToken(sql)
  const expiring = await givenToken(sql, { expiresAt: new Date(clock.now().getTime() + 5000) })
  expect((await ask('/things', { token: revoked.text })).status).toBe(200)
  expect((await ask('/things', { token: expiring.text })).status).toBe(200)
  await sql`UPDATE api_tokens SET revoked_at = now() WHERE id = ${revoked.id}`
  clock.advance(5001)
  expect((await ask('/things', { token: expiring.text })).status).toBe(401)
  clock.advance(9998)
  expect((await ask('/things', { token: revoked.text })).status).toBe(401)
})

test('a known token is looked up once in ten seconds, one nobody has as well', async () => {
  const { state, sql: watchedSql } = watched()
  const { ask, clock } = setup({ sql: watchedSql })
  const { text } = await givenToken(sql)
  for (let call = 0; call < 5; call++) await ask('/things', { token: text })
  expect(state.asked).toBe(1)
  for (let call = 0; call < 5; call++) await ask('/things', { token: NOBODYS })
  expect(state.asked).toBe(2)
  for (let call = 0; call < 5; call++) await ask('/things', { token: `${NOBODYS}!` })
  expect(state.asked).toBe(2)
  await Promise.all(Array.from({ length: 10 }, () => ask('/things', { token: `${NOBODYS}1` })))
  expect(state.asked).toBe(3)
  clock.advance(10_001)
  await ask('/things', { token: text })
  expect(state.asked).toBe(4)
})

test('while the database is away known tokens go on for a minute, others are told to come back', async () => {
  const { state, sql: watchedSql } = watched()
  const { ask, clock } = setup({ sql: watchedSql })
  const { text } = await givenToken(sql)
  await ask('/things', { token: text })
  state.away = true
  clock.advance(15_000)
  expect((await ask('/things', { token: text })).status).toBe(200)
  const stranger = await ask('/things', { token: NOBODYS })
  expect([stranger.status, stranger.headers.get('retry-after')]).toEqual([503, '5'])
  expect(await stranger.json()).toMatchObject({ success: false })
  clock.advance(46_000)
  expect((await ask('/things', { token: text })).status).toBe(503)
  state.away = false
  clock.advance(1000)
  expect((await ask('/things', { token: text })).status).toBe(200)
})

test('a token bound to networks is refused from elsewhere', async () => {
  const { ask } = setup()
  const { text } = await givenToken(sql, { networks: ['198.51.100.0/24', '2001:db8::/32'] })
  expect((await ask('/things', { token: text, from: '198.51.100.7' })).status).toBe(200)
  expect((await ask('/things', { token: text, from: '2001:db8::1' })).status).toBe(200)
  const refused = await ask('/things', { token: text, from: '198.51.101.7' })
  expect(refused.status).toBe(403)
  expect(await refused.json()).toMatchObject({ error: 'Adresse non autorisée' })
})

test('a token has its allowance, told with every answer, and again after the minute', async () => {
  const { ask, clock } = setup()
  const { text } = await givenToken(sql, { perMinute: 3 })
  const left: (string | null)[] = []
  for (let call = 0; call < 3; call++) {
    const answer = await ask('/things', { token: text })
    expect(answer.headers.get('ratelimit-policy')).toBe('"token";q=3;w=60')
    left.push(answer.headers.get('ratelimit'))
  }
  expect(left).toEqual(['"token";r=2;t=60', '"token";r=1;t=60', '"token";r=0;t=60'])
  clock.advance(20_000)
  const over = await ask('/things', { token: text })
  expect([over.status, over.headers.get('retry-after')]).toEqual([429, '40'])
  expect(over.headers.get('ratelimit')).toBe('"token";r=0;t=40')
  expect(await over.json()).toMatchObject({ success: false })
  clock.advance(40_000)
  expect((await ask('/things', { token: text })).status).toBe(200)
})

test('a clock that is set back makes nobody wait longer than a minute', async () => {
  const { ask, clock } = setup()
  const { text } = await givenToken(sql, { perMinute: 1 })
  await ask('/things', { token: text })
  expect((await ask('/things', { token: text })).status).toBe(429)
  clock.advance(-3_600_000)
  expect((await ask('/things', { token: text })).status).toBe(200)
})

test('an address that guesses is stopped before the database is asked, and spares tokens in use', async () => {
  const { state, sql: watchedSql } = watched()
  const { ask, clock } = setup({ sql: watchedSql })
  const { text } = await givenToken(sql)
  const from = '203.0.113.66'
  await ask('/things', { token: text, from })
  for (let guess = 0; guess < 60; guess++) {
    const answer = await ask('/things', { token: `pl_${String(guess).padStart(32, '0')}`, from })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('ratelimit')).toBe(`"address";r=${59 - guess};t=60`)
  }
  const asked = state.asked
  const stopped = await ask('/things', { token: `pl_${'z'.repeat(32)}`, from })
  expect([stopped.status, stopped.headers.get('ratelimit-policy')]).toEqual([429, '"address";q=60;w=60'])
  expect((await ask('/things', { from })).status).toBe(429)
  expect(state.asked).toBe(asked)
  expect((await ask('/things', { token: text, from })).status).toBe(200)
  expect((await ask('/things', { token: `pl_${'z'.repeat(32)}` })).status).toBe(401)
  clock.advance(60_001)
  expect((await ask('/things', { from })).status).toBe(401)
})

test('the addresses of one IPv6 subscriber count as one', async () => {
  const { ask } = setup()
  for (let guess = 0; guess < 60; guess++)
    await ask('/things', { from: `2001:db8:1:2::${guess.toString(16)}` })
  expect((await ask('/things', { from: '2001:db8:1:2:ffff::1' })).status).toBe(429)
  expect((await ask('/things', { from: '2001:db8:1:3::1' })).status).toBe(401)
})

test('an address that uses many tokens has an allowance of its own', async () => {
  const { ask } = setup()
  const from = '203.0.113.77'
  const tokens = [await givenToken(sql, { perMinute: 700 }), await givenToken(sql, { perMinute: 700 })]
  const statuses = new Map<number, number>()
  for (let call = 0; call < 1402; call++) {
    const { status } = await ask('/things/7', { token: tokens[call % 2]?.text ?? '', from })
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
  }
  expect(Object.fromEntries(statuses)).toEqual({ 200: 1400, 429: 2 })
})

test('the last use of tokens is written together, later than it happened but not earlier', async () => {
  const { state, sql: watchedSql } = watched()
  const uses = createLastUses(watchedSql, silentLog)
  const [one, two] = [await givenToken(sql), await givenToken(sql)]
  const at = new Date(Date.now() - 60_000)
  for (let use = 0; use < 100; use++) uses.note({ id: one.id, at, address: '203.0.113.5' })
  uses.note({ id: two.id, at, address: null })
  await uses.flush()
  expect(state.asked).toBe(1)
  uses.note({ id: one.id, at: new Date(at.getTime() - 60_000), address: '192.0.2.1' })
  await uses.flush()
  const rows = await sql`
    SELECT last_used_at::text AS at, last_address FROM api_tokens WHERE id IN (${one.id}, ${two.id}) ORDER BY id`
  expect(rows.map(({ at: used }) => new Date(used as string).getTime())).toEqual([at.getTime(), at.getTime()])
  expect(rows.map(({ last_address }) => last_address)).toEqual(['203.0.113.5', null])
})

test('who asks a database that has fallen silent is told so before the edge drops the connection', async () => {
  const silent = () => new Promise<never>(() => {})
  const state = { silent: false }
  const tag = (...call: Parameters<typeof sql>) => (state.silent ? silent() : sql(...call))
  const endpoints = probe().endpoints.map((one) => ({ ...one, handle: silent }))
  const { clock, ask } = setup({ endpoints, sql: () => tag as unknown as typeof sql })
  const { text: token } = await givenToken(sql)
  expect((await ask('/things/none', { token })).status).toBe(404)
  state.silent = true
  clock.advance(11_000)
  const startedAt = performance.now()
  const headers = { origin: 'https://page.example' }
  const answers = await Promise.all([ask('/things', { token }), ask('/things', { token: NOBODYS, headers })])
  expect(answers.map(({ status }) => status)).toEqual([503, 503])
  expect(performance.now() - startedAt).toBeLessThan(9_500)
}, 30_000)

test('a database that answers nothing at all is away after five seconds', async () => {
  const silent = () => new Promise<never>(() => {})
  const { ask } = setup({ sql: () => silent as unknown as typeof sql })
  const answer = await ask('/things', { token: NOBODYS })
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
}, 10_000)
