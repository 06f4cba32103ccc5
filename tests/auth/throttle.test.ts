import { expect, test } from 'bun:test'
import { reserveAttempt, throttleKeys } from '#src/auth/throttle.ts'
import type { Deps } from '#src/deps.ts'
import { testDatabase } from '#tests/support/database.ts'
import { browserOf } from '#tests/support/sign-in.ts'
import { authDeps, PASSWORD, smallApp, testClock, testUser } from './small-app.ts'

const MINUTE_MS = 60_000
const database = await testDatabase()

const started = async (email: string) => {
  const clock = testClock()
  const deps = authDeps(database, { clock })
  await testUser(deps, email)
  return { clock, deps, app: smallApp(deps) }
}

const fail = async (app: ReturnType<typeof smallApp>, email: string, address: string) =>
  (await browserOf(app, { address }).signIn(email, 'not the password')).status

/** What a wrong password leaves behind, without the work of hashing it. */
const countAsFailed = async (deps: Deps, email: string, address: string) =>
  (await reserveAttempt(deps, throttleKeys(deps.keys, { email, address, device: null }))).kind

test('after five wrong passwords an account waits, the wait grows, is told, and ends', async () => {
  const { app, clock } = await started('slow@example.org')
  for (let count = 0; count < 5; count += 1)
    expect(await fail(app, 'slow@example.org', `10.1.0.${count}`)).toBe(422)
  const refused = await browserOf(app, { address: '10.1.0.9' }).signIn('slow@example.org', PASSWORD)
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '10'])
  expect(await refused.text()).toContain('10 secondes')

  clock.advance(10_000)
  expect(await fail(app, 'slow@example.org', '10.1.0.10')).toBe(422)
  const longer = await browserOf(app, { address: '10.1.0.11' }).signIn('slow@example.org', PASSWORD)
  expect(longer.headers.get('retry-after')).toBe('20')
  clock.advance(20_000)
  const right = await browserOf(app, { address: '10.1.0.12' }).signIn('slow@example.org', PASSWORD)
  expect(right.status).toBe(303)
})

test('attempts made while waiting do not prolong the wait, which never exceeds a quarter of an hour', async () => {
  const { app, clock, deps } = await started('bounded@example.org')
  for (let count = 0; count < 30; count += 1) {
    expect(await countAsFailed(deps, 'bounded@example.org', `10.2.1.${count}`)).toBe('allowed')
    clock.advance(15 * MINUTE_MS)
  }
  await countAsFailed(deps, 'bounded@example.org', '10.2.2.1')
  clock.advance(14 * MINUTE_MS)
  for (let count = 0; count < 5; count += 1)
    expect(await fail(app, 'bounded@example.org', '10.2.2.2')).toBe(429)
  clock.advance(MINUTE_MS)
  const right = await browserOf(app, { address: '10.2.2.3' }).signIn('bounded@example.org', PASSWORD)
  expect(right.status).toBe(303)
})

test('nobody can keep an owner out of a browser that has signed in before', async () => {
  const { app, deps } = await started('owner@example.org')
  const owner = browserOf(app, { address: '10.3.0.1' })
  await owner.signIn('owner@example.org', PASSWORD)
  await owner.get('/settings')
  await owner.post('/logout')
  for (let count = 0; count < 25; count += 1)
    await countAsFailed(deps, count < 5 ? 'owner@example.org' : `other${count}@example.org`, '10.3.0.1')
  expect(await fail(app, 'anyone@example.org', '10.3.0.1')).toBe(429)
  expect(await fail(app, 'owner@example.org', '10.3.0.2')).toBe(429)
  expect((await owner.signIn('owner@example.org', PASSWORD)).status).toBe(303)
})

test('a browser’s mark counts for its own account only, and has a limit too', async () => {
  const { app, deps } = await started('marked@example.org')
  await testUser(deps, 'victim@example.org')
  const thief = browserOf(app, { address: '10.4.0.1' })
  await thief.signIn('marked@example.org', PASSWORD)
  const tries = async (email: string, times: number) => {
    const statuses = []
    for (let count = 0; count < times; count += 1) {
      for (const name of thief.cookies.keys()) if (name.endsWith('_session')) thief.cookies.delete(name)
      statuses.push((await thief.signIn(email, 'not the password')).status)
    }
    return statuses
  }
  expect((await tries('victim@example.org', 6)).at(-1)).toBe(429)
  expect((await tries('marked@example.org', 11)).at(-1)).toBe(429)
})

test('one address that tries many accounts waits; its neighbours in the same IPv6 /64 count as one', async () => {
  const { app, deps } = await started('crowd@example.org')
  for (let count = 0; count < 20; count += 1)
    expect(await countAsFailed(deps, `many${count}@example.org`, `fd00:1::${count + 1}`)).toBe('allowed')
  expect(await fail(app, 'one-more@example.org', 'fd00:1::ffff')).toBe(429)
  expect(await fail(app, 'other@example.org', 'fd00:1:0:1::1')).toBe(422)
})

test('many attempts at the same moment do not slip through together', async () => {
  const { app } = await started('burst@example.org')
  const browsers = await Promise.all(
    Array.from({ length: 15 }, async (_, index) => {
      const browser = browserOf(app, { address: `10.5.0.${index}` })
      await browser.get('/login')
      return browser
    }),
  )
  const answers = await Promise.all(
    browsers.map((browser) => browser.post('/login', { email: 'burst@example.org', password: 'wrong' })),
  )
  expect(answers.filter((answer) => answer.status === 422)).toHaveLength(5)
  expect(answers.filter((answer) => answer.status === 429)).toHaveLength(10)
})

test('failures survive a restart and do not store who or from where', async () => {
  const { app, deps } = await started('restart@example.org')
  for (let count = 0; count < 5; count += 1) await fail(app, 'restart@example.org', `10.6.0.${count}`)
  expect(await fail(smallApp(deps), 'restart@example.org', '10.6.0.9')).toBe(429)
  const stored = JSON.stringify(await database.sql`SELECT key FROM login_failures`)
  expect(stored).not.toContain('example.org')
  expect(stored).not.toContain('10.6.0')
})

test('two people who sign in at the same moment from one office do not make each other wait', async () => {
  const { app, deps, clock } = await started('left@example.org')
  await testUser(deps, 'right@example.org')
  const ahead = authDeps(database, { clock: { now: () => new Date(clock.now().getTime() + 800) } })
  expect(await countAsFailed(ahead, 'left@example.org', '10.9.0.1')).toBe('allowed')
  expect((await browserOf(app, { address: '10.9.0.1' }).signIn('right@example.org', PASSWORD)).status).toBe(
    303,
  )
})
