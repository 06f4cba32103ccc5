import { expect, test } from 'bun:test'
import { searchTerms } from '#src/companies/company-filter.ts'
import { levelNames } from '#src/scoring/messages.ts'
import { scaleLevels } from '#src/scoring/levels.ts'
import {
  countCompanies,
  listCompanies,
  OPPORTUNITIES,
} from '#src/public-api/endpoints/companies/queries-companies.ts'
import { searchTexts } from '#src/public-api/endpoints/companies/search-texts.ts'
import { testDatabase } from '#tests/support/database.ts'
import { apiApp, givenToken } from './api-app.ts'
import { givenCompany, givenFact } from './given-company.ts'

const { sql } = await testDatabase()
const { ask } = apiApp(sql)
const { text: token } = await givenToken(sql)

const get = async (path: string): Promise<any> => (await ask(path, { token })).json()
const idsOf = ({ data }: { data: { id: number }[] }) => data.map(({ id }) => id)
const list = (query: Record<string, string>) => get(`/entreprises?${new URLSearchParams(query)}`)
const none = { secteur: null, statuts: null, opportunite: null, search: null }

test('searches are read as on the list of the product', () => {
  const searches = [
    'Boulangerie Léger',
    ' 03 87 00 11 22 ',
    '+33 (0)3 87',
    '57000',
    '552100554',
    'https://www.site.fr/',
    'a b c d e f g h i j',
    '\u0007x',
    '',
    '12',
    '0033387',
    'x'.repeat(500),
  ]
  for (const search of searches)
    expect([search, searchTexts(search)]).toEqual([
      search,
      searchTerms(
        search
          .replace(/\p{Cc}+/gu, ' ')
          .trim()
          .slice(0, 200)
          .trim(),
      ),
    ])
})

test('opportunities are named as the product names its levels', async () => {
  expect(OPPORTUNITIES).toEqual(scaleLevels.map((level) => levelNames('fr')[level]))
  for (const level of scaleLevels) {
    const id = await givenCompany(sql, { score_level: level, sector: 'Niveaux' })
    const label = levelNames('fr')[level]
    expect(await list({ secteur: 'Niveaux', opportunite: label })).toMatchObject({
      total: 1,
      data: [{ id, opportunite: label }],
    })
  }
  const parked = await givenCompany(sql, { score_level: 'parked' })
  expect((await get(`/entreprises/${parked}`)).data).toMatchObject({
    opportunite: null,
    score_level: 'parked',
  })
})

test('coarse statuses stand for all of their kind, others for themselves', async () => {
  const sector = 'Statuts'
  const ids = new Map<string, number>()
  for (const status of [
    'Gagné',
    'Réponse positive',
    'Perdu',
    'Bounce',
    'Désabonné',
    'Relance',
    'Nouveau',
    'À rappeler',
  ])
    ids.set(status, await givenCompany(sql, { status, sector }))
  const newest = (...wanted: string[]) => wanted.map((status) => ids.get(status)!).toSorted((a, b) => b - a)
  const found = async (statut: string) => idsOf(await list({ secteur: sector, statut }))
  expect(await found('Gagné')).toEqual(newest('Gagné', 'Réponse positive'))
  expect(await found('Perdu')).toEqual(newest('Perdu', 'Bounce', 'Désabonné'))
  expect(await found('Relance')).toEqual(newest('Relance', 'Nouveau', 'À rappeler'))
  expect(await found('Bounce')).toEqual(newest('Bounce'))
  expect(await found('Autre')).toEqual([])
  // Without a sector the same is found by walking the statuses.
  const all = await list({ statut: 'Perdu' })
  expect(idsOf(all)).toEqual(newest('Perdu', 'Bounce', 'Désabonné'))
  expect(all.total).toBe(3)
})

test('every filter and all of them together find the same by page, by cursor and by counting', async () => {
  const words = ['Garage', 'Salon', 'Fleurs']
  for (let n = 0; n < 60; n++)
    await givenCompany(sql, {
      name: `${words[n % 3]} Éternel ${n}`,
      sector: `S${n % 2}`,
      status: n % 5 ? 'Nouveau' : 'Perdu',
      score_level: n % 4 ? 'low' : 'high',
    })
  for (let bits = 1; bits < 16; bits++) {
    const query: Record<string, string> = {}
    if (bits & 1) query['secteur'] = 'S1'
    if (bits & 2) query['statut'] = 'Relance'
    if (bits & 4) query['opportunite'] = 'Faible'
    if (bits & 8) query['search'] = 'garage eternel'
    const all = await list({ ...query, limit: '1000' })
    expect(all.total).toBe(all.count)
    expect(all.next_cursor).toBeNull()
    const byPage: number[] = []
    for (let offset = 0; offset < all.count; offset += 7) {
      const page = await list({ ...query, limit: '7', offset: String(offset) })
      expect('total' in page).toBe(offset === 0)
      byPage.push(...idsOf(page))
    }
    const byCursor: number[] = []
    let cursor = ''
    do {
      const page: any = await list({ ...query, limit: '7', cursor })
      byCursor.push(...idsOf(page))
      cursor = page.next_cursor ?? ''
    } while (cursor !== '')
    expect(byPage).toEqual(idsOf(all))
    expect(byCursor).toEqual(idsOf(all))
  }
})

test('a cursor meets every company once, whatever is added meanwhile', async () => {
  const known: number[] = []
  for (let n = 0; n < 25; n++) known.push(await givenCompany(sql, { sector: 'Curseur' }))
  const met: number[] = []
  let cursor = ''
  do {
    const page: any = await list({ secteur: 'Curseur', limit: '4', cursor })
    met.push(...idsOf(page))
    await givenCompany(sql, { sector: 'Curseur' })
    cursor = page.next_cursor ?? ''
  } while (cursor !== '')
  expect(met).toEqual(known.toReversed())
})

test('what more than the newest match is found by the index, and what is common by walking', async () => {
  await sql`INSERT INTO companies (name, sector) SELECT 'Commun ' || n || CASE WHEN n % 4000 = 1 THEN ' perlimpinpin' ELSE '' END, 'Foule'
    FROM generate_series(1, 12001) AS n`
  const page = { limit: 5, offset: 0, before: undefined }
  const rare = await listCompanies(sql, { ...none, search: 'perlimpinpin' }, page)
  expect(rare).toMatchObject({ total: 4, ids: { length: 4 } })
  const common = { ...none, search: 'commun' }
  expect((await listCompanies(sql, common, page)).total).toBeNull()
  expect(await countCompanies(sql, common)).toBe(12_001)
  const deep = await listCompanies(sql, common, { ...page, offset: 11_999 })
  expect(deep.ids).toHaveLength(2)
  const total = (await list({ search: 'commun', limit: '1' })).total
  expect(total).toBe(12_001)
  await sql`UPDATE companies SET deleted_at = now() WHERE name = 'Commun 2'`
  await sql`INSERT INTO company_changes (company_id, kind) SELECT id, 'deleted' FROM companies WHERE name = 'Commun 2'`
  expect((await list({ search: 'commun', limit: '2' })).total).toBe(12_000)
})

test('limits and offsets are moved into their range', async () => {
  expect(await list({ limit: '5000', secteur: 'rien' })).toMatchObject({ limit: 1000, offset: 0 })
  expect(await list({ limit: '0', secteur: 'rien' })).toMatchObject({ limit: 1 })
  expect(await list({ limit: 'beaucoup', offset: '-4', secteur: 'rien' })).toMatchObject({
    limit: 100,
    offset: 0,
  })
})

test('behind the end of a list there is nothing, however far', async () => {
  const lists = [
    '/entreprises?',
    '/entreprises?secteur=x&',
    '/entreprises?statut=Perdu&',
    '/entreprises?search=a%201234&',
  ]
  for (const path of [...lists, '/entreprises?search=rien&', '/emails?'])
    for (const offset of [100_000, 2_147_483_647])
      expect(await get(`${path}offset=${offset}`)).toMatchObject({
        success: true,
        count: 0,
        next_cursor: null,
      })
})

test('what the site tells is beside the company, in the list too', async () => {
  const website = 'https://dit.example/'
  const id = await givenCompany(sql, { website, crawl_state: 'done', sector: 'Site' })
  await sql`INSERT INTO crawls (company_id, url, state, started_at, finished_at, duration_ms, site)
    VALUES (${id}, ${website}, 'done', now(), now(), 1, ${'{"features":[{"name":"blog","present":true}]}'}::text::jsonb)`
  await givenFact(sql, id, { kind: 'technology', value: 'Symfony', data: { category: 'framework' } })
  await givenFact(sql, id, {
    kind: 'technology',
    value: 'OVH',
    data: { category: 'host' },
    verdict: 'rejected',
  })
  await givenFact(sql, id, { kind: 'open_graph', value: 'og:image=https://dit.example/a.png' })
  await givenFact(sql, id, { kind: 'open_graph', value: 'og:description=Du pain = du bon' })
  await givenFact(sql, id, {
    kind: 'form',
    value: 'post /',
    data: { fields: [{ name: 'm', type: 'textarea' }] },
  })
  const told = {
    framework: 'Symfony',
    hosting_provider: null,
    og_image: 'https://dit.example/a.png',
    resume: 'Du pain = du bon',
    has_blog: true,
    has_checkout: false,
    has_contact_form: true,
  }
  expect((await get(`/entreprises/${id}`)).data).toMatchObject(told)
  expect((await list({ secteur: 'Site' })).data[0]).toMatchObject(told)
  const unread = await givenCompany(sql)
  expect((await get(`/entreprises/${unread}`)).data).toMatchObject({
    has_blog: null,
    has_contact_form: null,
    resume: null,
  })
})

test('deep pages show the same whether or not pages before them were read, and what changed meanwhile', async () => {
  await sql`INSERT INTO companies (name, sector) SELECT 'Profond ' || n, 'Abîme' FROM generate_series(1, 1500) AS n`
  const deep = async (offset: number, limit: number) =>
    idsOf(await list({ secteur: 'Abîme', limit: String(limit), offset: String(offset) }))
  const all = await deep(0, 1000)
  all.push(...(await deep(1000, 1000)))
  expect(all).toHaveLength(1500)
  for (const offset of [620, 600, 640, 1490, 990, 660, 1501, 700])
    expect(await deep(offset, 20)).toEqual(all.slice(offset, offset + 20))
  await sql`UPDATE companies SET deleted_at = now() WHERE id = ${all[3]!}`
  await sql`INSERT INTO company_changes (company_id, kind) VALUES (${all[3]!}, 'deleted')`
  const left = all.toSpliced(3, 1)
  for (const offset of [680, 611, 1489])
    expect(await deep(offset, 21)).toEqual(left.slice(offset, offset + 21))
})

test('a search that some of the newest match fills its page with the newest', async () => {
  await sql`INSERT INTO companies (name, sector) SELECT CASE WHEN n % 60 = 0 THEN 'Ponctuel ' ELSE 'Autre ' END || n, 'Sondé'
    FROM generate_series(1, 3600) AS n`
  const all = await sql<{ id: number }[]>`
    SELECT id FROM companies WHERE name LIKE 'Ponctuel%' ORDER BY id DESC`
  const ids = all.map(({ id }) => id)
  for (const [offset, limit] of [
    [0, 5],
    [0, 20],
    [0, 60],
    [7, 20],
    [55, 20],
  ] as const) {
    const page = await list({ search: 'ponctuel', limit: String(limit), offset: String(offset) })
    expect(idsOf(page)).toEqual(ids.slice(offset, offset + limit))
  }
})

test('a number in a search is found with its other words and filters, be it in few companies or in many', async () => {
  await sql`INSERT INTO companies (name, sector, deleted_at)
    SELECT CASE WHEN n % 2 = 0 THEN 'Matricule ' ELSE 'Numéro ' END || CASE WHEN n % 100 < 2 THEN '87654' ELSE '' END || '4711 ' || n,
      CASE WHEN n % 3 = 0 THEN 'Trois' ELSE 'Autre' END, CASE WHEN n = 100 THEN now() END
    FROM generate_series(1, 2400) AS n`
  const expected = async (part: string, sector: string | null) => {
    const rows = await sql<{ id: number }[]>`SELECT id FROM companies
      WHERE name LIKE ${`Matricule%${part}%`} AND (${sector}::text IS NULL OR sector = ${sector}) AND deleted_at IS NULL
      ORDER BY id DESC`
    return rows.map(({ id }) => id)
  }
  for (const part of ['876544711', '4711'])
    for (const sector of [null, 'Trois']) {
      const query = { search: `matricule ${part}`, limit: '5', ...(sector && { secteur: sector }) }
      const ids = await expected(part, sector)
      const first = await list(query)
      expect(first.total).toBe(ids.length)
      expect(idsOf(first)).toEqual(ids.slice(0, 5))
      expect(idsOf(await list({ ...query, offset: '3' }))).toEqual(ids.slice(3, 8))
      expect(idsOf(await list({ ...query, cursor: first.next_cursor }))).toEqual(ids.slice(5, 10))
    }
})
