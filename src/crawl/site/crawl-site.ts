import type { Threads } from '#src/threads.ts'
import type { MxCheck } from '../contacts/check-mx.ts'
import { rateEmails } from '../contacts/rate-emails.ts'
import type { CrawlLimits } from '../crawl-limits.ts'
import type { CrawlErrorCode, CrawlOutcome, TlsRecord } from '../site-record.ts'
import { describeSite } from './describe-site.ts'
import { siteHostOf } from './frontier.ts'
import { openSite, type SiteFetch } from './open-site.ts'
import { looksLikeHtml, type Read } from './page-response.ts'
import { readSitemap } from './read-sitemap.ts'
import { createRobotsGate } from './robots-gate.ts'
import { redirectsToHttps, tlsOf } from './site-connection.ts'
import { startWalk, type Walk } from './walk-site.ts'

const MAX_SITEMAP_CANDIDATES = 300

export type CrawlTools = {
  /** safe-fetch with this installation's network rules, agent and politeness bound in. */
  fetch: SiteFetch
  parsePage: Threads['parsePage']
  /** Null when the certificate could not be looked at. */
  inspectTls: (host: string, port: number) => Promise<TlsRecord | null>
  /** Told the Crawl-delay of robots.txt for a `URL.host`, so that the pause between requests can obey it. */
  onCrawlDelay?: (host: string, milliseconds: number) => void
  /** Asks whether a domain takes mail; without it that stays unknown. */
  checkMx?: MxCheck
  onPage?: (progress: { url: string; pages: number }) => void
  now: () => Date
  signal?: AbortSignal
}

/** Crawls one site: home page first, then by expected value (contact, legal notice, team, about, the rest) within
 *  `limits`, obeying robots.txt. Yields every fact with its source and everything the analysis needs, or why the
 *  site could not be read. Never throws for what the site does. */
export const crawlSite = async (
  url: string,
  limits: CrawlLimits,
  tools: CrawlTools,
): Promise<CrawlOutcome> => {
  const started = tools.now().getTime()
  const gate = createRobotsGate(tools.fetch)
  const opened = await openSite(url, gate.fetchPage)
  if (!opened.ok) {
    const { code, message } = gate.refusal() ?? opened.error
    return refused(code, message)
  }
  const home = opened.response
  const origin = new URL(home.url).origin
  const robots = await gate.robotsOf(origin)
  if (robots.status === null && !robots.allows(home.url))
    return refused('robots', 'robots.txt could not be read, so nothing may be.')
  if (robots.crawlDelayMs !== null) tools.onCrawlDelay?.(new URL(home.url).host, robots.crawlDelayMs)
  if (home.status >= 400)
    return refused('unreachable', `The site answers with status ${home.status}.`, home.status)
  if (!looksLikeHtml(home)) return refused('not_html', 'The address does not lead to a web page.')

  const walk = startWalk(home.url, limits, { ...tools, fetch: gate.fetchPage })
  const first = await walk.read({ url: home.url, depth: 0, purpose: 'other', value: 0 }, home, true)
  if (!first)
    return {
      ok: false,
      error: { code: 'not_html', message: 'The home page could not be parsed.' },
      errors: walk.errors,
    }
  await followMetaRefresh(first, walk)

  const sitemap = await readSitemap(origin, robots.sitemaps, tools.fetch, MAX_SITEMAP_CANDIDATES)
  walk.addSitemap(sitemap.urls)
  await walk.walk()

  const http = await redirectsToHttps(home.url, opened.hops, gate.fetchPage)
  const tls = await tlsOf(home, opened.tlsFailed, tools)
  const site = describeSite({
    url,
    started,
    finished: tools.now().getTime(),
    walk,
    robots,
    sitemap,
    http,
    tls,
    hops: opened.hops,
  })
  return { ok: true, site: { ...site, ...(await rateEmails(site, walk.siteHost, tools.checkMx)) } }
}

const refused = (code: CrawlErrorCode, message: string, status?: number): CrawlOutcome => ({
  ok: false,
  error: { code, message, ...(status !== undefined && { status }) },
  errors: [],
})

const followMetaRefresh = async (first: Read, walk: Walk) => {
  const target = first.parsed.metaRefresh
  if (!target || !URL.canParse(target, first.record.finalUrl)) return
  const url = new URL(target, first.record.finalUrl).href
  if (siteHostOf(url) === walk.siteHost) await walk.visit({ url, depth: 0, purpose: 'about', value: 0 })
}
