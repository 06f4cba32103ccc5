import { expect, test } from 'bun:test'
import { browserOf } from '#tests/support/sign-in.ts'
import { testDatabase } from '#tests/support/database.ts'
import { authDeps, PASSWORD, smallApp, testClock, testUser } from './small-app.ts'

const DAY_MS = 24 * 3_600_000
const database = await testDatabase()

const started = async (email: string, options: Parameters<typeof authDeps>[1] = {}) => {
  const clock = testClock()
  const deps = authDeps(database, { clock, ...options })
  const app = smallApp(deps)
  await testUser(deps, email)
  return { app, deps, clock, browser: browserOf(app) }
}

test('the right password opens a session, and the page asked for is reached', async () => {
  const { browser } = await started('right@example.org')
  const refused = await browser.get('/private?tab=2')
  expect([refused.status, refused.headers.get('location')]).toEqual([303, '/login?next=%2Fprivate%3Ftab%3D2'])
  const page = await browser.get('/login?next=%2Fprivate%3Ftab%3D2')
  expect(await page.text()).toContain('name="next" value="/private?tab=2"')
  const answer = await browser.post('/login', {
    email: ' Right@Example.org',
    password: PASSWORD,
    next: '/private?tab=2',
  })
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/private?tab=2'])
  expect(await (await browser.get('/private')).text()).toBe('hello right@example.org')
})

test('wrong password, unknown account and disabled account get the same answer', async () => {
  const { app, deps } = await started('same@example.org')
  const gone = await testUser(deps, 'gone@example.org')
  await database.sql`UPDATE users SET disabled_at = now() WHERE id = ${gone.id}`
  const answers = []
  for (const [email, password] of [
    ['same@example.org', 'wrong-password'],
    ['nobody@example.org', PASSWORD],
    ['gone@example.org', PASSWORD],
  ] as const) {
    const browser = browserOf(app, { address: '10.9.9.9' })
    const answer = await browser.signIn(email, password)
    const text = (await answer.text()).replaceAll(email, 'E').replace(/name="csrf" value="[^"]+"/g, '')
    answers.push({ status: answer.status, text, cookies: [...browser.cookies.keys()] })
  }
  expect(answers[0]?.status).toBe(422)
  expect(answers[1]).toEqual(answers[0]!)
  expect(answers[2]).toEqual(answers[0]!)
})

test('after refusals the form keeps the address and never the password', async () => {
  const { browser } = await started('keeps@example.org')
  const text = await (await browser.signIn('keeps@example.org', 'a-wrong-secret')).text()
  expect(text).toStartWith('<!DOCTYPE html><html ')
  expect(text).toContain('value="keeps@example.org"')
  expect(text).not.toContain('a-wrong-secret')
})

test('a session cookie is stored hashed, is HttpOnly and Lax, and changes at each sign-in', async () => {
  const { browser } = await started('cookie@example.org')
  const first = await browser.signIn('cookie@example.org', PASSWORD)
  const line = first.headers.getSetCookie().find((text) => text.includes('_session='))
  expect(line).toContain('HttpOnly')
  expect(line).toContain('SameSite=Lax')
  expect(line).not.toContain('Secure')
  const [name, value] = [...browser.cookies].find(([key]) => key.endsWith('_session'))!
  const stored = await database.sql`SELECT id_hash FROM sessions WHERE id_hash = ${value}`
  expect(stored).toHaveLength(0)

  await browser.get('/settings')
  await browser.post('/login', { email: 'cookie@example.org', password: PASSWORD })
  expect(browser.cookies.get(name)).not.toBe(value)
  browser.cookies.set(name, value)
  expect((await browser.get('/private')).status).toBe(303)
})

test('behind a trusted proxy that speaks https the cookie is __Host- and Secure', async () => {
  const { app } = await started('https@example.org', { environment: { TRUSTED_PROXIES: '10.0.0.1' } })
  const browser = browserOf(app, { address: '10.0.0.1' })
  const proxied = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '192.168.1.7' }
  await browser.get('/login', proxied)
  const form = { email: 'https@example.org', password: PASSWORD }
  const plainOrigin = await browser.post('/login', form, proxied)
  expect(plainOrigin.status).toBe(403)
  const answer = await browser.post('/login', form, { ...proxied, origin: 'https://prospectlab.test' })
  expect(answer.status).toBe(303)
  const line = answer.headers.getSetCookie().find((text) => text.includes('_session='))
  expect(line).toMatch(/^__Host-.*; Path=\/; .*Secure/)
})

test('a session ends after seven idle days and, however busy, after thirty', async () => {
  const { browser, clock } = await started('expiry@example.org')
  await browser.signIn('expiry@example.org', PASSWORD)
  clock.advance(6.9 * DAY_MS)
  expect((await browser.get('/private')).status).toBe(200)
  clock.advance(7.1 * DAY_MS)
  expect((await browser.get('/private')).status).toBe(303)

  await browser.signIn('expiry@example.org', PASSWORD)
  for (let day = 0; day < 29; day += 1) {
    clock.advance(DAY_MS)
    expect((await browser.get('/private')).status).toBe(200)
  }
  clock.advance(1.01 * DAY_MS)
  expect((await browser.get('/private')).status).toBe(303)
})

test('the time of last use is written at most once a minute', async () => {
  const { browser, clock } = await started('seen@example.org')
  await browser.signIn('seen@example.org', PASSWORD)
  const seen = async () =>
    (
      await database.sql<{ ms: number }[]>`
        SELECT round(extract(epoch FROM last_seen_at) * 1000)::float8 AS ms
        FROM sessions JOIN users ON users.id = user_id WHERE email = 'seen@example.org'`
    )[0]?.ms ?? 0
  const first = await seen()
  clock.advance(59_000)
  await browser.get('/private')
  expect(await seen()).toBe(first)
  clock.advance(1_000)
  await browser.get('/private')
  expect(await seen()).toBe(first + 60_000)
})

test('signing out ends the session for good', async () => {
  const { browser } = await started('leaves@example.org')
  await browser.signIn('leaves@example.org', PASSWORD)
  const cookies = new Map(browser.cookies)
  await browser.get('/settings')
  const out = await browser.post('/logout')
  expect([out.status, out.headers.get('location')]).toEqual([303, '/login'])
  for (const [name, value] of cookies) browser.cookies.set(name, value)
  expect((await browser.get('/private')).status).toBe(303)
})

test('next never leads to another site', async () => {
  const { browser } = await started('next@example.org')
  for (const next of [
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    '/\t/evil.example',
    '/.//evil.example',
    'javascript:alert(1)',
    '\\\\evil.example',
    '/%0a/../..//evil.example',
  ]) {
    await browser.get('/login')
    const answer = await browser.post('/login', { email: 'next@example.org', password: PASSWORD, next })
    const location = answer.headers.get('location') ?? ''
    expect([next, answer.status, new URL(location, 'http://prospectlab.test').host]).toEqual([
      next,
      303,
      'prospectlab.test',
    ])
    expect(location).toMatch(/^\/(?!\/)/)
    browser.cookies.clear()
  }
})

test('the language follows the browser, then the choice made on the sign-in page', async () => {
  const { browser } = await started('langue@example.org')
  expect(await (await browser.get('/login')).text()).toContain('Se connecter')
  expect(
    await (await browser.get('/login', { 'accept-language': 'de, en;q=0.8, fr;q=0.5' })).text(),
  ).toContain('Sign in')
  expect(await (await browser.get('/login', { 'accept-language': 'de' })).text()).toContain('<html lang="fr"')
  const chosen = await browser.post('/language', { locale: 'en', next: '/companies' })
  expect(chosen.headers.get('location')).toBe('/login?next=%2Fcompanies')
  expect(await (await browser.get('/login', { 'accept-language': 'fr' })).text()).toContain('<html lang="en"')
})
