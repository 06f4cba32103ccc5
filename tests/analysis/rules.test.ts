import { describe, expect, test } from 'bun:test'
import { form, headers, NOW, page, site, siteWithHome, subpage } from '#tests/support/site-record.ts'
import { analyseSite } from '#src/analysis/analyse-site.ts'
import { ruleIds, type RuleId } from '#src/analysis/messages.ts'
import type { SiteRecord } from '#src/crawl/site-record.ts'

const ids = (record: SiteRecord): RuleId[] => analyseSite(record, NOW).map((finding) => finding.id)

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

const madeWith = (name: string): SiteRecord =>
  site({
    technologies: [
      {
        name,
        category: 'editor',
        version: null,
        pageUrl: site().url,
        method: 'meta',
        snippet: name,
        confidence: 1,
      },
    ],
  })

describe('each rule has a site that breaks it and one that nearly does', () => {
  const cases: [RuleId, SiteRecord, SiteRecord][] = [
    ['tls-none', http(), site()],
    [
      'tls-expired',
      tls({ state: 'broken', problem: 'CERT_HAS_EXPIRED', validTo: '2026-10-02T08:00:00Z' }),
      tls({ validTo: '2027-02-01T00:00:00Z' }),
    ],
    ['tls-name-mismatch', tls({ state: 'broken', problem: 'ERR_TLS_CERT_ALTNAME_INVALID' }), site()],
    ['tls-self-signed', tls({ state: 'broken', problem: 'DEPTH_ZERO_SELF_SIGNED_CERT' }), site()],
    ['tls-incomplete-chain', tls({ state: 'broken', problem: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }), site()],
    ['tls-broken', tls({ state: 'broken', problem: 'EPROTO' }), site()],
    ['tls-expires-soon', tls({ validTo: '2026-12-10T00:00:00Z' }), tls({ validTo: '2026-12-23T12:00:00Z' })],
    ['tls-old-protocol', tls({ protocol: 'TLSv1.1' }), tls({ protocol: 'TLSv1.2' })],
    ['http-not-redirected', site({ httpRedirectsToHttps: false }), site({ httpRedirectsToHttps: null })],
    ['hsts-missing', siteWithHome({ headers: headers({ 'strict-transport-security': null }) }), http()],
    [
      'hsts-missing',
      siteWithHome({ headers: headers({ 'strict-transport-security': 'max-age=0' }) }),
      site(),
    ],
    [
      'hsts-short',
      siteWithHome({ headers: headers({ 'strict-transport-security': 'max-age=86400' }) }),
      site(),
    ],
    [
      'csp-missing',
      siteWithHome({ headers: headers({ 'content-security-policy': null }) }),
      siteWithHome({ headers: headers({ 'content-security-policy': 'upgrade-insecure-requests' }) }),
    ],
    [
      'csp-weak',
      siteWithHome({ headers: headers({ 'content-security-policy': "script-src 'unsafe-inline'" }) }),
      siteWithHome({
        headers: headers({ 'content-security-policy': "script-src 'unsafe-inline' 'nonce-a1'" }),
      }),
    ],
    [
      'frame-protection-missing',
      siteWithHome({ headers: headers({ 'content-security-policy': "default-src 'self'" }) }),
      siteWithHome({ headers: headers({ 'content-security-policy': null, 'x-frame-options': 'DENY' }) }),
    ],
    ['nosniff-missing', siteWithHome({ headers: headers({ 'x-content-type-options': null }) }), site()],
    ['referrer-policy-missing', siteWithHome({ headers: headers({ 'referrer-policy': null }) }), site()],
    [
      'permissions-policy-missing',
      siteWithHome({ headers: headers({ 'permissions-policy': null }) }),
      site(),
    ],
    ['cookie-without-secure', cookie('lang=fr; Path=/'), cookie('lang=fr; Path=/; Secure')],
    ['cookie-without-httponly', cookie('PHPSESSID=a1; Secure'), cookie('XSRF-TOKEN=a1; Secure')],
    [
      'cookie-without-samesite',
      cookie('PHPSESSID=a1; Secure; HttpOnly'),
      cookie('PHPSESSID=a1; Secure; HttpOnly; SameSite=Lax'),
    ],
    ['mixed-content', siteWithHome({ mixedContent: ['http://cdn.example.org/a.jpg'] }), site()],
    [
      'password-over-http',
      site({ forms: [form({ hasPassword: true, action: 'http://x.fr/login' })] }),
      site({ forms: [form({ hasPassword: true })] }),
    ],
    [
      'form-to-http',
      site({ forms: [form({ action: 'http://x.fr/send' })] }),
      site({ forms: [form({ action: '' })] }),
    ],
    [
      'personal-form-over-http',
      http({ forms: [form({ pageUrl: 'http://artisan.fr/', action: '/send' })] }),
      http({
        forms: [
          form({ pageUrl: 'http://artisan.fr/', action: '/', fields: [{ name: 's', type: 'search' }] }),
        ],
      }),
    ],
    ['server-version-disclosed', server('Apache/2.4.62'), server('nginx')],
    [
      'platform-version-disclosed',
      siteWithHome({ headers: headers({ 'x-powered-by': 'PHP/8.4.1' }) }),
      siteWithHome({ headers: headers({ 'x-powered-by': 'PHP' }) }),
    ],
    [
      'cms-version-disclosed',
      siteWithHome({ generator: 'WordPress 7.1' }),
      siteWithHome({ generator: 'PrestaShop' }),
    ],
    [
      'php-end-of-life',
      siteWithHome({ headers: headers({ 'x-powered-by': 'PHP/5.6.40' }) }),
      siteWithHome({ headers: headers({ 'x-powered-by': 'PHP/8.4.1' }) }),
    ],
    [
      'cms-end-of-life',
      siteWithHome({ generator: 'WordPress 4.9.8' }),
      siteWithHome({ generator: 'WordPress 7.1.2' }),
    ],
    [
      'library-end-of-life',
      siteWithHome({ scripts: ['/js/jquery-1.12.4.min.js'] }),
      siteWithHome({ scripts: ['/js/jquery-3.7.1.min.js', '/js/jquery.plugin.js?ver=1.2'] }),
    ],
    ['server-end-of-life', server('Microsoft-IIS/7.5'), server('Microsoft-IIS/10.0')],
    [
      'broken-pages',
      site({ pages: [...site().pages, subpage('/promo', { status: 404 })] }),
      site({ pages: [...site().pages, subpage('/pro', { status: 403 })] }),
    ],
    [
      'redirect-chain',
      site({
        redirects: [
          { from: 'http://a.fr/', to: 'https://a.fr/', status: 301 },
          { from: 'https://a.fr/', to: 'https://www.a.fr/', status: 301 },
          { from: 'https://www.a.fr/', to: 'https://www.a.fr/fr/', status: 302 },
        ],
      }),
      site({
        redirects: [
          { from: 'http://a.fr/', to: 'https://a.fr/', status: 301 },
          { from: 'https://a.fr/', to: 'https://www.a.fr/', status: 301 },
        ],
      }),
    ],
    ['flash-used', siteWithHome({ scripts: ['/js/swfobject.js'] }), site()],
    ['editor-discontinued', madeWith('Microsoft FrontPage'), madeWith('Dreamweaver')],
    ['old-layout', siteWithHome({ oldMarkup: ['tables'] }), siteWithHome({ oldMarkup: ['font'] })],
    ['copyright-old', siteWithHome({ copyrightYear: 2020 }), siteWithHome({ copyrightYear: 2025 })],
    [
      'sri-missing',
      siteWithHome({ scriptsWithoutSri: ['https://code.jquery.com/jquery-3.7.1.min.js'] }),
      siteWithHome({ scriptsWithoutSri: ['https://www.googletagmanager.com/gtag/js'] }),
    ],
    ['parked', siteWithHome({ parked: 'this domain is for sale' }), site()],
    ['home-error', siteWithHome({ status: 500 }), siteWithHome({ status: 403 })],
    ['no-contact', site({ emails: [], phones: [] }), site({ emails: [], phones: [], forms: [form()] })],
    [
      'viewport-missing',
      siteWithHome({ viewport: null }),
      siteWithHome({ viewport: 'initial-scale=1, width=device-width' }),
    ],
    ['viewport-fixed', siteWithHome({ viewport: 'width=1024' }), site()],
    [
      'zoom-disabled',
      siteWithHome({ viewport: 'width=device-width, user-scalable=no' }),
      siteWithHome({ viewport: 'width=device-width, maximum-scale=5' }),
    ],
    ['needs-browser', siteWithHome({ needsBrowser: true, textLength: 12 }), site()],
    ['title-missing', siteWithHome({ title: ' ' }), siteWithHome({ title: null, needsBrowser: true })],
    [
      'title-generic',
      siteWithHome({ title: 'Page d’accueil' }),
      siteWithHome({ title: 'Accueil – Menuiserie Morel à Arbois' }),
    ],
    ['title-short', siteWithHome({ title: 'Menuiserie Morel' }), site()],
    ['title-long', siteWithHome({ title: 'Menuiserie '.repeat(9) }), site()],
    [
      'title-duplicate',
      site({
        pages: [
          ...site().pages,
          subpage('/a', { title: 'Nos portes' }),
          subpage('/b', { title: 'Nos portes' }),
        ],
      }),
      site({
        pages: [
          ...site().pages,
          subpage('/a?p=1', { title: 'Nos portes' }),
          subpage('/a?p=2', { title: 'Nos portes' }),
        ],
      }),
    ],
    [
      'description-missing',
      siteWithHome({ description: null }),
      siteWithHome({ description: null, needsBrowser: true }),
    ],
    ['description-short', siteWithHome({ description: 'Menuiserie à Arbois' }), site()],
    ['description-long', siteWithHome({ description: 'Menuiserie à Arbois. '.repeat(12) }), site()],
    [
      'description-duplicate',
      site({ pages: site().pages.map((one) => ({ ...one, description: page().description })) }),
      site({ pages: site().pages.map((one) => ({ ...one, description: null })) }),
    ],
    ['h1-missing', siteWithHome({ h1: [''] }), siteWithHome({ h1: [], needsBrowser: true })],
    ['h1-several', siteWithHome({ h1: ['Un', 'Deux'] }), site()],
    [
      'images-without-alt',
      siteWithHome({ imageCount: 8, imagesWithoutAlt: 8 }),
      siteWithHome({ imageCount: 40, imagesWithoutAlt: 2 }),
    ],
    ['lang-missing', siteWithHome({ lang: null }), site()],
    ['canonical-missing', siteWithHome({ canonical: null }), siteWithHome({ canonical: '/' })],
    [
      'canonical-other-site',
      siteWithHome({ canonical: 'https://demo.agence.fr/' }),
      siteWithHome({ canonical: 'https://menuiserie-arbois.fr/' }),
    ],
    [
      'noindex-home',
      siteWithHome({ robots: 'noindex, nofollow' }),
      siteWithHome({ robots: 'index, noimageindex' }),
    ],
    ['noindex-home', siteWithHome({ headers: headers({ 'x-robots-tag': 'noindex' }) }), site()],
    ['robots-disallow-all', site({ robotsTxt: { ...site().robotsTxt, disallowsAll: true } }), site()],
    [
      'robots-txt-missing',
      site({ robotsTxt: { status: 404, found: false, disallowsAll: false, sitemaps: [] } }),
      site({ robotsTxt: { status: 503, found: false, disallowsAll: false, sitemaps: [] } }),
    ],
    [
      'sitemap-missing',
      site({ sitemap: { url: null, found: false, urlCount: 0 } }),
      site({
        sitemap: { url: null, found: false, urlCount: 0 },
        robotsTxt: { status: null, found: false, disallowsAll: false, sitemaps: [] },
      }),
    ],
    ['open-graph-missing', siteWithHome({ openGraph: { 'og:title': 'Atelier' } }), site()],
    [
      'slow-response',
      site({ pages: site().pages.map((one) => ({ ...one, ttfbMs: 2100 })) }),
      siteWithHome({ ttfbMs: 9000 }),
    ],
    ['heavy-html', siteWithHome({ bytes: 1_600_000 }), siteWithHome({ bytes: 300_000 })],
    [
      'no-compression',
      site({
        pages: site().pages.map((one) => ({ ...one, headers: headers({ 'content-encoding': null }) })),
      }),
      site({
        pages: site().pages.map((one) => ({
          ...one,
          bytes: 900,
          headers: headers({ 'content-encoding': null }),
        })),
      }),
    ],
    [
      'caching-forbidden',
      siteWithHome({ headers: headers({ 'cache-control': 'no-store, private' }) }),
      site(),
    ],
    [
      'caching-undefined',
      siteWithHome({ headers: headers({ 'cache-control': null }) }),
      siteWithHome({ headers: headers({ 'cache-control': null, etag: '"a"' }) }),
    ],
    ['many-files', siteWithHome({ scripts: Array.from({ length: 45 }, (_, i) => `/s${i}.js`) }), site()],
    [
      'legal-notice-missing',
      site({ pages: [page()] }),
      site({ pages: [page({ lang: 'de', url: 'https://tischler.de/' })], phones: [] }),
    ],
    [
      'privacy-page-missing',
      site({ pages: site().pages.slice(0, 2), forms: [form()] }),
      site({ pages: site().pages.slice(0, 2) }),
    ],
  ]

  for (const [id, bad, nearly] of cases) {
    test(id, () => {
      expect(ids(bad)).toContain(id)
      expect(ids(nearly)).not.toContain(id)
    })
  }

  test('and no rule is without its pair', () => {
    const tested = new Set(cases.map(([id]) => id))
    expect(ruleIds.filter((id) => !tested.has(id))).toEqual([])
  })
})
