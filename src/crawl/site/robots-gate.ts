import type { HopGate } from '#src/lib/safe-fetch.ts'
import type { SiteFetch } from './open-site.ts'
import { readRobots, type Robots } from './robots.ts'
import type { CrawlErrorCode } from '../site-record.ts'

const ROBOTS_TIMEOUT_MS = 12_000

export type RobotsGate = {
  robotsOf: (origin: string) => Promise<Robots>
  /** The page, unless robots.txt of its origin, or of one it redirects to, forbids. */
  fetchPage: SiteFetch
  /** Whether robots.txt of its origin lets us have an address, for requests that others make. */
  mayOpen: (url: string) => Promise<boolean>
  /** Why the last page was not asked for, when a robots.txt was the reason. */
  refusal: () => { code: CrawlErrorCode; message: string } | null
}

/** The robots.txt of every origin a crawl meets, read once and before its first page (RFC 9309 §2.2). It is asked
 *  on every hop, so that a redirect leads nowhere its target does not allow. `ignore`: it is read all the same, for
 *  its sitemaps and its Crawl-delay, but keeps us from nothing. */
export const createRobotsGate = (read: SiteFetch, { ignore = false } = {}): RobotsGate => {
  const known = new Map<string, Promise<Robots>>()
  let refused: ReturnType<RobotsGate['refusal']> = null

  const robotsOf = (origin: string): Promise<Robots> => {
    let robots = known.get(origin)
    if (!robots) {
      robots = readRobots(origin, read, { timeoutMs: ROBOTS_TIMEOUT_MS })
      known.set(origin, robots)
    }
    return robots
  }

  // An origin that cannot be reached at all is let through: the page request then says why.
  const gate: HopGate = async ({ url }) => {
    const robots = await robotsOf(url.origin)
    refused = robots.status === null || robots.allows(url) ? null : refusalOf(robots)
    return refused ? { go: false, message: refused.message } : { go: true }
  }

  return {
    robotsOf,
    fetchPage: (url, options) => read(url, ignore ? options : { ...options, onHop: gate }),
    mayOpen: async (url) => {
      if (ignore) return true
      const robots = await robotsOf(new URL(url).origin)
      return robots.status === null || robots.allows(url)
    },
    refusal: () => refused,
  }
}

const refusalOf = (robots: Robots): { code: CrawlErrorCode; message: string } =>
  robots.status !== null && robots.status >= 400
    ? {
        code: 'unreachable',
        message: `The server is in trouble: robots.txt answers with status ${robots.status}.`,
      }
    : { code: 'robots', message: 'robots.txt asks crawlers to stay away from this site.' }
