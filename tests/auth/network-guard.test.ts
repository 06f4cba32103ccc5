import { expect, test } from 'bun:test'
import { testDatabase } from '#tests/support/database.ts'
import { browserOf } from '#tests/support/sign-in.ts'
import { authDeps, PASSWORD, smallApp, testUser } from './small-app.ts'

const database = await testDatabase()

test('from outside every private page is refused with an explanation, and health stays open', async () => {
  const app = smallApp(authDeps(database))
  await testUser(authDeps(database), 'outside@example.org')
  const outside = browserOf(app, { address: '203.0.113.5' })
  for (const path of ['/', '/login', '/setup', '/private', '/settings', '/api/things', '/nowhere'])
    expect([path, (await outside.get(path)).status]).toEqual([path, 403])
  expect(await (await outside.get('/login')).text()).toContain('Réservé au réseau local')
  expect((await outside.get('/metrics')).status).toBe(404)
  expect((await outside.get('/healthz')).status).toBe(200)
  expect((await outside.signIn('outside@example.org', PASSWORD)).status).toBe(403)
})

test('a request whose origin cannot be told is refused', async () => {
  const app = smallApp(authDeps(database))
  expect((await app.request('/login')).status).toBe(403)
  expect((await app.request('/login', {}, { server: { requestIP: () => null } })).status).toBe(403)
  const throws = () => {
    throw new Error('no socket')
  }
  expect((await app.request('/login', {}, { server: { requestIP: throws } })).status).toBe(403)
})

test('an undeclared proxy is named in the log, once', async () => {
  const lines: string[] = []
  const log = {
    info: () => {},
    error: () => {},
    warn: (text: string, facts?: object) => void lines.push(`${text} ${JSON.stringify(facts)}`),
  }
  const app = smallApp(authDeps(database, { log }))
  const proxy = browserOf(app, { address: '192.168.1.2' })
  for (let count = 0; count < 3; count += 1)
    expect((await proxy.get('/login', { 'x-forwarded-for': '203.0.113.5' })).status).toBe(403)
  expect((await proxy.get('/login')).status).toBe(200)
  expect(lines).toHaveLength(1)
  expect(lines[0]).toContain('TRUSTED_PROXIES')
  expect(lines[0]).toContain('192.168.1.2')
  expect(lines[0]).not.toContain('203.0.113.5')
})

test('without the restriction everyone may reach the sign-in page', async () => {
  const app = smallApp(authDeps(database, { environment: { RESTRICT_TO_LOCAL_NETWORK: 'false' } }))
  expect((await browserOf(app, { address: '203.0.113.5' }).get('/login')).status).toBe(200)
})
