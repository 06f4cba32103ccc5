import { expect, test } from 'bun:test'
import { companyRoutes } from '#src/companies/routes.tsx'
import { companyNeighbours } from '#src/scoring/company-neighbours.ts'
import { mailApp } from '#tests/mail/small-app.tsx'
import { testDatabase } from '#tests/support/database.ts'

const database = await testDatabase()
const app = mailApp(
  database,
  {},
  { more: (all, deps) => void all.route('/companies', companyRoutes(deps, companyNeighbours(deps))) },
)

test('tags that mails set are shown in words, those of people as they wrote them', async () => {
  await database.sql`INSERT INTO companies (name, tags) VALUES ('Étiquetée', ARRAY['email_repondu', 'constructor', 'à_revoir'])`
  const { text: list } = await app.get('/companies?q=%C3%89tiquet%C3%A9e')
  for (const shown of ['a répondu', 'constructor', 'à_revoir']) expect(list).toContain(`>${shown}</span>`)
  expect(list).not.toContain('>email_repondu<')
})
