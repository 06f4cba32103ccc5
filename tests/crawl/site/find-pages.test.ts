import { afterAll, expect, test } from 'bun:test'
import { gzipSync } from 'node:zlib'
import { startThreads } from '#src/threads.ts'
import { html, readSmallSite, serveSmallSite, type SmallPage } from '#tests/support/small-site.ts'

const threads = startThreads(1)
const stops: (() => unknown)[] = []
afterAll(async () => {
  threads.close()
  for (const stop of stops) await stop()
})

const serve: typeof serveSmallSite = (pages, otherwise) => {
  const site = serveSmallSite(pages, otherwise)
  stops.push(site.stop)
  return site
}
const EMAIL = 'bonjour@atelier-noel.fr'
const NOTICE = `<h1>Où nous trouver</h1><p>${EMAIL}</p>`
const link = (href: string, text = 'voir') => `<a href="${href}">${text}</a>`
const urlset = (locations: string[]) =>
  `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${locations.map((url) => `<url><loc>${url}</loc></url>`).join('')}</urlset>`
const indexOf = (locations: string[]) =>
  `<sitemapindex>${locations.map((url) => `<sitemap><loc>${url}</loc></sitemap>`).join('')}</sitemapindex>`
const originOf = (request: Request) => new URL(request.url).origin
const xml =
  (make: (origin: string) => string): SmallPage =>
  (request) =>
    new Response(make(originOf(request)), { headers: { 'content-type': 'application/xml' } })

test('the parts of a sitemap index are read, those with the company’s own pages first', async () => {
  const parts = ['post', 'product', 'category', 'tag', 'image', 'page']
  const site = serve({
    '/': 'accueil',
    '/nous-joindre': NOTICE,
    '/sitemap.xml': xml((origin) => indexOf(parts.map((part) => `${origin}/${part}-sitemap.xml`))),
    '/page-sitemap.xml': xml((origin) => urlset([`${origin}/`, `${origin}/nous-joindre`])),
  })
  const found = await readSmallSite(site.url, { threads })
  expect(found.emails).toHaveLength(1)
  const asked = site.asked.filter((path) => path.endsWith('-sitemap.xml'))
  expect(asked[0]).toBe('/page-sitemap.xml')
  expect(asked).toHaveLength(4)
})

test.each([
  [
    'a compressed file',
    (text: string) => new Response(gzipSync(text), { headers: { 'content-type': 'application/x-gzip' } }),
  ],
  [
    'a compressed answer',
    (text: string) =>
      new Response(gzipSync(text), { headers: { 'content-type': 'text/xml', 'content-encoding': 'gzip' } }),
  ],
  [
    'a compressed file in a compressed answer',
    (text: string) => new Response(gzipSync(gzipSync(text)), { headers: { 'content-encoding': 'gzip' } }),
  ],
  ['a plain file', (text: string) => new Response(text)],
])(
  'a sitemap may be %s, and its pages of a purpose are kept however many others it names',
  async (_, answer) => {
    const site = serve({
      '/': 'accueil',
      '/nous-joindre': NOTICE,
      '/robots.txt': (request) =>
        new Response(`User-agent: *\nAllow: /\nSitemap: ${originOf(request)}/plan.xml.gz`),
      '/plan.xml.gz': (request) => {
        const others = Array.from(
          { length: 3_000 },
          (__, n) => `${originOf(request)}/p/billet-${n.toString(36)}-x`,
        )
        return answer(urlset([...others, `${originOf(request)}/nous-joindre`]))
      },
    })
    const found = await readSmallSite(site.url, { threads })
    expect(found.sitemap).toMatchObject({ found: true, urlCount: 3_001 })
    expect(found.emails).toHaveLength(1)
  },
)

test('a sitemap may be a list of lines', async () => {
  const site = serve({
    '/': 'accueil',
    '/nous-joindre': NOTICE,
    '/robots.txt': (request) => new Response(`Sitemap: ${originOf(request)}/plan.txt`),
    '/plan.txt': (request) => new Response(`${originOf(request)}/\n${originOf(request)}/nous-joindre\n`),
  })
  expect((await readSmallSite(site.url, { threads })).emails).toHaveLength(1)
})

test('sitemaps of other hosts are not read, wherever they are named', async () => {
  const other = serve({ '/nous-joindre': NOTICE }, 'x')
  const site = serve({
    '/': 'accueil',
    '/robots.txt': (request) =>
      new Response(
        `Sitemap: ${other.url}plan.xml\nSitemap: ${originOf(request)}/plan.xml\nSitemap: ${originOf(request)}/autre.xml`,
      ),
    '/plan.xml': () => Response.redirect(`${other.url}sitemap.xml`),
    '/autre.xml': xml(() => indexOf([`${other.url}plan.xml`])),
  })
  const found = await readSmallSite(site.url, { threads })
  expect(found.pages).toHaveLength(1)
  expect(other.asked.filter((path) => path !== '/sitemap.xml')).toEqual([])
})

test('a sitemap that is a bomb costs its share and no more', async () => {
  const bomb = gzipSync(Buffer.alloc(100_000_000, '<loc>x</loc>'))
  const site = serve({
    '/': link('/contact'),
    '/contact': NOTICE,
    '/sitemap.xml': () => new Response(bomb, { headers: { 'content-type': 'application/x-gzip' } }),
  })
  expect((await readSmallSite(site.url, { threads })).emails).toHaveLength(1)
})

test('links for visitors without JavaScript, in frames and in maps are followed', async () => {
  for (const way of [
    `<script src="/menu.js"></script><noscript>${link('/infos')}</noscript>`,
    '<map name="m"><area href="/infos"></map>',
    '<iframe src="/infos"></iframe>',
    '<frameset><frame src="/infos"></frameset>',
  ]) {
    const site = serve({ '/': `<h1>Atelier</h1>${way}`, '/infos': NOTICE })
    expect((await readSmallSite(site.url, { threads })).emails).toHaveLength(1)
  }
})

test('a meta refresh is followed from any page, and not without end', async () => {
  const to = (url: string) => `<meta http-equiv="refresh" content="0; url=${url}">`
  const site = serve({
    '/': to('/accueil.html'),
    '/accueil.html': `<h1>Atelier</h1>${link('/contact')}`,
    '/contact': to('/ou-nous-voir'),
    '/ou-nous-voir': NOTICE,
  })
  const found = await readSmallSite(site.url, { threads, limits: { depth: 1 } })
  expect(found.emails).toMatchObject([{ pageUrl: `${site.url}ou-nous-voir` }])
  const circle = serve({}, (request) =>
    html(to(`/suite-${new URL(request.url).pathname.length}x${crypto.randomUUID()}`)),
  )
  await readSmallSite(circle.url, { threads, limits: { fruitlessPages: 50 } })
  expect(circle.asked.length).toBeLessThanOrEqual(14)
})

test('home, contact, legal notice, team and company come first, whatever else a site offers', async () => {
  const menu = [
    '/blog',
    '/galerie',
    '/qui-sommes-nous',
    '/equipe',
    '/mentions-legales',
    '/contact',
    '/tarifs',
  ]
  const site = serve({}, menu.map((path) => link(path)).join(''))
  await readSmallSite(site.url, { threads })
  expect(site.asked.filter((path) => !/robots|sitemap/.test(path)).slice(0, 5)).toEqual([
    '/',
    '/contact',
    '/mentions-legales',
    '/equipe',
    '/qui-sommes-nous',
  ])
})

test('the contact page is read even when nothing new was found for long', async () => {
  const words = 'chene hetre frene noyer erable tilleul'.split(' ')
  const pages: Record<string, SmallPage> = { '/': words.map((word) => link(`/${word}`)).join('') }
  for (const word of words) pages[`/${word}`] = `<h1>${word}</h1>`
  pages['/tilleul'] = `<h1>tilleul</h1>${link('/x7', 'Contactez-nous')}`
  pages['/x7'] = NOTICE
  const site = serve(pages)
  const found = await readSmallSite(site.url, { threads, limits: { fruitlessPages: 7 } })
  expect(found.emails).toHaveLength(1)
})

test('an empty home page that sends its visitors to another host stands for that host’s', async () => {
  const there = serve({ '/': `<h1>Atelier</h1>${link('/contact')}`, '/contact': NOTICE })
  const sign = `<meta http-equiv="refresh" content="0; url=${there.url}">`
  const here = serve({ '/': sign })
  const found = await readSmallSite(here.url, { threads })
  expect(found).toMatchObject({ url: here.url, finalUrl: there.url })
  expect(found.redirects).toEqual([{ from: here.url, to: there.url, status: 200 }])
  expect(found.emails).toHaveLength(1)
  const page = serve({
    '/': `${sign}<h1>Atelier</h1>${link('/contact')}`,
    '/contact': '<p>ici@atelier-noel.fr</p>',
  })
  expect((await readSmallSite(page.url, { threads })).emails.map((email) => email.value)).toEqual([
    'ici@atelier-noel.fr',
  ])
  const nowhere = serve({ '/': `<meta http-equiv="refresh" content="0; url=http://169.254.1.1/">` })
  expect((await readSmallSite(nowhere.url, { threads })).finalUrl).toBe(nowhere.url)
})
