import { expect, test } from 'bun:test'
import type { Deps } from '#src/deps.ts'
import { openDatabase } from '#src/db/open.ts'
import { checkSecretKey } from '#src/operations/check-secret-key.ts'
import { deriveKeys } from '#src/lib/keys.ts'
import { authDeps, PASSWORD, smallApp, testUser } from '#tests/auth/small-app.ts'
import { emptyDatabase, testDatabase } from '#tests/support/database.ts'
import { browserOf } from '#tests/support/sign-in.ts'

const TOKEN = 'a-long-enough-metrics-token'
const database = await testDatabase()
const deps = authDeps(database, { environment: { METRICS_TOKEN: TOKEN } })
const app = smallApp(deps)
await testUser(deps, 'health@example.org')

/** A database at an address where nobody listens. */
const away = () => openDatabase({ url: 'postgres://nobody@127.0.0.1:1/none' })

test('healthz says ok with a database that is ready', async () => {
  const answer = await browserOf(app).get('/healthz')
  expect([answer.status, await answer.json()]).toMatchObject([200, { status: 'ok', database: 'ok' }])
})

test('healthz says 503 before the tables are there, and soon when the database is away', async () => {
  const fresh = await emptyDatabase()
  const opened = openDatabase(fresh.connection)
  const starting = await browserOf(smallApp(authDeps(opened))).get('/healthz')
  expect([starting.status, await starting.json()]).toMatchObject([503, { status: 'starting' }])
  const page = await browserOf(smallApp(authDeps(opened))).get('/login')
  expect([page.status, await page.text()]).toMatchObject([503, expect.stringContaining('Démarrage en cours')])
  await opened.close()

  const gone = away()
  const browser = browserOf(smallApp(authDeps(gone)))
  const begun = performance.now()
  const answers = await Promise.all(Array.from({ length: 20 }, () => browser.get('/healthz')))
  expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([503]))
  expect(performance.now() - begun).toBeLessThan(5_000)
  await gone.close()
})

test('healthz does not wait for a database that never answers', async () => {
  let asked = 0
  const silent = { execute: () => ((asked += 1), new Promise(() => {})) }
  const browser = browserOf(smallApp({ ...deps, db: silent as unknown as Deps['db'] }))
  const begun = performance.now()
  const answers = await Promise.all([1, 2, 3].map(() => browser.get('/healthz')))
  expect(answers.map((answer) => answer.status)).toEqual([503, 503, 503])
  expect(performance.now() - begun).toBeLessThan(5_000)
  expect(asked).toBe(1)
})

test('pages say that the database is away, the sign-in form included, as JSON under /api', async () => {
  const gone = away()
  const browser = browserOf(smallApp(authDeps(gone)))
  browser.cookies.set(`prospectlab_${deps.keys.installation}_session`, 'some-session')
  const page = await browser.get('/private')
  expect([page.status, page.headers.get('retry-after')]).toEqual([503, '5'])
  expect(await page.text()).toContain('Base de données injoignable')
  const api = await browser.get('/api/things')
  expect([api.status, await api.json()]).toMatchObject([503, { error: 'database_down' }])
  await gone.close()
})

test('metrics need the token or a session', async () => {
  const browser = browserOf(app)
  expect((await browser.get('/metrics')).status).toBe(401)
  expect((await browser.get('/metrics', { authorization: 'Bearer wrong' })).status).toBe(401)
  const answer = await browser.get('/metrics', { authorization: `Bearer ${TOKEN}` })
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    200,
    'text/plain; version=0.0.4; charset=utf-8',
  ])
  const text = await answer.text()
  expect(text).toContain('\nprospectlab_database_up 1\n')
  for (const line of text.trimEnd().split('\n'))
    expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{[^}]*\})? [\d.e+-]+)$/)
  await browser.signIn('health@example.org', PASSWORD)
  expect((await browser.get('/metrics')).status).toBe(200)
})

test('without METRICS_TOKEN an empty or made-up token opens nothing', async () => {
  const closed = smallApp(authDeps(database))
  for (const authorization of ['Bearer', 'Bearer ', 'Bearer undefined', ''])
    expect((await browserOf(closed).get('/metrics', { authorization })).status).toBe(401)
})

test('metrics are not for outside, token or not', async () => {
  const open = smallApp(
    authDeps(database, { environment: { METRICS_TOKEN: TOKEN, RESTRICT_TO_LOCAL_NETWORK: 'false' } }),
  )
  const outside = browserOf(open, { address: '203.0.113.5' })
  expect((await outside.get('/metrics', { authorization: `Bearer ${TOKEN}` })).status).toBe(404)
})

test('a node with another SECRET_KEY is refused', async () => {
  await checkSecretKey(deps)
  await checkSecretKey(deps)
  expect(checkSecretKey({ db: deps.db, keys: deriveKeys('quite another secret') })).rejects.toThrow(
    'another SECRET_KEY',
  )
})

test('an unforeseen failure gets a reference that the log has too, and tells nothing else', async () => {
  const lines: string[] = []
  const log = {
    info: () => {},
    warn: () => {},
    error: (text: string, facts?: object) => void lines.push(`${text} ${JSON.stringify(facts)}`),
  }
  const browser = browserOf(smallApp(authDeps(database, { log })))
  await browser.signIn('health@example.org', PASSWORD)
  const answer = await browser.get('/broken?word=personal')
  const text = await answer.text()
  const reference = /<code>([0-9a-f]{10})<\/code>/.exec(text)?.[1]
  expect(answer.status).toBe(500)
  expect(text).not.toContain('unforeseen')
  expect(lines.join()).toContain(reference ?? 'no reference')
  expect(lines.join()).toContain('an unforeseen thing')
  expect(lines.join()).not.toContain('personal')
})

test('a full disk is told as such', async () => {
  const browser = browserOf(app)
  await browser.signIn('health@example.org', PASSWORD)
  const answer = await browser.get('/full')
  expect([answer.status, await answer.text()]).toMatchObject([503, expect.stringContaining('Disque plein')])
})

test('every answer has the security headers, errors included, and none forces https', async () => {
  const browser = browserOf(app)
  for (const path of ['/healthz', '/login', '/private', '/nowhere', '/api/things']) {
    const { headers } = await browser.get(path)
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('content-security-policy')).not.toContain('unsafe')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('same-origin')
    expect(headers.get('strict-transport-security')).toBeNull()
  }
})
