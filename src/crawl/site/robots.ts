import parseRobotsText from 'robots-parser'
import type { FetchOptions, FetchResult } from '#src/lib/safe-fetch.ts'

/** The product token that robots.txt files address us by (RFC 9309 §2.2.1). */
export const AGENT_TOKEN = 'ProspectLab'

const SEARCH_ENGINE_TOKEN = 'Googlebot'
// RFC 9309 §2.5 asks for at least 500 KiB, §2.3.1.2 for at least five redirects.
const MAX_ROBOTS_BYTES = 512_000
const MAX_ROBOTS_REDIRECTS = 5
const MAX_CRAWL_DELAY_MS = 30_000
const MAX_SITEMAPS = 50
const MAX_PATTERN_LENGTH = 2_000
// Wildcards cost pattern × path; a file made of them must not stall the crawl.
const MAX_WILDCARD_LENGTH = 20_000

export type Robots = {
  /** Null when the server could not be reached. */
  status: number | null
  /** There is a robots.txt with something to say. */
  found: boolean
  /** Search engines may not read anything, the home page included. */
  disallowsAll: boolean
  sitemaps: string[]
  /** The pause our group asks for, at most 30 s; null when it asks for none. */
  crawlDelayMs: number | null
  /** Equal as long as the file says the same. */
  digest: string
  /** Whether we may read this URL of the same origin. */
  allows: (url: string | URL) => boolean
}

type Fetch = (url: string, options?: FetchOptions) => Promise<FetchResult>

const silent = { found: false, disallowsAll: false, sitemaps: [], crawlDelayMs: null }

const allowing = (status: number | null): Robots => ({
  ...silent,
  status,
  digest: 'allows all',
  allows: () => true,
})

// A server in trouble says nothing about search engines, so `disallowsAll` stays false.
const forbidding = (status: number | null): Robots => ({
  ...silent,
  status,
  digest: 'forbids all',
  allows: () => false,
})

/** Reads the robots.txt of an origin by the rules of RFC 9309 §2.3.1: a 4xx or too many redirects means there is
 *  none and everything is allowed; a 5xx or no answer means that nothing may be read. */
export const readRobots = async (
  origin: string,
  read: Fetch,
  options: FetchOptions = {},
): Promise<Robots> => {
  const url = new URL('/robots.txt', origin).href
  const result = await read(url, {
    ...options,
    maxBytes: MAX_ROBOTS_BYTES,
    maxRedirects: MAX_ROBOTS_REDIRECTS,
  })
  if (!result.ok) return result.problem.code === 'too_many_redirects' ? allowing(null) : forbidding(null)
  const { status, body, headers } = result.response
  if (status >= 500 || status === 429) return forbidding(status)
  if (status < 200 || status >= 300) return allowing(status)
  const text = new TextDecoder().decode(body)
  return isPage(text, headers['content-type'] ?? '')
    ? allowing(status)
    : { status, ...parseRobots(origin, text) }
}

// Many sites answer every unknown path with a page; some serve their true robots.txt with a page's type.
const isPage = (text: string, type: string): boolean =>
  /^\s*</.test(text) || (/^text\/html\b/i.test(type) && !/^[ \t]*user-agent[ \t]*:/im.test(text))

/** What a robots.txt says to us. Paths are matched as RFC 9309 §2.2.2 has it: the longest rule wins, Allow before
 *  Disallow when equal. */
export const parseRobots = (origin: string, text: string): Omit<Robots, 'status'> => {
  const url = new URL('/robots.txt', origin).href
  const rules = parseRobotsText(url, relevantLines(text.replace(/^\ufeff/, '')))
  const home = new URL('/', origin).href
  const delay = rules.getCrawlDelay(AGENT_TOKEN)
  return {
    found: text.trim() !== '',
    digest: new Bun.CryptoHasher('sha256').update(text).digest('hex'),
    disallowsAll: rules.isDisallowed(home, SEARCH_ENGINE_TOKEN) === true,
    sitemaps: sitemapsOf(rules.getSitemaps(), origin),
    crawlDelayMs: delay !== undefined && delay > 0 ? Math.min(delay * 1_000, MAX_CRAWL_DELAY_MS) : null,
    allows: (target) => {
      const { pathname, search } = new URL(target, origin)
      return rules.isAllowed(new URL(pathname + search, origin).href, AGENT_TOKEN) !== false
    },
  }
}

const FIELD = /^\s*([a-z-]{1,20})\s*:([^#]*)/i
const AGENTS = new Set([AGENT_TOKEN, SEARCH_ENGINE_TOKEN, '*'].map((name) => name.toLowerCase()))

/** The file without the groups of other agents and without rules too long or too costly to match: the parser
 *  stores every rule once per agent of its group, which a hostile file could make quadratic. */
const relevantLines = (text: string): string => {
  const kept: string[] = []
  const sitemaps: string[] = []
  let inAgents = false
  let agents = new Set<string>()
  let wildcards = 0
  for (const line of text.split(/\r\n|\r|\n/)) {
    const [, name = '', value = ''] = FIELD.exec(line) ?? []
    const field = name.toLowerCase()
    if (field === 'user-agent') {
      // Any field but User-agent tells the parser that the group before has ended.
      if (!inAgents) kept.push('group:')
      if (!inAgents) agents = new Set()
      inAgents = true
      const agent = value.trim().split('/')[0]?.trim().toLowerCase() ?? ''
      if (AGENTS.has(agent) && !agents.has(agent)) kept.push(`User-agent: ${agent}`)
      if (AGENTS.has(agent)) agents.add(agent)
    } else if (field === 'sitemap') {
      if (sitemaps.length < MAX_SITEMAPS) sitemaps.push(line)
    } else if (field !== '') {
      inAgents = false
      if (agents.size === 0 || value.length > MAX_PATTERN_LENGTH) continue
      if (value.includes('*')) wildcards += value.length
      if (wildcards <= MAX_WILDCARD_LENGTH) kept.push(line)
    }
  }
  return [...kept, ...sitemaps].join('\n')
}

const sitemapsOf = (lines: string[], origin: string): string[] => {
  const urls = lines.map((line) => URL.parse(line, origin)).filter((url) => url !== null)
  const web = urls.filter((url) => url.protocol === 'http:' || url.protocol === 'https:')
  return [...new Set(web.map((url) => url.href))].slice(0, MAX_SITEMAPS)
}
