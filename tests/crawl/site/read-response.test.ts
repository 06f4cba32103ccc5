import { afterAll, expect, test } from 'bun:test'
import type { CrawlTools } from '#src/crawl/site/crawl-site.ts'
import { startThreads } from '#src/threads.ts'
import { html, readSmallSite, serveSmallSite } from '#tests/support/small-site.ts'

const threads = startThreads(1)
const stops: (() => unknown)[] = [() => threads.close()]
afterAll(async () => {
  for (const stop of stops) await stop()
})

const serve: typeof serveSmallSite = (pages, otherwise) => {
  const site = serveSmallSite(pages, otherwise)
  stops.push(site.stop)
  return site
}
type Render = NonNullable<CrawlTools['render']>

test('a page that a thread does not get through, or dies of, is named, and the site goes on', async () => {
  const fragile = startThreads(1, {
    timeoutMs: 1_500,
    spawn: () => new Worker(new URL('../../support/fragile-worker.ts', import.meta.url)),
  })
  stops.push(fragile.close)
  const site = serve({
    '/': '<a href="/endless">Contact</a><a href="/deadly">Mentions légales</a><a href="/bureau">Bureau</a>',
    '/endless': 'x',
    '/deadly': 'y',
    '/bureau': '<p>bonjour@atelier-noel.fr</p>',
  })
  const found = await readSmallSite(site.url, { threads: fragile })
  expect(found.errors.map(({ url, code }) => [new URL(url).pathname, code])).toEqual([
    ['/endless', 'parse_timeout'],
    ['/deadly', 'parse_crashed'],
  ])
  expect(found.emails.map((email) => email.value)).toEqual(['bonjour@atelier-noel.fr'])
})

const SHELL = () =>
  html('<div id="root"></div><script src="/app.js"></script>', { 'x-powered-by': 'Express' })
const LINKS = 'a b c d e f g'.split(' ').map((name) => `<a href="/vue-${name}">${name}</a>`)

test('a page that only a browser can show is drawn, within its bounds, and the walk goes on from there', async () => {
  const site = serve({ '/robots.txt': () => new Response('User-agent: *\nDisallow: /prive') }, SHELL)
  const asked: string[] = []
  const render: Render = async (url, { timeoutMs, signal, mayOpen }) => {
    asked.push(new URL(url).pathname)
    expect(timeoutMs).toBeGreaterThan(0)
    expect(signal?.aborted).toBe(false)
    expect(await mayOpen?.(`${site.url}app.js`)).toBe(true)
    expect(await mayOpen?.(`${site.url}prive/app.js`)).toBe(false)
    const path = new URL(url).pathname
    const text = `<title>Élan ${path}</title>${LINKS.join('')}<p>page-${path.at(-1)!.replace('/', 'accueil')}@atelier-noel.fr</p>`
    return { ok: true, html: text, finalUrl: url, requests: 3 }
  }
  const found = await readSmallSite(site.url, { threads, tools: { render } })
  expect(asked).toHaveLength(5)
  const [home] = found.pages
  expect(home).toMatchObject({ title: 'Élan /', rendered: true, needsBrowser: false })
  expect(home!.headers['x-powered-by']).toBe('Express')
  expect(found.pages.filter((page) => page.rendered)).toHaveLength(5)
  expect(found.pages.filter((page) => page.needsBrowser).length).toBeGreaterThan(0)
  expect(found.errors.map((error) => error.code)).toEqual(['needs_browser'])
  expect(found.emails).toHaveLength(5)
})

test('without a browser, or when it fails, the page stays as it came and the reason is told once', async () => {
  const plan = (request: Request) => {
    const { origin } = new URL(request.url)
    const urls = ['', 'contact', 'equipe'].map((path) => `<url><loc>${origin}/${path}</loc></url>`)
    return new Response(`<urlset>${urls.join('')}</urlset>`)
  }
  const pages = { '/sitemap.xml': plan }
  const failing: Render = async () => ({ ok: false, code: 'timeout', message: 'too slow' })
  for (const [tools, why] of [
    [{}, 'no browser is installed'],
    [{ render: failing }, 'too slow'],
  ] as const) {
    const site = serve(pages, SHELL)
    const found = await readSmallSite(site.url, { threads, tools })
    expect(found.pages).toHaveLength(3)
    expect(found.pages.every((page) => page.needsBrowser)).toBe(true)
    expect(found.errors.filter((error) => error.code === 'needs_browser')).toHaveLength(1)
    expect(found.errors[0]?.message).toContain(why)
  }
})
