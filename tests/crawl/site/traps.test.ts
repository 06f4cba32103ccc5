import { afterAll, expect, test } from 'bun:test'
import { startThreads } from '#src/threads.ts'
import { html, readSmallSite, serveSmallSite, type SmallPage } from '#tests/support/small-site.ts'

const threads = startThreads(1)
const stops: (() => unknown)[] = []
afterAll(async () => {
  threads.close()
  for (const stop of stops) await stop()
})

const EMAIL = 'bonjour@atelier-noel.fr'
const MENU = '<a href="/ateliers">Nos ateliers</a>'
const random = () => crypto.randomUUID().replaceAll('-', '')
const letters = () => random().replace(/\d/g, (digit) => 'ghijklmnop'[Number(digit)]!)
const times = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => make(index)).join(' ')

/** A site in which every page carries the trap, and the contact page lies two clicks away behind it. */
const trapped = (trap: (url: URL) => string, pages: Record<string, SmallPage> = {}) => {
  const page = (request: Request) => html(`<h1>Atelier</h1>${trap(new URL(request.url))}${MENU}`)
  const site = serveSmallSite(
    {
      '/ateliers': (request) =>
        html(`<h1>Ateliers</h1>${trap(new URL(request.url))}<a href="/ou-nous-voir">Nous trouver</a>`),
      '/ou-nous-voir': `<h1>Venir</h1><p>${EMAIL}</p>`,
      ...pages,
    },
    page,
  )
  stops.push(site.stop)
  return site
}

const link = (href: string, text = 'voir') => `<a href="${href}">${text}</a>`

// What each may cost at most beyond home, the two pages that matter, robots.txt and the sitemaps.
const TRAPS: [string, number, (url: URL) => string][] = [
  ['a calendar by path', 3, () => times(60, (day) => link(`/agenda/2026/${(day % 12) + 1}/${day}`))],
  ['a calendar by date', 3, () => times(60, (day) => link(`/evenements/2026-11-${day}`))],
  ['a calendar by parameters', 6, () => times(60, (n) => link(`/agenda?mois=${n % 12}&annee=${2000 + n}`))],
  [
    'a calendar that always goes on',
    3,
    (url) => link(`/agenda?date=${Number(url.searchParams.get('date') ?? 20260101) + 1}`, 'jour suivant'),
  ],
  [
    'endless pagination by path',
    3,
    (url) => link(`/blog/page/${Number(/\d+/.exec(url.pathname)?.[0] ?? 1) + 1}`),
  ],
  [
    'endless pagination by parameter',
    3,
    (url) => link(`/blog?page=${Number(url.searchParams.get('page') ?? 1) + 1}`),
  ],
  ['facets', 1, () => times(80, (n) => link(`/produits?couleur=${n}&taille=${n % 7}&filter_bois=${n % 3}`))],
  ['sort orders', 1, () => times(80, (n) => link(`/produits?sort=${n}&order=${n % 2 ? 'asc' : 'desc'}`))],
  ['replies to comments', 1, () => times(80, (n) => link(`/billet?replytocom=${n}`))],
  [
    'print views',
    2,
    () => times(40, (n) => link(`/billet?print=${n}`)) + link('/billet?tmpl=component&print=1'),
  ],
  ['session ids in the query', 1, () => times(40, () => link(`/produits?PHPSESSID=${random()}`))],
  ['session ids under another name', 1, () => times(40, () => link(`/produits?x=${random()}`))],
  ['session ids in the path', 1, () => times(40, () => link(`/produits;jsessionid=${random()}`))],
  ['session folders', 1, () => times(40, (n) => link(`/(S(${letters().slice(0, 20)}${n}))/produits`))],
  ['tokens in the path', 8, () => times(40, () => link(`/vue/${random().slice(0, 12)}/`))],
  ['folders that lead into themselves', 3, () => link('encore/', 'plus')],
  ['pairs of folders that lead into themselves', 4, () => link('a/b/', 'plus')],
  ['random names that all answer', 11, () => times(20, () => link(`/${letters()}`))],
  [
    'tracking parameters',
    1,
    () => times(40, (n) => link(`/produits?utm_source=a${n}&gclid=${n}&fbclid=${n}`)),
  ],
  [
    'spellings of one page',
    1,
    ({ host }) =>
      ['/p', '/p/', '/p#a', '/p/index.php', `http://${host}/p`, '/p?'].map((one) => link(one)).join(''),
  ],
  [
    'spellings of the query',
    1,
    () => link('/p?id=1&cat=2') + link('/p?cat=2&id=1') + link('/p?cat=2&id=1&utm_id=3'),
  ],
]

test.each(TRAPS)(
  '%s: at most %d requests go into it, and the contact page is found',
  async (_, most, trap) => {
    const site = trapped(trap)
    const found = await readSmallSite(site.url, { threads, limits: { depth: 6 } })
    const own = [
      '/',
      '/ateliers',
      '/ou-nous-voir',
      '/robots.txt',
      '/sitemap.xml',
      '/sitemap_index.xml',
      '/wp-sitemap.xml',
    ]
    const inTrap = site.asked.filter((path) => !own.includes(path))
    expect(found.emails.map((email) => email.value)).toContain(EMAIL)
    expect(inTrap.length).toBeLessThanOrEqual(most)
    expect(new Set(site.asked).size).toBe(site.asked.length)
  },
)

test('pages that all call themselves contact do not keep the others waiting', async () => {
  const site = serveSmallSite(
    { '/mentions-legales': `<p>Gérant : Paul Noël</p>${EMAIL}`, '/equipe': '<p>pierre@atelier-noel.fr</p>' },
    () =>
      html(
        times(20, () => link(`/contact-${letters()}`, 'Contact')) +
          link('/mentions-legales') +
          link('/equipe'),
      ),
  )
  stops.push(site.stop)
  const found = await readSmallSite(site.url, { threads })
  expect(found.emails.map((email) => email.value).toSorted()).toEqual([EMAIL, 'pierre@atelier-noel.fr'])
  expect(site.asked.filter((path) => path.startsWith('/contact')).length).toBeLessThanOrEqual(12)
})

test('a missing page that answers as if it were there leads nowhere', async () => {
  const missing = () => html(`<h1>Page introuvable</h1>${times(20, () => link(`/${letters()}`))}`)
  const site = serveSmallSite(
    { '/': link('/perdu') + link('/contact'), '/contact': `<p>${EMAIL}</p>` },
    missing,
  )
  stops.push(site.stop)
  const found = await readSmallSite(site.url, { threads })
  expect(found.emails).toHaveLength(1)
  expect(site.asked.filter((path) => !/robots|sitemap/.test(path))).toEqual(['/', '/contact', '/perdu'])
})

test('copies that name their true address, or are the same to the byte, do not count twice', async () => {
  const product = (request: Request) =>
    html(
      `<link rel="canonical" href="/produit"><h1>Table</h1><p>En chêne massif, ${new URL(request.url).search}</p>`,
    )
  const links = times(6, (n) => link(`/produit?vue=${n}`)) + times(4, (n) => link(`/copie-${'abcd'[n]}`))
  const site = serveSmallSite(
    {
      '/': `${link('/produit')}${links}${link('/contact')}`,
      '/contact': `<p>${EMAIL}</p>`,
      '/produit': product,
    },
    '<h1>Toujours pareil</h1>',
  )
  stops.push(site.stop)
  const found = await readSmallSite(site.url, { threads })
  const paths = found.pages.map((page) => new URL(page.url).pathname)
  expect(paths.filter((path) => path === '/produit')).toHaveLength(1)
  expect(paths.filter((path) => path.startsWith('/copie'))).toHaveLength(1)
  expect(found.emails).toHaveLength(1)
})

test('pages that all name the home page as their true address are read all the same', async () => {
  const page = (body: string) => () => html(`<link rel="canonical" href="/">${body}`)
  const site = serveSmallSite({
    '/': page(`<h1>Accueil</h1>${link('/contact')}`),
    '/contact': page(`<h1>Contact</h1><p>${EMAIL}</p>`),
  })
  stops.push(site.stop)
  expect((await readSmallSite(site.url, { threads })).emails).toHaveLength(1)
})

test('of a page in several languages the French one is read', async () => {
  const alternates = (path: string) =>
    ['fr', 'en', 'de']
      .map((lang) => `<link rel="alternate" hreflang="${lang}" href="/${lang}${path}">`)
      .join('')
  const page = (path: string, body: string) => () =>
    html(
      `${alternates(path)}${body}${['fr', 'en', 'de'].map((lang) => link(`/${lang}${path}`, lang)).join('')}`,
    )
  const pages: Record<string, SmallPage> = {
    '/': (request) => Response.redirect(new URL('/en/', request.url).href),
  }
  for (const lang of ['fr', 'en', 'de']) {
    const menu = `${link(`/${lang}/contact`, 'contact')}${link(`/${lang}/team`, 'team')}`
    pages[`/${lang}/`] = page('/', `<h1>${lang}</h1>${menu}`)
    pages[`/${lang}/contact`] = page('/contact', `<p>${lang}@atelier-noel.fr</p>`)
    pages[`/${lang}/team`] = page('/team', `<p>team ${lang}</p>`)
  }
  const site = serveSmallSite(pages)
  stops.push(site.stop)
  const found = await readSmallSite(site.url, { threads })
  expect(found.pages.map((one) => new URL(one.url).pathname).toSorted()).toEqual([
    '/en/',
    '/fr/',
    '/fr/contact',
    '/fr/team',
  ])
})

test('a site without French is read in the language of its home page', async () => {
  const pages: Record<string, SmallPage> = {}
  const page = (lang: string, body: string) => () =>
    new Response(
      `<html lang="${lang}"><link rel="alternate" hreflang="de" href="/"><link rel="alternate" hreflang="en" href="/en/">${body}`,
      { headers: { 'content-type': 'text/html' } },
    )
  pages['/'] = page('de', `<h1>Tischlerei</h1>${link('/kontakt')}${link('/en/')}`)
  pages['/kontakt'] = '<p>hallo@tischlerei-noel.de</p>'
  pages['/en/'] = page('en', '<h1>Joinery</h1>')
  const site = serveSmallSite(pages)
  stops.push(site.stop)
  const found = await readSmallSite(site.url, { threads })
  expect(found.pages.map((one) => new URL(one.url).pathname)).toEqual(['/', '/kontakt'])
})
