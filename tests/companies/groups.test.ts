import { expect, test } from 'bun:test'
import { testDatabase } from '#tests/support/database.ts'
import { companiesApp } from './small-app.ts'

const database = await testDatabase()
const { sql } = database
const { post } = await companiesApp(database)

test('two groups cannot have one name, in whatever letters; a group keeps its own', async () => {
  await post('/groups', { name: 'Foire d’été' })
  await post('/groups', { name: 'Salon' })
  const again = await post('/groups', { name: 'FOIRE D’ETE' })
  expect([again.status, again.text.includes('porte déjà ce nom')]).toEqual([422, true])
  const [salon] = await sql`SELECT id FROM groups WHERE name = 'Salon'`
  expect((await post(`/groups/${salon!.id}`, { name: 'Foire d’Été' })).status).toBe(422)
  expect((await post(`/groups/${salon!.id}`, { name: 'salon', description: 'mai' })).status).toBe(303)
  expect(await sql`SELECT name FROM groups ORDER BY id`).toMatchObject([
    { name: 'Foire d’été' },
    { name: 'salon' },
  ])
})
