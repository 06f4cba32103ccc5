import { expect, setDefaultTimeout, test } from 'bun:test'
import { simpleParser } from 'mailparser'
import { planCampaign } from '#src/campaigns/planning/plan-campaign.ts'
import { startCampaign } from '#src/campaigns/planning/start-campaign.ts'
import { users } from '#src/auth/schema.ts'
import { companies } from '#src/companies/schema.ts'
import { testDatabase } from '#tests/support/database.ts'
import { startMailServer } from '#tests/support/mail-server.ts'
import { newAccount } from '../sending/running-campaign.ts'
import { smallSender } from '../sending/small-sender.ts'
import { neighboursOf } from './given-draft.ts'
import { planningApp } from './planning-app.tsx'

setDefaultTimeout(15_000)
const database = await testDatabase()
const { db, sql, beforeClose } = database
const mails = await startMailServer()
beforeClose(mails.stop)
const app = planningApp(database, { BASE_URL: 'https://suivi.agence.fr' })
const [ada, bob] = await db
  .insert(users)
  .values([
    { email: 'ada@agence.fr', name: 'Ada', role: 'admin', passwordHash: 'x' },
    { email: 'bob@agence.fr', name: 'Bob', role: 'member', passwordHash: 'x' },
  ] as never)
  .returning()
const become = (user: typeof ada, role: 'admin' | 'member') =>
  app.become({ id: user!.id, email: user!.email, name: user!.name, role })
become(ada, 'admin')

const website = (name: string, score: number) => ({
  name,
  score,
  website: `https://${name}.fr/`,
  siteKey: `${name}.fr`,
  email: `contact@${name}.fr`,
  contactEmail: `contact@${name}.fr`,
  contactEmailKind: 'role',
})
const [, garage] = await db
  .insert(companies)
  .values([website('boulangerie', 90), website('garage', 20)])
  .returning()
const WORDS = {
  subject: 'Le site de {{ entreprise }}',
  html: '<p>Bonjour, <a href="https://agence.fr/offre">le site de {{ entreprise }}</a> est lent.</p>',
  text: '',
}

const givenDraft = async () => {
  const account = await newAccount(db, mails.port, { signature: '<p>Jean, de l’agence</p>' })
  const { location } = await app.post('/campaigns', { name: 'Essais' })
  const id = Number(/\d+/.exec(location)?.[0])
  await app.post(`/campaigns/${id}/schedule`, {
    accountIds: String(account.id),
    when: 'now',
    opens: 'off',
    clicks: 'off',
  })
  const { text } = await app.get(`/campaigns/${id}/messages`)
  return { id, account, path: /\/campaigns\/\d+\/messages\/\d+/.exec(text)![0] }
}
const newest = async () => {
  const received = mails.received.at(-1)!
  return { to: received.to, mail: await simpleParser(Buffer.from(received.raw, 'latin1')) }
}
// What must differ in every mail.
const alike = (text: string | false | undefined) =>
  String(text)
    .replaceAll(/\/track\/unsubscribe\/[\w.-]+/g, '/track/unsubscribe/…')
    .trim()

test('a test goes to oneself as the chosen company will get it, and just as it then goes out', async () => {
  const { id, path } = await givenDraft()
  const page = await app.get(path)
  expect(page.text).toContain('value="ada@agence.fr"')
  expect(page.text).toContain('S’envoyer un essai')
  const sent = await app.post(path, { ...WORDS, do: 'test', to: 'ada@agence.fr', for: 'contact@garage.fr' })
  expect([sent.status, app.flash()]).toEqual([303, 'Essai envoyé à ada@agence.fr.'])
  expect(sent.location).toBe(`${path}?for=contact%40garage.fr`)
  // What was typed is saved, and looked at as the same company.
  const seen = await app.get(sent.location)
  expect(seen.text).toContain('Le site de garage')
  expect(seen.text).toMatch(/<option value="contact@garage\.fr" selected/)
  const preview = await app.get(`${path}/preview?for=contact%40garage.fr`)
  for (const words of [
    'le site de garage',
    'Jean, de l’agence',
    'Agence Été',
    '57000 Metz',
    'Ne plus recevoir',
  ])
    expect(preview.text).toContain(words)
  expect((await app.get(path)).text).toContain('Le site de boulangerie')
  const tested = await newest()
  expect(tested.to).toEqual(['ada@agence.fr'])
  expect(await sql`SELECT FROM messages`).toHaveLength(0)

  const now = { now: () => new Date() }
  await startCampaign({ db, queue: app.deps.queue, clock: now }, id, { userId: null, at: null })
  const recipient = { companyId: garage!.id, address: 'contact@garage.fr', contactName: null }
  await planCampaign({ db, clock: now }, neighboursOf([recipient]), id)
  await smallSender({ db, sql }).sendUntil(id, ({ state }) => state === 'sent')
  const real = await newest()
  expect(real.to).toEqual(['contact@garage.fr'])
  expect(tested.mail.subject).toBe(real.mail.subject!)
  expect(tested.mail.from?.text).toBe(real.mail.from!.text)
  expect(alike(tested.mail.html)).toBe(alike(real.mail.html))
  expect(alike(tested.mail.text)).toBe(alike(real.mail.text))
  expect([...tested.mail.headers.keys()].toSorted()).toEqual([...real.mail.headers.keys()].toSorted())
})

test('a test of a follow-up has the subject of the conversation', async () => {
  const { id, path } = await givenDraft()
  await app.post(path, WORDS)
  await app.post(`/campaigns/${id}/steps`)
  const { text } = await app.get(`/campaigns/${id}/messages`)
  const followUp = [...text.matchAll(/\/campaigns\/\d+\/messages\/\d+(?=")/g)]
    .map(([one]) => one)
    .find((one) => one !== path)!
  await app.post(followUp, { html: '<p>Avez-vous vu ?</p>', do: 'test', to: 'ada@agence.fr' })
  expect((await newest()).mail.subject).toBe('Re: Le site de boulangerie')
})

test('what stands in the way of a test is said beside it, and what was typed is kept', async () => {
  const { id, account, path } = await givenDraft()
  const before = mails.received.length
  const tried = async (form: Record<string, string>) => {
    const { status, text } = await app.post(path, { ...WORDS, do: 'test', to: 'ada@agence.fr', ...form })
    expect(status).toBe(422)
    return text
  }
  expect(await tried({ to: 'pas une adresse' })).toContain('Ce n’est pas une adresse e-mail.')
  const held = await tried({ html: '<p>{% hold "rien à dire" %}Bonjour</p>' })
  expect(held).toContain('Ce message ne partirait pas à contact@boulangerie.fr')
  expect(held).toContain('{% hold &quot;rien à dire&quot; %}')
  await sql`INSERT INTO suppressions (address, scope, source) VALUES ('parti@agence.fr', 'all', 'page')`
  expect(await tried({ to: 'parti@agence.fr' })).toContain('ne doit plus recevoir de message')
  become(bob, 'member')
  expect(await tried({ to: 'quelquun@ailleurs.fr' })).toContain('Un essai part vers votre adresse')
  expect((await app.post(path, { ...WORDS, do: 'test', to: 'bob@agence.fr' })).status).toBe(303)
  expect(mails.received.length).toBe(before + 1)
  become(ada, 'admin')
  await sql`UPDATE mail_accounts SET port = 1 WHERE id = ${account.id}`
  expect(await tried({})).toContain('n’a pas pris l’essai')
  await sql`UPDATE campaigns SET account_ids = '{}' WHERE id = ${id}`
  expect(await tried({})).toContain('Choisissez d’abord un compte d’envoi')
  expect(mails.received.length).toBe(before + 1)
})
