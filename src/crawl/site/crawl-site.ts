import type { Threads } from '#src/threads.ts'
import type { MxCheck } from '../contacts/check-mx.ts'
import { rateEmails } from '../contacts/rate-emails.ts'
import type { FetchedResponse, FetchHop } from '#src/lib/safe-fetch.ts'
import type { CrawlLimits } from '../crawl-limits.ts'
import type { CrawlErrorCode, CrawlOutcome, TlsRecord } from '../site-record.ts'
import { createBudget, type EndedBy } from './budget.ts'
import { describeSite } from './describe-site.ts'
import { openSite, type SiteFetch } from './open-site.ts'
import {
  emptyMemory,
  isRecent,
  packMemory,
  type KeptPage,
  type PageMemory,
  type SiteMemory,
} from './page-memory.ts'
import { looksLikeHtml } from './page-response.ts'
import { siteHostOf } from './page-urls.ts'
import { readSitemap, type KnownSitemap } from './read-sitemap.ts'
import type { Robots } from './robots.ts'
import { createRobotsGate, type RobotsGate } from './robots-gate.ts'
import { redirectsToHttps, tlsOf } from './site-connection.ts'
import { takeOverRest } from './take-over.ts'
import { askIfChanged, startWalk } from './walk-site.ts'

const MAX_SITEMAP_CANDIDATES = 300
// Sitemaps may cost a quarter of a site's bytes.
const SITEMAP_SHARE = 4
const CUT_SHORT = new Set<EndedBy | 'fruitless' | null>(['time', 'requests', 'busy', 'stopped'])

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
  /** Draws a page in a browser; without it pages that need one stay as they came. `mayOpen`: whether robots.txt
   *  lets us have what the page asks for. */
  render?: (
    url: string,
    options: { signal?: AbortSignal; timeoutMs: number; mayOpen?: (url: string) => Promise<boolean> },
  ) => Promise<RenderedPage>
  /** Milliseconds that requests of this site have waited for their turn so far: they count as no time spent. */
  waitedMs?: () => number
  onPage?: (progress: { url: string; pages: number }) => void
  now: () => Date
  signal?: AbortSignal
}

export type RenderedPage =
  | { ok: true; html: string; finalUrl: string; requests: number }
  | { ok: false; code: string; message: string }

export type CrawlOptions = {
  /** An admin's decision: robots.txt is read and told of, its Crawl-delay obeyed, its rules not. */
  ignoreRobots?: boolean
  /** What the crawl before knew of the site (readMemory), to ask only for what has changed. */
  memory?: PageMemory
  /** Called with what the next crawl may go by, once the site has been read. */
  onKept?: (pages: KeptPage[]) => void
}

type Rules = { limits: CrawlLimits; ignoreRobots: boolean }

/** Crawls one site: home page first, then by expected value (contact, legal notice, team, about, the rest) within
 *  `limits`, obeying robots.txt. Yields every fact with its source and everything the analysis needs, or why the
 *  site could not be read. Never throws for what the site does. */
export const crawlSite = async (
  url: string,
  limits: CrawlLimits,
  tools: CrawlTools,
  { ignoreRobots = false, memory: known = emptyMemory, onKept }: CrawlOptions = {},
): Promise<CrawlOutcome> => {
  const started = tools.now().getTime()
  const rules = { limits, ignoreRobots }
  const budget = createBudget(limits, tools)
  const gate = createRobotsGate(budget.fetch, { ignore: ignoreRobots })
  const opened = await openHome(url, { gate, known, ignoreRobots })
  if (!opened.ok) return { ok: false, error: opened.error, errors: [] }
  const { home, robots, hops } = opened
  const host = new URL(home.url).host
  if (robots.crawlDelayMs !== null) tools.onCrawlDelay?.(host, robots.crawlDelayMs)

  const memory = known.site?.siteHost === siteHostOf(home.url) ? known : emptyMemory
  const walk = startWalk(home.url, { limits, tools, budget, gate, memory })
  const first = await walk.readHome(home, memory.recall(home.url, { home: true, deep: true }))
  if (!first?.record) {
    const error = { code: 'not_html', message: 'The home page could not be parsed.' } as const
    return { ok: false, error, errors: walk.errors() }
  }

  const sitemap = await readSitemap({
    origin: new URL(home.url).origin,
    named: robots.sitemaps,
    fetchPage: budget.fetch,
    keep: MAX_SITEMAP_CANDIDATES,
    maxBytes: limits.bytes / SITEMAP_SHARE,
    known: knownSitemap(memory.site, { robots, now: tools.now() }),
    now: tools.now(),
  })
  walk.addSitemap(sitemap.sitemap.urls)
  const checkHttp = () => redirectsToHttps(home.url, hops, gate.fetchPage)
  let http: boolean | null
  if (
    memory.site &&
    first.record.unchanged &&
    sitemap.unchanged &&
    isByRules(memory.site, rules) &&
    (await takeOverRest(walk, memory, (page) => ignoreRobots || robots.allows(page)))
  ) {
    http = memory.site.redirectsToHttps
  } else {
    http = await checkHttp()
    await walk.walk()
  }

  const tls = await tlsOf(home, opened.tlsFailed, tools)
  const times = { started, finished: tools.now().getTime() }
  const site = describeSite({
    url,
    ...times,
    walk,
    robots,
    ignoreRobots,
    sitemap: sitemap.sitemap,
    http,
    tls,
    hops,
  })
  const { unchanged: _, ...sitemapRead } = sitemap
  const remembered: SiteMemory = {
    siteHost: walk.siteHost,
    ...rules,
    robots: robots.digest,
    sitemap: sitemapRead,
    redirectsToHttps: http,
    complete: !CUT_SHORT.has(walk.endedBy()),
  }
  onKept?.(packMemory(remembered, walk.visits, tools.now()))
  return { ok: true, site: { ...site, ...(await rateEmails(site, walk.siteHost, tools.checkMx)) } }
}

type OpenedHome =
  | { ok: true; home: FetchedResponse; robots: Robots; hops: FetchHop[]; tlsFailed: string | null }
  | { ok: false; error: { code: CrawlErrorCode; message: string; status?: number } }

const openHome = async (
  url: string,
  { gate, known, ignoreRobots }: { gate: RobotsGate; known: PageMemory; ignoreRobots: boolean },
): Promise<OpenedHome> => {
  const opened = await openSite(url, (spelling) => askIfChanged(spelling, known.home(), gate.fetchPage))
  if (!opened.ok) {
    const { code, message } = gate.refusal() ?? opened.error
    return refused(code, message)
  }
  const { response: home, hops, tlsFailed } = opened
  const robots = await gate.robotsOf(new URL(home.url).origin)
  if (robots.status === null && !robots.allows(home.url) && !ignoreRobots)
    return refused('robots', 'robots.txt could not be read, so nothing may be.')
  if (home.status >= 400)
    return refused('unreachable', `The site answers with status ${home.status}.`, home.status)
  if (home.status !== 304 && !looksLikeHtml(home))
    return refused('not_html', 'The address does not lead to a web page.')
  return { ok: true, home, robots, hops, tlsFailed }
}

const refused = (code: CrawlErrorCode, message: string, status?: number) => ({
  ok: false as const,
  error: { code, message, ...(status !== undefined && { status }) },
})

const knownSitemap = (
  site: SiteMemory | null,
  { robots, now }: { robots: Robots; now: Date },
): KnownSitemap | null => {
  if (!site || site.robots !== robots.digest) return null
  return isRecent(site.sitemap.readAt, now) ? site.sitemap : null
}

// By other rules another crawl would have read other pages, and what was cut short is to be finished.
const isByRules = (site: SiteMemory, { limits, ignoreRobots }: Rules): boolean =>
  site.complete &&
  site.ignoreRobots === ignoreRobots &&
  JSON.stringify(Object.entries(site.limits).toSorted()) === JSON.stringify(Object.entries(limits).toSorted())
