import { expect, test } from 'bun:test'
import { createApp } from '#src/app.ts'
import { listTokens } from '#src/integrations/tokens/queries.ts'
import { authDeps, PASSWORD, testClock, testUser } from '#tests/auth/small-app.ts'
import { testDatabase } from '#tests/support/database.ts'
import { browserOf } from '#tests/support/sign-in.ts'

const database = await testDatabase()
const { db } = database
const clock = testClock()
const deps = authDeps(database, { clock })
const { app } = createApp(deps)
const browser = browserOf(app)
await testUser(deps, 'anne@example.org', 'admin')
await browser.signIn('anne@example.org', PASSWORD)

const shownToken = (html: string): string => />(pl_[A-Za-z0-9]{32})</.exec(html)?.[1] ?? ''
const newest = async () => {
  const token = (await listTokens(db)).at(-1)
  if (!token) throw new Error('there is no token')
  return token
}
const statusWith = async (token: string): Promise<number> => {
  const headers = { authorization: `Bearer ${token}` }
  return (await app.request('http://prospectlab.test/api/public/token/info', { headers })).status
}
const create = async (form: Record<string, string>) => {
  await browser.get('/settings/api')
  return browser.post('/settings/api', form)
}

test('a token is made with what was ticked, shown once, and works', async () => {
  const made = await create({
    name: 'App mobile',
    'scope-companies-read': '1',
    'scope-emails-read': '1',
    expires: '2099-01-31',
    networks: '10.0.0.0/8, 127.0.0.1',
    origins: 'https://app.example.fr/',
    per_minute: '30',
  })
  const html = await made.text()
  const text = shownToken(html)
  expect([made.status, text.length]).toEqual([200, 35])
  const token = await newest()
  expect(token).toMatchObject({
    name: 'App mobile',
    scopes: ['companies:read', 'emails:read'],
    allowedNetworks: ['10.0.0.0/8', '127.0.0.1'],
    allowedOrigins: ['https://app.example.fr'],
    requestsPerMinute: 30,
    analysesPerDay: 100,
    createdBy: 'anne@example.org',
    expiresAt: new Date('2099-01-31T23:59:59'),
  })
  const later = await (await browser.get('/settings/api')).text()
  expect(shownToken(later)).toBe('')
  expect(later).toContain(token.preview)
})

test('what is wrong is said at its field, and what was typed stays', async () => {
  const wrong: [Record<string, string>, string][] = [
    [{ 'scope-companies-read': '1' }, 'Donnez-lui un nom'],
    [{ name: 'A' }, 'Cochez au moins un droit'],
    [{ name: 'A', 'scope-companies-read': '1', expires: '2001-01-01' }, 'Cette date est passée'],
    [{ name: 'A', 'scope-companies-read': '1', networks: 'nowhere' }, 'ni une adresse ni un réseau'],
    [{ name: 'A', 'scope-companies-read': '1', origins: 'https://a.fr/path' }, 'une origine comme'],
    [{ name: 'A', 'scope-companies-read': '1', app_url: 'javascript:1' }, 'doit commencer par'],
    [{ name: 'A', 'scope-companies-read': '1', per_minute: '0' }, 'Un nombre entier'],
  ]
  for (const [form, message] of wrong) {
    const answer = await create({ name: '', ...form })
    const html = await answer.text()
    expect([form, answer.status, html.includes(message)]).toEqual([form, 422, true])
    if (form['scope-companies-read']) expect(html).toMatch(/name="scope-companies-read"[^>]*checked/)
  }
})

test('a replaced token and the new one both work until the time is over', async () => {
  const old = shownToken(await (await create({ name: 'Roulant', 'scope-campaigns-read': '1' })).text())
  const before = await newest()
  const rotated = await browser.post(`/settings/api/${before.id}/rotate`, { overlap: '1' })
  const text = shownToken(await rotated.text())
  expect([rotated.status, text === old]).toEqual([200, false])
  const list = await (await browser.get('/settings/api')).text()
  expect([
    list.includes(`n° ${before.id}, créé`),
    list.includes(`remplace le jeton n° ${before.id}`),
  ]).toEqual([true, true])
  expect(await newest()).toMatchObject({ name: 'Roulant', scopes: ['campaigns:read'], replacesId: before.id })
  expect([await statusWith(old), await statusWith(text)]).toEqual([200, 200])
  clock.advance(3_600_001)
  expect([await statusWith(old), await statusWith(text)]).toEqual([401, 200])
  const again = await browser.post(`/settings/api/${before.id}/rotate`, { overlap: '1' })
  expect(again.status).toBe(303)
})

test('a revoked token is refused, and can then be deleted', async () => {
  const text = shownToken(await (await create({ name: 'Fini', 'scope-campaigns-read': '1' })).text())
  const { id } = await newest()
  expect(await statusWith(text)).toBe(200)
  expect((await browser.post(`/settings/api/${id}/revoke`)).status).toBe(303)
  clock.advance(15_000)
  expect(await statusWith(text)).toBe(401)
  expect(await (await browser.get('/settings/api')).text()).toContain(`/settings/api/${id}/delete`)
  await browser.post(`/settings/api/${id}/delete`)
  expect((await listTokens(db)).map((token) => token.id)).not.toContain(id)
})

test('an old token goes on working with the rights it had, writing only when that is ticked', async () => {
  const import_ = (old_token: string, more: Record<string, string> = {}) =>
    browser.post('/settings/api/import', {
      old_name: 'Ancienne app',
      old_token,
      can_read_entreprises: '1',
      can_delete_entreprises: '1',
      ...more,
    })
  await browser.get('/settings/api')
  const one = 'a1'.repeat(32)
  expect((await import_(one)).status).toBe(303)
  expect(await newest()).toMatchObject({
    name: 'Ancienne app',
    preview: one.slice(0, 10),
    scopes: ['companies:read', 'companies:delete'],
  })
  expect(await statusWith(one)).toBe(200)
  await import_('b2'.repeat(32), { with_writes: '1' })
  expect((await newest()).scopes).toEqual([
    'companies:read',
    'companies:write',
    'companies:delete',
    'audits:write',
  ])
  for (const wrong of [one, 'short', '']) {
    const answer = await import_(wrong)
    const html = await answer.text()
    expect([answer.status, wrong !== '' && html.includes(wrong)]).toEqual([422, false])
  }
})

test('a name is text on the page, whatever it is', async () => {
  await create({ name: '<script>x()</script>', 'scope-companies-read': '1' })
  expect(await (await browser.get('/settings/api')).text()).not.toContain('<script>x()')
})
