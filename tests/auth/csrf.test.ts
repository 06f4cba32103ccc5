import { expect, test } from 'bun:test'
import { testDatabase } from '#tests/support/database.ts'
import { browserOf, TEST_HOST } from '#tests/support/sign-in.ts'
import { authDeps, PASSWORD, smallApp, testUser } from './small-app.ts'

const database = await testDatabase()
const deps = authDeps(database)
const app = smallApp(deps)
await testUser(deps, 'csrf@example.org')

const signedIn = async () => {
  const browser = browserOf(app)
  await browser.signIn('csrf@example.org', PASSWORD)
  await browser.get('/settings')
  return browser
}

test('a form of ours changes something, with or without the headers of newer browsers', async () => {
  const browser = await signedIn()
  const sent: Record<string, string>[] = [
    {},
    { 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'none' },
    { origin: `https://${TEST_HOST}` },
  ]
  for (const headers of sent)
    expect((await browser.post('/private', { word: 'x' }, headers)).status).toBe(200)
  const bare = { form: { csrf: browser.token(), word: 'x' } }
  expect(await (await browser.request('/private', bare)).text()).toBe('changed x')
})

test('another site changes nothing, even with a token', async () => {
  const browser = await signedIn()
  const sent: Record<string, string>[] = [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://evil.example' },
    { origin: `http://${TEST_HOST}:8080` },
    { origin: `http://${TEST_HOST}.evil.example` },
    { origin: 'null' },
    { origin: '' },
  ]
  for (const headers of sent)
    expect([headers, (await browser.post('/private', {}, headers)).status]).toEqual([headers, 403])
})

test('without a token of this session nothing is changed', async () => {
  const browser = await signedIn()
  const other = await signedIn()
  for (const csrf of ['', 'x', '.', other.token(), `${browser.token()}x`])
    expect([csrf, (await browser.post('/private', { csrf })).status]).toEqual([csrf, 403])
  const json = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }
  expect((await browser.request('/api/things', json)).status).toBe(403)
  const headers = { ...json.headers, 'x-csrf-token': browser.token() }
  expect((await browser.request('/api/things', { ...json, headers })).status).toBe(201)
  const plain = { 'content-type': 'text/plain' }
  expect(
    (await browser.request('/private', { method: 'POST', body: `csrf=${browser.token()}`, headers: plain }))
      .status,
  ).toBe(403)
})

test('the token also counts from a multipart form, which the handler can still read', async () => {
  const browser = await signedIn()
  const body = new FormData()
  body.set('csrf', browser.token())
  body.set('word', 'file')
  expect(await (await browser.request('/private', { method: 'POST', body })).text()).toBe('changed file')
})

test('the sign-in form is protected too', async () => {
  const credentials = { email: 'csrf@example.org', password: PASSWORD }
  const browser = browserOf(app)
  expect((await browser.request('/login', { form: credentials })).status).toBe(403)
  await browser.get('/login')
  const stranger = browserOf(app)
  await stranger.get('/login')
  expect((await stranger.post('/login', { ...credentials, csrf: browser.token() })).status).toBe(403)
  expect((await stranger.post('/login', credentials)).status).toBe(303)
})

test('a sign-in form left open in another tab still works after signing in', async () => {
  const browser = browserOf(app)
  await browser.get('/login')
  const stale = browser.token()
  await browser.post('/login', { email: 'csrf@example.org', password: PASSWORD })
  const again = await browser.post('/login', { email: 'csrf@example.org', password: PASSWORD, csrf: stale })
  expect(again.status).toBe(303)
  expect((await browser.post('/private', { csrf: stale })).status).toBe(403)
})

test('a form sent after the session has ended leads to the sign-in page and changes nothing', async () => {
  const browser = await signedIn()
  await database.sql`DELETE FROM sessions`
  const answer = await browser.post('/private', {}, { referer: `http://${TEST_HOST}/private?x=1` })
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/login?next=%2Fprivate%3Fx%3D1'])
  const htmx = await browser.post(
    '/private',
    {},
    { 'hx-request': 'true', 'hx-current-url': `http://${TEST_HOST}/private` },
  )
  expect([htmx.status, htmx.headers.get('hx-redirect')]).toEqual([401, '/login?next=%2Fprivate'])
  const api = await browser.request('/api/things', { method: 'POST', body: '{}' })
  expect([api.status, await api.json()]).toEqual([
    401,
    { error: 'unauthenticated', message: 'Sign in first.' },
  ])
})

test('a stranger cannot send more than a form’s worth', async () => {
  const browser = browserOf(app)
  await browser.get('/login')
  expect((await browser.post('/login', { email: 'a'.repeat(70_000) })).status).toBe(413)
})
