import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { gzipSync } from 'node:zlib'
import type { CrawlLimits } from '#src/crawl/crawl-limits.ts'
import { startThreads } from '#src/threads.ts'
import { compressedBombs, endless, hugePages, slowBombs, wireBombs, type Bomb } from './bombs.ts'
import { peakOf } from './measure.ts'
import { crawlWorld, sendHtml, sendNothing, SITE_ADDRESS, startWorld } from './outside-world.ts'
import { resolving } from './private-places.ts'

setDefaultTimeout(30_000)

const threads = startThreads(1)
afterAll(() => threads.close())
const world = await startWorld()
const HOME = `http://site.test:${world.port}/`
const EMAIL = 'bonjour@atelier-noel.fr'
const resolve = resolving({ 'site.test': [SITE_ADDRESS] })
const PAGE_BYTES = 1_000_000
// A page is read up to 5 MB otherwise; a machine that works for others too may take its time.
const MOST_BYTES = 400_000_000
const MOST_MS = 10_000

/** A site with one bad page, or one bad file of those that are no pages. */
const crawlWith = async (bad: Record<string, Bomb>, limits: Partial<CrawlLimits> = {}) => {
  world.serve(({ url }, response) => {
    if (bad[url]) return bad[url](response)
    if (url === '/')
      return sendHtml(response, '<h1>Atelier</h1><a href="/bombe">Bombe</a><a href="/contact">Contact</a>')
    if (url === '/contact') return sendHtml(response, `<h1>Contact</h1><p>${EMAIL}</p><a href="/apres">a</a>`)
    return url === '/apres' ? sendHtml(response, '<p>apres@atelier-noel.fr</p>') : sendNothing(response)
  })
  const began = performance.now()
  const { value, grown } = await peakOf(() => crawlWorld(HOME, { threads, resolve, limits }))
  expect(performance.now() - began).toBeLessThan(MOST_MS)
  expect(grown).toBeLessThan(MOST_BYTES)
  const { outcome } = value
  if (!outcome.ok) throw new Error(`${outcome.error.code}: ${outcome.error.message}`)
  expect(outcome.site.emails.map((email) => email.value)).toContain(EMAIL)
  return outcome.site
}
const errorsOf = (site: { errors: { url: string; code: string }[] }) =>
  site.errors.filter(({ url }) => url === `${HOME}bombe`).map(({ code }) => code)

test.each(Object.entries(compressedBombs(40)))('%s is cut at its limit', async (_, bomb) => {
  const site = await crawlWith({ '/bombe': bomb }, { pageBytes: PAGE_BYTES })
  expect(errorsOf(site)).toEqual(['truncated'])
  expect(site.pages.find(({ url }) => url.endsWith('/bombe'))!.bytes).toBe(PAGE_BYTES)
  expect(site.emails.map((email) => email.value)).toContain('apres@atelier-noel.fr')
})

test.each(Object.entries(wireBombs))('%s ends, and is named', async (_, [bomb, codes]) => {
  const site = await crawlWith({ '/bombe': bomb }, { pageBytes: PAGE_BYTES })
  expect(errorsOf(site).filter((code) => !codes.includes(code))).toEqual([])
  expect(errorsOf(site)).toHaveLength(1)
  expect(site.emails.map((email) => email.value)).toContain('apres@atelier-noel.fr')
})

test('answers that take for ever are given up with the time of the site, and named', async () => {
  const bombs = Object.entries(slowBombs)
  world.serve(({ url, host }, response) => {
    if (url === '/bombe') return bombs[Number(host[1])]![1](response)
    if (url === '/')
      return sendHtml(response, '<h1>Atelier</h1><a href="/bombe">Bombe</a><a href="/contact">Contact</a>')
    return url === '/contact' ? sendHtml(response, `<p>${EMAIL}</p>`) : sendNothing(response)
  })
  const names = Object.fromEntries(bombs.map((_, index) => [`s${index}.test`, [SITE_ADDRESS]]))
  const how = { threads, resolve: resolving(names), limits: { durationMs: 2_000 } }
  const { value, grown } = await peakOf(() =>
    Promise.all(Object.keys(names).map((name) => crawlWorld(`http://${name}:${world.port}/`, how))),
  )
  expect(grown).toBeLessThan(MOST_BYTES)
  for (const [index, { outcome }] of value.entries()) {
    if (!outcome.ok) throw new Error(`${bombs[index]![0]}: ${outcome.error.message}`)
    expect([bombs[index]![0], outcome.site.errors.map(({ code }) => code)]).toEqual([
      bombs[index]![0],
      ['timeout'],
    ])
    expect(outcome.site.emails.map((email) => email.value)).toEqual([EMAIL])
    expect(outcome.site.durationMs).toBeLessThan(4_000)
  }
})

test.each(Object.entries(hugePages(0.3)))(
  'too many: %s; they are read within their time',
  async (_, bomb) => {
    const site = await crawlWith({ '/bombe': bomb }, { fruitlessPages: 4 })
    expect(errorsOf(site).filter((code) => code !== 'truncated')).toEqual([])
    expect(site.pages.map(({ url }) => url)).toContain(`${HOME}bombe`)
  },
)

test('a sitemap that is a bomb, has no end or leads into itself costs its share', async () => {
  const urls = '<url><loc>http://site.test/a</loc></url>'.repeat(1_000)
  const bomb = gzipSync(`<urlset>${urls.repeat(1_500)}</urlset>`)
  const sitemaps: Bomb[] = [
    ({ send }) => send(bomb),
    endless('HTTP/1.1 200 OK\r\n\r\n<urlset>', urls),
    ({ send }) =>
      send(
        `<sitemapindex>${Array.from({ length: 5_000 }, (_, n) => `<sitemap><loc>${HOME}s${n}.xml</loc></sitemap>`).join('')}</sitemapindex>`,
      ),
  ]
  for (const sitemap of sitemaps) {
    const bad = Object.fromEntries(
      ['/sitemap.xml', ...Array.from({ length: 5_000 }, (_, n) => `/s${n}.xml`)].map((path) => [
        path,
        sitemap,
      ]),
    )
    await crawlWith(bad, { pages: 6 })
    expect(world.asked.filter((line) => line.endsWith('.xml')).length).toBeLessThan(8)
  }
})

test('a robots.txt without end is read as far as one must', async () => {
  const rules = 'User-agent: *\nDisallow: /prive\n'
  const site = await crawlWith({
    '/robots.txt': endless(`HTTP/1.1 200 OK\r\n\r\n${rules}`, rules.repeat(500)),
  })
  expect(site.robotsTxt.found).toBe(true)
})
