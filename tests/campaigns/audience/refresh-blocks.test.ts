import { beforeEach, expect, test } from 'bun:test'
import { defaultRules, emptyAudience, type RecipientRules } from '#src/campaigns/audience/audience.ts'
import { holdJudging, replaceAddresses } from '#src/campaigns/audience/queries-addresses.ts'
import { countAudience, listRecipients } from '#src/campaigns/audience/queries-audience.ts'
import { refreshAddresses } from '#src/campaigns/audience/refresh-addresses.ts'
import { recipientRoles } from '#src/campaigns/audience/standings.ts'
import { findSuppressionById, removeSuppression } from '#src/tracking/queries-suppressions.ts'
import { insertCompanies, type NewCompany } from '#tests/companies/insert-companies.ts'
import { testDatabase } from '#tests/support/database.ts'

const { db, sql } = await testDatabase()
const now = new Date('2026-03-02T09:00:00Z')

beforeEach(async () => {
  await sql`TRUNCATE companies, suppressions, campaigns, company_address_changes, company_block_changes CASCADE`
})

const add = async (name: string, more: Partial<NewCompany> = {}): Promise<number> => {
  const site = `${name.toLowerCase()}.fr`
  const [id] = await insertCompanies(db, [
    { name, siteKey: site, website: `https://${site}/`, email: `contact@${site}`, ...more },
  ])
  return id!
}

const count = async (rules: Partial<RecipientRules> = {}) => {
  const counted = await countAudience(db, emptyAudience, { ...defaultRules, ...rules }, null, now)
  const listed: string[] = []
  for await (const batch of listRecipients(db, emptyAudience, { ...defaultRules, ...rules }, null, now))
    listed.push(...batch.map(({ address }) => address))
  expect(counted.recipients).toBe(listed.length)
  expect(new Set(counted.sample.map(({ address }) => address)).difference(new Set(listed)).size).toBe(0)
  return { listed, left: Object.fromEntries(counted.excluded.map((one) => [one.reason, one.count])) }
}

const enter = (kind: 'address' | 'domain' | 'company', key: string) =>
  sql`INSERT INTO suppressions (kind, address, scope, source) VALUES (${kind}, ${key}, 'all', 'hand')`

test.each([
  ['address', 'contact@garage.fr', 'suppressed'],
  ['domain', '@garage.fr', 'suppressed'],
  ['company', 'site:garage.fr', 'suppressed_company'],
  ['company', 'siren:123456789', 'suppressed_company'],
] as const)(
  'of a %s (%s) that is entered or taken back the very next count knows',
  async (kind, key, why) => {
    await add('Garage', { siren: '123456789' })
    expect(await count()).toEqual({ listed: ['contact@garage.fr'], left: {} })
    await enter(kind, key)
    expect(await count()).toEqual({ listed: [], left: { [why]: 1 } })
    await sql`UPDATE suppressions SET address = replace(replace(address, 'garage', 'salon'), '1234', '4321')`
    expect(await count()).toEqual({ listed: ['contact@garage.fr'], left: {} })
    await sql`UPDATE suppressions SET address = ${key}`
    expect(await count()).toEqual({ listed: [], left: { [why]: 1 } })
    await sql`DELETE FROM suppressions`
    expect(await count()).toEqual({ listed: ['contact@garage.fr'], left: {} })
  },
)

test('the domain above an address, and a company known by its name, are found after they were judged', async () => {
  await add('Garage', { email: 'contact@mail.garage.fr' })
  await add('Salon', { siteKey: null, website: null, nameKey: 'salon metz' })
  expect((await count()).listed).toHaveLength(2)
  await enter('domain', '@garage.fr')
  await enter('company', 'name:salon metz')
  expect((await count()).left).toEqual({ suppressed: 1, suppressed_company: 1 })
})

test('a company that gets the number of one that said no is left out', async () => {
  const id = await add('Garage')
  await enter('company', 'siren:123456789')
  expect((await count()).listed).toHaveLength(1)
  await sql`UPDATE companies SET siren = '123456789' WHERE id = ${id}`
  expect((await count()).left).toEqual({ suppressed_company: 1 })
})

test('a company that said no is told as such whether or not it has an address', async () => {
  await add('Garage', { email: null })
  await enter('company', 'site:garage.fr')
  expect((await count()).left).toEqual({ suppressed_company: 1 })
})

test('a status that forbids mails holds, and goes, with the next count', async () => {
  const id = await add('Garage')
  await count()
  await sql`UPDATE companies SET status = 'Désabonné' WHERE id = ${id}`
  expect((await count()).left).toEqual({ status: 1 })
  await sql`UPDATE companies SET status = 'Relance' WHERE id = ${id}`
  expect((await count()).listed).toEqual(['contact@garage.fr'])
})

test('a bounce for good holds from the next count on, one of a rehearsal or for now does not', async () => {
  await add('Garage')
  await count()
  await sql`WITH campaign AS (INSERT INTO campaigns (name, audience, recipients) VALUES ('C', '{}', '{}') RETURNING id),
    step AS (INSERT INTO campaign_steps (campaign_id, position) SELECT id, 0 FROM campaign RETURNING id),
    variant AS (INSERT INTO campaign_variants (step_id, label, subject, html) SELECT id, 'A', '', '' FROM step RETURNING id),
    account AS (INSERT INTO mail_accounts (slug, label, sender_address, host, port, tls)
      VALUES ('a', 'A', 'a@a.fr', 'h', 25, 'none') RETURNING id)
    INSERT INTO campaign_messages (campaign_id, step_id, variant_id, account_id, address, provider, due_at)
    SELECT campaign.id, step.id, variant.id, account.id, 'contact@garage.fr', 'x', now() FROM campaign, step, variant, account`
  const bounce = (kind: string | null, rehearsed = false) =>
    sql`UPDATE campaign_messages SET bounce_kind = ${kind}, rehearsed = ${rehearsed}`
  await bounce('soft')
  expect((await count()).left).toEqual({})
  await bounce('hard')
  expect((await count()).left).toEqual({ bounced: 1 })
  await bounce('hard', true)
  expect((await count()).left).toEqual({})
  await bounce('hard')
  expect((await count()).left).toEqual({ bounced: 1 })
  const [row] = await sql<{ id: number }[]>`INSERT INTO suppressions (kind, address, scope, source)
    VALUES ('address', 'contact@garage.fr', 'all', 'bounce') RETURNING id`
  await removeSuppression(db, {
    suppression: (await findSuppressionById(db, row!.id))!,
    reason: 'the mailbox is there again',
    removedBy: null,
    at: now,
  })
  expect((await count()).left).toEqual({})
  await sql`UPDATE campaign_messages SET bounced_at = ${new Date(now.getTime() + 1000).toISOString()}`
  await bounce('hard', true)
  await bounce('hard')
  expect((await count()).left).toEqual({ bounced: 1 })
  await sql`UPDATE campaign_messages SET address = 'erased-1@erased.invalid'`
  expect((await count()).left).toEqual({})
  await sql`UPDATE campaign_messages SET address = 'contact@garage.fr'`
  expect((await count()).left).toEqual({ bounced: 1 })
  await sql`DELETE FROM campaign_messages`
  expect((await count()).left).toEqual({})
})

test('an entry made while addresses are judged is missed by nobody', async () => {
  const id = await add('Garage')
  await count()
  const address = { domain: 'garage.fr', standing: 'own', role: 'shared', contactName: null } as const
  await db.transaction(async (tx) => {
    await holdJudging(tx)
    const addresses = [{ ...address, address: 'neuf@garage.fr' }]
    await replaceAddresses(tx, [id], [{ companyId: id, addresses }])
    // Somebody else's connection: it sees nothing of the new address.
    await enter('address', 'neuf@garage.fr')
  })
  expect(await count()).toEqual({ listed: [], left: { suppressed: 1 } })
  await sql.begin(async (tx) => {
    await tx`INSERT INTO suppressions (kind, address, scope, source) VALUES ('address', 'contact@garage.fr', 'all', 'hand')`
    await sql`UPDATE companies SET contact_email = 'contact@garage.fr' WHERE id = ${id}`
    await refreshAddresses(db)
  })
  expect(await count()).toEqual({ listed: [], left: { suppressed: 1 } })
})

// Who is asked for by every role is judged address by address.
test('companies counted by what is summed up of them are told the reasons that their addresses give', async () => {
  await sql`INSERT INTO companies (name, email, site_key, website)
    SELECT 'C' || n, (ARRAY['contact@firm-' || n || '.fr', 'garage' || n || '@orange.fr', 'x' || n || '@ailleurs.fr', NULL])[1 + n % 4],
      'firm-' || n || '.fr', 'https://firm-' || n || '.fr/' FROM generate_series(1, 240) AS n`
  await sql`INSERT INTO facts (company_id, kind, key, value, data, page_url, method, snippet, confidence)
    SELECT c.id, 'email', mail, mail, '{"kind": "role"}', page, 'mailto', '', 0.9
    FROM (SELECT id, substr(name, 2)::int AS n FROM companies) AS c, LATERAL (VALUES
      (2, 'info@firm-' || n || '.fr', 'https://x.fr/'), (3, 'noreply@firm-' || n || '.fr', 'https://x.fr/'),
      (5, 'chef' || n || '@gmail.com', ''), (7, 'y' || n || '@autre.fr', '')) AS more (every, mail, page) WHERE n % every = 0`
  await refreshAddresses(db)
  await sql`INSERT INTO suppressions (kind, address, scope, source)
    SELECT 'address', address, 'all', 'hand' FROM company_addresses WHERE company_id % 3 = 0 AND rank <= company_id % 2`
  const rules = [
    {},
    { freeProviders: true },
    { otherDomains: true },
    { freeProviders: true, otherDomains: true },
  ]
  for (const rule of rules)
    for (const perCompany of [1, 2]) {
      const summed = await count({ ...rule, perCompany })
      const judged = await count({ ...rule, perCompany, roles: [...recipientRoles] })
      expect(summed).toEqual(judged)
      expect(summed.left['suppressed']).toBeGreaterThan(5)
    }
})

test('who says no while recipients are listed is not among those listed from then on', async () => {
  await sql`INSERT INTO companies (name, email, site_key, website)
    SELECT 'C' || n, 'contact@firm-' || n || '.fr', 'firm-' || n || '.fr', 'https://firm-' || n || '.fr/' FROM generate_series(1, 1100) AS n`
  const batches = listRecipients(db, emptyAudience, defaultRules, null, now)
  expect((await batches.next()).value).toHaveLength(1000)
  await enter('address', 'contact@firm-1050.fr')
  const rest = await batches.next()
  expect(rest.value).toHaveLength(99)
  expect((await count()).left).toEqual({ suppressed: 1 })
})

test('the domains above addresses are found among many that are entered at once', async () => {
  await add('Garage', { email: 'contact@mail.garage.fr' })
  await add('Salon', { email: 'contact@a.mail.salon.fr' })
  await add('Notgarage', { email: 'contact@mail.notgarage.fr' })
  expect((await count()).listed).toHaveLength(3)
  await sql`INSERT INTO suppressions (kind, address, scope, source)
    SELECT 'domain', '@firm-' || n || '.fr', 'all', 'import' FROM generate_series(1, 200) AS n
    UNION ALL SELECT 'domain', '@' || name || '.fr', 'all', 'import' FROM unnest(ARRAY['garage', 'salon']) AS name`
  expect(await count()).toEqual({ listed: ['contact@mail.notgarage.fr'], left: { suppressed: 2 } })
})
