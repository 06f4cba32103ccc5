import { expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { campaignResultRoutes } from '#src/campaigns/results/routes.tsx'
import { campaigns } from '#src/campaigns/schema.ts'
import { mailApp } from '#tests/mail/small-app.tsx'
import { testDatabase } from '#tests/support/database.ts'
import { givenCampaign, givenHit, givenRow, stateOf } from './given-campaign.ts'

const database = await testDatabase()
const { db, sql } = database
const app = mailApp(
  database,
  {},
  {
    more: (routes, deps) =>
      routes.route(
        '/campaigns',
        campaignResultRoutes(deps, (id) => `/campaigns/${id}/edit`),
      ),
  },
)
const ids = (text: string) =>
  [...text.matchAll(/\/campaigns\/\d+\/recipients\/(\d+)"/g)].map(([, id]) => Number(id))
const listed = (text: string) => ids(text.slice(text.indexOf('id="recipients"')))

test('the funnel tells people from machines, and counts each mail once', async () => {
  const given = await givenCampaign(db)
  const { id } = given.campaign
  const [read, scanned, both] = [
    await givenRow(db, given),
    await givenRow(db, given),
    await givenRow(db, given),
  ]
  await givenRow(db, given, { state: 'bounced', bouncedAt: new Date(), bounceKind: 'hard' })
  await givenRow(db, given, { state: 'planned' })
  await givenRow(db, given, { state: 'failed', reason: 'recipient_refused', reply: '550 no' })
  for (const row of [read, both]) await givenHit(db, id, row.messageId, 'open')
  await givenHit(db, id, read.messageId, 'open')
  for (const row of [scanned, both]) await givenHit(db, id, row.messageId, 'open', 'machine')
  await givenHit(db, id, both.messageId, 'click')
  const { text } = await app.get(`/campaigns/${id}`)
  const share = (key: string) =>
    new RegExp(`id="funnel-${key}">.*?<strong>(\\d+)</strong><span class="text-secondary"> · ([^<]+)`)
      .exec(text)
      ?.slice(1)
      .map((found) => found.replace('\u202f', ' ').replace('\u00a0', ' '))
  expect(share('sent')).toEqual(['4', '100 %'])
  expect(share('delivered')).toEqual(['3', '75 %'])
  expect(share('opened')).toEqual(['2', '50 %'])
  expect(share('clicked')).toEqual(['1', '25 %'])
  expect(share('bounced')).toEqual(['1', '25 %'])
  expect(text).toContain('et 1 par des machines seulement')
  expect(text).toContain('En attente : 1')
  expect(text).toContain('Refusés à l’envoi : 1')
})

test('openings that are kept with nobody are told as openings, not as people', async () => {
  const given = await givenCampaign(db)
  await givenRow(db, given)
  await givenHit(db, given.campaign.id, null, 'open')
  await givenHit(db, given.campaign.id, null, 'open')
  await givenHit(db, given.campaign.id, null, 'open', 'machine')
  const { text } = await app.get(`/campaigns/${given.campaign.id}`)
  expect(text).toContain('2 ouvertures humaines comptées sans savoir qui (3 en tout)')
})

test('recipients are narrowed by what became of them and by words, and every number of the funnel leads to its list', async () => {
  const given = await givenCampaign(db)
  const { id } = given.campaign
  const opened = await givenRow(db, given, {
    company: { name: 'Boulangerie Noël' },
    address: 'noel@pain.example',
  })
  const failed = await givenRow(db, given, { state: 'failed', reply: '550 5.1.1 unknown' })
  const replied = await givenRow(db, given, { state: 'replied', repliedAt: new Date() })
  const waiting = await givenRow(db, given, { state: 'held', reason: 'stale' })
  await givenHit(db, id, opened.messageId, 'open')
  const of = async (query: string) => listed((await app.get(`/campaigns/${id}?${query}`)).text)
  expect(await of('')).toEqual([opened.id, failed.id, replied.id, waiting.id])
  expect(await of('filter=opened')).toEqual([opened.id])
  expect(await of('filter=failed')).toEqual([failed.id])
  expect(await of('filter=replied')).toEqual([replied.id])
  expect(await of('filter=waiting')).toEqual([waiting.id])
  expect(await of('filter=sent')).toEqual([opened.id, replied.id])
  expect(await of('q=noel')).toEqual([opened.id])
  expect(await of('q=PAIN.example')).toEqual([opened.id])
  expect(await of('q=%25')).toEqual([])
  expect((await app.get(`/campaigns/${id}?filter=complained`)).text).toContain('Personne ici')
  expect(await of('filter=nonsense&page=-3')).toHaveLength(4)
})

test('the hottest come first: answers, then clicks, then openings; who said no is not among them', async () => {
  const given = await givenCampaign(db, { steps: 2 })
  const { id } = given.campaign
  const clicker = await givenRow(db, given)
  const replier = await givenRow(db, given, { state: 'replied', repliedAt: new Date() })
  const reader = await givenRow(db, given)
  const once = await givenRow(db, given)
  const gone = await givenRow(db, given, { state: 'unsubscribed', unsubscribedAt: new Date() })
  for (const row of [clicker, gone]) await givenHit(db, id, row.messageId, 'click')
  for (const row of [reader, reader, once]) await givenHit(db, id, row.messageId, 'open')
  const { text } = await app.get(`/campaigns/${id}`)
  const leads = text.slice(text.indexOf('id="leads"'), text.indexOf('id="chart"'))
  expect(ids(leads)).toEqual([replier.id, clicker.id, reader.id])
})

test('numbers are told apart by message, sector and provider', async () => {
  const given = await givenCampaign(db, { steps: 3 })
  // All began with templates; the second one kept its subject, the third one has none of its own.
  await sql`INSERT INTO mail_templates (name, locale, subject, html) VALUES ('Audit', 'fr', 'Autre objet', ''), ('Relance', 'fr', 'Objet 2', ''), ('Suite', 'fr', 'Suite', '')`
  await sql`UPDATE campaign_variants v SET template_id = t.id FROM mail_templates t, campaign_steps s
    WHERE s.id = v.step_id AND s.campaign_id = ${given.campaign.id}
      AND t.name = CASE s.position WHEN 0 THEN 'Audit' WHEN 1 THEN 'Relance' ELSE 'Suite' END`
  await sql`UPDATE campaign_variants SET subject = '' WHERE template_id = (SELECT id FROM mail_templates WHERE name = 'Suite')`
  await givenRow(db, given, { company: { sector: 'Garages' }, provider: 'google' })
  await givenRow(db, given, { company: { sector: 'Garages' }, provider: 'ovh', step: 1 })
  await givenRow(db, given, { provider: 'ovh', state: 'bounced', bouncedAt: new Date(), bounceKind: 'hard' })
  await givenRow(db, given, { provider: 'ovh', step: 2, state: 'planned' })
  const { text } = await app.get(`/campaigns/${given.campaign.id}`)
  const part = (name: string) => {
    const from = text.slice(text.indexOf(`id="by-${name}"`)).split('</section>')[0]!
    return [
      ...from.matchAll(/data-label="Groupe"[^>]*>(?:<span[^>]*>)?([^<]*).*?data-label="Envoyés">(\d+)/g),
    ].map(([, label, sent]) => [label, Number(sent)])
  }
  expect(part('variant')).toEqual([
    ['1A · Objet 1', 2],
    ['2A · Relance', 1],
    ['3A · Suite', 0],
  ])
  expect(part('sector')).toEqual([
    ['Garages', 2],
    ['Non renseigné', 1],
  ])
  expect(part('provider').toSorted()).toEqual([
    ['Google (Gmail)', 1],
    ['OVHcloud', 2],
  ])
})

test('a recipient has one page: what happened, the mail as it was sent, and what it quotes', async () => {
  const given = await givenCampaign(db, { steps: 2 })
  const { id } = given.campaign
  const html =
    '<html><head><style>p{color:red}</style></head><body><p>Bonjour <a href="https://suivi.example/track/click/x">ici</a></p><img src="https://suivi.example/track/pixel/x"></body></html>'
  const first = await givenRow(db, given, {
    html,
    address: 'zoe@zoe.example',
    links: ['https://agence.example/offre'],
  })
  await givenRow(db, given, {
    step: 1,
    address: 'zoe@zoe.example',
    companyId: first.companyId,
    state: 'planned',
  })
  await givenHit(db, id, first.messageId, 'open', 'machine')
  await givenHit(db, id, first.messageId, 'click')
  const { text, headers } = await app.get(`/campaigns/${id}/recipients/${first.id}`)
  for (const words of [
    'Ouvert par une machine',
    'Lien suivi par une personne',
    'Le site met 6 s',
    // What a number counts.
    'Nombre de points relevés : <bdi data-foreign="true">17',
    'Relance 1',
  ])
    expect(text).toContain(words)
  expect(text).toContain('href="https://agence.example/offre"')
  expect(headers.get('content-security-policy')).toContain("frame-src 'self'")
  const mail = await app.get(`/campaigns/${id}/recipients/${first.id}/mail`)
  expect(mail.headers.get('content-security-policy')).toStartWith("sandbox; default-src 'none'")
  expect(mail.text).toContain('p{color:red}')
  expect(mail.text).not.toContain('/track/click/')
  expect(mail.text).not.toContain('/track/pixel/')
  const other = await givenCampaign(db)
  expect((await app.get(`/campaigns/${other.campaign.id}/recipients/${first.id}`)).status).toBe(404)
  expect((await app.get(`/campaigns/${other.campaign.id}/recipients/${first.id}/mail`)).status).toBe(404)
})

test('what nobody knows waits for a decision: sent again, or counted as sent with its follow-up', async () => {
  const given = await givenCampaign(db, { steps: 2 })
  const { id } = given.campaign
  const [again, counted] = [
    await givenRow(db, given, { state: 'unknown' }),
    await givenRow(db, given, { state: 'unknown' }),
  ]
  expect((await app.get(`/campaigns/${id}`)).text).toContain('2 e-mails dont on ne sait pas')
  await app.post(`/campaigns/${id}/unknown`, { do: 'resend', ids: String(again.id) })
  expect(app.flash()).toContain('1 e-mail sera envoyé')
  await app.post(`/campaigns/${id}/unknown`, { do: 'count' })
  expect(app.flash()).toContain('1 e-mail compté comme envoyé')
  expect([await stateOf(db, again.id), await stateOf(db, counted.id)]).toEqual(['planned', 'sent'])
  const { text } = await app.get(`/campaigns/${id}?q=${counted.address}`)
  expect(text).toContain('Relance 1')
  expect(text).not.toContain('dont on ne sait pas')
  await app.post(`/campaigns/${id}/unknown`, { do: 'count' })
  expect(app.flash()).toContain('Rien à décider')
})

test('recipients leave as a file, narrowed as on screen, and no cell of it runs as a formula', async () => {
  const given = await givenCampaign(db)
  const { id } = given.campaign
  await givenRow(db, given, { company: { name: '=HYPERLINK("x")' } })
  await givenRow(db, given, { state: 'failed', reason: 'busy' })
  const csv = await app.get(`/campaigns/${id}/export?format=csv`)
  expect(csv.headers.get('content-disposition')).toContain(`campaign-${id}-`)
  expect(csv.text.trim().split('\r\n')).toHaveLength(3)
  expect(csv.text).toContain("'=HYPERLINK")
  const failed = await app.get(`/campaigns/${id}/export?format=csv&filter=failed`)
  expect(failed.text.trim().split('\r\n')).toHaveLength(2)
  const xlsx = await app.get(`/campaigns/${id}/export?format=xlsx`)
  expect(xlsx.text.slice(0, 2)).toBe('PK')
})

test('a draft goes on where it was made; what is no campaign is not found', async () => {
  const { campaign } = await givenCampaign(db, { state: 'draft' })
  expect((await app.get(`/campaigns/${campaign.id}`)).location).toBe(`/campaigns/${campaign.id}/edit`)
  expect((await app.get('/campaigns/99999')).status).toBe(404)
  expect((await app.get('/campaigns/none')).status).toBe(404)
})

test('what is held waits for a decision too: tried again, or given up', async () => {
  const given = await givenCampaign(db)
  const { id } = given.campaign
  const again = await givenRow(db, given, { state: 'held', reason: 'stale_failed' })
  const never = await givenRow(db, given, { state: 'held', reason: 'missing_values', reply: 'contact' })
  const { text } = await app.get(`/campaigns/${id}`)
  expect(text).toContain('2 e-mails retenus')
  expect(text).toContain('n’a pas pu être relu')
  await app.post(`/campaigns/${id}/held`, { do: 'release', ids: String(again.id) })
  expect(app.flash()).toContain('1 e-mail repart')
  await app.post(`/campaigns/${id}/held`, { do: 'skip' })
  expect(app.flash()).toContain('1 e-mail ne partira pas')
  expect([await stateOf(db, again.id), await stateOf(db, never.id)]).toEqual(['planned', 'skipped'])
  expect((await app.get(`/campaigns/${id}`)).text).toContain('vous avez renoncé')
})

test('the list of a running campaign keeps itself up to date; one that has ended says what comes next', async () => {
  const given = await givenCampaign(db)
  const { id } = given.campaign
  await givenRow(db, given)
  const running = await app.get(`/campaigns/${id}?filter=sent`)
  expect(running.text).toContain(`hx-get="/campaigns/${id}?filter=sent&amp;q=&amp;page=1"`)
  expect(running.text).not.toContain(`/campaigns/${id}/relaunch`)
  await db.update(campaigns).set({ state: 'completed', finishedAt: new Date() }).where(eq(campaigns.id, id))
  const ended = await app.get(`/campaigns/${id}`)
  expect(ended.text).not.toContain('hx-trigger="every')
  expect(ended.text).toContain(`/campaigns/${id}/relaunch`)
  expect(ended.text).toContain(`/campaigns/${id}/delete`)
})
