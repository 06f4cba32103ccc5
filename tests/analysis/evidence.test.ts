import { expect, test } from 'bun:test'
import { email, form, headers, NOW, page, site, siteWithHome, subpage } from '#tests/support/site-record.ts'
import { analyseSite } from '#src/analysis/analyse-site.ts'
import { evidenceText, evidenceTexts } from '#src/analysis/evidence-messages.ts'
import { ruleIds } from '#src/analysis/messages.ts'
import { analysisDocument } from '#src/scoring/analysis-document.ts'
import { pointEvidenceText, pointEvidenceTexts } from '#src/scoring/evidence-messages.ts'
import { reasonTexts } from '#src/scoring/messages.ts'

const bad = site({
  url: 'http://morel.fr/',
  finalUrl: 'http://morel.fr/',
  tls: { ...site().tls, state: 'none', protocol: null, validTo: null },
  httpRedirectsToHttps: null,
  pages: [
    page({
      url: 'http://morel.fr/',
      headers: { server: 'Apache/2.2.15', 'set-cookie': 'a=1\nb=2\nc=3\nd=4\nsessid=5' },
      viewport: null,
      description: null,
      h1: [],
      ttfbMs: 2100,
      imageCount: 12,
      imagesWithoutAlt: 9,
    }),
    subpage('/oups', { status: 404 }),
  ],
  emails: [email('contact@morel.fr', 'role')],
  forms: [form({ action: 'http://morel.fr/envoi', pageUrl: 'http://morel.fr/' })],
})
const expired = site({
  tls: { ...site().tls, state: 'broken', problem: 'CERT_HAS_EXPIRED', validTo: '2026-10-02T00:00:00Z' },
})

test('every rule and every point says what was seen, in both languages', () => {
  expect(Object.keys(evidenceTexts.texts.fr).sort()).toEqual([...ruleIds].sort())
  expect(Object.keys(pointEvidenceTexts.texts.fr).sort()).toEqual(Object.keys(reasonTexts.texts.fr).sort())
})

test('what is shown of a finding is filled from its values, with nothing left open', () => {
  const policies = siteWithHome({
    headers: headers({ 'content-security-policy': 'script-src *' }),
    robots: 'noindex',
  })
  const findings = [bad, expired, policies].flatMap((record) => analyseSite(record, NOW))
  expect(findings.length).toBeGreaterThan(20)
  for (const finding of findings)
    for (const locale of ['fr', 'en'] as const) {
      const text = evidenceText(locale, { ...finding, evidence: 'STORED' })
      expect([finding.id, locale, text]).not.toEqual([finding.id, locale, 'STORED'])
      expect([finding.id, text]).not.toEqual([finding.id, expect.stringMatching(/[{}]|\?$/)])
    }
})

test('numbers, days and lists are written as the language writes them', () => {
  const shown = (record: typeof bad, id: string, locale: 'fr' | 'en') => {
    const finding = analyseSite(record, NOW).find((one) => one.id === id)!
    return evidenceText(locale, finding).replace(/\s/g, ' ')
  }
  expect(shown(expired, 'tls-expired', 'fr')).toBe('certificat expiré le 2 oct. 2026')
  expect(shown(expired, 'tls-expired', 'en')).toBe('certificate expired Oct 2, 2026')
  expect(shown(bad, 'slow-response', 'fr')).toBe('premier octet après 2 100 ms (1 page mesurée)')
  const cookies = siteWithHome({ headers: headers({ 'set-cookie': 'a=1\nb=2\nc=3\nd=4\ne=5' }) })
  expect(shown(cookies, 'cookie-without-secure', 'fr')).toBe('cookies sans Secure : a, b, c et 2 de plus')
  expect(shown(cookies, 'cookie-without-secure', 'en')).toBe('cookies without Secure: a, b, c and 2 more')
})

test('the command line keeps its English sentences', () => {
  const evidenceOf = (record: typeof bad) => analyseSite(record, NOW).map(({ evidence }) => evidence)
  expect(evidenceOf(expired)).toEqual(['certificate expired 2026-10-02'])
  expect(evidenceOf(bad)).toContain('no Content-Security-Policy header on the home page')
  expect(evidenceOf(bad)).toContain('first byte after 2100 ms (1 page measured)')
})

test('a finding of another version shows the sentence stored with it', () => {
  const stored = { id: 'gone-rule', params: {}, evidence: 'seen long ago' }
  expect(evidenceText('fr', stored)).toBe('seen long ago')
  expect(evidenceText('fr', { ...stored, id: 'slow-response' })).toBe('seen long ago')
  expect(pointEvidenceText('fr', { reason: 'gone', params: {}, evidence: 'seen' })).toBe('seen')
})

test('crawled text with braces in it is shown as it is', () => {
  const finding = analyseSite(siteWithHome({ title: '{host} {x}' }), NOW).find(
    ({ id }) => id === 'title-short',
  )!
  expect(evidenceText('fr', finding)).toContain('{host} {x}')
})

test('the points of a score say in French what they say in English', () => {
  const { score } = analysisDocument(bad, NOW)
  expect(score.points.every(({ evidence }) => evidence !== '' && !/[{}]/.test(evidence))).toBe(true)
  const french = (reason: string, params: Record<string, string | number>) =>
    pointEvidenceText('fr', { reason, params, evidence: 'STORED' })
  expect(french('site-unread', { code: 'refused', message: 'The site answers with status 403.' })).toBe(
    'le site refuse notre visite',
  )
  expect(french('site-parked', { url: 'http://a.fr/', marker: 'for-sale' })).toBe(
    'http://a.fr/ : domaine à vendre',
  )
  expect(french('contact-owner', { email: 'a@b.fr', name: 'Ada Roux', role: 'Gérante' })).toBe(
    'a@b.fr (Ada Roux, Gérante)',
  )
  expect(french('contact-role', { email: 'a@b.fr' })).toBe('a@b.fr')
})
