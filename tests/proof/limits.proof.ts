// Thirty days of five accounts, twenty domains and three nodes on a clock of our own, with deaths at random: no window of
// any limit is overrun, and what may be sent is sent. Then how long one reservation takes.
import { expect, test } from 'bun:test'
import { openDatabase } from '#src/db/open.ts'
import { noteOutcomes } from '#src/mail/limits/note-outcome.ts'
import { reserve } from '#src/mail/limits/reserve.ts'
import { mailProviderLimits } from '#src/mail/limits/schema.ts'
import { newAccount } from '#tests/mail/limits/account.ts'
import { faultsOf, reached, seeded, simulate } from '#tests/mail/limits/simulation.ts'
import { testDatabase } from '#tests/support/database.ts'

const MINUTE = 60_000
const DAYS = 30
// Over the change of clocks, Good Friday and Easter Monday.
const FROM = new Date('2026-03-16T00:00:00Z')
// How much longer than the smallest question to the database: a measure that other programs at work do not change.
const MOST_TIMES = 60
const TIMED = 200

const { db, connection, beforeClose } = await testDatabase()

test(
  `${DAYS} days with 5 accounts, 20 domains, 3 nodes and random restarts: no limit window is exceeded`,
  async () => {
    const nodes = Array.from({ length: 3 }, () => openDatabase(connection, { max: 4 }))
    for (const node of nodes) beforeClose(node.close)
    const seed = Date.now() % 1_000_000
    const plan = { from: FROM, days: DAYS, random: seeded(seed) }
    const { accounts, calls, crashes } = await simulate(
      nodes.map((node) => node.db),
      plan,
    )
    const mails = accounts.reduce((sum, { grants }) => sum + grants.length, 0)
    console.log(`seed ${seed}: ${calls} reservations, ${crashes} deaths, ${mails} mails`)
    for (const account of accounts) {
      const { perDay, atLeast } = reached(account, plan)
      console.log(
        `account ${account.id}: ${account.grants.length} mails, ${perDay.toFixed(1)} a day (≥ ${atLeast})`,
      )
      expect(faultsOf(account)).toEqual([])
      expect(perDay).toBeGreaterThanOrEqual(atLeast)
    }
    expect(crashes).toBeGreaterThan(100)
  },
  10 * MINUTE,
)

test(
  'a reservation for 50 mails to 20 providers with limits takes no longer than some small questions do, and so does noting them',
  async () => {
    const id = await newAccount(db, { perMinute: 100_000, perHour: 1_000_000, perDay: 10_000_000 })
    await db.insert(mailProviderLimits).values({ accountId: id, provider: '*', perHour: 1_000_000 })
    const providers = Array.from({ length: 20 }, (_, index) => `provider-${index}`)
    const wants = Array.from({ length: 50 }, (_, index) => ({ id: index, provider: providers[index % 20]! }))
    const outcomes = wants.map(({ provider }) => ({ accountId: id, provider, outcome: 'sent' as const }))
    const took = { question: [] as number[], reserve: [] as number[], note: [] as number[] }
    for (let call = 0; call < TIMED; call += 1) {
      const at = new Date(FROM.getTime() + call * 170)
      await db.transaction(async (tx) => {
        const asked = performance.now()
        await tx.execute('SELECT 1')
        const started = performance.now()
        took.question.push(started - asked)
        const { granted } = await reserve(tx, { accountId: id, calendar: null, wants }, at)
        took.reserve.push(performance.now() - started)
        expect(granted).toHaveLength(50)
      })
      await db.transaction(async (tx) => {
        const started = performance.now()
        await noteOutcomes(tx, outcomes, at)
        took.note.push(performance.now() - started)
      })
    }
    const at = (list: number[], share: number): number =>
      list.toSorted((a, b) => a - b)[Math.floor(list.length * share)]!
    const question = at(took.question, 0.1)
    for (const [name, list] of Object.entries(took))
      console.log(
        `${name} 50 mails to 20 providers: ${at(list, 0.1).toFixed(2)} ms at best, ${at(list, 0.5).toFixed(2)} ms median`,
      )
    expect(at(took.reserve, 0.1) / question).toBeLessThan(MOST_TIMES)
    expect(at(took.note, 0.1) / question).toBeLessThan(MOST_TIMES)
  },
  MINUTE,
)
