import { expect, test } from 'bun:test'
import { testDatabase } from '#tests/support/database.ts'
import { insertCompanies } from './insert-companies.ts'
import { companiesApp } from './small-app.ts'

const database = await testDatabase()
const french = await companiesApp(database)
const english = await companiesApp(database, 'en')

test('a status that gave points is said in the reader’s language', async () => {
  const [id] = await insertCompanies(database.db, [
    {
      name: 'Garage Sud',
      score: 45,
      scoreLevel: 'medium',
      scorePoints: [
        { points: 5, reason: 'status', params: { status: 'À rappeler' }, evidence: 'status À rappeler' },
      ],
    },
  ])
  expect((await french.get(`/companies/${id}`)).text).toContain('Statut : À rappeler')
  const { text } = await english.get(`/companies/${id}`)
  expect(text).toContain('Status: Call back')
  expect(text).not.toContain('status À rappeler')
})

test('what was erased from the history is said in the reader’s language', async () => {
  const [id] = await insertCompanies(database.db, [{ name: 'Garage Est' }])
  await database.sql`INSERT INTO company_changes (company_id, kind, detail)
    VALUES (${id!}, 'written', ${JSON.stringify({ recipient: 'x@erased.invalid', subject: '[effacé]' })}::text::jsonb)`
  expect((await french.get(`/companies/${id}/history`)).text).toContain('[effacé]')
  const { text } = await english.get(`/companies/${id}/history`)
  expect([text.includes('[erased]'), text.includes('[effacé]')]).toEqual([true, false])
})
