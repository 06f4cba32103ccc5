import parameters from './url-parameters.data.json'

const MAX_URL_LENGTH = 1_000
const MAX_PATH_SEGMENTS = 8
const MAX_QUERY_PARAMETERS = 2
// A page of an old system may be named by several parameters at once (Joomla: option, view, id, catid, Itemid).
const MAX_PAGE_PARAMETERS = 5
// The same folder three times in one address is a relative link that leads into itself.
const MAX_SAME_SEGMENT = 2

const NOT_A_PAGE =
  /\.(?:jpe?g|png|gif|webp|avif|svg|ico|bmp|tiff?|css|js|mjs|json|xml|rss|atom|txt|pdf|docx?|xlsx?|pptx?|od[tsp]|zip|rar|7z|gz|tar|mp[34]|m4[av]|avi|mov|webm|og[gv]|wav|flac|woff2?|ttf|eot|otf|exe|dmg|apk|iso|ics|map|swf)$/i
const NOT_WORTH_IT =
  /\/(?:wp-admin|wp-login|wp-json|xmlrpc|cgi-bin|feed|cart|panier|checkout|commande|login|connexion|logout|register|inscription|my-account|mon-compte|compte|wishlist|compare|search|recherche|print|imprimer|share|cdn-cgi)(?:\/|$|\.)|\/(?:amp|embed|trackback)\/?$/i
const PATH_SESSION =
  /;(?:jsessionid|phpsessid|sid|sessionid)=[^/]*|\/\((?:[AS]\([^/()]*\))+\)(?=\/)|\/(?:s?id|sess(?:ion)?(?:id)?|phpsessid)[-=_:](?=[a-z]*\d)[a-z0-9]{8,}(?=\/)/gi
// What PHP and its like make: 26 or 32 letters and digits, or 40 of hexadecimal.
const SESSION_VALUE = /^(?=[a-z]*\d)(?=\d*[a-z])(?:[a-z0-9]{26}|[a-f0-9]{32}|[a-f0-9]{40})$/i
const INDEX_PAGE = /\/(?:(?:index|default)\.(?:html?|php\d?|aspx?|jsp|cfm))?$/i

// A calendar or a list walked by date or page number has no end.
const CALENDAR = /\/(?:19|20)\d\d(?:[/_-]\d{1,3}){0,2}(?=\/|$)|\/\d{1,2}[-_](?:19|20)\d\d(?=\/|$)/
const LIST_PAGE = /(?:\/|-)(?:page|pagina|seite|p)[-_/]?\d+(?=\/|$|\.)/i
const MIN_TOKEN_LENGTH = 6

const DROPPED = new Set(parameters.dropped)
const FACETS = new Set(parameters.facets)
const LISTS = new Set(parameters.lists)
const PAGES = new Set(parameters.pages)
const startsWithOneOf = (name: string, prefixes: string[]): boolean =>
  prefixes.some((prefix) => name.startsWith(prefix))

/** `www.` and the scheme do not make another site. */
export const siteHostOf = (url: string): string =>
  new URL(url).host.replace(/^www\./, '').replace(/\.(?=$|:)/, '')

/** The one spelling under which a page is visited once, or null when it is not worth a request. Parameters that
 *  name a visit, its origin, an order or a print view are left out; what filters or searches is no page. */
export const canonicalPageUrl = (link: string, base: string): string | null => {
  if (link.length > MAX_URL_LENGTH) return null
  const url = URL.parse(link, base)
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) return null
  if (url.username || url.password) return null
  // Each setter of a URL reads all of it again.
  if (url.hash !== '') url.hash = ''
  const path = url.pathname.replace(PATH_SESSION, '').replace(/\/{2,}/g, '/')
  if (path !== url.pathname) url.pathname = path
  if (NOT_A_PAGE.test(path) || NOT_WORTH_IT.test(path) || leadsIntoItself(path)) return null
  if (url.search === '') return url.href.replace(/\?$/, '')
  const kept = [...url.searchParams].filter(([name, value]) => !isDropped(name.toLowerCase(), value)).sort()
  if (!isPageQuery(kept.map(([name]) => name.toLowerCase()))) return null
  url.search = new URLSearchParams(kept).toString()
  return url.href
}

const isDropped = (name: string, value: string): boolean =>
  DROPPED.has(name) || startsWithOneOf(name, parameters.droppedPrefixes) || SESSION_VALUE.test(value)

const leadsIntoItself = (path: string): boolean => {
  const segments = path.split('/').filter(Boolean)
  if (segments.length > MAX_PATH_SEGMENTS) return true
  const counts = Map.groupBy(segments, (segment) => segment.toLowerCase())
  return [...counts.values()].some((same) => same.length > MAX_SAME_SEGMENT)
}

const isPageQuery = (names: string[]): boolean => {
  if (names.some((name) => FACETS.has(name) || startsWithOneOf(name, parameters.facetPrefixes))) return false
  return names.length <= (names.every((name) => PAGES.has(name)) ? MAX_PAGE_PARAMETERS : MAX_QUERY_PARAMETERS)
}

/** What is the same for all spellings of one page of a site: with or without www, slash, index file or scheme. */
export const identityOf = (url: string): string => {
  const { pathname, search } = new URL(url)
  return `${decoded(pathname).replace(INDEX_PAGE, '') || '/'}${search}`
}

const decoded = (path: string): string => {
  if (!path.includes('%')) return path
  try {
    return decodeURI(path)
  } catch {
    return path
  }
}

/** The family a page belongs to: URLs that differ only in numbers, random tokens, repeated folders or parameters'
 *  values are one. `endless` ones are walked by date or page number; a `single` has a name of its own. */
export const familyOf = (url: URL): { key: string; kind: 'single' | 'varied' | 'endless' } => {
  const path = patternOf(url.pathname)
  const names = [...url.searchParams.keys()].map((name) => name.toLowerCase())
  const key = `${path}?${names.join('&')}`
  const last = url.pathname.split('/').at(-1) ?? ''
  const dated = CALENDAR.test(url.pathname) && !/[a-z]{3,}/i.test(last)
  const paged = [...url.searchParams].some(
    ([name, value]) => LISTS.has(name.toLowerCase()) && /\d/.test(value),
  )
  if (dated || paged || LIST_PAGE.test(url.pathname)) return { key, kind: 'endless' }
  return { key, kind: path.includes('#') || names.length > 0 ? 'varied' : 'single' }
}

const patternOf = (path: string): string => {
  const pattern: string[] = []
  for (const segment of path.split('/')) {
    const shape = isToken(segment) ? '#' : segment.replace(/\d+/g, '#')
    if (shape !== '' && shape === pattern.at(-1)) pattern.push('#')
    else pattern.push(shape)
  }
  return pattern.join('/')
}

// Letters and digits in turn, as identifiers have them: names of pages do not change so often between the two.
const isToken = (segment: string): boolean =>
  segment.length >= MIN_TOKEN_LENGTH &&
  /^[a-z0-9_]+$/i.test(segment) &&
  (segment.match(/[a-z](?=\d)|\d(?=[a-z])/gi)?.length ?? 0) >= 2

/** True for a page filed under a date, such as a post. */
export const isDated = (url: URL): boolean => CALENDAR.test(url.pathname)
