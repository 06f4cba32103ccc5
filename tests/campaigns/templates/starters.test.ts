import { expect, test } from 'bun:test'
import { isRuleId, ruleIds, type RuleId } from '#src/analysis/messages.ts'
import { compileMessage } from '#src/campaigns/templates/compile.ts'
import { renderMessage } from '#src/campaigns/templates/render.ts'
import { letterWords, startersOf } from '#src/campaigns/templates/starters/starters.ts'
import { locales, type Locale } from '#src/lib/i18n.ts'
import { finding, knownCompany, valuesFor } from './known-company.ts'

const MAX_WORDS = 190
const FACTS: Record<string, ReturnType<typeof finding>[][]> = {
  audit: [
    [finding('description-missing')],
    [finding('tls-none', { host: 'garage-martin.fr' }), finding('viewport-missing', { pages: 3, count: 3 })],
    ruleIds.map((id) => finding(id)),
  ],
  certificate: [
    [finding('tls-expired', { date: '2026-10-01' })],
    [finding('tls-expired', { date: '?' })],
    [finding('tls-expires-soon', { date: '2026-12-01', days: 9 })],
    [finding('tls-self-signed', { host: 'garage-martin.fr', problem: 'x' })],
  ],
  'outdated-cms': [
    [finding('cms-end-of-life', { software: 'WordPress 4.9', date: '2020-01-01', source: 'x' })],
    [finding('cms-end-of-life', { software: 'WordPress 4.9', date: '?', source: 'x' })],
    [finding('php-end-of-life', { software: 'PHP 5.6', date: '2018-12-31', source: 'x' })],
    [finding('editor-discontinued', { software: 'iWeb', date: '2011-01-01', snippet: 'x' })],
  ],
  slow: [
    [finding('slow-response', { ms: 2300, pages: 4 })],
    [finding('no-compression', { count: 3, pages: 4 })],
    [finding('heavy-html', { kilobytes: 900 })],
    [finding('many-files', { scripts: 40, sheets: 12, count: 52 })],
  ],
  'no-https': [[finding('tls-none', { host: 'garage-martin.fr' })]],
  mobile: [
    [finding('viewport-missing', { pages: 3, count: 3 })],
    [finding('viewport-fixed', { width: 980, viewport: 'width=980' })],
  ],
  seo: [
    [finding('description-missing'), finding('h1-missing')],
    [finding('noindex-home', { where: 'meta', value: 'x' })],
  ],
  accessibility: [
    [finding('images-without-alt', { count: 9, total: 12, percent: 75 })],
    [finding('zoom-disabled', { viewport: 'x' }), finding('lang-missing')],
  ],
  relaunch: [[finding('description-missing')], []],
  thanks: [[finding('description-missing')], []],
}
const ALWAYS = ['relaunch', 'thanks']

const compiled = async (locale: Locale, id: string) => {
  const starter = startersOf(locale).find((one) => one.id === id)!
  const html = letterWords(locale, starter.body)
  const made = await compileMessage({ subject: starter.subject, html, text: '', locale })
  if (!made.ok) throw new Error(`${locale} ${id}: ${JSON.stringify(made.problems)}`)
  return made.message
}

test('both languages have the same ten letters, in the same order', () => {
  const [fr, en] = [startersOf('fr'), startersOf('en')]
  expect(fr.map(({ id, category }) => [id, category])).toEqual(en.map(({ id, category }) => [id, category]))
  expect(fr.map(({ id }) => id)).toEqual(Object.keys(FACTS))
})

test('every letter is complete, short and honest with each fact it is about, and held without one', async () => {
  for (const locale of locales)
    for (const { id } of startersOf(locale)) {
      const message = await compiled(locale, id)
      for (const facts of FACTS[id] ?? []) {
        for (const contactName of [null, 'Anne Martin']) {
          const mail = renderMessage(message, valuesFor(knownCompany({}, facts), { locale, contactName }))
          const where = `${locale} ${id} ${facts
            .map(({ id: rule }) => rule)
            .slice(0, 3)
            .join()}`
          expect({ where, missing: mail.missing }).toEqual({ where, missing: [] })
          expect(mail.subject.length).toBeLessThanOrEqual(78)
          expect(mail.text).not.toMatch(/\{[{%]|undefined|null|\bNaN\b|\[object/)
          expect(mail.text.startsWith(locale === 'fr' ? 'Bonjour' : 'Hello')).toBe(true)
          if (facts.length <= 3) expect(mail.text.split(/\s+/).length).toBeLessThanOrEqual(MAX_WORDS)
          const quotes = mail.evidence.map((one) => one.id).filter((one) => isRuleId(one))
          if (facts.length > 0 && id !== 'thanks') expect(quotes).toContain(facts[0]!.id as RuleId)
        }
      }
      const nothing = renderMessage(message, valuesFor(knownCompany({ cms: null }), { locale }))
      expect([id, nothing.missing.length > 0]).toEqual([id, !ALWAYS.includes(id)])
    }
})

test('a letter never loses its thread where nothing but the name of the company is known', async () => {
  const bare = knownCompany({ website: null, sector: null, city: null, contactEmail: null })
  const mail = renderMessage(await compiled('fr', 'relaunch'), valuesFor({ ...bare, visit: null }))
  expect([mail.subject, mail.missing]).toEqual(['Re : Garage Martin', []])
  expect(mail.text).toContain('au sujet de votre site')
  expect(mail.text.trimEnd()).toEndWith('Bien cordialement,\nZoé Lambert')
})
