import { describe, expect, test } from 'bun:test'
import { email, form, headers, NOW, page, phone, site, siteWithHome } from '#tests/support/site-record.ts'
import { analyseSite } from '#src/analysis/analyse-site.ts'
import type { Finding } from '#src/analysis/finding.ts'
import type { RuleId } from '#src/analysis/messages.ts'
import type { SiteRecord } from '#src/crawl/site-record.ts'

const analyse = (record: SiteRecord): Finding[] => analyseSite(record, NOW)
const ids = (record: SiteRecord): RuleId[] => analyse(record).map((finding) => finding.id)
const find = (record: SiteRecord, id: RuleId): Finding | undefined =>
  analyse(record).find((finding) => finding.id === id)

const tls = (over: Partial<SiteRecord['tls']>): SiteRecord => site({ tls: { ...site().tls, ...over } })
const cookie = (line: string): SiteRecord => siteWithHome({ headers: headers({ 'set-cookie': line }) })
const server = (line: string): SiteRecord => siteWithHome({ headers: headers({ server: line }) })
const http = (over: Partial<SiteRecord> = {}): SiteRecord =>
  site({
    url: 'http://artisan.fr/',
    finalUrl: 'http://artisan.fr/',
    tls: { ...site().tls, state: 'none', protocol: null, validTo: null },
    httpRedirectsToHttps: false,
    pages: [page({ url: 'http://artisan.fr/' })],
    ...over,
  })

test('a well-made site has no weak point', () => {
  expect(analyse(site())).toEqual([])
})

describe('the evidence is the fact itself', () => {
  test('an expired certificate names its day, and where it was seen', () => {
    const expired = find(
      tls({ state: 'broken', problem: 'CERT_HAS_EXPIRED', validTo: '2026-10-02T08:00:00Z' }),
      'tls-expired',
    )
    expect(expired).toEqual({
      id: 'tls-expired',
      category: 'security',
      severity: 'critical',
      params: { date: '2026-10-02' },
      evidence: 'certificate expired 2026-10-02',
      pageUrl: 'https://www.menuiserie-arbois.fr/',
    })
  })

  test('a version no longer maintained names version, day and source', () => {
    const old = find(siteWithHome({ headers: headers({ 'x-powered-by': 'PHP/5.6.40' }) }), 'php-end-of-life')
    expect(old?.evidence).toBe('PHP 5.6.40: support ended 2018-12-31 (endoflife.date)')
    expect(old?.severity).toBe('high')
  })

  test('crawled text is made one bounded line without control characters', () => {
    const hostile = `Accueil\u001b[31m\u0000\n\u202e${'x'.repeat(5000)}\ud800`
    const title = find(siteWithHome({ title: hostile }), 'title-long')
    expect(title?.evidence.length).toBeLessThanOrEqual(300)
    // oxlint-disable-next-line no-control-regex -- what must not be there
    expect(title?.evidence).not.toMatch(/[\u0000-\u001f\u202e]/)
    expect(title?.evidence.isWellFormed()).toBe(true)
  })
})

describe('what could not be checked is not reported', () => {
  test('a response whose headers were not kept says nothing about headers, caching or compression', () => {
    const pages = site().pages.map((one) => ({ ...one, headers: {} }))
    expect(ids(site({ pages }))).toEqual([])
  })

  test('a home page that answers an error is not judged by its content', () => {
    const broken = siteWithHome({ status: 502, title: null, viewport: null, h1: [], headers: {} })
    expect(ids(broken)).toEqual(['home-error'])
  })

  test('a crawl without a single page yields only what the connection told', () => {
    expect(ids(site({ pages: [], emails: [], phones: [] }))).toEqual([])
    expect(ids(http({ pages: [] }))).toEqual(['tls-none'])
  })

  test('a parked page is not judged as if it were the company’s site', () => {
    const parked = siteWithHome({ parked: 'domain for sale', title: null, viewport: null, headers: {} })
    expect(ids(parked)).toEqual(['parked'])
  })

  test('a page filled by scripts is not accused of lacking headings, contact or legal notice', () => {
    const shell = page({
      needsBrowser: true,
      textLength: 0,
      h1: [],
      description: null,
      openGraph: {},
      canonical: null,
    })
    expect(ids(site({ pages: [shell], emails: [], phones: [] }))).toEqual(['needs-browser'])
  })
})

describe('whatever a site sends', () => {
  const junk = [
    '',
    '\u0000',
    'a'.repeat(3000),
    '\ud800',
    '%E0%A4%A',
    'http://',
    '://',
    '{}',
    ';=;,',
    '-1',
    'é\u202e\n',
    '("',
  ]
  let seed = 7
  const next = (count: number) => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 1) % count
  const spoil = (value: unknown): unknown => {
    if (typeof value === 'string') return next(4) === 0 ? junk[next(junk.length)] : value
    if (value === null) return next(4) === 0 ? junk[next(junk.length)] : null
    if (Array.isArray(value)) return value.map(spoil)
    if (typeof value === 'object')
      return Object.fromEntries(Object.entries(value).map(([key, own]) => [key, spoil(own)]))
    return value
  }

  test('the analysis ends, and its findings fit a log line and a database', () => {
    const full = siteWithHome({
      headers: headers({ server: 'Apache/2.2', 'set-cookie': 'a=1', 'x-generator': 'Drupal 7' }),
    })
    full.forms = [form()]
    full.redirects = [{ from: 'http://a.fr/', to: 'https://a.fr/', status: 301 }]
    for (let round = 0; round < 500; round++) {
      for (const finding of analyse(spoil(full) as SiteRecord)) {
        const text = JSON.stringify(finding)
        expect(text.length).toBeLessThan(4_000)
        expect(text).not.toMatch(/\\u0000|\\ud800/)
      }
    }
  })
})

describe('fine points a salesperson would be caught on', () => {
  test('versions kept safe by a Linux distribution weigh less than the same version elsewhere', () => {
    const powered = (value: string) =>
      find(siteWithHome({ headers: headers({ 'x-powered-by': value }) }), 'php-end-of-life')
    expect(powered('PHP/7.4.33')?.severity).toBe('high')
    expect(powered('PHP/7.4.33-0+deb11u5')?.severity).toBe('medium')
    expect(find(server('nginx/1.18.0 (Ubuntu)'), 'server-end-of-life')?.severity).toBe('info')
    expect(find(server('nginx/1.14.0'), 'server-end-of-life')?.severity).toBe('medium')
  })

  test('a server kept up by its distribution is judged by that distribution', () => {
    expect(find(server('Apache/2.4.29 (Ubuntu)'), 'server-end-of-life')?.evidence).toBe(
      'Ubuntu 18.04: support ended 2023-05-31 (endoflife.date)',
    )
    expect(ids(server('Apache/2.4.29 (Ubuntu)')).filter((id) => id === 'server-end-of-life')).toHaveLength(1)
    expect(ids(server('nginx/1.24.0 (Ubuntu)'))).toEqual(['server-version-disclosed'])
  })

  test('a home page that only leads on by meta refresh is judged by where it leads', () => {
    const doorway = page({ title: null, description: null, h1: [], viewport: null, openGraph: {} })
    const real = page({ url: 'https://www.menuiserie-arbois.fr/fr/' })
    expect(ids(site({ pages: [doorway, real, ...site().pages.slice(1)] }))).toEqual([])
  })

  test('a WordPress one release behind is late, one of 2018 abandoned', () => {
    expect(find(siteWithHome({ generator: 'WordPress 6.9.1' }), 'cms-end-of-life')?.severity).toBe('low')
    expect(find(siteWithHome({ generator: 'WordPress 6.1' }), 'cms-end-of-life')?.severity).toBe('high')
    expect(find(siteWithHome({ generator: 'WordPress 6.4.3' }), 'cms-end-of-life')?.severity).toBe('medium')
  })

  test('one program named in several places is reported once', () => {
    const record = siteWithHome({
      generator: 'WordPress 4.9.8',
      scripts: ['/wp-includes/js/wp-embed.min.js?ver=4.9.8'],
    })
    record.technologies = [
      {
        name: 'WordPress',
        category: 'CMS',
        version: '4.9.8',
        pageUrl: record.url,
        method: 'generator',
        snippet: '',
        confidence: 1,
      },
    ]
    expect(ids(record).filter((id) => id === 'cms-end-of-life')).toHaveLength(1)
  })

  test('several programs of one site are reported each', () => {
    const record = siteWithHome({
      scripts: ['/jquery-1.11.1.min.js', '/bootstrap/3.3.7/js/bootstrap.min.js'],
    })
    const libraries = analyse(record).filter((finding) => finding.id === 'library-end-of-life')
    expect(libraries.map((finding) => finding.params['software']).sort()).toEqual([
      'Bootstrap 3.3.7',
      'jQuery 1.11.1',
    ])
  })

  test('a session cookie without Secure weighs more than a language cookie', () => {
    expect(find(cookie('PHPSESSID=a; HttpOnly; SameSite=Lax'), 'cookie-without-secure')?.severity).toBe(
      'medium',
    )
    expect(find(cookie('lang=fr'), 'cookie-without-secure')?.severity).toBe('low')
    expect(ids(cookie('old=; Max-Age=0'))).toEqual([])
  })

  test('a company number on the page stands for a legal notice', () => {
    const record = site({ pages: [page()] })
    record.companyIds = [
      { kind: 'siren', value: '552100554', pageUrl: record.url, method: 'text', snippet: '', confidence: 1 },
    ]
    expect(ids(record)).toEqual([])
  })

  test('a legal notice that could not be read is not called missing', () => {
    const url = 'https://www.menuiserie-arbois.fr/mentions-l%C3%A9gales'
    expect(ids(site({ pages: [page()], errors: [{ url, code: 'timeout', message: 'too slow' }] }))).toEqual(
      [],
    )
  })

  test('the web agency’s address and a fax are no means of contact', () => {
    const record = site({
      emails: [email('bonjour@agence.fr', 'agency')],
      phones: [phone('+33384000001', { type: 'fax' })],
    })
    expect(ids(record)).toContain('no-contact')
  })

  test('findings come worst first', () => {
    const order = ['critical', 'high', 'medium', 'low', 'info']
    const seen = analyse(
      http({
        pages: [
          page({
            url: 'http://artisan.fr/',
            viewport: null,
            headers: { server: 'Apache/2.2.3' },
            lang: null,
          }),
        ],
      }),
    )
    const ranks = seen.map((finding) => order.indexOf(finding.severity))
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b))
    expect(ranks.length).toBeGreaterThan(5)
  })
})
