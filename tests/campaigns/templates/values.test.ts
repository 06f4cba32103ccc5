import { expect, test } from 'bun:test'
import { findings } from '#src/analysis/schema.ts'
import { compileMessage } from '#src/campaigns/templates/compile.ts'
import { countMissing } from '#src/campaigns/templates/count-missing.ts'
import { renderMessage } from '#src/campaigns/templates/render.ts'
import { readValues, valuesKey } from '#src/campaigns/templates/values.ts'
import { variables } from '#src/campaigns/templates/variables.ts'
import { companies } from '#src/companies/schema.ts'
import { crawlPages, crawls, facts } from '#src/crawl/schema.ts'
import type { PageRecord, SiteRecord } from '#src/crawl/site-record.ts'
import { testDatabase } from '#tests/support/database.ts'

const { db, sql } = await testDatabase()
const NOW = new Date('2026-11-22T10:00:00Z')
const SITE = 'https://garage.fr/'
const options = {
  locale: 'fr',
  sender: { name: 'Zoé', address: 'z@a.fr', organisation: 'Atelier' },
  now: NOW,
} as const

const newCompany = async (given: Partial<typeof companies.$inferInsert> = {}): Promise<number> => {
  const [made] = await db
    .insert(companies)
    .values({ name: 'Garage', website: SITE, ...given })
    .returning()
  return made!.id
}

const crawl = async (companyId: number, { url = SITE, at = new Date('2026-11-01T08:00:00Z') } = {}) => {
  const [made] = await db
    .insert(crawls)
    .values({
      companyId,
      url,
      finalUrl: url,
      state: 'done',
      startedAt: at,
      finishedAt: at,
      durationMs: 1,
      pageCount: 2,
      site: {
        tls: { state: 'ok', problem: null, protocol: null, issuer: null, validFrom: null, validTo: null },
        httpRedirectsToHttps: true,
        robotsTxt: { status: 200, found: true, disallowsAll: false, sitemaps: [] },
        sitemap: { url: null, found: true, urlCount: 7 },
        redirects: [],
      } satisfies Partial<SiteRecord> as never,
    })
    .returning()
  const page = (path: string, depth: number, record: Partial<PageRecord>) => ({
    crawlId: made!.id,
    url: `${url}${path}`,
    status: 200,
    title: null,
    depth,
    bytes: 10_000 * (depth + 1),
    record: { headers: { server: 'nginx' }, ttfbMs: 100, parked: null, ...record } as PageRecord,
  })
  await db
    .insert(crawlPages)
    .values([
      page('contact', 1, { title: 'Contact', ttfbMs: 300 }),
      page('', 0, { title: 'Accueil\u0000'.slice(0, 7), lang: 'fr' }),
    ])
  return made!.id
}

const finding = async (companyId: number, crawlId: number, rule: string, foundAt: Date) =>
  db.insert(findings).values({
    companyId,
    crawlId,
    rule,
    category: 'security',
    severity: 'critical',
    params: { host: 'garage.fr' },
    evidence: 'seen',
    pageUrl: SITE,
    foundAt,
  })

const fact = (
  companyId: number,
  kind: 'email' | 'phone' | 'technology',
  value: string,
  data = {},
  verdict: 'rejected' | null = null,
) => ({
  companyId,
  kind,
  key: value,
  value,
  data,
  pageUrl: SITE,
  method: 'text',
  snippet: '',
  confidence: 0.9,
  verdict,
})

test('what is known of a company comes from its own row, its facts and the latest crawl of its present site', async () => {
  const id = await newCompany({
    cms: 'WordPress',
    contactPerson: 'JEAN-LUC D’ARC',
    city: 'Metz',
    score: 61,
    scoreLevel: 'high',
  })
  const old = await crawl(id, { at: new Date('2026-09-01T08:00:00Z') })
  await finding(id, old, 'tls-none', new Date('2026-09-01'))
  const other = await crawl(id, { url: 'https://autre.fr/', at: new Date('2026-11-20T08:00:00Z') })
  await finding(id, other, 'h1-missing', new Date('2026-11-20'))
  const latest = await crawl(id)
  await finding(id, latest, 'csp-missing', new Date('2026-11-01T08:00:00Z'))
  await db
    .insert(facts)
    .values([
      fact(id, 'email', 'a@garage.fr'),
      fact(id, 'email', 'faux@garage.fr', {}, 'rejected'),
      fact(id, 'technology', 'WordPress', { category: 'cms', version: '6.1' }),
      fact(id, 'technology', 'React', { category: 'framework', version: '18.2' }),
    ])
  const recipient = { companyId: id, address: 'a@garage.fr', contactName: 'Anne Martin' }
  const values = (await readValues(db, [recipient], options)).get(valuesKey(recipient))!
  const names = [
    'nom',
    'responsable',
    'cms',
    'cms_version',
    'framework',
    'meta_title',
    'html_language',
    'server',
    'total_emails',
    'avg_response_time_ms',
    'avg_weight_bytes',
    'sitemap_url_count',
    'has_https',
    'findings_count',
    'visited_on',
    'opportunite',
    'pages_scanned',
  ]
  expect(Object.fromEntries(names.map((name) => [name, values.scope[name]]))).toEqual({
    nom: 'Anne Martin',
    responsable: 'Jean-Luc D’Arc',
    cms: 'WordPress',
    cms_version: '6.1',
    framework: 'React',
    meta_title: 'Accueil',
    html_language: 'fr',
    server: 'nginx',
    total_emails: 1,
    avg_response_time_ms: 200,
    avg_weight_bytes: 15_000,
    sitemap_url_count: 7,
    has_https: true,
    findings_count: 1,
    visited_on: '1er novembre 2026',
    opportunite: expect.any(String),
    pages_scanned: 2,
  })
  const [shown] = values.scope['findings'] as { id: string; found_on: string }[]
  expect([shown?.id, shown?.found_on]).toEqual(['csp-missing', '1er novembre 2026'])
  expect(values.quoted.get('csp-missing')?.foundAt).toBe('2026-11-01T08:00:00.000Z')
})

test('a batch costs the same few queries whatever its size', async () => {
  const ids = await Promise.all(Array.from({ length: 40 }, (_, n) => newCompany({ name: `Garage ${n}` })))
  const recipients = ids.map((companyId, n) => ({ companyId, address: `a${n}@x.fr`, contactName: null }))
  const asked = async (count: number): Promise<number> => {
    let queries = 0
    const counting = new Proxy(db, {
      get: (target, name, receiver) => {
        if (name === 'select' || name === 'selectDistinctOn' || name === 'execute') queries += 1
        return Reflect.get(target, name, receiver)
      },
    })
    const values = await readValues(counting, recipients.slice(0, count), options)
    expect(values.size).toBe(count)
    return queries
  }
  const few = await asked(2)
  expect([few, await asked(40)]).toEqual([few, few])
  expect(few).toBeLessThanOrEqual(6)
})

test('a message gets the same whether everything is read or only what it needs, whatever the variable', async () => {
  const id = await newCompany({ cms: 'WordPress', contactPhone: '03', score: 40 })
  const latest = await crawl(id)
  await finding(id, latest, 'csp-missing', NOW)
  await db
    .insert(facts)
    .values([
      fact(id, 'technology', 'WordPress', { category: 'cms', version: '6.1' }),
      fact(id, 'phone', '03'),
    ])
  const recipient = { companyId: id, address: 'a@garage.fr', contactName: null }
  const key = valuesKey(recipient)
  const all = (await readValues(db, [recipient], options)).get(key)!.scope
  for (const { name } of variables) {
    const own = (await readValues(db, [recipient], { ...options, variables: [name] })).get(key)!.scope
    expect([name, JSON.stringify(own[name])]).toEqual([name, JSON.stringify(all[name])])
  }
})

test('a company that is gone leaves values that hold a mail back instead of a half-empty one', async () => {
  const made = await compileMessage({
    subject: 'Pour {{ entreprise }}',
    html: '<p>{{ salutation }}</p>',
    text: '',
    locale: 'fr',
  })
  if (!made.ok) throw new Error('not compiled')
  const id = await newCompany()
  await sql`DELETE FROM companies WHERE id = ${id}`
  const gone = { companyId: id, address: 'x@y.fr', contactName: null }
  const nobody = { companyId: null, address: 'z@y.fr', contactName: null }
  const values = await readValues(db, [gone, nobody], options)
  for (const one of [gone, nobody])
    expect(renderMessage(made.message, values.get(valuesKey(one))!).missing).toEqual(['entreprise'])
})

test('for how many recipients a message is ready is counted in batches', async () => {
  const made = await compileMessage({
    subject: 'x',
    html: '{% if ville or score %}{{ ville }}{% endif %}',
    text: '',
    locale: 'fr',
  })
  if (!made.ok) throw new Error('not compiled')
  const [metz, nowhere] = [await newCompany({ city: 'Metz' }), await newCompany({ score: 5 })]
  const one = (companyId: number) => [{ companyId, address: `${companyId}@x.fr`, contactName: null }]
  const counted = await countMissing(db, made.message, [one(metz), one(nowhere)], { sender: null, now: NOW })
  expect(counted).toEqual({ total: 2, ready: 1, missing: [{ name: 'ville', count: 1 }] })
})
