import { expect, test } from 'bun:test'
import { keepNumbers } from '#src/public-api/endpoints/numbers/kept-numbers.ts'
import { testDatabase } from '#tests/support/database.ts'
import { movedClock } from './api-app.ts'
import { givenCompany } from './given-company.ts'

const { sql } = await testDatabase()
const clock = movedClock()
let counted = 0
const count = async () => ++counted
const ask = (key: string) => keepNumbers(sql, key, clock.now(), count)

test('numbers are made once for all who ask, until something changes or half a minute has passed', async () => {
  const first = await Promise.all([ask('a'), ask('a'), ask('a')])
  expect(new Set(first).size).toBe(1)
  expect(await ask('a')).toBe(first[0]!)
  expect(await ask('b')).not.toBe(first[0]!)
  await givenCompany(sql)
  const second = await ask('a')
  expect(second).not.toBe(first[0]!)
  expect(await ask('a')).toBe(second)
  clock.advance(30_001)
  expect(await ask('a')).not.toBe(second)
})

test('a clock that was set back makes nothing last longer', async () => {
  const first = await ask('d')
  clock.advance(-60_000)
  expect(await ask('d')).not.toBe(first)
})

test('what failed is asked again', async () => {
  const broken = keepNumbers(sql, 'c', clock.now(), () => Promise.reject(new Error('away')))
  await expect(broken).rejects.toThrow('away')
  expect(await keepNumbers(sql, 'c', clock.now(), async () => 7)).toBe(7)
})
