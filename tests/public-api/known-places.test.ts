import { expect, test } from 'bun:test'
import { readFromPlace } from '#src/public-api/endpoints/numbers/known-places.ts'
import type { Page } from '#src/public-api/endpoints/queries-page.ts'
import { testDatabase } from '#tests/support/database.ts'
import { movedClock } from './api-app.ts'

const { sql } = await testDatabase()
const clock = movedClock()
const ROWS = 100_000
let version = 'a'
const reads: Page[] = []

/** Row n from the top has the id ROWS - n. */
const read = async (page: Page) => {
  reads.push(page)
  const { limit, offset, before = ROWS + 1 } = page
  return { ids: Array.from({ length: limit }, (_, n) => before - 1 - offset - n), version }
}
const ask = async (list: string, offset: number) => {
  reads.length = 0
  const { ids } = await readFromPlace(sql, list, clock.now(), { limit: 20, offset, before: undefined }, read)
  expect(ids[0]).toBe(ROWS - offset)
  return reads.map((page) => page.offset)
}

test('a deep page goes on from the nearest page read before, and one near the top is walked to', async () => {
  expect(await ask('near', 480)).toEqual([480])
  expect(await ask('near', 600)).toEqual([600])
  expect(await ask('near', 620)).toEqual([0])
  expect(await ask('near', 650)).toEqual([10])
  expect(await ask('near', 610)).toEqual([610])
  expect(await ask('another', 620)).toEqual([620])
})

test('a page read before something changed is not gone on from', async () => {
  await ask('changed', 600)
  version = 'b'
  expect(await ask('changed', 620)).toEqual([0, 620])
  expect(await ask('changed', 640)).toEqual([0])
  clock.advance(30_001)
  expect(await ask('changed', 660)).toEqual([660])
})

test('who reads a list to its end goes on from his own pages, however many there are', async () => {
  for (let offset = 600; offset < 20_000; offset += 20) await ask('long', offset)
  expect(await ask('long', 20_000)).toEqual([0])
  expect(await ask('long', 19_000)).toEqual([0])
})
