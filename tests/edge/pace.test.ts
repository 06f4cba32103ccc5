import { expect, test } from 'bun:test'
import { deliveryPace } from '#edge/pace.ts'
import { expressLane } from '#edge/express.ts'
import { until } from '#tests/support/until.ts'

test('batches follow each other at once while little comes, and rest in a flood, never for long', async () => {
  const rest = deliveryPace()
  await Bun.sleep(20)
  expect(rest(10, 50, 0)).toBe(0)
  await Bun.sleep(1)
  expect(rest(1_000_000, 50, 0)).toBe(600)
  await Bun.sleep(1)
  expect(rest(2_000_000, 5_000, 0)).toBe(1000)
  await Bun.sleep(5)
  expect(rest(2_000_001, 50, 0)).toBe(0)
})

test('in a flood the fuller the spool the shorter the rests, and none in its second half', async () => {
  const rest = deliveryPace()
  let stored = 0
  const restAt = async (taken: number) => {
    await Bun.sleep(1)
    return rest((stored += 1_000_000), 50, taken)
  }
  expect([await restAt(0.25), await restAt(0.4), await restAt(0.5), await restAt(0.9)]).toEqual([
    300,
    expect.closeTo(120),
    0,
    0,
  ])
})

test('what is urgent goes one batch at a time, and what fails is left to the queue', async () => {
  const batches: string[][] = []
  const { promise: first, resolve: release } = Promise.withResolvers<void>()
  const send = expressLane(async (records) => {
    batches.push(records)
    if (batches.length === 1) await first
    if (batches.length === 2) throw new Error('connection lost')
  })
  void send(['a'])
  void send(['b'])
  void send(['c'])
  expect(batches).toEqual([['a']])
  release()
  await until('the others went together', () => batches.length === 2)
  await send(['d'])
  await until('it goes on after a failure', () => batches.length === 3)
  expect(batches).toEqual([['a'], ['b', 'c'], ['d']])
})
