import { beforeEach, expect, test } from 'bun:test'
import {
  defaultRules,
  emptyAudience,
  type Audience,
  type RecipientRules,
} from '#src/campaigns/audience/audience.ts'
import { countAudience, listExcluded, listRecipients } from '#src/campaigns/audience/queries-audience.ts'
import { refreshAddresses } from '#src/campaigns/audience/refresh-addresses.ts'
import { suppress } from '#src/tracking/suppress.ts'
import { insertCompanies, type NewCompany } from '#tests/companies/insert-companies.ts'
import { testDatabase } from '#tests/support/database.ts'

const { db, sql } = await testDatabase()
const now = new Date('2026-03-02T09:00:00Z')

beforeEach(async () => {
  await sql`TRUNCATE companies, suppressions, campaigns, messages, mail_domains, company_address_changes CASCADE`
})

const add = async (name: string, more: Partial<NewCompany> = {}): Promise<number> => {
  const site = `${name.toLowerCase()}.fr`
  const [id] = await insertCompanies(db, [
    { name, siteKey: site, website: `https://${site}/`, email: `contact@${site}`, ...more },
  ])
  return id!
}

const see = (companyId: number, value: string, data: Record<string, unknown> = {}, kind = 'email') => sql`
  INSERT INTO facts (company_id, kind, key, value, data, page_url, method, snippet, confidence)
  VALUES (${companyId}, ${kind}, ${value}, ${value}, ${JSON.stringify({ kind: 'role', ...data })}::text::jsonb, 'https://x.fr/', 'mailto', '', 0.9)`

const who = (audience: Partial<Audience> = {}): Audience => ({ ...emptyAudience, ...audience })
const count = (
  audience: Partial<Audience> = {},
  rules: Partial<RecipientRules> = {},
  campaignId: number | null = null,
) => countAudience(db, who(audience), { ...defaultRules, ...rules }, campaignId, now)

const list = async (
  audience: Partial<Audience> = {},
  rules: Partial<RecipientRules> = {},
  campaignId: number | null = null,
) => {
  const all: string[] = []
  for await (const batch of listRecipients(db, who(audience), { ...defaultRules, ...rules }, campaignId, now))
    all.push(...batch.map(({ address }) => address))
  return all
}

/** What is counted must be what is listed. */
const reach = async (
  audience: Partial<Audience> = {},
  rules: Partial<RecipientRules> = {},
  campaignId: number | null = null,
) => {
  const counted = await count(audience, rules, campaignId)
  const listed = await list(audience, rules, campaignId)
  expect(counted.recipients).toBe(listed.length)
  const left = counted.excluded
    .filter(({ of }) => of === 'companies')
    .reduce((sum, { count: n }) => sum + n, 0)
  expect(counted.reached + left).toBe(counted.companies)
  return { listed, excluded: Object.fromEntries(counted.excluded.map(({ reason, count: n }) => [reason, n])) }
}

const newCampaign = async (kind = 'real'): Promise<number> => {
  const [row] =
    await sql`INSERT INTO campaigns (name, kind, audience, recipients) VALUES ('C', ${kind}, '{}', '{}') RETURNING id`
  return row!.id as number
}

test('a company is reached by its best address, and by more of them only where more are asked for', async () => {
  const id = await add('Garage')
  await see(id, 'claire@garage.fr', { kind: 'person' })
  await see(id, 'atelier@garage.fr')
  const one = await reach()
  expect(one.listed).toEqual(['claire@garage.fr'])
  expect(one.excluded).toEqual({ over_cap: 2 })
  expect((await reach({}, { perCompany: 2 })).listed).toHaveLength(2)
  expect((await reach({}, { perCompany: 5 })).excluded).toEqual({})
})

test('each company that is left out is told with its reason, and who it is', async () => {
  await add('Bon')
  await add('Parti', { status: 'Désabonné' })
  await add('Plainte', { status: 'Plainte spam' })
  await add('Jamais', { status: 'Ne pas contacter' })
  await add('Muet', { email: null })
  const guessed = await add('Devine', { email: null })
  await see(guessed, 'c.martin@devine.fr', { person: 'Claire Martin' }, 'suggested_email')
  const agency = await add('Agence', { email: null })
  await see(agency, 'bonjour@studio-web.fr', { kind: 'agency' })
  await add('Robot', { email: 'noreply@robot.fr' })
  await add('Jetable', { email: 'x@yopmail.com' })
  await add('Gratuit', { email: 'garage@gmail.com' })
  await add('Autre', { email: 'contact@holding-sans-rapport.fr' })
  await sql`INSERT INTO mail_domains (domain, takes_mail, checked_at) VALUES ('sourd.fr', false, now())`
  await add('Sourd')
  const { listed, excluded } = await reach()
  expect(listed).toEqual(['contact@bon.fr'])
  expect(excluded).toEqual({
    status: 3,
    no_address: 1,
    guessed: 1,
    third_party: 1,
    unread: 1,
    disposable: 1,
    free_provider: 1,
    other_domain: 1,
    no_mail_server: 1,
  })
  const names = async (reason: Parameters<typeof listExcluded>[4]['reason']) =>
    (await listExcluded(db, who(), defaultRules, null, { reason, limit: 10, now })).map((one) => [
      one.name,
      one.address,
    ])
  expect(await names('guessed')).toEqual([['Devine', 'c.martin@devine.fr']])
  expect(await names('no_address')).toEqual([['Muet', null]])
  expect((await names('status')).map(([name]) => name)).toEqual(['Parti', 'Plainte', 'Jamais'])
  expect(await names('free_provider')).toEqual([['Gratuit', 'garage@gmail.com']])
  expect((await reach({}, { freeProviders: true, otherDomains: true })).listed).toHaveLength(3)
})

test('a free address is written to where the site itself gives it', async () => {
  const id = await add('Garage', { email: 'garage.leger@orange.fr' })
  expect((await reach()).excluded).toEqual({ free_provider: 1 })
  await see(id, 'garage.leger@orange.fr', { free: true })
  expect((await reach()).listed).toEqual(['garage.leger@orange.fr'])
})

test('who said no is left out: by address, by domain and what is below it, by company, for all or for one campaign', async () => {
  await add('Adresse')
  await add('Domaine')
  await add('Dessous', { email: 'contact@mail.dessous.fr' })
  await add('Numero', { siteKey: null, website: null, siren: '123456789' })
  await add('Site')
  await add('Libre')
  const campaign = await newCampaign()
  await sql`INSERT INTO suppressions (kind, address, scope, source) VALUES
    ('address', 'contact@adresse.fr', 'all', 'page'), ('domain', '@domaine.fr', 'all', 'hand'),
    ('domain', '@dessous.fr', 'all', 'hand'), ('company', 'siren:123456789', 'all', 'hand'),
    ('company', 'site:site.fr', 'all', 'hand')`
  await sql`INSERT INTO suppressions (kind, address, scope, campaign_id, source) VALUES
    ('address', 'contact@libre.fr', 'campaign', ${campaign}, 'page')`
  const { listed, excluded } = await reach()
  expect(listed).toEqual(['contact@libre.fr'])
  expect(excluded).toEqual({ suppressed: 3, suppressed_company: 2 })
  expect((await reach({}, {}, campaign)).listed).toEqual([])
  expect((await reach({}, {}, campaign + 1)).listed).toEqual(['contact@libre.fr'])
})

test('a company is left out by the number within its SIRET, and by its name where it has neither number nor site', async () => {
  const nameKey = 'nom metz'
  await add('Nom', { siteKey: null, website: null, nameKey })
  await add('Homonyme', { nameKey })
  await add('Numerote', { siteKey: null, website: null, nameKey, siren: '111222333' })
  await add('Siret', { siret: '98765432100011' })
  await sql`INSERT INTO suppressions (kind, address, scope, source) VALUES
    ('company', 'name:nom metz', 'all', 'hand'), ('company', 'siren:987654321', 'all', 'hand')`
  const { listed, excluded } = await reach()
  expect(listed.toSorted()).toEqual(['contact@homonyme.fr', 'contact@numerote.fr'])
  expect(excluded).toEqual({ suppressed_company: 2 })
})

test('of several reasons one is told: by hand, then the status, then what it said, then earlier mails', async () => {
  const id = await add('Garage')
  const sent = now.toISOString()
  await sql`INSERT INTO messages (token, company_id, recipient, subject, opens, clicks, state, sent_at)
    VALUES ('x', ${id}, 'x@y.fr', 'S', 'off', 'off', 'sent', ${sent})`
  expect((await reach()).excluded).toEqual({ contacted_recently: 1 })
  await sql`INSERT INTO suppressions (kind, address, scope, source) VALUES
    ('company', 'site:garage.fr', 'all', 'hand'), ('address', 'contact@garage.fr', 'all', 'hand')`
  expect((await reach()).excluded).toEqual({ suppressed_company: 1 })
  await sql`UPDATE companies SET status = 'Désabonné' WHERE id = ${id}`
  expect((await reach()).excluded).toEqual({ status: 1 })
  expect((await reach({ excludedIds: [id] })).excluded).toEqual({ left_out: 1 })
})

test.each([
  [{ address: 'contact@garage-léger.fr' }],
  [{ address: 'contact@xn--garage-lger-ibb.fr' }],
  [{ domain: 'garage-léger.fr' }],
  [{ domain: 'xn--garage-lger-ibb.fr' }],
])('%j is left out, and not sent to either, in whatever letters the domain is written', async (entry) => {
  await add('Un', { email: 'contact@garage-léger.fr', siteKey: null, website: null })
  await add('Deux', { email: 'contact@xn--garage-lger-ibb.fr', siteKey: null, website: null })
  const addresses = await list()
  expect(addresses).toHaveLength(1)
  await suppress(db, { ...entry, source: 'hand' }, now)
  const [row] = await sql`SELECT suppression_reason(${addresses[0]!}, NULL, NULL) AS reason`
  expect([row!['reason'], await list()]).toEqual(['hand', []])
})

test('who was written to lately is left out; what this campaign sent, or a rehearsal, is no reason', async () => {
  const [early, late, own, rehearsed] = [
    await add('Early'),
    await add('Late'),
    await add('Own'),
    await add('Rehearsed'),
  ]
  const [campaign, rehearsal] = [await newCampaign(), await newCampaign('rehearsal')]
  const sent = (companyId: number, days: number, campaignId: number | null) => sql`
    INSERT INTO messages (token, company_id, campaign_id, recipient, subject, opens, clicks, state, sent_at)
    VALUES (${`${companyId}`}, ${companyId}, ${campaignId}, 'x@y.fr', 'S', 'off', 'off', 'sent', ${new Date(now.getTime() - days * 86_400_000).toISOString()})`
  await sent(early!, 31, null)
  await sent(late!, 29, null)
  await sent(own!, 1, campaign)
  await sent(rehearsed!, 1, rehearsal)
  const { listed, excluded } = await reach({}, {}, campaign)
  expect(listed).toEqual(['contact@early.fr', 'contact@own.fr', 'contact@rehearsed.fr'])
  expect(excluded).toEqual({ contacted_recently: 1 })
  expect((await reach({}, { notContactedDays: null }, campaign)).listed).toHaveLength(4)
  expect((await reach({ filter: 'contacted=never' }, {}, campaign)).listed).toEqual(['contact@rehearsed.fr'])
})

test('whom another campaign is about to write to is left out, so that two at once send one mail', async () => {
  const company = await add('Deux')
  const row = async (kind: 'real' | 'rehearsal', state: string) => {
    const campaign = await newCampaign(kind)
    await sql`UPDATE campaigns SET state = ${state} WHERE id = ${campaign}`
    const [step] =
      await sql`INSERT INTO campaign_steps (campaign_id, position) VALUES (${campaign}, 0) RETURNING id`
    const [variant] = await sql`INSERT INTO campaign_variants (step_id, label, subject, html)
      VALUES (${step!['id']}, 'A', 's', 'h') RETURNING id`
    const [account] = await sql`INSERT INTO mail_accounts (slug, label, sender_address, host, port, tls)
      VALUES (${`a${campaign}`}, 'a', 'moi@atelier.fr', 'localhost', 25, 'none') RETURNING id`
    await sql`INSERT INTO campaign_messages (campaign_id, step_id, variant_id, company_id, account_id, address, provider, due_at)
      VALUES (${campaign}, ${step!['id']}, ${variant!['id']}, ${company}, ${account!['id']}, 'contact@deux.fr', 'deux.fr', now())`
    return campaign
  }
  await row('rehearsal', 'running')
  await row('real', 'cancelled')
  expect(await list()).toEqual(['contact@deux.fr'])
  const other = await row('real', 'running')
  expect((await reach()).excluded).toEqual({ contacted_recently: 1 })
  expect(await list({}, {}, other)).toEqual(['contact@deux.fr'])
  expect(await list({}, { notContactedDays: null })).toEqual(['contact@deux.fr'])
})

test('an address that bounced for good is replaced by the next one', async () => {
  const id = await add('Garage')
  await see(id, 'atelier@garage.fr')
  const campaign = await newCampaign()
  await sql`WITH step AS (INSERT INTO campaign_steps (campaign_id, position) VALUES (${campaign}, 0) RETURNING id),
    variant AS (INSERT INTO campaign_variants (step_id, label, subject, html) SELECT id, 'A', '', '' FROM step RETURNING id),
    account AS (INSERT INTO mail_accounts (slug, label, sender_address, host, port, tls)
      VALUES ('a', 'A', 'a@a.fr', 'h', 25, 'none') RETURNING id)
    INSERT INTO campaign_messages (campaign_id, step_id, variant_id, company_id, account_id, address, provider, due_at, bounce_kind)
    SELECT ${campaign}, step.id, variant.id, ${id}, account.id, 'atelier@garage.fr', 'x', now(), 'hard' FROM step, variant, account`
  expect((await reach()).listed).toEqual(['contact@garage.fr'])
})

test('an address of several companies is written to once, for the best prospect', async () => {
  await add('Siege', { email: 'contact@groupe.fr', siteKey: null, score: 10 })
  await add('Agence', { email: 'contact@groupe.fr', siteKey: null, score: 90 })
  const { listed, excluded } = await reach()
  expect(listed).toEqual(['contact@groupe.fr'])
  expect(excluded).toEqual({ duplicate: 1 })
  expect(
    await listExcluded(db, who(), defaultRules, null, { reason: 'duplicate', limit: 5, now }),
  ).toMatchObject([{ name: 'Siege', address: 'contact@groupe.fr' }])
})

test('the best prospects come first, and only so many companies as are asked for', async () => {
  for (const [name, score] of [
    ['Bas', 5],
    ['Haut', 95],
    ['Milieu', 50],
  ] as const)
    await add(name, { score })
  await add('Sans', { score: null })
  expect((await reach()).listed).toEqual(
    ['haut', 'milieu', 'bas', 'sans'].map((name) => `contact@${name}.fr`),
  )
  const two = await reach({}, { mostCompanies: 2 })
  expect(two.listed).toEqual(['contact@haut.fr', 'contact@milieu.fr'])
  expect(two.excluded).toEqual({ beyond_most: 2 })
})

test('only the people asked for are written to', async () => {
  const id = await add('Garage')
  await see(id, 'claire@garage.fr', { kind: 'person' })
  await sql`INSERT INTO facts (company_id, kind, key, value, data, page_url, method, snippet, confidence) VALUES
    (${id}, 'person', 'claire', 'Claire Léger', ${JSON.stringify({ role: 'Gérante', roleKind: 'owner', email: 'claire@garage.fr' })}::text::jsonb, 'https://x.fr/', 'text', '', 0.9)`
  await add('Vide')
  expect((await reach({}, { roles: ['shared'] })).listed).toEqual(['contact@garage.fr', 'contact@vide.fr'])
  const owners = await reach({}, { roles: ['owner'] })
  expect(owners.listed).toEqual(['claire@garage.fr'])
  expect(owners.excluded).toEqual({ role_not_chosen: 1 })
})

test('companies picked by hand are those, less the deleted and those left out', async () => {
  const [a, b, c] = [await add('Aa'), await add('Bb'), await add('Cc')]
  await sql`UPDATE companies SET deleted_at = now() WHERE id = ${b!}`
  const { listed, excluded } = await reach({ mode: 'picked', companyIds: [a!, b!, c!], excludedIds: [c!] })
  expect(listed).toEqual(['contact@aa.fr'])
  expect(excluded).toEqual({ deleted: 1, left_out: 1 })
})

test('whatever changes the addresses of a company is seen by the next count', async () => {
  const id = await add('Garage')
  expect((await reach()).listed).toEqual(['contact@garage.fr'])
  await sql`UPDATE companies SET email = 'accueil@garage.fr' WHERE id = ${id}`
  expect((await reach()).listed).toEqual(['accueil@garage.fr'])
  await see(id, 'chef@garage.fr', { kind: 'person' })
  expect((await reach()).listed).toEqual(['chef@garage.fr'])
  await sql`UPDATE facts SET verdict = 'rejected' WHERE company_id = ${id}`
  expect((await reach()).listed).toEqual(['accueil@garage.fr'])
  await sql`DELETE FROM facts WHERE company_id = ${id}`
  await sql`UPDATE companies SET status = 'Relance' WHERE id = ${id}`
  await refreshAddresses(db)
  expect(await sql`SELECT * FROM company_address_changes`).toHaveLength(0)
})

test('many companies are judged by one node while others wait for it', async () => {
  await sql`INSERT INTO companies (name, email, site_key, website)
    SELECT 'C' || n, 'contact@firm-' || n || '.fr', 'firm-' || n || '.fr', 'https://firm-' || n || '.fr/' FROM generate_series(1, 2500) AS n`
  const done = await Promise.all([refreshAddresses(db), refreshAddresses(db), refreshAddresses(db)])
  expect(done.reduce((sum, judged) => sum + judged, 0)).toBe(2500)
  const [row] = await sql`SELECT count(*)::int AS count FROM company_addresses`
  expect(row!.count).toBe(2500)
  expect((await reach()).listed).toHaveLength(2500)
})
