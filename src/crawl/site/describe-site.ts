import type { FetchHop } from '#src/lib/safe-fetch.ts'
import { mergeFacts } from '../extract/merge-facts.ts'
import type { SiteEnd, SiteRecord, TlsRecord } from '../site-record.ts'
import { unfold, type Visit } from './folded-visit.ts'
import type { Sitemap } from './read-sitemap.ts'
import type { Robots } from './robots.ts'
import type { Walk } from './walk-site.ts'

/** Everything one crawl found, each fact once. */
export const describeSite = (parts: {
  url: string
  started: number
  finished: number
  walk: Walk
  robots: Robots
  ignoreRobots: boolean
  sitemap: Sitemap
  http: boolean | null
  tls: TlsRecord
  hops: FetchHop[]
  endedBy: SiteEnd
}): SiteRecord => {
  const { walk, robots, sitemap } = parts
  const visits = walk.visits.map(unfold)
  const records = visits.flatMap((one) => one.record ?? [])
  const finalUrl = records[0]?.finalUrl ?? parts.url
  return {
    url: parts.url,
    finalUrl,
    durationMs: parts.finished - parts.started,
    pages: records,
    ...mergeFacts(factsOf(visits), walk.siteHost, finalUrl),
    errors: walk.errors(),
    tls: parts.tls,
    httpRedirectsToHttps: parts.http,
    robotsTxt: {
      status: robots.status,
      found: robots.found,
      disallowsAll: robots.disallowsAll,
      sitemaps: robots.sitemaps.slice(0, 20),
      ...(parts.ignoreRobots && { ignored: true }),
    },
    sitemap: { url: sitemap.url, found: sitemap.found, urlCount: sitemap.urlCount },
    redirects: parts.hops,
    endedBy: parts.endedBy,
  }
}

// Pages before business cards: of two that say the same, a page is the better proof.
const factsOf = (visits: Visit[]) => {
  const read = visits.flatMap((one) => (one.parsed ? [{ facts: one.parsed.facts, card: !one.record }] : []))
  return [...read.filter((one) => !one.card), ...read.filter((one) => one.card)].map((one) => one.facts)
}
