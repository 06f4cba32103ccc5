import { expect, test } from 'bun:test'
import { headers, NOW, page, site, siteWithHome } from '#tests/support/site-record.ts'
import { analyseSite } from '#src/analysis/analyse-site.ts'
import { gradeSite } from '#src/analysis/grade-site.ts'
import type { SiteRecord } from '#src/crawl/site-record.ts'

const grade = (record: SiteRecord) => gradeSite(analyseSite(record, NOW), record)

test('a flawless site has full marks', () => {
  const grades = grade(site())
  expect(Object.values(grades).map((mark) => mark?.value)).toEqual([100, 100, 100, 100, 100])
})

test('every mark is 100 less the deductions shown, and never below 0', () => {
  const bare = page({
    url: 'http://artisan.fr/',
    headers: { server: 'Apache/2.2.3', 'x-powered-by': 'PHP/5.3.1', 'set-cookie': 'PHPSESSID=1' },
    robots: 'noindex',
    title: null,
    description: null,
    h1: [],
    viewport: null,
    openGraph: {},
    lang: null,
    ttfbMs: 4000,
    bytes: 3_000_000,
  })
  const grades = grade(
    site({ finalUrl: bare.url, pages: [bare], tls: { ...site().tls, state: 'none', validTo: null } }),
  )
  for (const mark of Object.values(grades)) {
    const taken = mark?.deductions.reduce((sum, deduction) => sum + deduction.points, 0)
    expect(mark?.value).toBe(100 - (taken ?? Number.NaN))
    expect(mark?.value).toBeGreaterThanOrEqual(0)
  }
  expect(grades.seo?.value).toBe(0)
})

test('a site without any security header is not branded as if it were hacked', () => {
  const mark = grade(
    siteWithHome({
      headers: headers({
        'strict-transport-security': null,
        'content-security-policy': null,
        'x-content-type-options': null,
        'referrer-policy': null,
        'permissions-policy': null,
      }),
    }),
  ).security
  expect(mark?.value).toBeGreaterThanOrEqual(60)
  expect(mark?.value).toBeLessThan(80)
})

test('a fault of the certificate costs more than every missing header together', () => {
  const noHeaders = grade(siteWithHome({ headers: { etag: '1' } })).security?.value ?? 0
  const expired =
    grade(site({ tls: { ...site().tls, state: 'broken', problem: 'CERT_HAS_EXPIRED' } })).security?.value ?? 0
  expect(expired).toBeLessThan(noHeaders)
})

test('what could not be read has no mark', () => {
  const none = { security: null, seo: null, performance: null, mobile: null, legal: null }
  expect(grade(site({ pages: [] }))).toEqual(none)
  expect(grade(siteWithHome({ status: 503 }))).toEqual(none)
  expect(grade(siteWithHome({ parked: 'for sale' }))).toEqual(none)
})
