import { expect, test } from 'bun:test'
import { openDatabase } from '#src/db/open.ts'
import { testDatabase } from '#tests/support/database.ts'
import { faultsOf, simulate } from './simulation.ts'

const { connection, beforeClose } = await testDatabase()

test('no window of five accounts is overrun by three nodes that die and come back, over a night and a morning', async () => {
  const nodes = Array.from({ length: 3 }, () => openDatabase(connection, { max: 3 }))
  for (const node of nodes) beforeClose(node.close)
  const { accounts, crashes } = await simulate(
    nodes.map(({ db }) => db),
    // From the evening before: nights are passed quickly.
    { from: new Date('2026-03-26T20:00:00Z'), days: 0.57, random: Math.random },
  )
  expect(crashes).toBeGreaterThan(5)
  for (const account of accounts) {
    expect(account.grants.length).toBeGreaterThan(15)
    expect(faultsOf(account)).toEqual([])
  }
}, 20_000)

test('the judge sees what is wrong', () => {
  const plan = { values: { perMinute: 2 }, calendar: null, providerLimits: [], atLeastPerDay: 0 }
  const grants = [0, 30_000, 60_000].map((at) => ({ at, provider: 'google' }))
  expect(faultsOf({ plan, grants })).toEqual(['3 instead of 2 to all within 60000 ms'])
})
