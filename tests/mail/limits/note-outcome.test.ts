import { expect, test } from 'bun:test'
import { eq, inArray } from 'drizzle-orm'
import { mailAccounts } from '#src/mail/accounts/schema.ts'
import { noteOutcome, noteOutcomes, type Outcome } from '#src/mail/limits/note-outcome.ts'
import { resumeAccount } from '#src/mail/limits/pause.ts'
import { reserve } from '#src/mail/limits/reserve.ts'
import { mailBreakers, mailHealth } from '#src/mail/limits/schema.ts'
import { testDatabase } from '#tests/support/database.ts'
import { newAccount, wants } from './account.ts'

const { db } = await testDatabase()
const NOON = new Date('2026-03-10T11:00:00Z')
const MINUTE = 60_000
const later = (ms: number) => new Date(NOON.getTime() + ms)

type Kind = Outcome['outcome']

const note = (
  accountId: number,
  kinds: Kind[],
  at = NOON,
  provider = 'google',
  more: Partial<Outcome> = {},
) =>
  db.transaction((tx) =>
    noteOutcomes(
      tx,
      kinds.map((outcome) => ({ accountId, provider, outcome, ...more })),
      at,
    ),
  )
const ask = (accountId: number, at: Date, provider = 'google', count = 3) =>
  db.transaction((tx) => reserve(tx, { accountId, calendar: null, wants: wants(count, provider) }, at))
const times = (count: number, outcome: Kind): Kind[] => Array.from({ length: count }, () => outcome)
const pauseOf = async (id: number) => {
  const [row] = await db.select().from(mailAccounts).where(eq(mailAccounts.id, id))
  return { at: row?.pausedAt ?? null, reason: row?.pauseReason ?? null, detail: row?.pauseDetail ?? null }
}
const NOT_PAUSED = { at: null, reason: null, detail: null }

test('after five failures in a row nothing goes to that provider for five minutes; others go on', async () => {
  const id = await newAccount(db)
  await note(id, times(2, 'sent'), NOON, 'ovh')
  await note(id, [...times(4, 'busy'), 'sent', ...times(4, 'busy')])
  expect((await ask(id, NOON)).granted).toHaveLength(3)
  await note(id, ['busy'])
  const shut = await ask(id, later(1_000))
  expect(shut.granted).toEqual([])
  expect(shut.waitUntil).toEqual(later(5 * MINUTE))
  expect(shut.limitedBy).toEqual({ kind: 'breaker', of: 'provider', provider: 'google', reason: 'busy' })
  expect((await ask(id, later(1_000), 'ovh')).granted).toHaveLength(3)
})

test('then a single mail tries; a failure doubles the wait, a success lets everything through', async () => {
  const id = await newAccount(db)
  for (let failure = 0; failure < 5; failure += 1) await note(id, ['busy'])
  await note(id, ['sent'], NOON, 'ovh')
  const trial = await ask(id, later(5 * MINUTE))
  expect(trial.granted).toEqual([1])
  expect((await ask(id, later(5 * MINUTE + 1))).granted).toEqual([])
  await note(id, ['busy'], later(5 * MINUTE + 2_000))
  await note(id, ['sent'], NOON, 'ovh')
  const again = await ask(id, later(6 * MINUTE))
  expect(again.waitUntil).toEqual(later(15 * MINUTE + 2_000))
  expect((await ask(id, later(16 * MINUTE))).granted).toEqual([1])
  await note(id, ['sent'], later(16 * MINUTE))
  expect((await ask(id, later(16 * MINUTE))).granted).toHaveLength(3)
})

test('a trial that nobody came back from is followed by another one', async () => {
  const id = await newAccount(db)
  await note(id, times(5, 'busy'))
  expect((await ask(id, later(6 * MINUTE))).granted).toEqual([1])
  expect((await ask(id, later(7 * MINUTE))).granted).toEqual([])
  expect((await ask(id, later(9 * MINUTE))).granted).toEqual([1])
})

test('mails that were on their way when a breaker opened do not make it longer', async () => {
  const id = await newAccount(db)
  await note(id, times(5, 'busy'))
  await note(id, times(7, 'busy'), later(20_000))
  await note(id, ['sent'], later(20_000), 'ovh')
  expect((await ask(id, later(MINUTE))).waitUntil).toEqual(later(5 * MINUTE))
})

test('a server that does not answer stops the account for every provider', async () => {
  const id = await newAccount(db)
  for (const provider of ['google', 'ovh', 'free', 'orange', 'laposte'])
    await note(id, ['unreachable'], NOON, provider)
  const shut = await ask(id, later(1_000), 'sfr')
  expect(shut.granted).toEqual([])
  expect(shut.limitedBy).toEqual({ kind: 'breaker', of: 'account', reason: 'unreachable' })
  expect((await ask(id, later(5 * MINUTE), 'sfr')).granted).toEqual([1])
  await note(id, ['sent'], later(5 * MINUTE), 'sfr')
  expect((await ask(id, later(5 * MINUTE), 'sfr')).granted).toHaveLength(3)
})

test('mails put off by one provider say nothing of the account’s server; put off by all, they do', async () => {
  const id = await newAccount(db)
  await note(id, times(9, 'busy'), NOON, 'orange')
  expect((await ask(id, NOON, 'sfr')).granted).toHaveLength(3)
  for (const provider of ['google', 'ovh', 'google']) await note(id, ['busy'], NOON, provider)
  expect((await ask(id, NOON, 'sfr')).granted).toHaveLength(3)
  await note(id, ['busy'], NOON, 'ovh')
  expect((await ask(id, NOON, 'sfr')).limitedBy).toEqual({ kind: 'breaker', of: 'account', reason: 'busy' })
})

test('when much of what a provider was sent comes back, it rests for an hour', async () => {
  const id = await newAccount(db)
  await note(id, times(400, 'sent'), NOON, 'ovh')
  await note(id, times(30, 'sent'), NOON, 'orange')
  await note(id, times(9, 'bounced'), NOON, 'orange')
  expect((await ask(id, NOON, 'orange')).granted).toHaveLength(3)
  await note(id, ['bounced', 'sent'], NOON, 'orange')
  const shut = await ask(id, later(MINUTE), 'orange')
  expect(shut.limitedBy).toMatchObject({ kind: 'breaker', provider: 'orange', reason: 'bounces' })
  expect((await ask(id, later(61 * MINUTE), 'orange')).granted).toHaveLength(3)
  expect(await pauseOf(id)).toEqual(NOT_PAUSED)
})

test('more than 5 % of bounces after fifty mails pauses the account, with the numbers', async () => {
  const id = await newAccount(db)
  await note(id, times(46, 'sent'))
  await note(id, times(3, 'refused'), NOON, 'a.fr')
  expect(await pauseOf(id)).toEqual(NOT_PAUSED)
  expect(await note(id, ['sent'])).toEqual({ paused: [] })
  const noted = await note(id, ['bounced'])
  expect(noted).toEqual({ paused: [{ accountId: id, reason: 'bounces', detail: '4/50' }] })
  expect(await pauseOf(id)).toEqual({ at: NOON, reason: 'bounces', detail: '4/50' })
  expect((await ask(id, NOON)).limitedBy).toEqual({ kind: 'paused', of: 'account', reason: 'bounces' })
})

test('exactly 5 % is not too much, and yesterday’s week counts, older ones do not', async () => {
  const id = await newAccount(db)
  await note(id, [...times(95, 'sent'), ...times(5, 'refused')])
  expect(await pauseOf(id)).toEqual(NOT_PAUSED)
  await note(id, ['bounced'], later(7 * 86_400_000))
  expect(await pauseOf(id)).toEqual(NOT_PAUSED)
  await note(id, ['bounced'], later(6 * 86_400_000))
  expect(await pauseOf(id)).toMatchObject({ reason: 'bounces' })
})

test('after a pause the count begins anew, and bounces of mails sent before are not held against it again', async () => {
  const id = await newAccount(db)
  await note(id, [...times(60, 'sent'), ...times(6, 'bounced')])
  expect(await pauseOf(id)).toMatchObject({ reason: 'bounces' })
  await db.transaction((tx) => resumeAccount(tx, id, later(MINUTE)))
  expect(await pauseOf(id)).toEqual(NOT_PAUSED)
  await note(id, times(60, 'sent'), later(2 * MINUTE))
  await note(id, times(6, 'bounced'), later(3 * MINUTE), 'google', { sentAt: later(-MINUTE) })
  expect(await pauseOf(id)).toEqual(NOT_PAUSED)
  await note(id, times(4, 'bounced'), later(3 * MINUTE), 'google', { sentAt: later(2 * MINUTE) })
  expect(await pauseOf(id)).toMatchObject({ detail: '4/60' })
})

test('more than three complaints pause the account, or two of few hundred mails', async () => {
  const many = await newAccount(db)
  await note(many, times(2_000, 'sent'))
  await note(many, times(3, 'complained'))
  expect(await pauseOf(many)).toEqual(NOT_PAUSED)
  await note(many, ['complained'])
  expect(await pauseOf(many)).toMatchObject({ reason: 'complaints', detail: '4/2000' })
  const few = await newAccount(db)
  await note(few, times(400, 'sent'))
  await note(few, ['complained'])
  expect(await pauseOf(few)).toEqual(NOT_PAUSED)
  await note(few, ['complained'])
  expect(await pauseOf(few)).toMatchObject({ reason: 'complaints', detail: '2/400' })
})

test('a refused login pauses the account at once with what the server said, the first reason stays', async () => {
  const id = await newAccount(db)
  const noted = await noteOutcome(
    db,
    { accountId: id, provider: 'google', outcome: 'auth', reply: '535 5.7.8 Bad credentials' },
    NOON,
  )
  expect(noted.paused).toHaveLength(1)
  expect(await pauseOf(id)).toEqual({ at: NOON, reason: 'auth', detail: '535 5.7.8 Bad credentials' })
  expect(await note(id, [...times(60, 'sent'), ...times(20, 'bounced')])).toEqual({ paused: [] })
  expect(await pauseOf(id)).toMatchObject({ reason: 'auth' })
})

test('nodes that note at the same time lose no count and do not stop one another', async () => {
  const ids = [await newAccount(db), await newAccount(db)]
  const batch = (seed: number): Outcome[] =>
    Array.from({ length: 24 }, (_, index) => ({
      accountId: ids[(index + seed) % 2]!,
      provider: `p${(index * 5 + seed) % 12}`,
      outcome: index === 5 ? 'bounced' : 'sent',
    }))
  await Promise.all(
    Array.from({ length: 12 }, (_, seed) => db.transaction((tx) => noteOutcomes(tx, batch(seed), NOON))),
  )
  const health = await db.select().from(mailHealth).where(inArray(mailHealth.accountId, ids))
  expect(health.reduce((sum, { sent }) => sum + sent, 0)).toBe(12 * 23)
  expect(health.reduce((sum, { bounced }) => sum + bounced, 0)).toBe(12)
  const breakers = await db.select().from(mailBreakers).where(inArray(mailBreakers.accountId, ids))
  expect(breakers.reduce((sum, { sent }) => sum + sent, 0)).toBe(12 * 23)
})
