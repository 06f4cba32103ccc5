import type { PageLink, PagePurpose } from '../extract/parsed-page.ts'

const MAX_QUEUED = 2_000
const MAX_PER_PATTERN = 4
const MAX_URL_LENGTH = 1_000
const MAX_PATH_SEGMENTS = 8
const MAX_QUERY_PARAMETERS = 2

// Parameters that name a visit or its origin, never a page.
const TRACKING =
  /^(utm_\w+|gclid|fbclid|msclkid|mc_[ce]id|_ga|_gl|ref|source|phpsessid|jsessionid|sid|sessionid|osc?id|zenid|s?ession_?id|pk_\w+|mtm_\w+|hsa_\w+)$/i
const NOT_A_PAGE =
  /\.(?:jpe?g|png|gif|webp|avif|svg|ico|bmp|tiff?|css|js|mjs|json|xml|rss|atom|txt|pdf|docx?|xlsx?|pptx?|od[tsp]|zip|rar|7z|gz|tar|mp[34]|m4[av]|avi|mov|webm|og[gv]|wav|flac|woff2?|ttf|eot|otf|exe|dmg|apk|iso|ics|map|swf)$/i
const NOT_WORTH_IT =
  /\/(?:wp-admin|wp-login|wp-json|xmlrpc|cgi-bin|feed|cart|panier|checkout|commande|login|connexion|logout|register|inscription|my-account|mon-compte|compte|wishlist|compare|search|recherche|print|share|cdn-cgi)(?:\/|$|\.)/i
// A calendar or a list walked by date or page number has no end.
const CALENDAR = /\/(?:19|20)\d\d(?:[/-]\d{1,2}){1,2}(?:\/|$)/
const PURPOSE_VALUE: Record<PagePurpose, number> = { contact: 100, legal: 90, team: 70, about: 60, other: 20 }

export type Candidate = { url: string; depth: number; purpose: PagePurpose; value: number }

/** `www.` and the scheme do not make another site. */
export const siteHostOf = (url: string): string => new URL(url).host.replace(/^www\./, '')

/** The one spelling under which a page is visited once, or null when it is not worth a request. */
export const canonicalPageUrl = (link: string, base: string): string | null => {
  if (link.length > MAX_URL_LENGTH || !URL.canParse(link, base)) return null
  const url = new URL(link, base)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null
  if (url.username || url.password) return null
  url.hash = ''
  url.pathname = url.pathname.replace(/\/{2,}/g, '/').replace(/;jsessionid=[^/]*/i, '')
  const parameters = [...url.searchParams].filter(([name]) => !TRACKING.test(name)).sort()
  url.search = new URLSearchParams(parameters).toString()
  if (NOT_A_PAGE.test(url.pathname) || NOT_WORTH_IT.test(url.pathname)) return null
  if (url.pathname.split('/').length > MAX_PATH_SEGMENTS + 1) return null
  if (parameters.length > MAX_QUERY_PARAMETERS) return null
  return url.href
}

/** URLs that differ only in numbers or in the value of a parameter are one pattern (facets, pagination, days). */
const patternOf = (url: URL): string => {
  const path = url.pathname.replace(/\d+/g, '#').replace(/[^/]{25,}(?=\/|$)/, '*')
  return `${path}?${[...url.searchParams.keys()].join('&')}`
}

/** The pages of one site still to visit, most promising first, each at most once, endless families capped. */
export const createFrontier = (options: { siteHost: string; maxDepth: number }) => {
  const known = new Set<string>()
  const patterns = new Map<string, number>()
  const queue: Candidate[] = []

  /** One page under its two usual spellings (with and without www, slash or scheme) is one page. */
  const identity = (url: string): string => {
    const { pathname, search } = new URL(url)
    return `${pathname.replace(/\/(?:index\.(?:html?|php))?$/, '') || '/'}${search}`
  }

  const visited = (url: string) => void known.add(identity(url))

  const add = (
    link: Pick<PageLink, 'url' | 'kind'> & { nofollow?: boolean },
    base: string,
    depth: number,
  ) => {
    const url = canonicalPageUrl(link.url, base)
    if (!url || link.nofollow || depth > options.maxDepth || queue.length >= MAX_QUEUED) return
    if (siteHostOf(url) !== options.siteHost || known.has(identity(url))) return
    const parsed = new URL(url)
    const pattern = patternOf(parsed)
    const seen = patterns.get(pattern) ?? 0
    const varies = pattern.includes('#') || parsed.search !== ''
    if (link.kind === 'other' && varies && seen >= MAX_PER_PATTERN) return
    patterns.set(pattern, seen + 1)
    known.add(identity(url))
    queue.push({ url, depth, purpose: link.kind, value: valueOf(parsed, link.kind, depth) })
  }

  const take = (): Candidate | undefined => {
    let best = 0
    for (let index = 1; index < queue.length; index++)
      if (queue[index]!.value > queue[best]!.value) best = index
    return queue.splice(best, 1)[0]
  }

  return { add, take, visited, size: () => queue.length }
}

const valueOf = (url: URL, purpose: PagePurpose, depth: number): number => {
  const calendar = CALENDAR.test(url.pathname) ? 15 : 0
  const query = url.search ? 8 : 0
  return PURPOSE_VALUE[purpose] - depth * 4 - calendar - query - url.pathname.length / 100
}
