import { expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { mailAccounts } from '#src/mail/accounts/schema.ts'
import { OFFICE_CALENDAR } from '#src/mail/limits/calendar.ts'
import { countSent } from '#src/mail/limits/count-sent.ts'
import type { Wanted } from '#src/mail/limits/decide.ts'
import { pauseAccount, resumeAccount } from '#src/mail/limits/pause.ts'
import { reserve } from '#src/mail/limits/reserve.ts'
import { mailProviderLimits } from '#src/mail/limits/schema.ts'
import { openDatabase } from '#src/db/open.ts'
import { testDatabase } from '#tests/support/database.ts'
import { newAccount, wants } from './account.ts'

const { db, connection, beforeClose } = await testDatabase()
const NOON = new Date('2026-03-10T11:00:00Z')
const later = (ms: number) => new Date(NOON.getTime() + ms)

const ask = (accountId: number, wanted: Wanted[] | number, at: Date = NOON) =>
  db.transaction((tx) =>
    reserve(
      tx,
      { accountId, calendar: null, wants: typeof wanted === 'number' ? wants(wanted) : wanted },
      at,
    ),
  )

test('an account without limits gets everything at once', async () => {
  const id = await newAccount(db)
  const reserved = await ask(id, 50)
  expect(reserved).toEqual({ granted: wants(50).map((one) => one.id), waitUntil: null, limitedBy: null })
  expect(await ask(id, 0)).toEqual({ granted: [], waitUntil: null, limitedBy: null })
})

test('a full minute tells when to ask again, and then gives what it may', async () => {
  const id = await newAccount(db, { perMinute: 3 })
  const first = await ask(id, 5)
  expect(first.granted).toEqual([1, 2, 3])
  expect(first.limitedBy).toEqual({ kind: 'minute', of: 'account', limit: 3 })
  const wait = first.waitUntil!.getTime() - NOON.getTime()
  expect(wait).toBeGreaterThan(60_000)
  expect(wait).toBeLessThan(62_001)
  expect((await ask(id, 5, new Date(first.waitUntil!.getTime() - 1))).granted).toEqual([])
  expect((await ask(id, 5, first.waitUntil!)).granted).toHaveLength(3)
})

test('what is rolled back was never used', async () => {
  const id = await newAccount(db, { perHour: 10 })
  const rolledBack = db.transaction(async (tx) => {
    const { granted } = await reserve(tx, { accountId: id, calendar: null, wants: wants(10) }, NOON)
    expect(granted).toHaveLength(10)
    throw new Error('the commit failed')
  })
  await expect(rolledBack).rejects.toThrow('the commit failed')
  expect((await ask(id, 20)).granted).toHaveLength(10)
})

test('nodes that ask at the same time never get more together than the limit', async () => {
  const nodes = Array.from({ length: 4 }, () => openDatabase(connection, { max: 3 }))
  for (const node of nodes) beforeClose(node.close)
  const id = await newAccount(db, { perMinute: 70, perDay: 1_000 })
  await db.insert(mailProviderLimits).values({ accountId: id, provider: '*', perMinute: 25 })
  const providers = ['google', 'microsoft', 'ovh', 'orange']
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, call) =>
      nodes[call % nodes.length]!.db.transaction((tx) =>
        reserve(tx, { accountId: id, calendar: null, wants: wants(5, providers[call % 3]) }, NOON),
      ),
    ),
  )
  const granted = answers.reduce((sum, one) => sum + one.granted.length, 0)
  expect(granted).toBe(70)
  for (const provider of [0, 1, 2]) {
    const theirs = answers.filter((_, call) => call % 3 === provider)
    expect(theirs.reduce((sum, one) => sum + one.granted.length, 0)).toBeLessThanOrEqual(25)
  }
})

test('a node whose clock runs behind gets nothing that a window does not allow', async () => {
  const id = await newAccount(db, { perMinute: 3 })
  expect((await ask(id, 2)).granted).toHaveLength(2)
  expect((await ask(id, 2, later(-3_600_000))).granted).toHaveLength(1)
  expect((await ask(id, 2, later(-1_800_000))).granted).toHaveLength(0)
  expect((await ask(id, 2, later(30_000))).granted).toHaveLength(0)
  expect((await ask(id, 9, later(70_000))).granted).toHaveLength(3)
})

test('nodes share the clock of the database; a machine’s own time is only what tells them that it is now', async () => {
  const id = await newAccount(db, { perMinute: 1 })
  const [row] = await db.execute<{ ms: number }>(
    'SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS ms',
  )
  const reserved = await ask(id, 2, new Date())
  expect(reserved.granted).toEqual([1])
  const waits = reserved.waitUntil!.getTime() - row!.ms
  expect(waits).toBeGreaterThan(61_000)
  expect(waits).toBeLessThan(64_000)
  // A clock that is an hour behind, as that of a test may be, is taken at its word, and time does not go back.
  expect((await ask(id, 1, new Date(Date.now() - 3_600_000))).granted).toEqual([])
})

test('between two mails there is the gap, and by chance up to the jitter more', async () => {
  const id = await newAccount(db, { minGapMs: 2_000, gapJitterMs: 1_000 })
  const gaps: number[] = []
  let at = NOON
  for (let mail = 0; mail < 30; mail += 1) {
    const reserved = await ask(id, 2, at)
    expect(reserved.granted).toEqual([1])
    expect(reserved.limitedBy).toEqual({ kind: 'gap', of: 'account' })
    expect((await ask(id, 1, new Date(reserved.waitUntil!.getTime() - 1))).granted).toEqual([])
    gaps.push(reserved.waitUntil!.getTime() - at.getTime())
    at = reserved.waitUntil!
  }
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(2_000)
  expect(Math.max(...gaps)).toBeLessThan(3_000)
  expect(new Set(gaps).size).toBeGreaterThan(5)
})

test('a provider’s limit holds back its own mails only, and `*` stands for each provider without one', async () => {
  const id = await newAccount(db)
  await db.insert(mailProviderLimits).values([
    { accountId: id, provider: '*', perHour: 1 },
    { accountId: id, provider: 'google', perHour: 3 },
  ])
  const mixed: Wanted[] = [
    ...wants(5, 'google'),
    ...['ovh', 'ovh', 'garage-dupont.fr'].map((provider, index) => ({ id: 10 + index, provider })),
  ]
  const reserved = await ask(id, mixed)
  expect(reserved.granted).toEqual([1, 2, 3, 10, 12])
  expect(reserved.limitedBy).toMatchObject({ kind: 'hour', of: 'provider' })
  expect((await ask(id, wants(1, 'ovh'), later(60_000))).granted).toEqual([])
  expect((await ask(id, wants(1, 'ovh'), later(3_700_000))).granted).toEqual([1])
})

test('the warm-up allows a little more on each day of sending, up to the daily limit', async () => {
  const id = await newAccount(db, { perDay: 50, warmupFirstDay: 20, warmupStep: 20, warmupStartedAt: NOON })
  const first = await ask(id, 100)
  expect(first.granted).toHaveLength(20)
  expect(first.limitedBy).toEqual({ kind: 'warmup', of: 'account', limit: 20 })
  const DAY = 86_400_000
  // A day without sending is not a day of warm-up.
  expect((await ask(id, 100, later(2 * DAY))).granted).toHaveLength(40)
  const third = await ask(id, 100, later(3.1 * DAY))
  expect(third.granted).toHaveLength(50)
  expect(third.limitedBy).toEqual({ kind: 'day', of: 'account', limit: 50 })
  await db
    .update(mailAccounts)
    .set({ warmupStartedAt: later(9 * DAY) })
    .where(eq(mailAccounts.id, id))
  expect((await ask(id, 100, later(9 * DAY))).granted).toHaveLength(20)
})

test('mails wait for the calendars of the account and of the campaign', async () => {
  const id = await newAccount(db, { calendar: OFFICE_CALENDAR })
  const night = new Date('2026-04-03T20:00:00Z')
  const reserved = await ask(id, 1, night)
  expect(reserved.granted).toEqual([])
  // Easter Monday is not a working day.
  expect(reserved.waitUntil?.toISOString()).toBe('2026-04-07T07:00:00.000Z')
  expect(reserved.limitedBy).toEqual({ kind: 'calendar', of: 'account' })
  const both = await db.transaction((tx) =>
    reserve(
      tx,
      { accountId: id, calendar: { ...OFFICE_CALENDAR, from: '14:00', days: [4] }, wants: wants(1) },
      NOON,
    ),
  )
  expect(both.waitUntil?.toISOString()).toBe('2026-03-12T13:00:00.000Z')
  expect(both.limitedBy).toEqual({ kind: 'calendar', of: 'campaign' })
})

test('a limit that frees after closing time waits for the next morning', async () => {
  const id = await newAccount(db, { calendar: OFFICE_CALENDAR, perHour: 1 })
  const evening = new Date('2026-03-10T16:30:00Z')
  const reserved = await ask(id, 2, evening)
  expect(reserved.granted).toEqual([1])
  expect(reserved.waitUntil?.toISOString()).toBe('2026-03-11T08:00:00.000Z')
  expect(reserved.limitedBy?.kind).toBe('calendar')
})

test('a paused, inactive, deleted or unknown account gets nothing, and a person must change that', async () => {
  const id = await newAccount(db)
  await pauseAccount(db, id, { reason: 'auth', detail: '535 5.7.8 no' }, NOON)
  const paused = await ask(id, 1)
  expect(paused).toEqual({
    granted: [],
    waitUntil: null,
    limitedBy: { kind: 'paused', of: 'account', reason: 'auth' },
  })
  expect(await db.transaction((tx) => resumeAccount(tx, id, NOON))).toBe(true)
  expect((await ask(id, 1)).granted).toEqual([1])
  for (const values of [{ active: false }, { deletedAt: NOON }]) {
    await db.update(mailAccounts).set(values).where(eq(mailAccounts.id, id))
    expect(await ask(id, 1)).toEqual({
      granted: [],
      waitUntil: null,
      limitedBy: { kind: 'inactive', of: 'account' },
    })
  }
  expect((await ask(2_000_000, 1)).granted).toEqual([])
})

test('a limit of nothing waits for nobody', async () => {
  const id = await newAccount(db, { perDay: 0 })
  expect(await ask(id, 1)).toEqual({
    granted: [],
    waitUntil: null,
    limitedBy: { kind: 'day', of: 'account', limit: 0 },
  })
})

test('a mail sent by hand is never kept back, and leaves a place less to campaigns', async () => {
  const id = await newAccount(db, { perHour: 3 })
  await db.insert(mailProviderLimits).values({ accountId: id, provider: 'google', perHour: 2 })
  await countSent(db, { accountId: id, address: 'someone@Gmail.com' }, NOON)
  expect((await ask(id, wants(3, 'google'))).granted).toHaveLength(1)
  await countSent(db, { accountId: id, address: 'someone@exemple.fr' }, NOON)
  await countSent(db, { accountId: id, address: 'someone@exemple.fr' }, NOON)
  expect((await ask(id, wants(3, 'ovh'))).granted).toHaveLength(0)
  await countSent(db, { accountId: 2_000_000, address: 'someone@exemple.fr' }, NOON)
})
