import type { Threads } from '#src/threads.ts'
import type { MxCheck } from '../contacts/check-mx.ts'
import { rateEmails } from '../contacts/rate-emails.ts'
import type { CrawlLimits } from '../crawl-limits.ts'
import type { CrawlOutcome, TlsRecord } from '../site-record.ts'
import { beginAtHome, type Begun, type Means } from './begin-at-home.ts'
import { createBudget } from './budget.ts'
import { describeSite } from './describe-site.ts'
import type { SiteFetch } from './open-site.ts'
import {
  emptyMemory,
  isRecent,
  packMemory,
  type KeptPage,
  type PageMemory,
  type SiteMemory,
} from './page-memory.ts'
import { readSitemap, type KnownSitemap } from './read-sitemap.ts'
import type { Robots } from './robots.ts'
import { createRobotsGate } from './robots-gate.ts'
import { redirectsToHttps, tlsOf } from './site-connection.ts'
import { takeOverRest, takeOverUnread } from './take-over.ts'

const MAX_SITEMAP_CANDIDATES = 300
// Sitemaps may cost a quarter of a site's bytes.
const SITEMAP_SHARE = 4
const CUT_SHORT = new Set<SiteMemory['endedBy']>(['time', 'requests', 'busy', 'stopped'])

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
  /** Waited for before all that was read is put together: until then a page takes little memory. */
  beforeEnd?: () => Promise<void>
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
  const budget = createBudget(limits, tools)
  const gate = createRobotsGate(budget.fetch, { ignore: ignoreRobots })
  const means: Means = { limits, ignoreRobots, tools, budget, gate, known }
  const begun = await beginAtHome(url, means)
  if (!begun.ok) return begun
  const { walk, home, robots, hops, sentFrom } = begun
  const { sitemap, http, endedBy } = await readPages(begun, means)
  if (CUT_SHORT.has(endedBy))
    takeOverUnread(walk, begun.memory, {
      allows: (page) => ignoreRobots || robots.allows(page),
      pages: limits.pages,
    })
  const tls = await tlsOf(home, begun.tlsFailed, tools)
  await tools.beforeEnd?.()
  const site = describeSite({
    url,
    started,
    finished: tools.now().getTime(),
    walk,
    robots,
    ignoreRobots,
    sitemap: sitemap.sitemap,
    http,
    tls,
    hops: [...sentFrom, ...hops],
    endedBy,
  })
  const remembered: SiteMemory = {
    siteHost: walk.siteHost,
    limits,
    ignoreRobots,
    robots: robots.digest,
    sitemap,
    redirectsToHttps: http,
    endedBy,
  }
  onKept?.(packMemory(remembered, walk.visits, tools.now()))
  return { ok: true, site: { ...site, ...(await rateEmails(site, walk.siteHost, tools.checkMx)) } }
}

const readPages = async ({ walk, memory, first, home, robots, hops }: Begun, means: Means) => {
  const { tools, budget, limits, ignoreRobots, gate } = means
  const { unchanged, ...sitemap } = await readSitemap({
    origin: new URL(home.url).origin,
    named: robots.sitemaps,
    fetchPage: budget.fetch,
    keep: MAX_SITEMAP_CANDIDATES,
    maxBytes: limits.bytes / SITEMAP_SHARE,
    known: knownSitemap(memory.site, { robots, now: tools.now() }),
    now: tools.now(),
  })
  walk.addSitemap(sitemap.sitemap.urls)
  const allows = (page: string) => ignoreRobots || robots.allows(page)
  const quiet = unchanged && first.unchanged && memory.site && isByRules(memory.site, means)
  if (quiet && (await takeOverRest(walk, memory, allows)))
    return {
      sitemap,
      http: memory.site!.redirectsToHttps,
      endedBy: walk.endedBy() ?? memory.site!.endedBy,
    }
  const http = await redirectsToHttps(home.url, hops, gate.fetchPage)
  await walk.walk()
  return { sitemap, http, endedBy: walk.endedBy() }
}

const knownSitemap = (
  site: SiteMemory | null,
  { robots, now }: { robots: Robots; now: Date },
): KnownSitemap | null => {
  if (!site || site.robots !== robots.digest) return null
  return isRecent(site.sitemap.readAt, now) ? site.sitemap : null
}

// By other rules another crawl would have read other pages, and what was cut short is to be finished.
const isByRules = (site: SiteMemory, { limits, ignoreRobots }: Means): boolean =>
  !CUT_SHORT.has(site.endedBy) &&
  site.ignoreRobots === ignoreRobots &&
  JSON.stringify(Object.entries(site.limits).toSorted()) === JSON.stringify(Object.entries(limits).toSorted())
