import { expect, test } from 'bun:test'
import { recordChange } from '#src/companies/queries-edit.ts'
import { companies } from '#src/companies/schema.ts'
import { facts } from '#src/crawl/schema.ts'
import { suppress } from '#src/tracking/suppress.ts'
import { trackingEvents } from '#src/tracking/schema.ts'
import { bestProspects } from '#src/operations/queries-dashboard.ts'
import { formatText } from '#src/mail/format-text.ts'
import { testDatabase } from '#tests/support/database.ts'
import { startMailServer } from '#tests/support/mail-server.ts'
import { mailApp } from './small-app.tsx'

const database = await testDatabase()
const { db, beforeClose } = database
const mails = await startMailServer({ answers: {} })
beforeClose(() => mails.stop())
const app = mailApp(database, {
  MAIL_SERVER: '127.0.0.1',
  MAIL_PORT: String(mails.port),
  MAIL_DEFAULT_SENDER: 'jean@agence.fr',
  BASE_URL: 'https://suivi.agence.fr',
})

const newCompany = async (given: Partial<typeof companies.$inferInsert> = {}) => {
  const [made] = await db
    .insert(companies)
    .values({ name: 'Garage', ...given })
    .returning()
  return made!
}
const tokenIn = (text: string) => /name="token" value="([\w-]{22})"/.exec(text)?.[1] ?? ''
const letter = { subject: 'Votre site', text: 'Bonjour,\n\nvoir https://exemple.fr/.', do: 'send' }

test('a mail is written to the chosen contact, sent once however often it is clicked, and listed', async () => {
  const company = await newCompany({ contactEmail: 'anne@garage.fr', contactPerson: 'Anne' })
  const path = `/companies/${company.id}/write`
  expect((await app.get(`/companies/${company.id}`)).text).toContain(`href="${path}?to=anne%40garage.fr"`)
  const page = await app.get(path)
  expect(page.text).toMatch(/value="anne@garage\.fr" checked/)
  const form = {
    ...letter,
    to: 'anne@garage.fr',
    token: tokenIn(page.text),
    opens: 'individual',
    clicks: 'individual',
  }
  const [first, second] = await Promise.all([app.post(path, form), app.post(path, form)])
  expect([first.status, second.status, first.location, mails.received.length]).toEqual([303, 303, path, 1])
  const again = await app.post(path, form)
  expect([again.status, app.flash(), mails.received.length]).toEqual([
    303,
    expect.stringContaining('déjà'),
    1,
  ])
  const listed = await app.get(path)
  expect(listed.text).toContain('anne@garage.fr')
  expect(listed.text).toContain('0 / 0')
})

test('both numbers are shown, of people and of all, and who unsubscribed', async () => {
  const company = await newCompany({ contactEmail: 'zoe@garage.fr' })
  const path = `/companies/${company.id}/write`
  const token = tokenIn((await app.get(path)).text)
  await app.post(path, { ...letter, to: 'zoe@garage.fr', token, opens: 'individual', clicks: 'individual' })
  const [row] = await database.sql`SELECT id FROM messages WHERE token = ${token}`
  const event = { messageId: row?.['id'] as number, facts: { method: 'GET' }, judgedAt: new Date() }
  const make = (type: 'open' | 'click' | 'unsubscribe', verdict: 'human' | 'machine') => ({
    ...event,
    eventId: Bun.randomUUIDv7(),
    at: new Date(),
    type,
    verdict,
  })
  await db
    .insert(trackingEvents)
    .values([
      make('open', 'human'),
      make('open', 'machine'),
      make('open', 'machine'),
      make('unsubscribe', 'human'),
    ])
  const { text } = await app.get(path)
  expect(text).toContain('1 / 3')
  expect(text).toContain('désinscrit le')
  expect(text).not.toContain('sans savoir qui, tous')
})

test('openings counted with nobody are told as a whole, both numbers', async () => {
  const company = await newCompany({ contactEmail: 'lea@garage.fr' })
  const path = `/companies/${company.id}/write`
  await app.post(path, { ...letter, to: 'lea@garage.fr', opens: 'aggregate', clicks: 'individual' })
  const event = { type: 'open' as const, facts: { method: 'GET' }, judgedAt: new Date(), at: new Date() }
  await db.insert(trackingEvents).values([
    { ...event, eventId: Bun.randomUUIDv7(), verdict: 'human' },
    { ...event, eventId: Bun.randomUUIDv7(), verdict: 'machine' },
    {
      ...event,
      eventId: Bun.randomUUIDv7(),
      verdict: 'human',
      at: new Date(Date.now() - 40 * 24 * 3600 * 1000),
    },
  ])
  expect((await app.get(path)).text).toContain('1 humaines / 2 en tout')
})

test('mails of a company that was merged into another are shown with it', async () => {
  const kept = await newCompany()
  const merged = await newCompany({ contactEmail: 'avant@garage.fr' })
  await app.post(`/companies/${merged.id}/write`, { ...letter, to: 'avant@garage.fr' })
  await database.sql`UPDATE companies SET merged_into_id = ${kept.id}, deleted_at = now() WHERE id = ${merged.id}`
  expect((await app.get(`/companies/${kept.id}/write`)).text).toContain('avant@garage.fr')
})

test('a guessed address is written to only when somebody says so', async () => {
  const company = await newCompany()
  await db.insert(facts).values({
    companyId: company.id,
    kind: 'suggested_email',
    key: 'p.durand@garage.fr',
    value: 'p.durand@garage.fr',
    pageUrl: 'https://garage.fr/',
    method: 'pattern',
    snippet: '',
    confidence: 0.3,
    data: { person: 'Paul Durand' },
    firstSeenAt: new Date(),
    lastSeenAt: new Date(),
  })
  const path = `/companies/${company.id}/write`
  const page = await app.get(path)
  expect(page.text).toContain('devinée')
  const token = tokenIn(page.text)
  const before = mails.received.length
  const refused = await app.post(path, { ...letter, to: 'p.durand@garage.fr', token })
  expect([refused.status, mails.received.length]).toEqual([422, before])
  const typed = await app.post(path, { ...letter, to: 'other', other: 'P.Durand@garage.fr', token })
  expect(typed.status).toBe(422)
  const sent = await app.post(path, { ...letter, to: 'p.durand@garage.fr', confirmed: '1', token })
  expect([sent.status, mails.received.length]).toEqual([303, before + 1])
})

test('an address typed beside a chosen one is asked about: nobody is written to by mistake', async () => {
  const company = await newCompany({ contactEmail: 'lea@garage.fr' })
  const path = `/companies/${company.id}/write`
  const before = mails.received.length
  const refused = await app.post(path, { ...letter, to: 'lea@garage.fr', other: 'autre@exemple.fr' })
  expect([refused.status, refused.text.includes('n’est pas elle qui est choisie')]).toEqual([422, true])
  expect([refused.text.includes('value="autre@exemple.fr"'), mails.received.length]).toEqual([true, before])
  const sent = await app.post(path, { ...letter, to: 'other', other: 'autre@exemple.fr' })
  expect([sent.status, mails.received.at(-1)?.to]).toEqual([303, ['autre@exemple.fr']])
})

test('the history of a company tells that it was written to, by whom it was taken off, in words', async () => {
  const company = await newCompany({ contactEmail: 'max@garage.fr' })
  await app.post(`/companies/${company.id}/write`, { ...letter, to: 'max@garage.fr' })
  await recordChange(db, {
    companyId: company.id,
    userId: null,
    kind: 'edited',
    detail: { status: ['Nouveau', 'Désabonné'], because: 'unsubscribed' },
  })
  const { text } = await app.get(`/companies/${company.id}/history`)
  expect([
    text.includes('Message envoyé'),
    text.includes('max@garage.fr'),
    text.includes(`href="/companies/${company.id}/write#sent"`),
    text.includes('demandé par le destinataire'),
    text.includes('because'),
  ]).toEqual([true, true, true, true, false])
})

test('a company that was written to is no longer proposed among those nobody has contacted', async () => {
  const company = await newCompany({ contactEmail: 'ida@garage.fr', score: 99 })
  const isProposed = async () => (await bestProspects(db)).some(({ id }) => id === company.id)
  expect(await isProposed()).toBe(true)
  await app.post(`/companies/${company.id}/write`, { ...letter, to: 'ida@garage.fr' })
  expect(await isProposed()).toBe(false)
})

test('a mail says how to unsubscribe in the language chosen, at first that of the company’s country', async () => {
  const english = mailApp(
    database,
    {
      MAIL_SERVER: '127.0.0.1',
      MAIL_PORT: String(mails.port),
      MAIL_DEFAULT_SENDER: 'jean@agence.fr',
      BASE_URL: 'https://suivi.agence.fr',
    },
    { locale: 'en' },
  )
  const company = await newCompany({ contactEmail: 'eva@garage.fr', country: 'France' })
  const path = `/companies/${company.id}/write`
  expect((await english.get(path)).text).toContain('<option value="fr" selected')
  await english.post(path, { ...letter, to: 'eva@garage.fr', language: 'fr' })
  expect(mails.received.at(-1)?.raw).toContain('Ne plus recevoir ces messages')
})

test('a suppressed address is told on the company’s page and refused with the reason', async () => {
  await suppress(db, { address: 'non@garage.fr', reason: 'a dit non', source: 'hand' }, new Date())
  const company = await newCompany({ contactEmail: 'Non@garage.fr' })
  expect((await app.get(`/companies/${company.id}`)).text).toContain('a dit non')
  const path = `/companies/${company.id}/write`
  const ways: Record<string, string>[] = [{ to: 'Non@garage.fr' }, { to: 'other', other: 'non@garage.fr' }]
  for (const to of ways) {
    const refused = await app.post(path, { ...letter, ...to })
    expect([refused.status, refused.text.includes('a dit non')]).toEqual([422, true])
  }
})

test('what cannot be sent is shown again as it was typed, with what to do', async () => {
  const company = await newCompany({ contactEmail: 'anne@garage.fr' })
  const path = `/companies/${company.id}/write`
  const empty = await app.post(path, { to: 'other', other: 'nobody', subject: '', text: '' })
  expect(empty.status).toBe(422)
  for (const words of ['pas une adresse', 'Donnez un objet', 'Écrivez le message'])
    expect(empty.text).toContain(words)
  const preview = await app.post(path, { ...letter, do: 'preview', to: 'anne@garage.fr' })
  expect([preview.status, preview.text.includes('Aperçu du message')]).toEqual([200, true])
  const down = await startMailServer({ answers: { rcpt: '550 5.1.1 Unknown <b>user</b>' } })
  const other = mailApp(database, {
    MAIL_SERVER: '127.0.0.1',
    MAIL_PORT: String(down.port),
    MAIL_DEFAULT_SENDER: 'jean@agence.fr',
    BASE_URL: 'https://suivi.agence.fr',
  })
  const refused = await other.post(path, { ...letter, to: 'anne@garage.fr' })
  await down.stop()
  expect([
    refused.status,
    refused.text.includes('Unknown &lt;b&gt;user'),
    refused.text.includes('Votre site'),
  ]).toEqual([422, true, true])
})

test('without a mail server the page says which settings to give', async () => {
  const company = await newCompany()
  const { text, status } = await mailApp(database, { BASE_URL: 'https://a.fr' }, { locale: 'en' }).get(
    `/companies/${company.id}/write`,
  )
  expect([
    status,
    text.includes('MAIL_SERVER'),
    text.includes('MAIL_DEFAULT_SENDER'),
    text.includes('BASE_URL</code>'),
    text.includes('MAIL_SERVER</code>: the mail server'),
  ]).toEqual([200, true, true, false, true])
})

test('a text becomes HTML that shows what was typed and nothing else', () => {
  const html = formatText(
    'Bonjour <b>\nligne\n\n- un\n- **deux**\n\n[ici](https://a.fr/?x=1&y=2), https://b.fr/c).',
    'fr',
  )
  expect(html).toContain('<p>Bonjour &lt;b&gt;<br>ligne</p>')
  expect(html).toContain('<ul><li>un</li><li><strong>deux</strong></li></ul>')
  expect(html).toContain(
    '<a href="https://a.fr/?x=1&amp;y=2">ici</a>, <a href="https://b.fr/c">https://b.fr/c</a>).',
  )
  expect(formatText('[x](javascript:alert(1)) "><script>', 'fr')).not.toMatch(/<script|href="javascript/)
})
