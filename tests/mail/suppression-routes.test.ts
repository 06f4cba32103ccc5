import { expect, test } from 'bun:test'
import { suppressionRoutes } from '#src/mail/suppression-routes.tsx'
import { findSuppression, insertSuppression } from '#src/tracking/queries-inbox.ts'
import { companies } from '#src/companies/schema.ts'
import { messages } from '#src/tracking/schema.ts'
import { newMessageKey } from '#src/tracking/token.ts'
import { testDatabase } from '#tests/support/database.ts'
import { mailApp } from './small-app.tsx'

const database = await testDatabase()
const { db, sql } = database
const app = mailApp(
  database,
  {},
  { more: (all, deps) => void all.route('/suppressions', suppressionRoutes(deps)) },
)

const suppress = async (address: string, source: string, reason = '') => {
  const all = { scope: 'all', campaignId: null, messageId: null, at: new Date() } as const
  await insertSuppression(db, { address, source, reason, ...all })
  const [row] = await sql`SELECT id FROM suppressions WHERE address = ${address.toLowerCase()}`
  return row?.['id'] as number
}

test('an address is added by hand, found again, and added once', async () => {
  expect((await app.get('/suppressions')).text).toContain('Aucune adresse')
  const added = await app.post('/suppressions', { address: 'Anne@Exemple.FR', reason: 'au téléphone' })
  expect([added.status, app.flash()]).toEqual([303, expect.stringContaining('ne recevra plus')])
  expect(await findSuppression(db, 'anne@exemple.fr', null)).toMatchObject({
    source: 'hand',
    reason: 'au téléphone',
  })
  await app.post('/suppressions', { address: 'anne@exemple.fr' })
  expect(app.flash()).toContain('déjà')
  const found = await app.get('/suppressions?q=ANNE%40')
  expect([found.text.includes('anne@exemple.fr'), found.text.includes('ajout à la main')]).toEqual([
    true,
    true,
  ])
  expect((await app.get('/suppressions?q=nobody')).text).not.toContain('anne@exemple.fr')
  const wrong = await app.post('/suppressions', { address: 'a@b.fr, c@d.fr' })
  expect([wrong.status, wrong.text.includes('pas une adresse')]).toEqual([422, true])
})

test('a suppression is taken back with a reason only, which is kept; a complaint asks once more', async () => {
  const id = await suppress('zoe@exemple.fr', 'complaint', 'spam')
  const path = `/suppressions/${id}/remove`
  expect((await app.get(path)).text).toContain('indésirable')
  for (const form of [{}, { reason: 'erreur' }, { complaint: '1' }] as Record<string, string>[])
    expect((await app.post(path, form)).status).toBe(422)
  expect((await app.post(path, { reason: 'nous a écrit', complaint: '1' })).status).toBe(303)
  expect(await findSuppression(db, 'zoe@exemple.fr', null)).toBeNull()
  expect([
    ...(await sql`SELECT address, source, suppressed_reason, reason FROM suppression_removals`),
  ]).toEqual([
    { address: 'zoe@exemple.fr', source: 'complaint', suppressed_reason: 'spam', reason: 'nous a écrit' },
  ])
  expect((await app.get(path)).status).toBe(404)
})

test('who may be written to again is told in the history of the company, and that its status stays', async () => {
  const [company] = await db.insert(companies).values({ name: 'Garage', status: 'Désabonné' }).returning()
  const companyId = company!.id
  const [mail] = await db
    .insert(messages)
    .values({
      token: newMessageKey(),
      companyId,
      recipient: 'lou@exemple.fr',
      subject: 'x',
      opens: 'off',
      clicks: 'off',
    })
    .returning()
  const asked = { address: 'lou@exemple.fr', source: 'page', reason: '', messageId: mail!.id } as const
  await insertSuppression(db, { ...asked, scope: 'all', campaignId: null, at: new Date() })
  const [row] = await sql`SELECT id FROM suppressions WHERE address = 'lou@exemple.fr'`
  await app.post(`/suppressions/${row?.['id'] as number}/remove`, { reason: 'a rappelé' })
  expect(app.flash()).toContain('reste « Désabonné »')
  const { text } = await app.get(`/companies/${companyId}/history`)
  expect([text.includes('Peut de nouveau être contactée'), text.includes('a rappelé')]).toEqual([true, true])
})

test('a domain taken back is taken back in both its spellings', async () => {
  await app.post('/suppressions', { address: '@été-cycles.fr', reason: 'erreur' })
  const rows = await sql`SELECT id FROM suppressions WHERE kind = 'domain' ORDER BY id`
  expect(rows.length).toBe(2)
  await app.post(`/suppressions/${rows[0]!['id']}/remove`, { reason: 'nous a écrit' })
  expect((await sql`SELECT FROM suppressions WHERE kind = 'domain'`).length).toBe(0)
  const [row] = await sql`SELECT suppression_reason('anne@été-cycles.fr', NULL, NULL) AS reason`
  expect(row!['reason']).toBeNull()
})

test('the list is a page of the settings in the navigation too', async () => {
  const { text } = await app.get('/suppressions')
  expect(text).toMatch(/href="\/settings" aria-current="page"/)
  expect(text).toContain('<title>Ne plus contacter · Réglages · ProspectLab</title>')
})

test('the export says in words where each address came from', async () => {
  await suppress('mots@exemple.fr', 'one-click')
  const { text } = await app.get('/suppressions/export.csv')
  const line = text.split('\r\n').find((one) => one.startsWith('mots@exemple.fr'))
  expect([
    line?.includes(';tous les messages;'),
    line?.includes(';désinscription depuis la messagerie;'),
  ]).toEqual([true, true])
})

test('the export runs nothing in a spreadsheet', async () => {
  await suppress('formule@exemple.fr', 'page', '=HYPERLINK("https://evil.example";"x")')
  const { text, headers } = await app.get('/suppressions/export.csv')
  expect(headers.get('content-disposition')).toContain('suppressions.csv')
  expect(text).toContain(`'=HYPERLINK`)
})

test.each([
  ['@Exemple.fr', '@exemple.fr'],
  ['café.fr', '@xn--caf-dma.fr'],
  ['xn--caf-dma.fr', '@café.fr'],
  ['boutique.exemple.co.uk', '@boutique.exemple.co.uk'],
])('the domain %s is suppressed as a whole', async (typed, entry) => {
  expect((await app.post('/suppressions', { address: typed })).status).toBe(303)
  expect(await findSuppression(db, `qui@${entry.slice(1)}`, null)).toMatchObject({ source: 'hand' })
  expect((await app.get(`/suppressions?q=${encodeURIComponent(entry)}`)).text).toContain('domaine')
})

test.each(['@', 'exemple', '@@exemple.fr', 'a b.fr', '192.168.1.1'])(
  '%p is neither an address nor a domain',
  async (typed) => {
    expect((await app.post('/suppressions', { address: typed })).status).toBe(422)
  },
)

test('a company that must not be contacted is listed by its name, and written to at no address', async () => {
  const [row] =
    await sql`INSERT INTO companies (name, site_key) VALUES ('Garage Martin', 'garage-martin.fr') RETURNING id`
  const id = row?.['id'] as number
  await sql`UPDATE companies SET status = 'Ne pas contacter' WHERE id = ${id}`
  const list = (await app.get('/suppressions?q=garage-martin')).text
  expect([list.includes('Garage Martin'), list.includes('statut de l’entreprise')]).toEqual([true, true])
  expect(await findSuppression(db, 'neu@gmail.com', null, id)).toMatchObject({ source: 'status' })
  expect(await findSuppression(db, 'neu@gmail.com', null)).toBeNull()
})
