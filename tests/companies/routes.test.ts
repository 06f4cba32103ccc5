import { expect, test } from 'bun:test'
import { findings } from '#src/analysis/schema.ts'
import { crawlPages, crawls, facts } from '#src/crawl/schema.ts'
import { imports } from '#src/companies/schema.ts'
import { testDatabase } from '#tests/support/database.ts'
import { page as wellMadePage } from '#tests/support/site-record.ts'
import { insertCompanies } from './insert-companies.ts'
import { companiesApp } from './small-app.ts'

const database = await testDatabase()
const { db, sql } = database
const french = await companiesApp(database)
const english = await companiesApp(database, 'en')
const { get, post, flash } = french

const EVIL = '<script>alert("x")</script>'
const [garage, bakery] = (await insertCompanies(db, [
  {
    name: `Garage ${EVIL}`,
    website: 'https://garage.example',
    siteKey: 'garage.example',
    contactPerson: 'Anne Petit',
    contactRole: 'Gérante',
    contactEmail: 'anne@garage.example',
    contactEmailKind: 'person',
    contactPhone: '+33387000001',
    score: 84,
    scoreLevel: 'very-high',
    crawlState: 'done',
    crawledAt: new Date('2026-02-01T10:00:00Z'),
    weaknesses: [
      { id: 'tls-none', severity: 'critical' },
      { id: 'csp-missing', severity: 'low' },
    ],
    scorePoints: [
      { points: 50, reason: 'tls-none', params: { host: 'garage.example' }, evidence: 'http only' },
    ],
    profileUrl: 'javascript:alert(1)',
  },
  { name: 'Boulangerie Nord', city: 'Metz', phone: '03 87 00 00 02' },
])) as [number, number]

test('the first page of rows is in the list’s own HTML: who to contact, what is weak, the score, the status', async () => {
  const { status, text } = await get('/companies')
  expect(status).toBe(200)
  expect(text.slice(0, 15)).toBe('<!DOCTYPE html>')
  for (const part of [
    'Anne Petit',
    'Gérante',
    'mailto:anne@garage.example',
    'Pas de connexion sécurisée',
    '84',
    'Très élevée',
    'Nouveau',
  ])
    expect([part, text.includes(part)]).toEqual([part, true])
})

test('what was crawled or imported is text, never markup or a script’s address', async () => {
  for (const path of [
    '/companies',
    `/companies/${garage}`,
    `/companies/${garage}/edit`,
    `/companies/${garage}/history`,
  ]) {
    const { text } = await get(path)
    expect([path, text.includes(EVIL), text.includes('href="javascript:')]).toEqual([path, false, false])
  }
})

test('htmx gets the results alone, and the short address to show', async () => {
  const answer = await get('/companies?q=boulangerie&status=&level=&sort=score&dir=desc', {
    'hx-request': 'true',
  })
  expect(answer.text.slice(0, 30)).toBe('<div class="card" id="results"')
  expect(answer.text).toContain('Boulangerie Nord')
  expect(answer.text).not.toContain('Garage')
  expect(answer.headers.get('hx-push-url')).toBe('/companies?q=boulangerie')
  const whole = await get('/companies', { 'hx-request': 'true', 'hx-history-restore-request': 'true' })
  expect(whole.text.slice(0, 15)).toBe('<!DOCTYPE html>')
})

test('a result without companies and a page too far each say what to do', async () => {
  expect((await get('/companies?q=introuvable')).text).toContain('Aucune entreprise ne correspond')
  expect((await get('/companies?page=150')).text).toContain('Cette page n’existe pas')
})

test('English pages show French statuses in English and send the French value', async () => {
  const { text } = await english.get('/companies')
  expect(text).toContain('Do not contact')
  expect(text).toContain('value="Ne pas contacter"')
  expect(text).toContain('No secure connection')
})

test('a company that does not exist is not found, on every page of it', async () => {
  const pages = ['', '/contacts', '/pages', '/technical', '/seo', '/security', '/history', '/edit', '/merge']
  for (const id of ['999999', 'abc', '0', '-1', '99999999999', '1.5'])
    for (const page of pages) {
      const { status } = await get(`/companies/${id}${page}`)
      expect([id, page, status]).toEqual([id, page, 404])
    }
  for (const action of ['edit', 'follow-up', 'favourite', 'delete', 'merge', 'crawls', 'facts/1'])
    expect((await post(`/companies/999999/${action}`, { verdict: 'confirmed' })).status).toBe(404)
})

test('the overview shows every point of the score with its reason and what was seen', async () => {
  const { text } = await get(`/companies/${garage}`)
  expect(text).toContain('+50')
  expect(text).toContain('<td>Pas de connexion sécurisée (https)</td>')
  expect(text).toContain('Score 84 sur 100')
})

test('a refused form is shown again as typed, with the field at fault', async () => {
  const answer = await post(`/companies/${bakery}/edit`, {
    name: 'Nouveau <nom>',
    email: 'pas une adresse',
    latitude: '48.1',
  })
  expect(answer.status).toBe(422)
  expect(answer.text).toContain('value="Nouveau &lt;nom&gt;"')
  expect(answer.text).toContain('value="pas une adresse"')
  expect(answer.text).toContain('Ce n’est pas une adresse e-mail')
  expect(answer.text).toContain('aria-invalid="true"')
})

test('an edit is saved, shown in the history and told', async () => {
  const answer = await post(`/companies/${bakery}/edit`, {
    name: 'Boulangerie du Nord',
    city: 'Metz',
    phone: '03 87 00 00 02',
  })
  expect([answer.status, answer.location, flash()]).toEqual([303, `/companies/${bakery}`, 'Enregistré.'])
  const { text } = await get(`/companies/${bakery}/history`)
  expect(text).toContain('Boulangerie Nord → Boulangerie du Nord')
})

test('follow-up keeps status, stage, tags, notes and groups together', async () => {
  const [group] = await sql`INSERT INTO groups (name) VALUES ('Tournée') RETURNING id`
  const form = {
    status: 'Relance',
    stage: 'RDV',
    tags: 'vip, nord',
    notes: 'Rappeler\r\nlundi',
    groups: String(group!.id),
  }
  expect((await post(`/companies/${bakery}/follow-up`, form)).status).toBe(303)
  const { text } = await get(`/companies/${bakery}`)
  expect(text).toContain('value="vip, nord"')
  expect(text).toContain('Rappeler\nlundi')
  expect(text).toMatch(/<option value="Relance" selected/)
  expect((await get(`/companies?group=${group!.id}`)).text).toContain('Boulangerie du Nord')
})

test('the star works alone, and with htmx is swapped by itself', async () => {
  const swapped = await post(`/companies/${garage}/favourite`, { favourite: '1' }, { 'hx-request': 'true' })
  expect(swapped.text).toStartWith('<button')
  expect(swapped.text).toContain('aria-pressed="true"')
  const plain = await post(
    `/companies/${garage}/favourite`,
    { favourite: '0' },
    { referer: 'http://localhost/companies?q=g' },
  )
  expect([plain.status, plain.location]).toEqual([303, '/companies?q=g'])
})

test('a company is added by the address of its site and its crawl is asked for at once', async () => {
  const answer = await post('/companies/new', { mode: 'url', url: 'www.Nouveau-Site.fr' })
  expect(answer.status).toBe(303)
  const [row] = await sql`SELECT name, crawl_state FROM companies WHERE site_key = 'nouveau-site.fr'`
  expect(row).toEqual({ name: 'nouveau-site.fr', crawl_state: 'queued' })
  const [item] =
    await sql`SELECT b.job, b.label FROM batches b JOIN batch_items i ON i.batch_id = b.id JOIN companies c ON c.id = i.subject_id WHERE c.site_key = 'nouveau-site.fr'`
  expect(item).toEqual({
    job: 'crawl.company',
    label: { key: 'crawl.company', values: { count: 1, name: 'nouveau-site.fr' } },
  })

  const again = await post('/companies/new', { mode: 'url', url: 'https://nouveau-site.fr/' })
  expect(again.status).toBe(422)
  expect(again.text).toContain('peut-être déjà là')
  expect((await post('/companies/new', { mode: 'url', url: 'rien' })).text).toContain(
    'pas l’adresse d’un site',
  )
})

test('a selection is deleted, and the page that follows offers to undo it', async () => {
  const ids = await insertCompanies(db, [{ name: 'Jetable 1' }, { name: 'Jetable 2' }])
  const answer = await post('/companies/bulk', [
    ...ids.map((id): [string, string] => ['ids', String(id)]),
    ['action', 'delete'],
    ['filter', 'q=jetable'],
  ])
  expect(answer.location).toMatch(/^\/companies\?q=jetable&deleted=\d+$/)
  const { text } = await get(answer.location)
  expect(text).toContain('2 entreprises supprimées.')
  const deletedAt = /name="deletedAt" value="(\d+)"/.exec(text)![1]!
  expect((await get('/companies/deleted')).text).toContain('Jetable 2')
  await post('/companies/restore', { deletedAt })
  expect((await get('/companies?q=jetable')).text).toContain('2 entreprises')
})

test('status, tag and group are given to all of a result', async () => {
  const ids = await insertCompanies(db, [{ name: 'Masse A' }, { name: 'Masse B' }])
  const [group] = await sql`INSERT INTO groups (name) VALUES ('Masse') RETURNING id`
  const all = { all: '1', filter: 'q=masse' }
  await post('/companies/bulk', { ...all, action: 'status', newStatus: 'Ne pas contacter' })
  await post('/companies/bulk', { ...all, action: 'add-tag', newTag: 'lot' })
  await post('/companies/bulk', { ...all, action: 'add-group', newGroup: String(group!.id) })
  const rows = await sql`SELECT status, tags FROM companies WHERE id = ANY(${ids})`
  const each = { status: 'Ne pas contacter', tags: ['lot'] }
  expect([...rows]).toEqual([each, each])
  expect((await sql`SELECT 1 FROM company_groups WHERE group_id = ${group!.id}`).length).toBe(2)
  await post('/companies/bulk', { action: 'status', newStatus: 'Perdu' })
  expect(flash()).toBe('Aucune entreprise n’est sélectionnée.')
})

test('a crawl of a selection leaves out companies without a site and those that wait already', async () => {
  const ids = await insertCompanies(db, [
    { name: 'Visite A', website: 'https://a.example', siteKey: 'a.example' },
    { name: 'Visite B', website: 'https://b.example', siteKey: 'b.example' },
    { name: 'Visite C' },
  ])
  const form = ids.map((id): [string, string] => ['ids', String(id)])
  const answer = await post('/companies/crawls', form)
  expect(answer.location).toMatch(/^\/jobs\/\d+$/)
  expect(flash()).toBe('2 sites vont être visités ; 1 sans site à visiter.')
  await post('/companies/crawls', form)
  expect(flash()).toContain('Aucun site à visiter')
})

test('an export keeps to the filter and names its file by the day', async () => {
  const answer = await get('/companies/export?format=csv&q=boulangerie')
  expect(answer.headers.get('content-disposition')).toBe('attachment; filename="prospectlab-2026-03-01.csv"')
  expect(answer.text).toContain('Boulangerie du Nord')
  expect(answer.text).not.toContain('Garage')
  const xlsx = await post('/companies/export', { ids: String(bakery), format: 'xlsx' })
  expect(new TextDecoder().decode(xlsx.bytes.slice(0, 2))).toBe('PK')
})

test('two companies are merged, and the merge is undone from the history', async () => {
  const [keep, other] = await insertCompanies(db, [
    { name: 'Fusion un' },
    { name: 'Fusion deux', city: 'Toul' },
  ])
  expect((await get(`/companies/${keep}/merge?q=fusion`)).text).toContain('Fusion deux')
  await post(`/companies/${keep}/merge`, { other: String(other) })
  expect((await get(`/companies/${other}`)).text).toContain(`/companies/${keep}`)
  const change = /name="change" value="(\d+)"/.exec((await get(`/companies/${keep}/history`)).text)![1]!
  await post(`/companies/${keep}/unmerge`, { change })
  expect((await get('/companies?q=fusion')).text).toContain('2 entreprises')
})

test('contacts show where each was seen; a rejected one is no longer the contact', async () => {
  const [id] = await insertCompanies(db, [
    {
      name: 'Faits',
      website: 'https://faits.example',
      siteKey: 'faits.example',
      contactEmail: 'paul@faits.example',
      contactEmailKind: 'person',
    },
  ])
  const seen = {
    companyId: id!,
    pageUrl: 'https://faits.example/contact',
    method: 'mailto',
    snippet: `écrivez-nous ${EVIL}`,
  }
  const rows = await db
    .insert(facts)
    .values([
      {
        ...seen,
        kind: 'email',
        key: 'paul@faits.example',
        value: 'paul@faits.example',
        data: { value: 'paul@faits.example', kind: 'person' },
        confidence: 0.9,
      },
      {
        ...seen,
        kind: 'email',
        key: 'info@faits.example',
        value: 'info@faits.example',
        data: { value: 'info@faits.example', kind: 'role' },
        confidence: 0.8,
      },
    ])
    .returning({ id: facts.id })
  const { text } = await get(`/companies/${id}/contacts`)
  expect(text).toContain('faits.example/contact')
  expect(text).toContain('écrivez-nous &lt;script&gt;')

  const swapped = await post(
    `/companies/${id}/facts/${rows[0]!.id}`,
    { verdict: 'rejected' },
    { 'hx-request': 'true' },
  )
  expect(swapped.text).toStartWith('<div id="contacts"')
  expect(swapped.text).toContain('Écartés (1)')
  expect([...(await sql`SELECT contact_email, contact_email_kind FROM companies WHERE id = ${id!}`)]).toEqual(
    [{ contact_email: 'info@faits.example', contact_email_kind: 'role' }],
  )
  expect((await post(`/companies/${garage}/facts/${rows[1]!.id}`, { verdict: 'confirmed' })).status).toBe(404)
})

test('the tabs show the pages read, the findings with their remedy, and what was read', async () => {
  const [id] = await insertCompanies(db, [
    { name: 'Onglets', website: 'https://onglets.example', siteKey: 'onglets.example' },
  ])
  for (const tab of ['pages', 'technical', 'seo', 'security', 'contacts'])
    expect((await get(`/companies/${id}/${tab}`)).status).toBe(200)
  const at = new Date('2026-02-01T10:00:00Z')
  const [crawl] = await db
    .insert(crawls)
    .values({
      companyId: id!,
      url: 'https://onglets.example',
      state: 'done',
      startedAt: at,
      finishedAt: at,
      durationMs: 1500,
      pageCount: 1,
      site: {
        tls: {
          state: 'broken',
          problem: 'CERT_HAS_EXPIRED',
          protocol: 'TLSv1.2',
          issuer: 'R3',
          validFrom: null,
          validTo: '2025-01-01',
        },
        httpRedirectsToHttps: null,
        robotsTxt: { status: 404, found: false, disallowsAll: false, sitemaps: [] },
        sitemap: { url: null, found: false, urlCount: 0 },
        redirects: [],
      },
    })
    .returning({ id: crawls.id })
  const record = wellMadePage({ title: 'Menuiserie', url: 'https://onglets.example/' })
  await db.insert(crawlPages).values({
    crawlId: crawl!.id,
    url: record.url,
    status: 200,
    title: 'Menuiserie',
    depth: 0,
    bytes: 2048,
    record,
  })
  await db.insert(findings).values({
    companyId: id!,
    crawlId: crawl!.id,
    rule: 'tls-expired',
    category: 'security',
    severity: 'critical',
    params: { date: '2025-01-01' },
    evidence: 'notAfter=2025-01-01',
    pageUrl: 'https://onglets.example/',
  })
  expect((await get(`/companies/${id}/pages`)).text).toContain('Menuiserie')
  const security = (await get(`/companies/${id}/security`)).text
  for (const part of ['Certificat de sécurité expiré', '1 janv. 2025', 'CERT_HAS_EXPIRED'])
    expect([part, security.includes(part)]).toEqual([part, true])
  expect((await get(`/companies/${id}/seo`)).text).toContain('Rien à signaler ici')
  expect((await get(`/companies/${id}/technical`)).text).not.toContain('Certificat de sécurité expiré')
})

test('a group is made, renamed and deleted; its companies stay', async () => {
  expect((await post('/groups', { name: '  ' })).status).toBe(422)
  await post('/groups', { name: 'Vosges', description: 'tournée' })
  const [group] = await sql`SELECT id FROM groups WHERE name = 'Vosges'`
  await sql`INSERT INTO company_groups VALUES (${bakery}, ${group!.id})`
  const refused = await post(`/groups/${group!.id}`, { name: '' })
  expect(refused.status).toBe(422)
  await post(`/groups/${group!.id}`, { name: 'Hautes-Vosges' })
  expect((await get('/groups')).text).toContain('Hautes-Vosges')
  await post(`/groups/${group!.id}/delete`)
  expect((await get('/groups')).text).not.toContain('Hautes-Vosges')
  expect((await get(`/companies/${bakery}`)).status).toBe(200)
})

test('the dashboard names the best prospects nobody has contacted, the imports and the numbers', async () => {
  await db.insert(imports).values({
    fileName: 'liste.xlsx',
    format: 'xlsx',
    state: 'done',
    counts: { rows: 12, created: 10, updated: 0, unchanged: 0, duplicates: 2, rejected: 0, branches: 0 },
  })
  const { text } = await get('/')
  for (const part of ['anne@garage.example', 'liste.xlsx', '12 lignes', '10 nouvelles', 'Ne pas contacter'])
    expect([part, text.includes(part)]).toEqual([part, true])
})

test('without companies, the list and the dashboard say what to do first', async () => {
  const empty = await companiesApp(await testDatabase())
  expect((await empty.get('/companies')).text).toContain('href="/imports"')
  expect((await empty.get('/')).text).toContain('Par où commencer')
})
