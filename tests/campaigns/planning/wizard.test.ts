import { expect, test } from 'bun:test'
import { companies } from '#src/companies/schema.ts'
import { users } from '#src/auth/schema.ts'
import { testDatabase } from '#tests/support/database.ts'
import { newAccount } from '../sending/running-campaign.ts'
import { planningApp } from './planning-app.tsx'

const database = await testDatabase()
const { db, sql } = database
const app = planningApp(database)
const [admin] = await db
  .insert(users)
  .values({ email: 'ada@agence.fr', name: 'Ada', role: 'admin', passwordHash: 'x' } as never)
  .returning()
app.become({ id: admin!.id, email: 'ada@agence.fr', name: 'Ada', role: 'admin' })

const idOf = (path: string): number => Number(/\/campaigns\/(\d+)/.exec(path)?.[1])

const website = (name: string) => ({
  name,
  website: `https://${name}.fr/`,
  siteKey: `${name}.fr`,
  email: `contact@${name}.fr`,
  contactEmail: `contact@${name}.fr`,
  contactEmailKind: 'role',
})

test('without a campaign the list says what one is good for and how to begin', async () => {
  const { status, text } = await app.get('/campaigns')
  expect(status).toBe(200)
  expect(text).toContain('Aucune campagne pour l’instant')
  expect(text).toContain('Nouvelle campagne')
})

test('a campaign is made step by step; each step is saved, and it does not start before all is in order', async () => {
  await db.insert(companies).values([website('boulangerie'), website('garage')])
  const account = await newAccount(db, 25)
  const made = await app.post('/campaigns', { name: 'Sites lents' })
  expect(made.status).toBe(303)
  const id = idOf(made.location)
  const audience = await app.get(made.location)
  expect(audience.text).toContain('Sites lents')
  const unnamed = await app.post(`/campaigns/${id}/audience`, { name: ' ', mode: 'filter' })
  expect(unnamed.status).toBe(422)
  expect(unnamed.text).toContain('Donnez un nom à la campagne.')
  const named = await app.post(`/campaigns/${id}/audience`, {
    name: 'Sites lents de Metz',
    mode: 'filter',
    do: 'next',
  })
  expect(named.location).toBe(`/campaigns/${id}/recipients`)
  expect((await app.get(named.location)).status).toBe(200)
  const rules = await app.post(`/campaigns/${id}/recipients`, {
    rules: '1',
    perCompany: '2',
    notContactedDays: '',
    mostCompanies: '',
    do: 'next',
  })
  expect(rules.location).toBe(`/campaigns/${id}/messages`)

  const messages = await app.get(rules.location)
  expect(messages.text).toContain('message à écrire')
  expect(messages.text).not.toContain('Enregistrer et continuer')
  const path = /\/campaigns\/\d+\/messages\/\d+/.exec(messages.text)![0]
  const wrong = await app.post(path, { subject: 'Bonjour {{ nom }}', html: '<p>{{ inconnu }}</p>', text: '' })
  expect(wrong.status).toBe(422)
  expect(wrong.text).toContain('La variable « inconnu » n’existe pas')
  const written = await app.post(path, {
    subject: 'Le site de {{ entreprise }}',
    html: '<p>Bonjour, le site de {{ entreprise }} est lent.</p>',
    text: '',
    do: 'stay',
  })
  expect(written.status).toBe(303)
  const variant = await app.get(path)
  expect(variant.text).toContain('Le site de boulangerie')
  const preview = await app.get(`${path}/preview`)
  expect(preview.text).toContain('le site de boulangerie est lent')
  expect(preview.headers.get('content-security-policy')).toContain('sandbox')

  await app.post(`/campaigns/${id}/steps`)
  const twoSteps = await app.get(`/campaigns/${id}/messages`)
  expect(twoSteps.text).toContain('Relance 1')
  const stepId = Number(/steps\/(\d+)"/.exec(twoSteps.text)![1])
  const badDelay = await app.post(`/campaigns/${id}/steps/${stepId}`, { delayDays: '0', condition: 'always' })
  expect(badDelay.status).toBe(422)
  expect(badDelay.text).toContain('Un nombre de 1 à 90.')
  await app.post(`/campaigns/${id}/steps/${stepId}/delete`)

  const late = await app.post(`/campaigns/${id}/schedule`, {
    accountIds: String(account.id),
    when: 'at',
    startAt: '2001-01-01T09:00',
    timeZone: 'Europe/Paris',
  })
  expect(late.status).toBe(422)
  expect(late.text).toContain('Choisissez un moment à venir.')
  const scheduled = await app.post(`/campaigns/${id}/schedule`, {
    accountIds: String(account.id),
    when: 'now',
    locale: 'fr',
    freshnessDays: '30',
    timeZone: 'Europe/Paris',
    do: 'next',
  })
  expect(scheduled.location).toBe(`/campaigns/${id}/check`)
  expect((await app.get(`/campaigns/${id}/schedule`)).text).toContain('Se termine')

  const check = await app.get(scheduled.location)
  expect(check.status).toBe(200)
  expect(check.text).toContain('La campagne ne peut pas encore démarrer')
  expect(check.text).toContain('BASE_URL n’est pas réglée')
  expect((await app.post(`/campaigns/${id}/start`)).location).toBe(`/campaigns/${id}/check`)
  const [row] = await sql`SELECT name, state, recipients FROM campaigns WHERE id = ${id}`
  expect(row).toMatchObject({
    name: 'Sites lents de Metz',
    state: 'draft',
    recipients: { perCompany: 2, notContactedDays: null },
  })
})
