import { expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { intArray, textArray } from '#src/db/arrays.ts'
import { testDatabase } from '#tests/support/database.ts'

const { db } = await testDatabase()

test('texts come into the database as they are, whatever stands in them', async () => {
  const texts = [
    '',
    'NULL',
    '{a,b}',
    `"quoted"`,
    `it's`,
    'back\\slash',
    'two\nlines',
    'tab\t',
    'é 😀',
    '${1}',
  ]
  const [row] = await db.execute<{ list: string[] }>(sql`SELECT to_jsonb(${textArray(texts)}) AS list`)
  expect(row!.list).toEqual(texts)
})

test('a list without values is an array without any', async () => {
  const [row] = await db.execute<{ numbers: number; texts: number }>(
    sql`SELECT cardinality(${intArray([])}) AS numbers, cardinality(${textArray([])}) AS texts`,
  )
  expect(row).toEqual({ numbers: 0, texts: 0 })
})
