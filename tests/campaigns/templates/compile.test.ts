import { expect, test } from 'bun:test'
import { compileMessage, type MessageSource } from '#src/campaigns/templates/compile.ts'
import { renderMessage } from '#src/campaigns/templates/render.ts'
import { describedVariables } from '#src/campaigns/templates/variable-messages.ts'
import { readableNames } from '#src/campaigns/templates/values-of.ts'
import { variables } from '#src/campaigns/templates/variables.ts'
import { finding, knownCompany, valuesFor } from './known-company.ts'

const source = (given: Partial<MessageSource>): MessageSource => ({
  subject: 'x',
  html: '<p>x</p>',
  text: '',
  locale: 'fr',
  ...given,
})
const compiled = async (given: Partial<MessageSource>) => {
  const made = await compileMessage(source(given))
  if (!made.ok) throw new Error(JSON.stringify(made.problems))
  return made.message
}
const problemsOf = async (html: string) => {
  const made = await compileMessage(source({ html }))
  return made.ok ? [] : made.problems.map(({ code, detail }) => (detail ? `${code} ${detail}` : code))
}
const rendered = async (given: Partial<MessageSource>, values = valuesFor(knownCompany())) =>
  renderMessage(await compiled(given), values)

const HOSTILE = `<img src=x onerror="alert(1)"> & 'x' {{ email }} {% if x %} {unsubscribe_url} {{ unsubscribe_url }}\r\nBcc: a@b.fr\u0000\u202e`

test.each([
  '<html><body><p>a</p><!-- x',
  '<html><body><p>a</p><textarea>x',
  '<p>a</p></body><!-- </body>',
  '<html><body><p>a</p><!--[if mso]><p>b</p></body></html>',
  '<html><body><p>a</p><template><p>b</p></body></html>',
  '<html><body><p>a</p><noscript><p>b</p></body></html>',
  '<html><body><p>a</p><select><option>b</body></html>',
  '<html><body><p>a</p><svg><text>b</text></body></html>',
  '<html><body><p>a</p><div hidden><p>b</p></body></html>',
  '<html><body><div style="color:red; DISPLAY : none !important"><p>a</p></body></html>',
  '<html><body><div style="max-height:0;overflow:hidden">b<p>a</p></body></html>',
  '<html><body style="visibility:hidden"><p>a</p></body></html>',
  '<html><body><p>a</p><a href="https://exemple.fr/</body></html>',
  '<html><head><style>* { display: none }</style></head><body><p>a</p></body></html>',
  '<html><head><style>body { opacity: 0 }</style></head><body><p>a</p></body></html>',
  '<html><head><style>@media screen { html > body { display: none } }</style></head><body><p>a</p></body></html>',
  '<html><head><style>@media screen { body.x { d\\69splay: none } }</style></head><body class="y x"><p>a</p></body></html>',
  '<html><head><style>@media screen { :last-child { display: none } }</style></head><body><p>a</p></body></html>',
  // What browsers do not take for one comment.
  '<html><body><p>a</p><!--><div hidden>--></body></html>',
  '<html><body><p>a</p><!-- b --!><div hidden><!-- --></body></html>',
  // Whatever the conditions come to.
  '<html><body><p>a</p>{% if ville %}<!--{% endif %}<p>b</p>{% if ville %}-->{% endif %}</body></html>',
  '<html><body>{% if ville %}<div style="display:none">{% else %}<div>{% endif %}<p>a</p></body></html>',
  '<html><body><div style="display:none">{% if ville %}</div>{% endif %}<p>a</p></body></html>',
])('a message in which the unsubscribe link could not be seen is refused: %s', async (html) => {
  expect(await problemsOf(html)).toEqual(['tail_hidden'])
})

test.each([
  '<p>a</p><!-- x -->',
  '<html><body><p>a</p></body></html><!-- x',
  '<html><body><!--[if mso]><p>b</p><![endif]--><p>a</p></body></html>',
  '<html><body><!--[if !mso]><!--><p>b</p><!--<![endif]--><p>a</p></body></html>',
  '<html><body><div style="display:none;max-height:0">{% if ville %}{{ ville }}{% endif %}</div><p>a</p></body></html>',
  '<html><body><p style="display:none">b<table><tr><td style="width:0">x<td>a</table></body></html>',
  '<html><body><div style="margin:0;height:0.5em;opacity:0.9"><p>a</p></body></html>',
  '<html><head><style>.big { display: none } @media (max-width: 600px) { .big, td.side { display: none !important } *[class="gmail-fix"] { display: none !important } }</style></head><body class="mail"><p class="big">b</p><p>a</p></body></html>',
  '<html><head><style>@media screen { body > *:last-child { display: none } p::before { display: none } }</style></head><body><p>a</p></body></html>',
  '<html><body>{% if ville %}<div class="x">{% else %}<div>{% endif %}<p>a</p></div></body></html>',
])('a message in which it is seen is not: %s', async (html) => {
  expect(await problemsOf(html)).toEqual([])
})

test('every variable has a value, a text in both languages and one place', () => {
  const names = variables.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  expect(readableNames.toSorted()).toEqual(names.toSorted())
  expect(describedVariables.toSorted()).toEqual(names.toSorted())
})

test('a value is escaped in HTML, stays one line, and is never read as a template', async () => {
  const values = valuesFor(knownCompany({ name: HOSTILE, city: HOSTILE }))
  const mail = await rendered(
    {
      subject: '{{ entreprise }}',
      html: '<a title="{{ entreprise }}">{{ ville | default: "x" | upcase }}</a>',
      text: 'A {{ entreprise }}\nB',
    },
    values,
  )
  expect(mail.html).not.toContain('<img')
  expect(mail.html).not.toContain('"alert')
  expect(mail.html).toContain('&#123;&#123; email &#125;&#125;')
  expect(mail.html).not.toMatch(/\{\{|\{unsub/)
  // oxlint-disable-next-line no-control-regex -- what must not be there
  expect(mail.subject).not.toMatch(/[\u0000-\u001f\u202e]/)
  expect(mail.text.split('\n').length).toBe(3)
  expect(mail.subject).toContain('Bcc: a@b.fr')
})

test('a subject is one line of a bounded length whatever the template and the values do', async () => {
  const mail = await rendered({ subject: `A{% if score %}\n\r\n\tB\u2028C{% endif %} ${'é'.repeat(600)}` })
  expect(mail.subject).toMatch(/^A B C é+$/)
  expect(mail.subject.length).toBe(400)
  const empty = await rendered({ subject: '{% if cms_version %}{% unless cms %}x{% endunless %}{% endif %}' })
  expect(empty.missing).toContain('subject')
})

test('what prototypes have is not there', async () => {
  for (const name of [
    'constructor',
    '__proto__',
    'toString',
    'hasOwnProperty',
    'entreprise.constructor',
    'findings.constructor.name',
  ])
    expect((await problemsOf(`{{ ${name} | default: "-" }}`))[0] ?? 'empty').toMatch(
      /^(unknown_variable|empty)/,
    )
  const mail = await rendered(
    {
      html: '[{{ entreprise.constructor | default: "-" }}{{ findings.constructor | default: "-" }}{{ finding.tls_none.constructor | default: "-" }}{% for f in findings %}{{ f.__proto__ | default: "-" }}{% endfor %}]',
    },
    valuesFor(knownCompany({}, [finding('tls-none', { host: 'x' })])),
  )
  expect(mail.html).toContain('>[----]<')
})

test('files, other templates and unknown filters and tags are refused with their name', async () => {
  for (const [html, words] of [
    ['{% include "x" %}', /syntax .*include/],
    ['{% render "/etc/passwd" %}', /syntax .*render/],
    ['{% layout "x" %}', /syntax .*layout/],
    ['{% capture x %}<b>{% endcapture %}', /syntax .*capture/],
    ['{{ entreprise | raw }}', /syntax .*raw/],
    ['{{ entreprise | json }}', /syntax .*json/],
    ['{% if cms %}', /syntax .*not closed/],
    ['{{ entreprise', /syntax/],
    ['{% hold %}', /syntax .*reason/],
  ] as const)
    expect((await problemsOf(html)).join()).toMatch(words)
})

test('a value that may be empty wants a fallback or a condition about it; the line is told', async () => {
  expect(await problemsOf('{{ nom }}')).toEqual(['needs_fallback nom'])
  expect(await problemsOf('{{ nom | default: "vous" }}')).toEqual([])
  expect(await problemsOf('{% if nom %}{{ nom }}{% endif %}')).toEqual([])
  expect(await problemsOf('{% if ville and nom != blank %}{{ nom }} {{ ville }}{% endif %}')).toEqual([])
  expect(await problemsOf('{% if nom %}{% else %}{{ nom }}{% endif %}')).toEqual(['needs_fallback nom'])
  expect(await problemsOf('{% unless nom %}{{ nom }}{% endunless %}')).toEqual(['needs_fallback nom'])
  expect(await problemsOf('{% unless nom %}x{% else %}{{ nom }}{% endunless %}')).toEqual([])
  expect(await problemsOf('{% case cms %}{% when "Wix" %}{{ cms }}{% endcase %}')).toEqual([])
  expect(await problemsOf('{{ finding.tls_none.title }}')).toEqual(['needs_fallback finding.tls_none.title'])
  expect(await problemsOf('{% if finding.tls_none %}{{ finding.tls_none.title }}{% endif %}')).toEqual([])
  expect(await problemsOf('{{ finding.nothing.title }} {{ prenom }}')).toEqual([
    'unknown_variable finding.nothing.title',
    'unknown_variable prenom',
  ])
  expect(
    await problemsOf('{{ entreprise }} {{ findings_count }} {% assign n = nom | default: "x" %}{{ n }}'),
  ).toEqual([])
  const made = await compileMessage(source({ html: '<p>\n\n{{ nom }}</p>' }))
  expect(made.ok ? null : made.problems[0]).toMatchObject({ part: 'html', line: 3 })
})

test('what came out empty all the same is told, and why a letter holds itself back', async () => {
  const mail = await rendered(
    {
      html: '{% if ville or cms %}{{ ville }}{% endif %}{% unless nom %}{% hold "sans nom" %}{% endunless %}',
    },
    valuesFor(knownCompany({ city: null, cms: 'Wix' })),
  )
  expect(mail.missing).toEqual(['ville', 'sans nom'])
})

test('loops, growth and size have their limits', async () => {
  expect(await problemsOf('{% for i in (1..100000) %}x{% endfor %}')).toEqual(['range'])
  const deep =
    '{% for a in findings %}{% for b in findings %}{% for c in findings %}x{% endfor %}{% endfor %}{% endfor %}'
  expect(await problemsOf(deep)).toEqual(['deep_loops'])
  expect(await problemsOf('x'.repeat(400_000))).toEqual(['too_long 300000'])
  const many =
    '{% assign a = "x,x,x,x,x,x,x,x,x,x" | split: "," %}{% for i in a %}{% for j in a %}y{% endfor %}{% endfor %}'
  expect((await rendered({ html: many })).html).toContain(`>${'y'.repeat(100)}<`)
  const list = `{% assign a = "${'x,'.repeat(60_000)}" | split: "," %}`
  const slow = await compiled({
    html: `${list}{% for i in a %}{% for j in a %}{{ entreprise }}{% endfor %}{% endfor %}`,
  })
  const started = performance.now()
  expect(() => renderMessage(slow, valuesFor(knownCompany()))).toThrow(/limit/)
  expect(performance.now() - started).toBeLessThan(2_000)
})

test('styles are written into elements, media queries and expressions survive, the text part follows', async () => {
  const message = await compiled({
    html: `<html><head><style>p { color: red } @media (max-width: 600px) { p { color: blue } }</style></head><body><table>{% for f in findings limit: 2 %}<tr><td><p>{{ f.title }} {% if score &gt; 10 %}10+{% endif %}</p></td></tr>{% endfor %}</table><p>Voir <a href="{{ website | default: 'https://a.fr' }}">le site</a> &amp; plus</p></body></html>`,
  })
  const mail = renderMessage(message, valuesFor(knownCompany({}, [finding('description-missing')])))
  expect(mail.html).toContain(
    '<tr><td><p style="color: red;">Pas de description pour Google 10+</p></td></tr>',
  )
  expect(mail.html).toContain('@media')
  expect(mail.html).toContain('href="https://www.garage-martin.fr/"')
  expect(mail.text).toBe(
    'Pas de description pour Google 10+\n\nVoir le site (https://www.garage-martin.fr/) & plus\n',
  )
})

test('words alone become a whole letter, a document of its own stays as it is', async () => {
  const words = await rendered({ html: '<p>Bonjour</p>' })
  expect(words.html).toStartWith('<!doctype html>\n<html lang="fr">')
  expect(words.html).toContain('<p style="margin: 0 0 16px;">Bonjour</p>')
  expect(words.text).toBe('Bonjour\n')
  const own = '<html><body><p>Bonjour</p></body></html>'
  expect((await rendered({ html: own })).html).toBe(own)
})

test('words typed as in a mail become paragraphs, lists and links; conditions stand between them', async () => {
  const typed = `{{ salutation }}

Votre site **{{ site | default: "votre site" }}** & vous :

{% for point in findings limit: 2 %}
- {{ point.title }}
{% endfor %}

{% if score > 10 %}
Voir https://a.fr/x?a=1&b=2.
{% endif %}
`
  const mail = await rendered(
    { html: typed },
    valuesFor(knownCompany({ name: '<b>' }, [finding('h1-missing')])),
  )
  expect(mail.html).toContain('<strong>garage-martin.fr</strong> &amp; vous :</p>')
  expect(mail.html).toContain('Pas de titre principal dans la page</li>')
  expect(mail.html).toContain('<a href="https://a.fr/x?a=1&amp;b=2">')
  expect(mail.html).not.toMatch(/<p[^>]*>\s*<\/p>/)
  expect(mail.text).toBe(
    'Bonjour,\n\nVotre site garage-martin.fr & vous :\n\n- Pas de titre principal dans la page\n\nVoir https://a.fr/x?a=1&b=2.\n',
  )
})

test('the facts a mail quotes are told with when they were found, those it does not quote are not', async () => {
  const known = knownCompany({}, [
    finding('tls-none', { host: 'x.fr' }),
    finding('h1-missing'),
    finding('description-missing'),
  ])
  const values = valuesFor(known)
  const mail = await rendered(
    {
      html: '{% if finding.tls_none %}pas de https{% endif %} {% for f in seo_findings limit: 1 %}{{ f.title }}{% endfor %} {{ cms | default: "" }}',
    },
    values,
  )
  expect(mail.evidence.map(({ id }) => id)).toEqual(['tls-none', 'h1-missing', 'cms'])
  expect(mail.evidence[0]).toEqual({
    id: 'tls-none',
    // In the language of the mail.
    evidence: 'les pages de x.fr arrivent en http, sans chiffrement',
    pageUrl: 'https://www.garage-martin.fr/',
    foundAt: '2026-11-02T09:00:00.000Z',
  })
  expect((await rendered({ html: 'rien' }, values)).evidence).toEqual([])
})

test('dates and numbers are written in the language of the mail', async () => {
  const known = knownCompany({}, [finding('tls-expired', { date: '2026-03-01' })])
  const html =
    '{{ finding.tls_expired.date | default: "" }} {{ avg_weight_bytes | number | default: "" }} {{ today }}'
  expect((await rendered({ html }, valuesFor(known))).html).toContain(
    '1er mars 2026 24\u202f000 22 novembre 2026',
  )
  const english = await rendered({ html, locale: 'en' }, valuesFor(known, { locale: 'en' }))
  expect(english.html).toContain('March 1, 2026 24,000 November 22, 2026')
})

test('a mail of 15 KB is rendered in a fraction of a millisecond', async () => {
  const body = Array.from(
    { length: 60 },
    (_, n) =>
      `<p style="margin:0 0 16px;color:#333333">${'Un paragraphe de la lettre, avec des mots. '.repeat(4)} {{ entreprise }} ${n}</p>`,
  ).join('\n')
  const message = await compiled({
    html: `<html><body>${body}{% for f in findings limit: 3 %}<p>{{ f.title }} {{ f.meaning }}</p>{% endfor %}</body></html>`,
  })
  const values = valuesFor(knownCompany({}, [finding('description-missing'), finding('h1-missing')]))
  expect(renderMessage(message, values).html.length).toBeGreaterThan(14_000)
  const times: number[] = []
  for (let n = 0; n < 400; n++) {
    const started = performance.now()
    renderMessage(message, values)
    times.push(performance.now() - started)
  }
  const middle = times.toSorted((a, b) => a - b)[200] ?? 0
  expect(middle).toBeLessThan(3)
})

test('what stands below a letter, such as a signature, is written in its hand', async () => {
  const { html } = await rendered({ html: 'Bonjour' })
  expect(html).toMatch(/<body style="[^"]*font-family: Arial/)
  const own = await rendered({ html: '<html><body><p>Bonjour</p></body></html>' })
  expect(own.html).toContain('<body><p>Bonjour</p></body>')
})

test('elements within elements by the thousand, and style rules by the thousand for as many, are told and not read', async () => {
  expect(await problemsOf('<div>'.repeat(50_000))).toEqual(['too_complex'])
  const rules = `<style>${'.a{color:red}'.repeat(4_000)}</style>${'<p class=a>x</p>'.repeat(2_000)}`
  expect(await problemsOf(rules)).toEqual(['too_complex'])
})
