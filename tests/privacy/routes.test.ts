import { expect, test } from 'bun:test'
import { openDatabase } from '#src/db/open.ts'
import { privacyRoutes } from '#src/privacy/routes.tsx'
import { mailApp } from '#tests/mail/small-app.tsx'
import { testDatabase } from '#tests/support/database.ts'

const database = await testDatabase()
const { sql, connection, beforeClose } = database
const { db, close } = openDatabase(connection, { suppressionKey: Buffer.alloc(32, 3) })
beforeClose(close)
const PATH = '/settings/privacy'
const appFor = (locale: 'fr' | 'en') =>
  mailApp(database, {}, { locale, more: (all, deps) => void all.route(PATH, privacyRoutes({ ...deps, db })) })
const app = appFor('fr')

const [company] =
  await sql`INSERT INTO companies (name, email) VALUES ('Garage <Martin>', 'anne@garage.fr') RETURNING id`
await sql`INSERT INTO facts (company_id, kind, key, value, data, page_url, method, snippet, confidence, first_seen_at)
  VALUES (${company!['id']}, 'person', 'anne martin', 'Anne Martin', '{"email": "anne@garage.fr"}',
    'https://garage.fr/equipe', 'card', '', 1, '2026-03-12')`

test('a person is looked up, read with source, date and basis, handed out and erased', async () => {
  expect((await app.get(PATH)).text).toContain('Rien encore')
  const results = (await app.get(`${PATH}?q=anne`)).text
  expect([results.includes('Garage &lt;Martin&gt;'), results.includes('address=anne%40garage.fr')]).toEqual([
    true,
    true,
  ])
  const file = (await app.get(`${PATH}/person?address=anne%40garage.fr`)).text
  for (const told of ['https://garage.fr/equipe', '12 mars 2026', 'Intérêt légitime', '12 mars 2029'])
    expect(file).toContain(told)
  const handed = await app.post(`${PATH}/person/export`, { address: 'anne@garage.fr' })
  expect(JSON.parse(handed.text)).toMatchObject({ names: ['Anne Martin'], addresses: ['anne@garage.fr'] })
  const unsure = await app.post(`${PATH}/person/erase`, { address: 'anne@garage.fr' })
  expect([unsure.status, unsure.text.includes('Cochez la case')]).toEqual([422, true])
  expect((await app.post(`${PATH}/person/erase`, { address: 'anne@garage.fr', sure: '1' })).status).toBe(303)
  expect((await app.get(`${PATH}?q=anne`)).text).toContain('Personne n’est connu')
  expect((await app.get(`${PATH}/person?address=anne%40garage.fr`)).status).toBe(404)
  expect((await app.get(PATH)).text).toContain('Effacement demandé')
})

test('the contact chosen for a company is not said to come from the file that brought the company', async () => {
  const [list] =
    await sql`INSERT INTO imports (file_name, format, state, sample) VALUES ('liste.csv', 'csv', 'done', '[]') RETURNING id`
  await sql`INSERT INTO companies (name, email, contact_email, import_id)
    VALUES ('Salon', 'accueil@salon.fr', 'zoe@salon.fr', ${list!['id']})`
  const zoe = (await app.get(`${PATH}/person?address=zoe%40salon.fr`)).text
  expect(zoe).toContain('Reprise des contacts de l’entreprise')
  expect(zoe).not.toContain('liste.csv')
  expect(zoe).not.toContain('accueil@salon.fr')
  expect((await app.get(`${PATH}/person?address=accueil%40salon.fr`)).text).toContain(
    'Fichier importé : liste.csv',
  )
})

test.each(['', '?address=', '?fact=0', '?fact=x', '?address=%00%00%00', '?fact=99'])(
  'nobody is asked for by %p',
  async (query) => {
    expect((await app.get(`${PATH}/person${query}`)).status).toBe(404)
  },
)

test('the register tells what this installation does, in both languages', async () => {
  await app.post(PATH, {
    controller: 'Atelier Rive',
    contact: '3 rue du Pont',
    basis: '',
    retentionMonths: '24',
  })
  const french = await app.get(`${PATH}/register.md`)
  for (const told of ['# Registre', '- Atelier Rive', '24 mois', 'Intérêt légitime'])
    expect(french.text).toContain(told)
  expect((await appFor('en').get(`${PATH}/register`)).text).toContain('24 months')
})

test.each(['0', '37', 'x', ''])('data is not kept for %p months', async (retentionMonths) => {
  const refused = await app.post(PATH, { controller: '', contact: '', basis: '', retentionMonths })
  expect([refused.status, refused.text.includes('Un nombre de 1 à 36')]).toEqual([422, true])
})
