import { expect, test } from 'bun:test'
import { createMxCheck } from '#src/crawl/contacts/check-mx.ts'
import { databaseForMx } from '#src/crawl/contacts/queries-mail.ts'
import { createLog, silentLog } from '#src/lib/log.ts'
import { testDatabase } from '#tests/support/database.ts'

const DAY_MS = 24 * 3_600_000
const { db, sql } = await testDatabase()

test('what name servers said of a domain is shared by all nodes for a week', async () => {
  let time = Date.UTC(2026, 10, 1)
  const parts = { db, clock: { now: () => new Date(time) }, log: silentLog }
  const [one, other] = [databaseForMx(parts), databaseForMx(parts)]
  expect(await other.read('maison.fr')).toBeUndefined()
  await one.write('maison.fr', true)
  expect(await other.read('maison.fr')).toBe(true)
  time += 8 * DAY_MS
  expect(await other.read('maison.fr')).toBeUndefined()
  await other.write('maison.fr', false)
  expect(await one.read('maison.fr')).toBe(false)
})

test('a memory that fails costs a question to the name servers, one whose database is away the crawl', async () => {
  const lines: string[] = []
  const now = () => new Date()
  const memory = databaseForMx({ db, clock: { now }, log: createLog((text) => lines.push(text)) })
  const resolver = {
    resolveMx: async () => [{ exchange: 'mx.maison.fr', priority: 10 }],
    resolve4: async () => [],
    resolve6: async () => [],
  }
  const checkMx = createMxCheck({ resolver, memory, now })
  await sql`ALTER TABLE mail_domains RENAME TO mail_domains_away`
  try {
    expect(await checkMx('maison.fr')).toBe(true)
  } finally {
    await sql`ALTER TABLE mail_domains_away RENAME TO mail_domains`
  }
  expect(lines.length).toBe(2)
  expect(lines.join('')).not.toContain('maison.fr')
  await sql.end()
  expect(await checkMx('atelier.fr').catch((error) => error)).toBeInstanceOf(Error)
})
