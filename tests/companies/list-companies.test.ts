import { expect, test } from 'bun:test'
import { readFilter, readView, searchTerms, viewPath } from '#src/companies/company-filter.ts'
import { listCompanies } from '#src/companies/list-companies.ts'
import { COUNT_CAP, findCompanies, findSelectedIds } from '#src/companies/queries-list.ts'
import { testDatabase } from '#tests/support/database.ts'
import { insertCompanies } from './insert-companies.ts'

const { db, sql } = await testDatabase()

const [garage, bakery, hotel, florist, gone] = (await insertCompanies(db, [
  {
    name: 'Garage Lefèvre',
    website: 'https://garage-lefevre.fr',
    siteKey: 'garage-lefevre.fr',
    city: 'Épinal',
    phone: '03 29 00 00 01',
    phoneE164: '+33329000001',
    contactEmail: 'patron@garage-lefevre.fr',
    status: 'Relance',
    score: 90,
    scoreLevel: 'very-high',
    crawlState: 'done',
    weaknesses: [{ id: 'tls-none', severity: 'critical' }],
    favourite: true,
  },
  {
    name: 'Boulangerie Œuvrard',
    city: 'Metz',
    email: 'pain@example.fr',
    tags: ['vip'],
    score: 20,
    scoreLevel: 'low',
    importId: 7,
  },
  {
    name: 'Hôtel 100 % Vosges',
    city: 'Gérardmer',
    stage: 'RDV',
    score: 50,
    scoreLevel: 'medium',
    crawlState: 'failed',
  },
  { name: 'Fleurs_du_Centre', city: 'Nancy', tags: ['vip', 'fleurs'] },
  { name: 'Garage supprimé', deletedAt: new Date('2026-01-01'), score: 99 },
])) as [number, number, number, number, number]

const found = async (query: string): Promise<number[]> =>
  (await listCompanies(db, new URLSearchParams(query))).rows.map(({ id }) => id)

test('the list shows the best prospects first, those without a score last, and no deleted company', async () => {
  expect(await found('')).toEqual([garage, hotel, bakery, florist])
})

test('a search needs every word, in any order, without minding accents and capitals', async () => {
  expect(await found('q=LEFEVRE')).toEqual([garage])
  expect(await found('q=epinal+garage')).toEqual([garage])
  expect(await found('q=garage+metz')).toEqual([])
  expect(await found('q=oeuvrard')).toEqual([bakery])
})

test('a site, an address and a phone are found however they are typed', async () => {
  expect(await found('q=https://www.garage-lefevre.fr/')).toEqual([garage])
  expect(await found('q=pain@example.fr')).toEqual([bakery])
  for (const phone of [
    '0329000001',
    '03 29 00 00 01',
    '03.29.00.00.01',
    '+33 3 29 00 00 01',
    '0033329000001',
    '+33 (0)3 29 00 00 01',
  ])
    expect([phone, await found(`q=${encodeURIComponent(phone)}`)]).toEqual([phone, [garage]])
})

test('the signs of LIKE are ordinary letters in a search', async () => {
  expect(await found('q=100+%25')).toEqual([hotel])
  expect(await found('q=s_du_c')).toEqual([florist])
  expect(await found('q=g_rage')).toEqual([])
  expect(await found('q=%5C')).toEqual([])
})

test('each filter finds what it names', async () => {
  expect(await found('status=Relance')).toEqual([garage])
  expect(await found('status=Relance&status=Nouveau')).toHaveLength(4)
  expect(await found('stage=RDV')).toEqual([hotel])
  expect(await found('level=low')).toEqual([bakery])
  expect(await found('level=unscored')).toEqual([florist])
  expect(await found('contact=yes')).toEqual([garage, bakery])
  expect(await found('contact=no')).toEqual([hotel, florist])
  expect(await found('crawl=failed')).toEqual([hotel])
  expect(await found('favourite=1')).toEqual([garage])
  expect(await found('tag=vip')).toEqual([bakery, florist])
  expect(await found('import=7')).toEqual([bakery])
  expect(await found('weakness=tls-none')).toEqual([garage])
  const [group] = await sql`INSERT INTO groups (name) VALUES ('Vosges') RETURNING id`
  await sql`INSERT INTO company_groups (company_id, group_id) VALUES (${hotel}, ${group!.id}), (${gone}, ${group!.id})`
  expect(await found(`group=${group!.id}`)).toEqual([hotel])
})

test('each order holds in both directions, empty values last', async () => {
  expect(await found('sort=name')).toEqual([bakery, florist, garage, hotel])
  expect(await found('sort=name&dir=desc')).toEqual([hotel, garage, florist, bakery])
  expect(await found('sort=score&dir=asc')).toEqual([bakery, hotel, garage, florist])
  expect((await found('sort=status'))[3]).toBe(garage)
})

test('an address that makes no sense shows the whole list', async () => {
  expect(
    await found('status=x&level=y&group=-3&import=abc&page=0&sort=drop&dir=up&weakness=%27%3B--'),
  ).toHaveLength(4)
  expect(await found('q=%00')).toHaveLength(4)
})

test('the address of a view reads back as the same view', () => {
  const query =
    'q=a%26b&status=Relance&status=À+qualifier&tag=x&group=3&favourite=1&sort=name&dir=desc&page=4'
  const view = readView(new URLSearchParams(query))
  expect(readView(new URL(viewPath(view), 'http://x').searchParams)).toEqual(view)
  expect(viewPath(readView(new URLSearchParams('sort=score&dir=desc&page=1&q=')))).toBe('/companies')
})

test('a short number is a word, one that begins like a phone or is as long as a SIREN is one number', () => {
  expect(searchTerms('57000')).toEqual(['57000'])
  expect(searchTerms('01000')).toEqual(['01000'])
  expect(searchTerms('03 87 51')).toEqual(['38751'])
  expect(searchTerms('+33 (0)3.87')).toEqual(['33387'])
  expect(searchTerms('732 829 320')).toEqual(['732829320'])
  expect(searchTerms('12 rue de Metz 57000')).toEqual(['12', 'rue', 'de', 'Metz', '57000'])
})

test('a word of one or two letters is looked for at the beginning of words', async () => {
  expect(await found('q=g')).toEqual([garage, hotel])
  expect(await found('q=du+ce')).toEqual([])
  expect(await found('q=ep')).toEqual([garage])
})

test('a selection is the ticked companies or all that match, never a deleted one', async () => {
  expect(await findSelectedIds(db, { ids: [garage, gone, 999_999] })).toEqual([garage])
  expect(await findSelectedIds(db, { filter: readFilter(new URLSearchParams('tag=vip')) })).toEqual([
    bakery,
    florist,
  ])
})

test('the count stops at its cap, and pages of a large result neither overlap nor miss a company', async () => {
  const total = COUNT_CAP + 100
  await sql`INSERT INTO companies (name, score)
    SELECT 'Masse ' || i, CASE WHEN i % 3 > 0 THEN i % 7 END FROM generate_series(1, ${total}) i`
  const list = await listCompanies(db, new URLSearchParams('q=masse&page=200'))
  expect([list.count, list.capped, list.rows.length]).toEqual([COUNT_CAP, true, 50])

  const filter = readFilter(new URLSearchParams('q=masse'))
  for (const direction of ['asc', 'desc'] as const) {
    const ids: number[] = []
    for (let offset = 0; offset < total; offset += 5_000)
      ids.push(
        ...(await findCompanies(db, filter, { sort: 'score', direction, limit: 5_000, offset })).rows.map(
          (row) => row.id,
        ),
      )
    expect([direction, ids.length, new Set(ids).size]).toEqual([direction, total, total])
  }
}, 20_000)
