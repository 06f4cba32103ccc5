import { expect, test } from 'bun:test'
import data from '#src/crawl/extract/technologies.data.json'
import { parsedAt } from '#tests/support/parsed-at.ts'
import type { TechnologyFact } from '#src/crawl/site-record.ts'
import type { Rule } from '#src/crawl/extract/technology-rules.ts'
import examples from './technology-examples.data.json'

const RULES = data.rules as Rule[]
const SITE = 'www.maison-klein.fr'
// As real pages ask for their files: most literals of a rule are the middle of an address.
const AROUND = { before: 'assets', after: 'x.js' }

const factsOf = (html: string, headers: Record<string, string> = {}): TechnologyFact[] =>
  parsedAt(`https://${SITE}/`, html, { depth: 0, headers: { 'content-type': 'text/html', ...headers } }).facts
    .technologies

const told = (html: string, headers: Record<string, string> = {}): string[] =>
  factsOf(html, headers).map((fact) => [fact.name, fact.version].filter(Boolean).join(' '))

/** An example is markup, `name=content` of a meta or `name: value` of a header. */
const toldBy = (example: string): string[] => {
  if (example.startsWith('<')) return told(example)
  const [, name = '', sign = '', value = ''] = /^([\w-]+)(=|: )(.*)$/.exec(example) ?? []
  return sign === '=' ? told(`<meta name="${name}" content="${value}">`) : told('', { [name]: value })
}

/** What each kind of signal of a rule looks like in a page. */
const pagesOf = (rule: Rule): string[] => [
  ...(rule.hosts ?? []).map((host) => `<script src="https://${host}/${AROUND.after}"></script>`),
  ...(rule.urls ?? []).map((part) => `<script src="${addressWith(part)}"></script>`),
  ...(rule.marks ?? []).map((mark) =>
    mark.startsWith('#')
      ? `<div id="${mark.slice(1)}"></div>`
      : `<div ${mark.includes('-') && mark.startsWith('data-') ? `${mark}="x"` : `class="${mark}"`}></div>`,
  ),
  ...(rule.inline ?? []).map((part) => `<script>${part} x</script>`),
  ...(rule.comments ?? []).map((part) => `<!-- ${part} -->`),
  ...(rule.fieldNames ?? []).map((name) => `<form><input name="${name}"></form>`),
  ...(rule.formHosts ?? []).map((host) => `<form action="https://${host}/f"><input name="a"></form>`),
]
const addressWith = (part: string): string => {
  if (/^[a-z0-9-]+(?:\.[a-z0-9-]+)+\//i.test(part)) return `https://www.${part}${AROUND.after}`
  return `https://${SITE}/${AROUND.before}${/^[/.]/.test(part) ? '' : '/'}${part}`
}

test('there are at least 600 rules, each technology once', () => {
  const names = RULES.map((rule) => rule.name)
  expect(names.length).toBeGreaterThanOrEqual(600)
  expect(new Set(names).size).toBe(names.length)
})

test('what a rule implies is a rule', () => {
  const names = new Set(RULES.map((rule) => rule.name))
  expect(RULES.flatMap((rule) => rule.implies ?? []).filter((name) => !names.has(name))).toEqual([])
})

test.each(Object.entries(examples))('%s is read as sites write it', (expected, written) => {
  for (const example of written) expect(toldBy(example), example).toContain(expected)
})

test('every pattern over a header or meta has an example', () => {
  const named = new Set(Object.keys(examples).map((key) => key.replace(/ v?[\dX][\w.-]*$/, '')))
  const patterned = RULES.filter((rule) =>
    [...Object.values(rule.headers ?? {}), ...Object.values(rule.meta ?? {})].some(Boolean),
  )
  expect(patterned.map(({ name }) => name).filter((name) => !named.has(name))).toEqual([])
})

test('every signal of every rule tells its technology, ambiguous ones together', () => {
  const silent = RULES.flatMap((rule) => {
    const kinds = [rule.urls, rule.marks, rule.hosts, rule.inline].filter(Boolean)
    if (rule.strong && kinds.length < 2) return []
    const pages = rule.strong ? [pagesOf(rule).join('')] : pagesOf(rule)
    return pages.filter((page) => !factsOf(page).some((fact) => fact.name === rule.name))
  })
  expect(silent).toEqual([])
})

test('every header and cookie whose presence tells does tell', () => {
  const silent = RULES.flatMap((rule) => {
    const headers = Object.entries(rule.headers ?? {}).filter(([, pattern]) => pattern === '')
    const sets = headers.map(([name]) => ({ [name]: 'x' }))
    for (const cookie of rule.cookies ?? [])
      sets.push({ 'set-cookie': `${cookie.replace('*', 'abc')}=1; path=/` })
    return sets.filter((set) => !factsOf('', set).some((fact) => fact.name === rule.name))
  })
  expect(silent).toEqual([])
})

test('nothing that is only spoken of, linked to or shown from elsewhere is a technology of the site', () => {
  const silent: [string, (rule: Rule) => string[]][] = [
    ['words', (rule) => [`<p>Nous faisons des sites ${rule.name}, v1.2.3</p>`, ...quoted(rule)]],
    [
      'links',
      (rule) => places(rule).map((place) => `<a href="${place}">x</a><a href="/doc?u=${place}">y</a>`),
    ],
    ['documents', (rule) => [`<a href="/pdf/${encodeURIComponent(rule.name)}.pdf">${rule.name}.pdf</a>`]],
    [
      'images of others',
      (rule) => paths(rule).map((path) => `<img src="https://autre-site.fr/blog${path}a.jpg">`),
    ],
    [
      'frames of others',
      (rule) => paths(rule).map((path) => `<iframe src="https://autre-site.fr/blog${path}"></iframe>`),
    ],
    [
      'our own pictures',
      (rule) => [`<img src="/img/logo-${rule.name.toLowerCase().replace(/\W/g, '-')}.png">`],
    ],
    [
      'text in attributes',
      (rule) => [`<div title="${rule.name}" alt="${rule.name}" lang="${rule.name}"></div>`],
    ],
  ]
  const loose = silent.flatMap(([kind, pages]) =>
    RULES.flatMap((rule) =>
      pages(rule).flatMap((page) => told(page).map((name) => `${kind}: ${name} by ${page}`)),
    ),
  )
  expect(loose).toEqual([])
})

const quoted = (rule: Rule): string[] =>
  [...(rule.inline ?? []), ...(rule.comments ?? []), ...(rule.banners ?? [])].map(
    (part) => `<pre>${Bun.escapeHTML(part)} 1.2.3</pre>`,
  )
const places = (rule: Rule): string[] => [
  ...(rule.hosts ?? []).map((host) => `https://${host}/x`),
  ...(rule.urls ?? []).map(addressWith),
]
const paths = (rule: Rule): string[] => (rule.urls ?? []).filter((part) => part.startsWith('/'))

test.each<[string, string]>([
  ['<!-- This site is optimized with the Yoast SEO plugin v21.9 - https://yoast.com/ -->', 'Yoast SEO 21.9'],
  ['<style>/*! tailwindcss v3.4.1 | MIT License */*{margin:0}</style>', 'Tailwind CSS 3.4.1'],
  ['<script src="/js/lodash/4.17.21/lodash.min.js"></script>', 'Lodash 4.17.21'],
  [
    '<link rel="stylesheet" href="/lib/font-awesome/css/fontawesome.min.css?ver=5.15.3">',
    'Font Awesome 5.15.3',
  ],
  ['<div id="disqus_thread"></div>', 'Disqus'],
  ['<script src="https://dev.visualwebsiteoptimizer.com/j.php"></script>', 'VWO'],
])('%s tells %s', (html, expected) => expect(told(html)).toContain(expected))

test.each([
  '<!-- Yoast is a plugin we like --><p>tailwindcss v3</p>',
  '<a href="https://dev.visualwebsiteoptimizer.com/">x</a><img src="https://dev.visualwebsiteoptimizer.com/pixel.gif">',
  '<script src="/js/main.js?ver=5.15.3"></script>',
  '<script src="/js/preact.production.min.js"></script>',
  '<script>/* needs jQuery v1.7 or later, works with Bootstrap v3.1 */</script>',
  '<link rel="alternate" hreflang="en" href="https://autre-site.com/wp-content/uploads/">',
  '<link rel="alternate" type="application/rss+xml" href="https://www.youtube.com/embed/feed">',
])('%s tells nothing', (html) => expect(told(html)).toEqual([]))

test('several signals of one technology make it surer and keep the strongest as evidence', () => {
  const [one] = factsOf('<script src="https://js.stripe.com/v3/"></script>')
  expect(one).toMatchObject({ name: 'Stripe', method: 'host', snippet: 'https://js.stripe.com/v3/' })
  const page = '<meta name="generator" content="WordPress 6.4.2"><img src="/wp-content/uploads/a.jpg">'
  const [wordpress] = factsOf(page, { link: '<https://x/wp-json/>; rel="https://api.w.org/"' })
  expect(wordpress).toMatchObject({ name: 'WordPress', version: '6.4.2', method: 'header', confidence: 0.99 })
})
