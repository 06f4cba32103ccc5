import type { FetchedResponse } from '#src/lib/safe-fetch.ts'
import type { CrawlLimits } from '../crawl-limits.ts'
import type { SiteEnd } from '../site-record.ts'
import { EXTRACTOR_VERSION } from './extractor-version.ts'
import { foldedNothing, pack, unpack, type FoldedVisit } from './folded-visit.ts'
import type { KnownSitemap } from './read-sitemap.ts'

// Servers may lie about change: what is older than this is read anew whatever they say.
const MAX_AGE_MS = 30 * 86_400_000
const MAX_KEPT_PAGES = 300
// Characters of JSON, before compression: all of it is in memory while a site is crawled again.
const MAX_PAGE_LENGTH = 1_000_000
const MAX_SITE_LENGTH = 6_000_000
// An index entry of PostgreSQL holds no more than 2,700 bytes.
const MAX_URL_LENGTH = 2_000
// The row that tells of the site as a whole; no page has such an address.
const SITE_ROW = 'site'

/** One row of `kept_pages`, but for the company. */
export type KeptPage = {
  url: string
  etag: string | null
  lastModified: string | null
  readAt: Date
  parser: string
  parsed: Uint8Array
}

/** What a crawl knows of the site besides its pages. */
export type SiteMemory = {
  siteHost: string
  limits: CrawlLimits
  ignoreRobots: boolean
  robots: string
  sitemap: KnownSitemap
  redirectsToHttps: boolean | null
  endedBy: SiteEnd
}

export type PageMemory = {
  site: SiteMemory | null
  /** In the order in which they were visited. */
  visits: FoldedVisit[]
  /** What is known of an address, under the spelling it was asked for or where that led; null when it has to be
   *  read anew. */
  recall: (url: string, as: { home: boolean; deep: boolean }) => FoldedVisit | null
  home: () => FoldedVisit | null
}

/** What the row of the site tells of each page, so that a page is unpacked only when its content is wanted. */
type Listed = Omit<FoldedVisit, 'packed' | 'etag' | 'lastModified' | 'readAt'>
type StoredSite = SiteMemory & { pages: Listed[] }

export const emptyMemory: PageMemory = { site: null, visits: [], recall: () => null, home: () => null }

/** Whether what was read then may still be gone by. */
export const isRecent = (readAt: Date | string, now: Date): boolean =>
  now.getTime() - new Date(readAt).getTime() < MAX_AGE_MS

/** What the crawl before left, without what is too old or was parsed by another extractor. */
export const readMemory = (rows: KeptPage[], now: Date): PageMemory => {
  const fresh = rows.filter((row) => row.parser === EXTRACTOR_VERSION && isRecent(row.readAt, now))
  const byPlace = new Map(fresh.map((row) => [row.url, row]))
  const siteRow = byPlace.get(SITE_ROW)
  const stored = siteRow && (unpack(siteRow.parsed) as Partial<StoredSite>)
  // What an older version of the program packed is not gone by.
  if (!stored?.pages) return emptyMemory
  const { pages, ...site } = stored as StoredSite
  const visits = pages.flatMap((page): FoldedVisit[] => {
    const row = byPlace.get(page.finalUrl)
    if (!row) return []
    const { etag, lastModified, readAt, parsed } = row
    return [{ ...page, etag, lastModified, readAt, packed: parsed }]
  })
  const byUrl = new Map<string, FoldedVisit>()
  for (const visit of visits) byUrl.set(visit.url, visit)
  for (const visit of visits) byUrl.set(visit.finalUrl, visit)
  return {
    site,
    visits,
    recall: (url, as) => {
      const known = byUrl.get(url)
      if (!known?.isParsed || !known.digest || known.home !== as.home) return null
      return as.deep && !known.deep ? null : known
    },
    home: () => visits.find((visit) => visit.home && visit.digest) ?? null,
  }
}

/** The rows to keep for the next crawl, bounded in number and size: a page too large for them is named only, so that
 *  it is read again. */
export const packMemory = (site: SiteMemory, visits: FoldedVisit[], readAt: Date): KeptPage[] => {
  const rows = new Map<string, KeptPage>()
  const pages: Listed[] = []
  let length = 0
  for (const visit of visits.slice(0, MAX_KEPT_PAGES)) {
    if (rows.has(visit.finalUrl) || visit.finalUrl.length > MAX_URL_LENGTH) continue
    const fits = visit.length <= MAX_PAGE_LENGTH && length + visit.length <= MAX_SITE_LENGTH
    const { packed, etag, lastModified, readAt: pageReadAt, ...listed } = fits ? visit : foldedNothing(visit)
    length += listed.length
    pages.push(listed)
    rows.set(visit.finalUrl, { ...row(visit.finalUrl, packed, pageReadAt), etag, lastModified })
  }
  const { packed } = pack({ ...site, pages } satisfies StoredSite)
  return [row(SITE_ROW, packed, readAt), ...rows.values()]
}

const row = (url: string, parsed: Uint8Array, readAt: Date): KeptPage => ({
  url,
  etag: null,
  lastModified: null,
  readAt,
  parser: EXTRACTOR_VERSION,
  parsed,
})

// Headers that tell the technologies of a server; others change with every answer.
const TELLING = [
  'content-type',
  'server',
  'x-powered-by',
  'x-generator',
  'x-aspnet-version',
  'x-aspnetmvc-version',
]

/** Equal for answers of which the extractor makes the same. */
export const digestOf = (response: Pick<FetchedResponse, 'headers' | 'body'>): string => {
  const hasher = new Bun.CryptoHasher('sha256')
  for (const name of TELLING) hasher.update(`${name}:${response.headers[name] ?? ''}\n`)
  const cookies = (response.headers['set-cookie'] ?? '').split('\n').map((line) => line.split('=')[0])
  hasher.update(`${cookies.toSorted().join(' ')}\n`)
  return hasher.update(response.body).digest('hex')
}
