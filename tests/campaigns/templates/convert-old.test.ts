import { expect, test } from 'bun:test'
import { convertOld, isOldSyntax } from '#src/campaigns/templates/convert-old.ts'
import { compileMessage } from '#src/campaigns/templates/compile.ts'
import { renderMessage } from '#src/campaigns/templates/render.ts'
import { finding, knownCompany, valuesFor } from './known-company.ts'

const codes = (text: string) => convertOld(text).notes.map(({ code, name }) => `${code} ${name}`)

test('variables in single and double braces become ours; unknown ones are taken out and told', () => {
  expect(convertOld('{entreprise} {{ville}} {cms} {vitrine_url}').text).toBe(
    '{{ entreprise }} {{ ville | default: "" }} {{ cms | default: "" }} ',
  )
  expect(codes('{entreprise} {cms} {vitrine_url}')).toEqual([
    'converted entreprise',
    'converted cms',
    'empty cms',
    'unknown vitrine_url',
  ])
  expect(convertOld('{name} {company}').text).toBe('{{ nom | default: "Madame, Monsieur" }} {{ entreprise }}')
})

test('braces of style sheets and style attributes stay as they are', () => {
  const html = '<style>p {color} .a{b}</style><p style="x:{nom}">{ville}</p>'
  expect(convertOld(html).text).toBe(
    '<style>p {color} .a{b}</style><p style="x:{nom}">{{ ville | default: "" }}</p>',
  )
  expect([
    isOldSyntax('<style>p {color}</style>'),
    isOldSyntax('{nom}'),
    isOldSyntax('{{ nom }} {% if x %}'),
  ]).toEqual([false, true, false])
})

test('conditions are converted one by one, numbers not taken for true when they are 0, ends balanced', () => {
  expect(convertOld('{#if_cms}A {cms}{#endif}').text).toBe('{% if cms %}A {{ cms }}{% endif %}')
  expect(convertOld('{#if_total_emails}A{#endif}').text).toBe('{% if total_emails > 0 %}A{% endif %}')
  expect(convertOld('{#if_security_issues}A{#endif}').text).toBe(
    '{% if security_issues.size > 0 %}A{% endif %}',
  )
  expect(convertOld('{#if_tech_data}A{#endif}').text).toBe('{% if cms or framework or server %}A{% endif %}')
  expect(convertOld('{#endif}a{#if_cms}b{#if_ville}c{#endif}').text).toBe(
    'a{% if cms %}b{% endif %}{% if ville %}c{% endif %}',
  )
  expect(convertOld('{#if_inconnu}b{#endif}').text).toBe('{% if false %}b{% endif %}')
})

test('a greeting is right with and without a name, lists are written out, fragments that are not there told', () => {
  expect(convertOld('Bonjour {nom},').text).toBe('{{ salutation }}')
  expect(convertOld('<ul>{seo_issues}</ul>').text).toContain(
    '{% for point in seo_issues %}<li>{{ point.title }}</li>',
  )
  expect(convertOld('{seo_issues}', { plain: true }).text).toContain('- {{ point.title }}')
  expect(codes('{#include:pied}')).toEqual(['include pied'])
})

test('a whole old template is compiled and says the same as before', async () => {
  const old = `<style>p{margin:0}</style><p>Bonjour {nom},</p><p>Votre site {website} tourne sous {cms} {cms_version}.</p>
{#if_performance}<p>Vitesse : {performance_score}/100</p>{#endif}{#if_seo_issues}<ul>{seo_issues}</ul>{#endif}<p><a href="{unsubscribe_url}">stop</a></p>`
  const html = convertOld(old).text
  const made = await compileMessage({
    subject: convertOld('{entreprise} : {nom}').text,
    html,
    text: '',
    locale: 'fr',
  })
  expect(made.ok ? [] : made.problems).toEqual([])
  if (!made.ok) return
  const mail = renderMessage(
    made.message,
    valuesFor(knownCompany({ cms: 'WordPress' }, [finding('h1-missing')])),
  )
  expect(mail.missing).toEqual([])
  expect(mail.text).toContain(
    'Bonjour,\n\nVotre site https://www.garage-martin.fr/ tourne sous WordPress 4.9.8.',
  )
  expect(mail.text).toContain('- Pas de titre principal')
  expect(mail.html).toContain('href="{{ unsubscribe_url }}"')
})
