import { expect, test } from 'bun:test'
import { writeSetting } from '#src/operations/queries-settings.ts'
import { judgeClock, mayEraseOld, type ClockState } from '#src/operations/trust-clock.ts'
import { ERASE_EXPIRED_JOB, eraseExpiredJob } from '#src/privacy/jobs.ts'
import { FORGET_TRACKING_JOB, trackingJobs } from '#src/tracking/jobs.ts'
import { testDatabase } from '#tests/support/database.ts'

const { db, sql } = await testDatabase()
const DAY_MS = 86_400_000
const noted: string[] = []
const log = { info: () => {}, error: () => {}, warn: (message: string) => void noted.push(message) }
const day = (number: number) => new Date(Date.UTC(2026, 0, number, 3))

test('a clock that goes on is believed, one that jumps by years is not, until a week of nights has said the same', () => {
  let state: ClockState = judgeClock({}, { now: day(1), evidence: null })
  expect(state).toEqual({ believed: day(1) })
  state = judgeClock(state, { now: day(12), evidence: null })
  expect(state).toEqual({ believed: day(12) })
  const far = (nights: number) => new Date(Date.UTC(2038, 0, 1 + nights, 3))
  for (let night = 1; night <= 7; night += 1) {
    state = judgeClock(state, { now: far(night), evidence: far(night) })
    expect([state.believed, state.held?.nights]).toEqual([day(12), night])
    // Tried again in the same night, it is no other night.
    expect(judgeClock(state, { now: new Date(far(night).getTime() + 60_000), evidence: null })).toEqual(state)
  }
  expect(judgeClock(state, { now: far(8), evidence: null })).toEqual({ believed: far(8) })
})

test('a clock that was wrong for a night is forgotten, and begins anew where it jumps again', () => {
  const held = judgeClock({ believed: day(1) }, { now: new Date('2038-01-19T03:14:08Z'), evidence: null })
  expect(held.held?.nights).toBe(1)
  expect(judgeClock(held, { now: day(2), evidence: null })).toEqual({ believed: day(2) })
  expect(judgeClock(held, { now: new Date('2039-01-19T03:14:08Z'), evidence: null }).held?.nights).toBe(1)
})

test('where nothing was believed before, what was noted is the evidence', () => {
  expect(judgeClock({}, { now: day(200), evidence: day(1) }).held?.evidence).toEqual(day(1))
  expect(judgeClock({}, { now: day(9), evidence: day(1) })).toEqual({ believed: day(9) })
})

test('nothing is erased by a clock years ahead, neither of one machine nor of all, and the log says why', async () => {
  await sql`INSERT INTO companies (name, email, contact_name, created_at)
    VALUES ('Société', 'jean.dupont@societe.fr', 'Jean Dupont', now() - interval '2 hours')`
  await sql`INSERT INTO messages (token, recipient, subject, html, opens, clicks, state, created_at)
    VALUES ('t', 'x@y.fr', 'x', ${Bun.gzipSync('x')}, 'off', 'individual', 'sent', now() - interval '2 hours')`
  const left = async () =>
    (
      await sql`SELECT (SELECT count(*)::int FROM companies WHERE email IS NOT NULL)
        + (SELECT count(*)::int FROM messages WHERE html IS NOT NULL) AS count`
    )[0]!['count']
  const run = async (now: Date) => {
    const deps = { db, log, clock: { now: () => now } }
    const jobs = [eraseExpiredJob(deps), ...trackingJobs(deps)]
    for (const job of jobs.filter(({ name }) => [ERASE_EXPIRED_JOB, FORGET_TRACKING_JOB].includes(name)))
      await job.run({} as never, { signal: new AbortController().signal } as never)
  }
  await run(new Date('2038-01-19T03:14:08Z'))
  expect(noted.splice(0)).toEqual(Array.from({ length: 2 }, () => expect.stringContaining('differ by days')))
  // The database is on the same machine.
  for (const job of [ERASE_EXPIRED_JOB, FORGET_TRACKING_JOB])
    await writeSetting(db, `clock_trust.${job}`, { believed: new Date(Date.now() - 4_000 * DAY_MS) })
  await run(new Date())
  expect(noted.splice(0)).toEqual(Array.from({ length: 2 }, () => expect.stringContaining('far ahead')))
  expect(await left()).toBe(2)
  await writeSetting(db, 'clock_trust.other', { believed: new Date(Date.now() - DAY_MS) })
  expect(await mayEraseOld({ db, log }, 'other', new Date())).toBe(true)
  expect(noted).toEqual([])
})
