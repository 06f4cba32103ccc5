import { expect, test } from 'bun:test'
import { ensureFirstAdmin } from '#src/auth/first-admin.ts'
import { testDatabase } from '#tests/support/database.ts'
import { browserOf } from '#tests/support/sign-in.ts'
import { authDeps, PASSWORD, smallApp, testClock, testUser } from './small-app.ts'

const HOUR_MS = 3_600_000
const { db, sql } = await testDatabase()
const empty = async () => void (await sql`TRUNCATE users, one_time_tokens CASCADE`)

const linked = async () => {
  await empty()
  const clock = testClock()
  const deps = authDeps({ db, sql }, { clock })
  const made = await ensureFirstAdmin(deps, { baseUrl: 'http://prospectlab.test/' })
  if (made.kind !== 'setup_link') throw new Error(made.kind)
  const path = made.url.replace('http://prospectlab.test', '')
  return { clock, deps, app: smallApp(deps), path, token: path.split('=')[1] ?? '' }
}
const form = { email: 'first@example.org', name: 'First', password: PASSWORD }

test('ADMIN_EMAIL and ADMIN_PASSWORD make the first administrator, once', async () => {
  await empty()
  const environment = { ADMIN_EMAIL: 'First@Example.org', ADMIN_PASSWORD: PASSWORD }
  const deps = authDeps({ db, sql }, { environment })
  expect(await ensureFirstAdmin(deps, { baseUrl: 'http://x' })).toEqual({
    kind: 'created',
    email: 'first@example.org',
  })
  const later = authDeps(
    { db, sql },
    { environment: { ...environment, ADMIN_PASSWORD: 'some other password' } },
  )
  expect(await ensureFirstAdmin(later, { baseUrl: 'http://x' })).toEqual({ kind: 'exists' })
  expect((await browserOf(smallApp(deps)).signIn('first@example.org', PASSWORD)).status).toBe(303)
})

test('two nodes that start at once make one administrator', async () => {
  await empty()
  const deps = authDeps(
    { db, sql },
    { environment: { ADMIN_EMAIL: 'a@example.org', ADMIN_PASSWORD: PASSWORD } },
  )
  const made = await Promise.all([1, 2, 3].map(() => ensureFirstAdmin(deps, { baseUrl: 'http://x' })))
  expect(made.map(({ kind }) => kind).sort()).toEqual(['created', 'exists', 'exists'])
})

test('the setup link makes an administrator and signs in, once', async () => {
  const { app, path, token } = await linked()
  const browser = browserOf(app)
  expect(await (await browser.get('/login')).text()).toContain('Aucun compte')
  expect((await browser.get(path)).status).toBe(200)
  const made = await browser.post('/setup', { ...form, token })
  expect([made.status, made.headers.get('location')]).toEqual([303, '/'])
  await browser.get('/settings')
  expect((await browser.get('/settings/users')).status).toBe(200)

  const second = browserOf(app)
  expect(await (await second.get(path)).text()).toContain('a déjà un administrateur')
  await second.get('/login')
  expect((await second.post('/setup', { ...form, email: 'second@example.org', token })).status).toBe(200)
  const [count] = await sql`SELECT count(*)::int AS users FROM users`
  expect(count?.users).toBe(1)
})

test('of two who use the link at the same moment one gets the account', async () => {
  const { app, path, token } = await linked()
  const browsers = [browserOf(app), browserOf(app)]
  for (const browser of browsers) await browser.get(path)
  const answers = await Promise.all(
    browsers.map((browser, index) =>
      browser.post('/setup', { ...form, email: `racer${index}@example.org`, token }),
    ),
  )
  expect(answers.map((answer) => answer.status).sort()).toEqual([200, 303])
  const [count] = await sql`SELECT count(*)::int AS users FROM users`
  expect(count?.users).toBe(1)
})

test('without the link, with a wrong one or after a day the page says what to do', async () => {
  const { app, clock, path, token } = await linked()
  const browser = browserOf(app)
  const without = await browser.get('/setup')
  expect(without.status).toBe(200)
  expect(await without.text()).toContain('prospectlab user add')
  expect((await browser.get('/setup?token=wrong')).status).toBe(403)
  expect((await browser.post('/setup', { ...form, token: 'wrong' })).status).toBe(403)
  clock.advance(25 * HOUR_MS)
  expect((await browser.get(path)).status).toBe(403)
  expect((await browser.post('/setup', { ...form, token })).status).toBe(403)
  const [count] = await sql`SELECT count(*)::int AS users FROM users`
  expect(count?.users).toBe(0)
})

test('a form with a mistake is shown again and the link still works', async () => {
  const { app, path, token } = await linked()
  const browser = browserOf(app)
  await browser.get(path)
  const wrong: Record<string, string>[] = [
    { email: 'nonsense' },
    { password: 'short' },
    { name: 'x'.repeat(101) },
  ]
  for (const each of wrong)
    expect((await browser.post('/setup', { ...form, ...each, token })).status).toBe(422)
  expect((await browser.post('/setup', { ...form, token })).status).toBe(303)
})

test('the link is stored only as a hash', async () => {
  const { token } = await linked()
  expect(JSON.stringify(await sql`SELECT * FROM one_time_tokens`)).not.toContain(token)
})

test('with an account there is no setup link', async () => {
  await empty()
  const deps = authDeps({ db, sql })
  await testUser(deps, 'someone@example.org')
  expect(await ensureFirstAdmin(deps, { baseUrl: 'http://x' })).toEqual({ kind: 'exists' })
})
