import { expect, test } from 'bun:test'
import { emptyDatabase, testDatabase } from '#tests/support/database.ts'
import { migrateDatabase } from '#src/db/migrate.ts'
import { openDatabase } from '#src/db/open.ts'

test('search ignores case and accents', async () => {
  const { sql } = await testDatabase()
  const [row] = await sql`SELECT fold('Électricité NOËL Œuvre') AS folded`
  expect(row?.folded).toBe('electricite noel oeuvre')
})

test('two nodes that migrate at the same moment both succeed', async () => {
  const { connection } = await emptyDatabase()
  const [one, two] = [openDatabase(connection), openDatabase(connection)]
  await Promise.all([migrateDatabase(one.sql), migrateDatabase(two.sql)])
  const [row] =
    await one.sql`SELECT count(*)::int AS tables FROM information_schema.tables WHERE table_name = 'companies'`
  expect(row?.tables).toBe(1)
  await Promise.all([one.close(), two.close()])
})

test('views are made anew, and one of another version that stands on them goes', async () => {
  const { sql } = await testDatabase()
  const count = async () =>
    (await sql`SELECT count(*)::int AS made FROM pg_views WHERE viewname LIKE 'api\\_%'`)[0]?.made
  const made = await count()
  for (let time = 0; time < 2; time++) {
    await sql`UPDATE settings SET value = '"another"' WHERE key = 'database_objects'`
    await sql`CREATE VIEW api_left_over AS SELECT id FROM api_companies`
    await migrateDatabase(sql)
    expect(await count()).toBe(made)
  }
})
