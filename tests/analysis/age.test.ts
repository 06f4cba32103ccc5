import { expect, test } from 'bun:test'
import { form, headers, NOW, page, siteWithHome, site, subpage } from '#tests/support/site-record.ts'
import { analyseSite } from '#src/analysis/analyse-site.ts'
import type { PageRecord, SiteRecord } from '#src/crawl/site-record.ts'

const find = (record: SiteRecord, id: string) => analyseSite(record, NOW).find((finding) => finding.id === id)
const home = (over: Partial<PageRecord>) => siteWithHome(over)

test('a copyright year says something once it is years old', () => {
  expect(find(home({ copyrightYear: 2025 }), 'copyright-old')).toBeUndefined()
  expect(find(home({ copyrightYear: null }), 'copyright-old')).toBeUndefined()
  expect(find(home({ copyrightYear: 2023 }), 'copyright-old')).toMatchObject({ severity: 'low' })
  expect(find(home({ copyrightYear: 2014 }), 'copyright-old')).toMatchObject({
    severity: 'medium',
    evidence: 'last copyright year on the site: 2014',
  })
  const kept = site({ pages: [page({ copyrightYear: 2014 }), subpage('/blog', { copyrightYear: 2026 })] })
  expect(find(kept, 'copyright-old')).toBeUndefined()
})

test('layout tables and frames tell an old site, one stray element does not', () => {
  expect(find(home({ oldMarkup: ['font'] }), 'old-layout')).toBeUndefined()
  expect(find(home({ oldMarkup: ['tables'] }), 'old-layout')?.severity).toBe('medium')
  expect(find(home({ oldMarkup: ['tables', 'font', 'center'] }), 'old-layout')?.severity).toBe('high')
  expect(find(home({ oldMarkup: ['flash'] }), 'old-layout')).toBeUndefined()
  expect(find(home({ oldMarkup: ['flash'] }), 'flash-used')).toBeDefined()
})

test('a hash is asked for where an address names one version of a file', () => {
  const scripts = (...scriptsWithoutSri: string[]) => home({ scriptsWithoutSri })
  expect(find(scripts('https://www.googletagmanager.com/gtag/js'), 'sri-missing')).toBeUndefined()
  expect(find(scripts('https://unpkg.com/htmx.org'), 'sri-missing')).toBeUndefined()
  expect(find(scripts('https://code.jquery.com/jquery-3.7.1.min.js'), 'sri-missing')?.severity).toBe('info')
})

test('a policy given by a meta element counts', () => {
  const without = headers({ 'content-security-policy': null })
  expect(find(home({ headers: without }), 'csp-missing')).toBeDefined()
  expect(find(home({ headers: without, metaCsp: "script-src 'self'" }), 'csp-missing')).toBeUndefined()
  expect(find(home({ headers: without, metaCsp: 'script-src *' }), 'csp-weak')).toBeDefined()
  expect(
    find(home({ headers: without, metaCsp: "frame-ancestors 'none'" }), 'frame-protection-missing'),
  ).toBeDefined()
})

test('a legal notice that is linked to but was kept from crawlers is not missing', () => {
  const alone = (policyLinks: PageRecord['policyLinks']) =>
    site({ pages: [page(policyLinks ? { policyLinks } : {})], forms: [form()] })
  expect(find(alone([]), 'legal-notice-missing')).toBeDefined()
  const linked = alone([
    { url: 'https://www.menuiserie-arbois.fr/ml', text: 'Mentions légales' },
    { url: null, text: 'Politique de confidentialité' },
  ])
  expect(find(linked, 'legal-notice-missing')).toBeUndefined()
  expect(find(linked, 'privacy-page-missing')).toBeUndefined()
  expect(find(alone([{ url: null, text: 'CGV' }]), 'legal-notice-missing')).toBeDefined()
})
