import type { CrawlLimits } from '#src/crawl/crawl-limits.ts'
import { standardLimits } from '#src/crawl/crawl-limits.ts'
import { crawlTools } from '#src/crawl/crawl-tools.ts'
import { createPoliteness, type Politeness } from '#src/crawl/politeness/politeness.ts'
import { crawlSite, type CrawlOptions, type CrawlTools } from '#src/crawl/site/crawl-site.ts'
import type { SiteRecord } from '#src/crawl/site-record.ts'
import type { Threads } from '#src/threads.ts'

export type SmallPage = string | ((request: Request) => Response | Promise<Response>)

/** A page of a small site in French. */
export const html = (body: string, headers: Record<string, string> = {}): Response =>
  new Response(
    `<!doctype html><html lang="fr"><head><title>Atelier</title></head><body>${body}</body></html>`,
    { headers: { 'content-type': 'text/html; charset=utf-8', ...headers } },
  )

/** A little site on a port of its own: HTML by path (and query, when a page is named with it); a function answers
 *  for itself, `otherwise` for every path that is not named. */
export const serveSmallSite = (pages: Record<string, SmallPage>, otherwise?: SmallPage) => {
  const asked: string[] = []
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: (request) => {
      const { pathname, search } = new URL(request.url)
      asked.push(pathname + search)
      const machine = pathname === '/robots.txt' || /sitemap/.test(pathname)
      const page = pages[pathname + search] ?? pages[pathname] ?? (machine ? undefined : otherwise)
      if (page === undefined) return new Response('nothing here', { status: 404 })
      return typeof page === 'function' ? page(request) : html(page)
    },
  })
  return { url: `http://127.0.0.1:${server.port}/`, asked, stop: () => server.stop(true) }
}

type How = {
  threads: Threads
  limits?: Partial<CrawlLimits>
  options?: CrawlOptions
  tools?: Partial<CrawlTools>
  politeness?: Politeness
}

/** The crawl of a site on loopback, without pauses unless a politeness is given. */
export const crawlSmallSite = (url: string, how: How) => {
  const settings = {
    CRAWL_ALLOW_NETWORKS: ['127.0.0.0/8'],
    BASE_URL: undefined,
    MAIL_DEFAULT_SENDER: undefined,
    ADMIN_EMAIL: undefined,
  }
  const politeness = how.politeness ?? createPoliteness({ enabled: false })
  const tools = { ...crawlTools({ settings, politeness, threads: how.threads }), now: () => new Date() }
  return crawlSite(url, { ...standardLimits, ...how.limits }, { ...tools, ...how.tools }, how.options)
}

/** The same for a site that can be read. */
export const readSmallSite = async (url: string, how: How): Promise<SiteRecord> => {
  const outcome = await crawlSmallSite(url, how)
  if (!outcome.ok) throw new Error(`${outcome.error.code}: ${outcome.error.message}`)
  return outcome.site
}
