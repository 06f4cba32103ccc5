import { expect, test } from 'bun:test'
import { databaseForMx } from '#src/crawl/contacts/queries-mail.ts'
import { testDatabase } from '#tests/support/database.ts'

const DAY_MS = 24 * 3_600_000
const { db } = await testDatabase()

test('what name servers said of a domain is shared by all nodes for a week', async () => {
  let time = Date.UTC(2026, 10, 1)
  const [one, other] = [databaseForMx(db, () => new Date(time)), databaseForMx(db, () => new Date(time))]
  expect(await other.read('maison.fr')).toBeUndefined()
  await one.write('maison.fr', true)
  expect(await other.read('maison.fr')).toBe(true)
  time += 8 * DAY_MS
  expect(await other.read('maison.fr')).toBeUndefined()
  await other.write('maison.fr', false)
  expect(await one.read('maison.fr')).toBe(false)
})
