import type { FetchHop } from '#src/lib/safe-fetch.ts'
import { mergeFacts } from '../extract/merge-facts.ts'
import type { SiteRecord, TlsRecord } from '../site-record.ts'
import type { Sitemap } from './read-sitemap.ts'
import type { Robots } from './robots.ts'
import type { Walk } from './walk-site.ts'

/** Everything one crawl found, each fact once. */
export const describeSite = (parts: {
  url: string
  started: number
  walk: Walk
  robots: Robots
  sitemap: Sitemap
  http: boolean | null
  tls: TlsRecord
  hops: FetchHop[]
  finished: number
}): SiteRecord => {
  const { walk, robots, sitemap } = parts
  return {
    url: parts.url,
    finalUrl: walk.reads[0]?.record.finalUrl ?? parts.url,
    durationMs: parts.finished - parts.started,
    pages: walk.reads.map((one) => one.record),
    ...mergeFacts(
      [...walk.reads.map((one) => one.parsed.facts), ...walk.cards],
      walk.siteHost,
      walk.reads[0]?.record.finalUrl,
    ),
    errors: walk.errors,
    tls: parts.tls,
    httpRedirectsToHttps: parts.http,
    robotsTxt: {
      status: robots.status,
      found: robots.found,
      disallowsAll: robots.disallowsAll,
      sitemaps: robots.sitemaps.slice(0, 20),
    },
    sitemap: { url: sitemap.url, found: sitemap.found, urlCount: sitemap.urlCount },
    redirects: parts.hops,
  }
}
