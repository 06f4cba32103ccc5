import { afterAll, expect, test } from 'bun:test'
import { gzipSync } from 'node:zlib'
import { standardLimits, type CrawlLimits } from '#src/crawl/crawl-limits.ts'
import { crawlSite } from '#src/crawl/site/crawl-site.ts'
import { crawlTools } from '#src/crawl/crawl-tools.ts'
import { createPoliteness } from '#src/crawl/politeness/politeness.ts'
import { startThreads } from '#src/threads.ts'

const threads = startThreads(1)
const politeness = createPoliteness({ enabled: false })
const stops: (() => unknown)[] = []
afterAll(async () => {
  threads.close()
  for (const stop of stops) await stop()
})

type Pages = Record<string, string | (() => Response | Promise<Response>)>

/** A little site: HTML by path; a function answers for itself. */
const site = (pages: Pages) => {
  const asked: string[] = []
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: (request) => {
      const { pathname, search } = new URL(request.url)
      asked.push(pathname + search)
      const page = pages[pathname]
      if (page === undefined) return new Response('nothing here', { status: 404 })
      if (typeof page === 'function') return page()
      return new Response(
        `<!doctype html><html lang="fr"><head><title>Atelier</title></head><body>${page}</body></html>`,
        {
          headers: { 'content-type': 'text/html; charset=utf-8' },
        },
      )
    },
  })
  stops.push(() => server.stop(true))
  return { url: `http://127.0.0.1:${server.port}/`, asked }
}

const crawl = (url: string, limits: Partial<CrawlLimits> = {}, allow = ['127.0.0.0/8']) => {
  const settings = {
    CRAWL_ALLOW_NETWORKS: allow,
    BASE_URL: 'https://agence.example',
    MAIL_DEFAULT_SENDER: undefined,
    ADMIN_EMAIL: undefined,
  }
  const tools = crawlTools({ settings, politeness, threads })
  return crawlSite(url, { ...standardLimits, ...limits }, { ...tools, now: () => new Date() })
}

const read = async (url: string, limits: Partial<CrawlLimits> = {}) => {
  const outcome = await crawl(url, limits)
  if (!outcome.ok) throw new Error(`${outcome.error.code}: ${outcome.error.message}`)
  return outcome.site
}

test('facts of several pages are brought together, each with the page it came from', async () => {
  const { url } = site({
    '/': '<a href="/contact">Contact</a><a href="https://www.facebook.com/atelier.noel">f</a>',
    '/contact': '<a href="mailto:bonjour@atelier-noel.fr">mail</a> Tél. 03 87 00 00 01',
  })
  const found = await read(url)
  expect(found.pages.map((page) => new URL(page.url).pathname)).toEqual(['/', '/contact'])
  expect(found.emails).toMatchObject([{ value: 'bonjour@atelier-noel.fr', pageUrl: `${url}contact` }])
  expect(found.phones).toMatchObject([{ value: '+33387000001', type: 'fixed', pageUrl: `${url}contact` }])
  expect(found.socials).toMatchObject([{ network: 'facebook', pageUrl: url }])
})

test('a business card is read like a page but is none', async () => {
  const { url } = site({
    '/': '<a href="/paul.vcf">Carte de visite</a>',
    '/paul.vcf': () =>
      new Response('BEGIN:VCARD\nFN:Paul Noël\nTITLE:Gérant\nEMAIL:paul@atelier-noel.fr\nEND:VCARD', {
        headers: { 'content-type': 'text/vcard' },
      }),
  })
  const found = await read(url)
  expect(found.pages.map((page) => new URL(page.url).pathname)).toEqual(['/'])
  expect(found.people).toMatchObject([{ name: 'Paul Noël', roleKind: 'owner', pageUrl: `${url}paul.vcf` }])
  expect(found.emails).toMatchObject([{ value: 'paul@atelier-noel.fr', mx: null, person: 'Paul Noël' }])
})

test('a private address is refused before anything is sent to it', async () => {
  const { url, asked } = site({ '/': 'secret' })
  const outcome = await crawl(url, {}, [])
  expect(outcome).toMatchObject({ ok: false, error: { code: 'refused_address' } })
  expect(asked).toEqual([])
})

test('robots.txt that closes the site ends the crawl with its reason', async () => {
  const { url, asked } = site({
    '/': 'hello',
    '/robots.txt': () => new Response('User-agent: *\nDisallow: /'),
  })
  expect(await crawl(url)).toMatchObject({ ok: false, error: { code: 'robots' } })
  expect(asked).not.toContain('/contact')
})

test('robots.txt that closes a part leaves the rest', async () => {
  const { url, asked } = site({
    '/': '<a href="/prive/plan">x</a><a href="/ouvert">y</a>',
    '/ouvert': 'ok',
    '/prive/plan': 'no',
    '/robots.txt': () => new Response('User-agent: ProspectLab\nDisallow: /prive/'),
  })
  await read(url)
  expect(asked).toContain('/ouvert')
  expect(asked).not.toContain('/prive/plan')
})

test('the Crawl-delay of robots.txt slows down its host, port included', async () => {
  const { url } = site({
    '/': 'hello',
    '/robots.txt': () => new Response('User-agent: *\nCrawl-delay: 7'),
  })
  const slowed: [string, number][] = []
  const polite = { ...politeness, slowDown: (host: string, pause: number) => slowed.push([host, pause]) }
  const settings = {
    CRAWL_ALLOW_NETWORKS: ['127.0.0.0/8'],
    BASE_URL: undefined,
    MAIL_DEFAULT_SENDER: undefined,
    ADMIN_EMAIL: undefined,
  }
  const tools = crawlTools({ settings, politeness: polite, threads })
  await crawlSite(url, standardLimits, { ...tools, now: () => new Date() })
  expect(slowed).toEqual([[new URL(url).host, 7_000]])
})

test('we say who we are and where to complain', async () => {
  const agents: (string | null)[] = []
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: (request) => {
      agents.push(request.headers.get('user-agent'))
      return new Response('<p>hi', { headers: { 'content-type': 'text/html' } })
    },
  })
  stops.push(() => server.stop(true))
  await read(`http://127.0.0.1:${server.port}/`)
  expect(new Set(agents)).toEqual(
    new Set([expect.stringMatching(/^ProspectLab\/[\d.]+ \(\+https:\/\/agence\.example\)$/)]),
  )
})

test.each([
  ['a picture', () => new Response('x', { headers: { 'content-type': 'image/png' } }), 'not_html'],
  [
    'an error',
    () => new Response('no', { status: 500, headers: { 'content-type': 'text/html' } }),
    'unreachable',
  ],
])('%s instead of a home page is told as such', async (_, answer, code) => {
  const { url } = site({ '/': answer })
  expect(await crawl(url)).toMatchObject({ ok: false, error: { code } })
})

test('a site that redirects in a circle is unreachable, not endless', async () => {
  const { url } = site({ '/': () => Response.redirect('/a', 302), '/a': () => Response.redirect('/', 302) })
  expect(await crawl(url)).toMatchObject({ ok: false, error: { code: 'unreachable' } })
})

test('a site with endless links stops at its budget', async () => {
  let page = 0
  const next = () => {
    page++
    return new Response(`<a href="/p${page}/x${page}a">n</a><a href="/q/${crypto.randomUUID()}">m</a>`, {
      headers: { 'content-type': 'text/html' },
    })
  }
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: next })
  stops.push(() => server.stop(true))
  const found = await read(`http://127.0.0.1:${server.port}/`, { pages: 6 })
  expect(found.pages.length).toBeLessThanOrEqual(6)
})

test('pages without anything new end the crawl early', async () => {
  const pages: Pages = {
    '/': Array.from(
      { length: 40 },
      (_, i) => `<a href="/n${String.fromCharCode(97 + (i % 26))}${i}x">l</a>`,
    ).join(''),
  }
  for (let i = 0; i < 40; i++) pages[`/n${String.fromCharCode(97 + (i % 26))}${i}x`] = '<p>Rien de neuf.</p>'
  const { url } = site(pages)
  const found = await read(url, { pages: 30, fruitlessPages: 5 })
  expect(found.pages.length).toBeLessThan(12)
})

test('an enormous page is cut, a gzip bomb stops at the cap, and the rest of the site is read', async () => {
  const bomb = gzipSync(Buffer.alloc(40_000_000, 'a'))
  const { url } = site({
    '/': `<a href="/contact">Contact</a><a href="/bombe">b</a>${'<p>mot</p>'.repeat(300_000)}`,
    '/bombe': () =>
      new Response(bomb, { headers: { 'content-type': 'text/html', 'content-encoding': 'gzip' } }),
    '/contact': '<a href="mailto:a@exemple-atelier.fr">a</a>',
  })
  const found = await read(url, { pageBytes: 1_000_000 })
  expect(found.emails.map((email) => email.value)).toContain('a@exemple-atelier.fr')
  for (const page of found.pages) expect(page.bytes).toBeLessThanOrEqual(1_000_000)
  expect(found.errors).toMatchObject([
    { url, code: 'truncated' },
    { url: `${url}bombe`, code: 'truncated' },
  ])
})

test('100,000 nested tags cost that page at most', async () => {
  const { url } = site({
    '/': '<a href="/contact">Contact</a><a href="/mentions-legales">Mentions légales</a>',
    '/contact': '<div>'.repeat(100_000),
    '/mentions-legales': '<p>contact : <a href="mailto:b@exemple-atelier.fr">b</a>',
  })
  const found = await read(url)
  expect(found.emails.map((email) => email.value)).toContain('b@exemple-atelier.fr')
})

test('pages named only in the sitemap are found and counted', async () => {
  let origin = ''
  const { url, asked } = site({
    '/': 'accueil',
    '/nous-joindre': '<a href="mailto:c@exemple-atelier.fr">c</a>',
    '/robots.txt': () => new Response(`Sitemap: ${origin}/plan.xml`),
    '/plan.xml': () =>
      new Response(
        `<urlset xmlns="x"><url><loc>${origin}/</loc></url><url><loc> ${origin}/nous-joindre </loc></url></urlset>`,
      ),
  })
  origin = url.slice(0, -1)
  const found = await read(url)
  expect(asked).toContain('/nous-joindre')
  expect(found.sitemap).toMatchObject({ found: true, urlCount: 2 })
  expect(found.emails).toHaveLength(1)
})

test('a failing page is an error of that page, with its status', async () => {
  const { url } = site({ '/': '<a href="/contact">Contact</a><a href="/perdu">x</a>', '/contact': 'ok' })
  const found = await read(url)
  expect(found.errors).toMatchObject([{ url: `${url}perdu`, code: 'status_404' }])
  expect(found.pages.find((page) => page.status === 404)?.url).toBe(`${url}perdu`)
})

test('what was measured of each response is kept for the analysis', async () => {
  const { url } = site({
    '/': () =>
      new Response('<title>T</title><p>x', {
        headers: { 'content-type': 'text/html', 'x-powered-by': 'PHP/7.0.1', 'set-cookie': 'a=1' },
      }),
  })
  const [page] = (await read(url)).pages
  expect(page).toMatchObject({ status: 200, title: 'T', headers: { 'x-powered-by': 'PHP/7.0.1' } })
  expect(page!.ttfbMs).toBeGreaterThanOrEqual(0)
})

test('a windows-1252 page keeps its accents', async () => {
  const bytes = Buffer.from('<meta charset="iso-8859-1"><title>Électricité Müller</title>', 'latin1')
  const { url } = site({ '/': () => new Response(bytes, { headers: { 'content-type': 'text/html' } }) })
  expect((await read(url)).pages[0]?.title).toBe('Électricité Müller')
})
