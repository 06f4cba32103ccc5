import { expect, test } from 'bun:test'
import { page, site } from '#tests/support/site-record.ts'
import { rules } from '#src/analysis/finding.ts'
import { ruleIds, ruleName, ruleText } from '#src/analysis/messages.ts'
import { cmsOf, weaknessesOf } from '#src/analysis/summarise.ts'
import { locales } from '#src/lib/i18n.ts'
import en from '#src/analysis/messages.en.data.json'
import fr from '#src/analysis/messages.fr.data.json'

test('every rule has its texts in both languages, asking for the same values', () => {
  expect(Object.keys(en)).toEqual(Object.keys(fr))
  expect(Object.keys(rules).sort()).toEqual([...ruleIds].sort())
  const values = (text: object) =>
    [
      ...new Set(
        Object.values(text)
          .join(' ')
          .match(/\{\w+\}/g) ?? [],
      ),
    ].sort()
  for (const id of ruleIds) {
    for (const text of [...Object.values(fr[id]), ...Object.values(en[id])]) expect(text.trim()).not.toBe('')
    expect([id, values(fr[id])]).toEqual([id, values(en[id])])
  }
})

test('values are written as the language writes them, and an absent one leaves no braces', () => {
  const text = ruleText('fr', { id: 'tls-expired', params: { date: '2026-10-02' } })
  expect(text.meaning).toContain('2 oct. 2026')
  expect(ruleText('en', { id: 'slow-response', params: { ms: 2100 } }).meaning).toContain('2,100 ms')
  expect(ruleText('en', { id: 'tls-expired', params: {} }).meaning).not.toContain('{')
})

test('a rule has a name without a finding at hand', () => {
  for (const locale of locales) for (const id of ruleIds) expect(ruleName(locale, id)).not.toMatch(/[{}?]/)
})

test('weak points are listed once each, worst first, without mere information', () => {
  expect(
    weaknessesOf([
      { id: 'library-end-of-life', severity: 'low' },
      { id: 'tls-none', severity: 'critical' },
      { id: 'library-end-of-life', severity: 'medium' },
      { id: 'canonical-missing', severity: 'info' },
    ]),
  ).toEqual([
    { id: 'tls-none', severity: 'critical' },
    { id: 'library-end-of-life', severity: 'medium' },
  ])
})

test('the system of a site is the surest technology of that kind', () => {
  const technology = (name: string, category: string, confidence: number) => ({
    name,
    category,
    version: null,
    pageUrl: page().url,
    method: 'generator',
    snippet: '',
    confidence,
  })
  const technologies = [
    technology('jQuery', 'javascript-library', 1),
    technology('WooCommerce', 'ecommerce', 0.95),
    technology('WordPress', 'cms', 0.9),
  ]
  expect(cmsOf(site({ technologies }))).toBe('WordPress')
  expect(cmsOf(site())).toBeNull()
})
