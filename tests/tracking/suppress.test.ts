import { beforeEach, expect, test } from 'bun:test'
import { openDatabase } from '#src/db/open.ts'
import { suppress } from '#src/tracking/suppress.ts'
import { testDatabase } from '#tests/support/database.ts'

const { sql, connection, beforeClose } = await testDatabase()
const KEY = Buffer.alloc(32, 7)
const { db, close } = openDatabase(connection, { suppressionKey: KEY })
beforeClose(close)
const now = new Date('2026-11-22T10:00:00Z')

beforeEach(async () => {
  await sql`TRUNCATE companies, suppressions, suppression_removals, messages RESTART IDENTITY CASCADE`
})

const company = async (values: Record<string, unknown> = {}): Promise<number> => {
  const [row] =
    await sql`INSERT INTO companies ${sql({ name: 'Garage Martin', ...values } as never)} RETURNING id`
  return row!['id'] as number
}
const written = (companyId: number, recipient: string) =>
  sql`INSERT INTO messages (token, company_id, recipient, subject, opens, clicks, state)
    VALUES (gen_random_uuid()::text, ${companyId}, ${recipient}, 'a', 'off', 'off', 'sent')`
const reasonFor = async (address: string, companyId: number | null = null): Promise<string | null> => {
  const [row] = await db.$client`SELECT suppression_reason(${address}, ${companyId}, NULL) AS reason`
  return row!['reason'] as string | null
}
const statusOf = async (id: number) =>
  (await sql`SELECT status FROM companies WHERE id = ${id}`)[0]!['status']

test('an address is not written to in whatever case, its neighbours are', async () => {
  expect(await suppress(db, { address: 'Anne@Exemple.fr', source: 'complaint' }, now)).toBe(true)
  expect(await suppress(db, { address: 'anne@exemple.fr', source: 'hand' }, now)).toBe(false)
  expect(await reasonFor('ANNE@exemple.fr')).toBe('complaint')
  expect(await reasonFor('paul@exemple.fr')).toBeNull()
})

test('a domain covers its addresses and those below it, not those that end alike', async () => {
  await suppress(db, { domain: 'Exemple.fr', source: 'hand' }, now)
  expect(await reasonFor('anne@exemple.fr')).toBe('hand')
  expect(await reasonFor('anne@mail.exemple.fr')).toBe('hand')
  expect(await reasonFor('anne@autre-exemple.fr')).toBeNull()
})

test('a company stays suppressed when it is deleted and imported again', async () => {
  const first = await company({ site_key: 'garage-martin.fr' })
  await suppress(db, { companyId: first, source: 'hand' }, now)
  await sql`DELETE FROM companies WHERE id = ${first}`
  const again = await company({ name: 'Garage Martin SARL', site_key: 'garage-martin.fr' })
  expect(await reasonFor('neu@gmail.com', again)).toBe('hand')
  expect(await reasonFor('neu@gmail.com', await company({ site_key: 'garage-durand.fr' }))).toBeNull()
})

test('what was erased is found by a keyed hash alone', async () => {
  await suppress(db, { address: 'anne@exemple.fr', source: 'page' }, now)
  await db.$client`UPDATE suppressions SET address = suppression_hash(address), erased = true`
  const [row] = await sql`SELECT address FROM suppressions`
  const hmac = new Bun.CryptoHasher('sha256', KEY).update('anne@exemple.fr').digest('hex')
  expect(row!['address']).toBe(`hmac:${hmac}`)
  expect(await reasonFor('Anne@exemple.fr')).toBe('page')
  expect(await reasonFor('paul@exemple.fr')).toBeNull()
})

test.each(['Ne pas contacter', 'Plainte spam', 'Désabonné'])(
  'the status %s forbids writing, and its end allows it again',
  async (status) => {
    const id = await company({ site_key: 'garage-martin.fr' })
    await sql`UPDATE companies SET status = ${status} WHERE id = ${id}`
    expect(await reasonFor('contact@garage-martin.fr', id)).toBe('status')
    await sql`UPDATE companies SET status = 'À qualifier' WHERE id = ${id}`
    expect(await reasonFor('contact@garage-martin.fr', id)).toBeNull()
    expect(await sql`SELECT address FROM suppression_removals`).toHaveLength(1)
  },
)

test('a company bounces only when no address it was written to is left', async () => {
  const id = await company()
  await written(id, 'Anne@exemple.fr')
  await written(id, 'paul@exemple.fr')
  await suppress(db, { address: 'anne@exemple.fr', source: 'bounce', ofCompanyId: id }, now)
  expect(await statusOf(id)).toBe('Nouveau')
  await suppress(db, { address: 'paul@exemple.fr', source: 'bounce', ofCompanyId: id }, now)
  expect(await statusOf(id)).toBe('Bounce')
})

test('a late bounce does not undo what was decided', async () => {
  const id = await company({ status: 'Gagné' })
  await suppress(db, { address: 'anne@exemple.fr', source: 'bounce', ofCompanyId: id }, now)
  expect(await statusOf(id)).toBe('Gagné')
})

test('a complaint moves the status at once', async () => {
  const id = await company({ status: 'Relance' })
  await suppress(db, { address: 'anne@exemple.fr', source: 'complaint', ofCompanyId: id }, now)
  expect(await statusOf(id)).toBe('Plainte spam')
})
