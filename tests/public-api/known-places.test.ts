import { expect, test } from 'bun:test'
import { readFromPlace } from '#src/public-api/endpoints/numbers/known-places.ts'
import { listEmails } from '#src/public-api/endpoints/contacts/queries-contacts.ts'
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

test('who reads behind another goes on from his own pages too', async () => {
  for (let offset = 600; offset < 11_000; offset += 20) await ask('two', offset)
  await ask('two', 1_000)
  await ask('two', 11_000)
  expect(await ask('two', 1_020)).toEqual([0])
})

test('a page read before the clock was set back is not gone on from', async () => {
  await ask('back', 600)
  clock.advance(-60_000)
  expect(await ask('back', 620)).toEqual([620])
})

test('no address is passed over because others were found meanwhile', async () => {
  const [company] = await sql`INSERT INTO companies (name) VALUES ('Garage') RETURNING id`
  const find = (from: number, to: number) => sql`
    INSERT INTO facts (company_id, kind, key, value, data, page_url, method, snippet, confidence)
    SELECT ${company!['id']}, 'email', 'a' || n, 'a' || n || '@garage.fr', '{}', 'https://garage.fr', 'mailto', '', 1
    FROM generate_series(${from}::int, ${to}::int) AS n ORDER BY n`
  const page = async (offset: number) => {
    const asked = { limit: 20, offset, before: undefined }
    return (
      await readFromPlace(sql, 'emails', clock.now(), asked, (from) => listEmails(sql, null, from))
    ).rows.map(({ email }) => email)
  }
  const expected = (newest: number, offset: number) =>
    Array.from({ length: 20 }, (_, n) => `a${newest - offset - n}@garage.fr`)
  await find(1, 800)
  expect(await page(600)).toEqual(expected(800, 600))
  expect(await page(620)).toEqual(expected(800, 620))
  await find(801, 850)
  expect(await page(640)).toEqual(expected(850, 640))
})
