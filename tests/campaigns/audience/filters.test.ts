import { beforeAll, expect, test } from 'bun:test'
import { defaultRules, emptyAudience, type Audience } from '#src/campaigns/audience/audience.ts'
import { audienceParams, readAudienceFilter } from '#src/campaigns/audience/audience-filter.ts'
import { objectives } from '#src/campaigns/audience/objectives.ts'
import { countAudience, listRecipients } from '#src/campaigns/audience/queries-audience.ts'
import { audienceFields, readAudience } from '#src/campaigns/audience/read-audience.ts'
import { insertCompanies } from '#tests/companies/insert-companies.ts'
import { testDatabase } from '#tests/support/database.ts'

const { db, sql } = await testDatabase()

const ids: Record<string, number> = {}
const weak = (...rules: string[]) => rules.map((id) => ({ id, severity: 'high' }))

beforeAll(async () => {
  const rows = [
    {
      name: 'Garage',
      category: 'Garage automobile',
      postalCode: '57000',
      city: 'Metz',
      score: 90,
      scoreLevel: 'very-high',
      cms: 'WordPress',
      weaknesses: weak('tls-expired', 'viewport-missing'),
      tags: ['vip'],
      favourite: true,
    },
    {
      name: 'Boulange',
      category: 'Boulangerie',
      postalCode: '54000',
      city: 'Nancy',
      score: 40,
      scoreLevel: 'low',
      cms: 'Wix',
      weaknesses: weak('title-missing'),
      tags: ['foire'],
      status: 'Relance',
      stage: 'RDV',
    },
    {
      name: 'Auto-école Léger',
      sector: 'Formation à la conduite',
      category: 'École',
      postalCode: '57100',
      city: 'Thionville',
      score: 70,
      scoreLevel: 'high',
      cms: 'WordPress',
      weaknesses: weak('tls-expired'),
      status: 'Gagné',
    },
    {
      name: 'Lycée Fabert',
      sector: 'Enseignement et formation',
      postalCode: '57000',
      city: 'Metz',
      score: 60,
      scoreLevel: 'medium',
    },
    {
      name: 'Logiciels',
      sector: 'Édition de logiciels',
      postalCode: '67000',
      city: 'Strasbourg',
      website: null,
    },
  ]
  const made = await insertCompanies(
    db,
    rows.map((row, n) => ({
      siteKey: `f-${n}.fr`,
      website: `https://f-${n}.fr/`,
      email: `contact@f-${n}.fr`,
      ...row,
    })),
  )
  rows.forEach(({ name }, n) => (ids[name] = made[n]!))
  await sql`INSERT INTO facts (company_id, kind, key, value, data, page_url, method, snippet, confidence)
    VALUES (${ids['Garage']!}, 'technology', 'php', 'PHP', '{}', '', 'header', '', 1)`
  await sql`INSERT INTO groups (name) VALUES ('Foire')`
  await sql`INSERT INTO company_groups SELECT id, (SELECT id FROM groups) FROM companies WHERE name IN ('Garage', 'Logiciels')`
  await sql`INSERT INTO messages (token, company_id, recipient, subject, opens, clicks, state, sent_at)
    VALUES ('t', ${ids['Boulange']!}, 'x@y.fr', 'S', 'off', 'off', 'sent', now())`
})

const names = async (audience: Partial<Audience>): Promise<string[]> => {
  const whole = { ...emptyAudience, ...audience }
  const rules = { ...defaultRules, notContactedDays: null }
  const found: number[] = []
  for await (const batch of listRecipients(db, whole, rules, null))
    found.push(...batch.map((one) => one.companyId))
  expect((await countAudience(db, whole, rules, null)).recipients).toBe(found.length)
  return Object.keys(ids).filter((name) => found.includes(ids[name]!))
}

test.each([
  ['level=very-high&level=high', ['Garage', 'Auto-école Léger']],
  ['level=unscored', ['Logiciels']],
  ['scoreMin=50&scoreMax=70', ['Auto-école Léger', 'Lycée Fabert']],
  ['sector=Boulangerie&sector=Garage automobile', ['Garage', 'Boulange']],
  ['sectorWords=FORMATION, logiciel', ['Auto-école Léger', 'Lycée Fabert', 'Logiciels']],
  ['notWords=garage,boulangerie', ['Auto-école Léger', 'Lycée Fabert', 'Logiciels']],
  ['noPublicBodies=1', ['Garage', 'Boulange', 'Auto-école Léger', 'Logiciels']],
  ['place=57', ['Garage', 'Auto-école Léger', 'Lycée Fabert']],
  ['place=metz,Strasbourg', ['Garage', 'Lycée Fabert', 'Logiciels']],
  ['weakness=tls-expired&weakness=title-missing', ['Garage', 'Boulange', 'Auto-école Léger']],
  ['weakness=tls-expired&weakness=viewport-missing&allWeaknesses=1', ['Garage']],
  ['weakIn=security', ['Garage', 'Auto-école Léger']],
  ['cms=wordpress', ['Garage', 'Auto-école Léger']],
  ['technology=php', ['Garage']],
  ['tag=vip,foire', ['Garage', 'Boulange']],
  ['notTag=vip', ['Boulange', 'Auto-école Léger', 'Lycée Fabert', 'Logiciels']],
  ['group=1', ['Garage', 'Logiciels']],
  ['notGroup=1', ['Boulange', 'Auto-école Léger', 'Lycée Fabert']],
  ['contacted=yes', ['Boulange']],
  ['contacted=never', ['Garage', 'Auto-école Léger', 'Lycée Fabert', 'Logiciels']],
  ['site=no', ['Logiciels']],
  ['status=Relance&status=Gagné', ['Boulange', 'Auto-école Léger']],
  ['notStatus=Gagné', ['Garage', 'Boulange', 'Lycée Fabert', 'Logiciels']],
  ['stage=RDV', ['Boulange']],
  ['favourite=1', ['Garage']],
  ['q=leger', ['Auto-école Léger']],
  ['level=high&level=very-high&cms=WordPress&place=57&weakIn=security&notTag=vip', ['Auto-école Léger']],
])('%s holds %o', async (filter, expected) => {
  expect(await names({ filter })).toEqual(expected)
})

test.each([
  ['best', ['Garage']],
  ['modernise', ['Garage']],
  ['insecure', ['Garage']],
  ['favourites', ['Garage']],
  ['not-contacted', ['Garage', 'Lycée Fabert', 'Logiciels']],
  ['training', ['Lycée Fabert']],
  ['education', []],
  ['tech', ['Logiciels']],
] as const)('the objective %s holds %o: who was won already is in none', async (objective, expected) => {
  expect(objectives).toContain(objective)
  expect(await names({ mode: 'objective', objective })).toEqual([...expected])
})

test('segment and groups are narrowed by the criteria beside them; what is gone holds nobody', async () => {
  const audience = { ...emptyAudience, filter: 'place=57', excludedIds: [ids['Lycée Fabert']!] }
  const [row] =
    await sql`INSERT INTO segments (name, audience) VALUES ('Moselle', ${JSON.stringify(audience)}::text::jsonb) RETURNING id`
  const segmentId = row!.id as number
  expect(await names({ mode: 'segment', segmentId })).toEqual(['Garage', 'Auto-école Léger'])
  expect(await names({ mode: 'segment', segmentId, filter: 'tag=vip' })).toEqual(['Garage'])
  expect(await names({ mode: 'segment', segmentId: 999 })).toEqual([])
  expect(await names({ mode: 'groups', groupIds: [1], filter: 'place=57' })).toEqual(['Garage'])
  expect(await names({ mode: 'groups', groupIds: [] })).toEqual([])
  expect(await names({ mode: 'objective', objective: 'nothing' })).toEqual([])
})

test('a filter reads back as itself, whatever its fields, and drops what it does not know', () => {
  const query =
    'q=a&status=Relance&notStatus=Perdu&stage=RDV&level=high&level=unscored&scoreMin=1&scoreMax=99&sector=A&sectorWords=b&sectorWords=c&notWords=d&noPublicBodies=1&place=57&weakness=x&weakness=y&allWeaknesses=1&weakIn=seo&cms=e&technology=f&tag=g&notTag=h&group=1&notGroup=2&contacted=never&site=yes&contact=yes&crawl=done&favourite=1&import=3'
  const filter = readAudienceFilter(new URLSearchParams(query))
  expect(readAudienceFilter(audienceParams(filter))).toEqual(filter)
  expect([...audienceParams(filter).keys()].toSorted()).toEqual(
    [...new URLSearchParams(query).keys()].toSorted(),
  )
  const odd = 'level=huge&scoreMin=abc&weakness=%27x&group=-1&contacted=maybe&status=X&weakIn=magic&cms=%00'
  expect(audienceParams(readAudienceFilter(new URLSearchParams(odd))).toString()).toBe('')
})

test('hostile words are words', async () => {
  for (const word of ["'; DROP TABLE companies; --", '%', '_', '\\', '$[*]', '"', '{', '\ud800'])
    for (const name of [
      'q',
      'sectorWords',
      'notWords',
      'place',
      'cms',
      'technology',
      'tag',
      'notTag',
      'sector',
    ])
      await countAudience(
        db,
        { ...emptyAudience, filter: new URLSearchParams({ [name]: word }).toString() },
        defaultRules,
        null,
      )
  expect(await names({ filter: 'sectorWords=%25' })).toEqual([])
})

test('a form reads back as the audience it shows', () => {
  const form = new URLSearchParams(
    'mode=groups&groupIds=1&groupIds=2&place=57&excludedIds=4,5&rules=1&perCompany=3&roles=owner&roles=pope&freeProviders=1&notContactedDays=&mostCompanies=50',
  )
  const read = readAudience(form)
  expect(read).toEqual({
    audience: { ...emptyAudience, mode: 'groups', groupIds: [1, 2], filter: 'place=57', excludedIds: [4, 5] },
    rules: {
      perCompany: 3,
      roles: ['owner'],
      freeProviders: true,
      otherDomains: false,
      notContactedDays: null,
      mostCompanies: 50,
    },
    problems: {},
  })
  expect(readAudience(audienceFields(read.audience)).audience).toEqual(read.audience)
  const wrong = 'mode=segment&rules=1&perCompany=99&notContactedDays=x&mostCompanies=0'
  expect(readAudience(new URLSearchParams(wrong)).problems).toEqual({
    segmentId: 'chooseSegment',
    perCompany: 'perCompanyRange',
    notContactedDays: 'daysRange',
    mostCompanies: 'mostRange',
  })
})
