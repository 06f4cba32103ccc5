import { expect, test } from 'bun:test'
import { changeAccess } from '#src/auth/users.ts'
import { testDatabase } from '#tests/support/database.ts'
import { browserOf } from '#tests/support/sign-in.ts'
import { authDeps, PASSWORD, smallApp, testUser } from './small-app.ts'

const NEW_PASSWORD = 'another nine long words'
const database = await testDatabase()
const deps = authDeps(database)
const app = smallApp(deps)

const signedIn = async (email: string, role: 'admin' | 'member' = 'member') => {
  const user = await testUser(deps, email, role)
  const browser = browserOf(app)
  await browser.signIn(email, PASSWORD)
  await browser.get('/settings')
  return { user, browser }
}

test('language, theme and name are kept and the next page says so once', async () => {
  const { browser } = await signedIn('looks@example.org')
  expect((await browser.post('/settings/profile', { name: '<b>Zoé</b>' })).status).toBe(303)
  const saved = await (await browser.get('/settings')).text()
  expect(saved).toContain('&lt;b&gt;Zoé&lt;/b&gt;')
  expect(saved).toContain('Enregistré.')
  expect(await (await browser.get('/settings')).text()).not.toContain('Enregistré.')
  await browser.post('/settings/appearance', { locale: 'en', theme: 'dark' })
  const dark = await (await browser.get('/settings')).text()
  expect(dark).toContain('<html lang="en" data-theme="dark" data-bs-theme="dark"')
  expect(dark).toContain('Saved.')
})

test('a wrong choice is refused at its field and nothing changes', async () => {
  const { browser } = await signedIn('choice@example.org')
  expect((await browser.post('/settings/appearance', { locale: 'xx', theme: 'dark' })).status).toBe(422)
  expect((await browser.post('/settings/profile', { name: 'x'.repeat(101) })).status).toBe(422)
  const text = await (await browser.get('/settings')).text()
  expect(text).toContain('data-theme="auto"')
})

test('a message planted by somebody else is not shown', async () => {
  const { browser } = await signedIn('planted@example.org')
  await browser.post('/settings/profile', { name: 'x' })
  const [name] = [...browser.cookies.keys()].filter((key) => key.endsWith('_flash'))
  const forged = Buffer.from(JSON.stringify({ kind: 'success', text: 'forged words' })).toString('base64url')
  browser.cookies.set(name ?? '', `${forged}.${browser.cookies.get(name ?? '')?.split('.')[1]}`)
  expect(await (await browser.get('/settings')).text()).not.toContain('forged words')
})

test('a new password needs the current one, ends the other sessions and keeps this one', async () => {
  const { browser } = await signedIn('change@example.org')
  const elsewhere = browserOf(app)
  await elsewhere.signIn('change@example.org', PASSWORD)
  const form = { current: PASSWORD, wanted: NEW_PASSWORD, repeated: NEW_PASSWORD }
  const refused: [Record<string, string>, string][] = [
    [{ current: 'wrong' }, 'current'],
    [{ repeated: 'different words' }, 'repeated'],
    [{ wanted: 'short', repeated: 'short' }, 'wanted'],
    [{ wanted: 'change@example.org', repeated: 'change@example.org' }, 'wanted'],
  ]
  for (const [wrong, field] of refused) {
    const answer = await browser.post('/settings/password', { ...form, ...wrong })
    expect([wrong, answer.status]).toEqual([wrong, 422])
    expect(await answer.text()).toContain(`id="${field}-error"`)
  }
  expect((await elsewhere.get('/private')).status).toBe(200)
  expect((await browser.post('/settings/password', form)).status).toBe(303)
  expect((await browser.get('/private')).status).toBe(200)
  expect((await elsewhere.get('/private')).status).toBe(303)
  expect((await elsewhere.signIn('change@example.org', PASSWORD)).status).toBe(422)
  expect((await elsewhere.signIn('change@example.org', NEW_PASSWORD)).status).toBe(303)
})

test('the current password cannot be guessed from within a session', async () => {
  const { browser } = await signedIn('stolen@example.org')
  const form = { wanted: NEW_PASSWORD, repeated: NEW_PASSWORD }
  for (let count = 0; count < 10; count += 1)
    await browser.post('/settings/password', { ...form, current: 'guess' })
  const right = await browser.post('/settings/password', { ...form, current: PASSWORD })
  expect(right.status).toBe(422)
  expect((await browserOf(app).signIn('stolen@example.org', PASSWORD)).status).toBe(303)
})

test('sessions can be seen and ended, but only one’s own', async () => {
  const { browser } = await signedIn('devices@example.org')
  const other = await signedIn('neighbour@example.org')
  const phone = browserOf(app)
  await phone.get('/login')
  await phone.post(
    '/login',
    { email: 'devices@example.org', password: PASSWORD },
    { 'user-agent': 'Mozilla/5.0 (Android 14) Firefox/140.0' },
  )
  const page = await (await browser.get('/settings')).text()
  expect(page).toContain('Firefox · Android')
  const session = /name="session" value="([0-9a-f]{64})"/.exec(page)?.[1] ?? ''
  await other.browser.post('/settings/sessions/revoke', { session })
  expect((await phone.get('/private')).status).toBe(200)
  await browser.post('/settings/sessions/revoke', { session })
  expect((await phone.get('/private')).status).toBe(303)

  await phone.signIn('devices@example.org', PASSWORD)
  await browser.get('/settings')
  await browser.post('/settings/sessions/revoke-others')
  expect([(await phone.get('/private')).status, (await browser.get('/private')).status]).toEqual([303, 200])
})

test('an administrator adds a user, whose password is shown once', async () => {
  const { browser } = await signedIn('boss@example.org', 'admin')
  await browser.get('/settings/users')
  const answer = await browser.post('/settings/users', {
    email: 'New@Example.org',
    name: 'New',
    role: 'member',
  })
  const password = /user-select-all">([^<]+)</.exec(await answer.text())?.[1] ?? ''
  expect((await browserOf(app).signIn('new@example.org', password)).status).toBe(303)
  expect(await (await browser.get('/settings/users')).text()).not.toContain(password)

  const twice = await browser.post('/settings/users', {
    email: 'new@example.ORG',
    name: 'Again',
    role: 'member',
  })
  expect(twice.status).toBe(422)
  const text = await twice.text()
  expect(text).toContain('value="new@example.ORG"')
  expect(text).toContain('Un compte existe déjà')
  expect((await browser.post('/settings/users', { email: 'nonsense', role: 'member' })).status).toBe(422)
  expect((await browser.post('/settings/users', { email: 'a@example.org', role: 'owner' })).status).toBe(422)
})

test('a reset password ends the sessions; a disabled account is out at once and may come back', async () => {
  const { browser } = await signedIn('boss2@example.org', 'admin')
  const { user, browser: member } = await signedIn('reset@example.org')
  const path = `/settings/users/${user.id}`
  const answer = await browser.post(`${path}/password`)
  const password = /user-select-all">([^<]+)</.exec(await answer.text())?.[1] ?? ''
  expect((await member.get('/private')).status).toBe(303)
  expect((await member.signIn('reset@example.org', password)).status).toBe(303)

  await browser.post(`${path}/disable`)
  expect((await member.get('/private')).status).toBe(303)
  expect((await member.signIn('reset@example.org', password)).status).toBe(422)
  await browser.post(`${path}/enable`)
  expect((await member.signIn('reset@example.org', password)).status).toBe(303)
})

test('members do not reach the users page, nor a role that was taken away', async () => {
  const { browser, user } = await signedIn('plain@example.org')
  expect((await browser.get('/settings/users')).status).toBe(403)
  expect((await browser.post(`/settings/users/${user.id}/role`, { value: 'admin' })).status).toBe(403)
  expect(await (await browser.get('/settings')).text()).not.toContain('/settings/users')
})

test('the last administrator can be neither demoted nor disabled, even by two at once', async () => {
  await database.sql`UPDATE users SET role = 'member'`
  const one = await signedIn('one@example.org', 'admin')
  const path = (id: number, action: string) => `/settings/users/${id}/${action}`
  await one.browser.post(path(one.user.id, 'role'), { value: 'member' })
  expect(await (await one.browser.get('/settings/users')).text()).toContain('dernier administrateur')
  await one.browser.post(path(one.user.id, 'disable'))
  expect((await one.browser.get('/settings/users')).status).toBe(200)

  const two = await testUser(deps, 'two@example.org', 'admin')
  for (let round = 0; round < 10; round += 1) {
    await database.sql`UPDATE users SET role = 'admin' WHERE id IN (${one.user.id}, ${two.id})`
    await Promise.all([one.user.id, two.id].map((id) => changeAccess(deps, id, { role: 'member' })))
    const admins = await database.sql`SELECT id FROM users WHERE role = 'admin' AND disabled_at IS NULL`
    expect(admins).toHaveLength(1)
  }
})

test('an account that does not exist is an answer, not a failure', async () => {
  const { browser } = await signedIn('boss3@example.org', 'admin')
  for (const id of ['0', 'x', '99999999999', '1e3'])
    expect([id, (await browser.post(`/settings/users/${id}/disable`)).status]).toEqual([id, 404])
  expect((await browser.post('/settings/users/999999/disable')).status).toBe(303)
  expect(await (await browser.get('/settings/users')).text()).toContain('n’existe pas')
})
