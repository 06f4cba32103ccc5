import type { FetchedResponse } from '#src/lib/safe-fetch.ts'
import type { CrawlLimits } from '../crawl-limits.ts'
import type { ParsedPage, PagePurpose } from '../extract/parsed-page.ts'
import type { PageError, PageRecord } from '../site-record.ts'
import { EXTRACTOR_VERSION } from './extractor-version.ts'
import type { KnownSitemap } from './read-sitemap.ts'

// Servers may lie about change: what is older than this is read anew whatever they say.
const MAX_AGE_MS = 30 * 86_400_000
const MAX_KEPT_PAGES = 300
// Characters of JSON, before compression: all of it is in memory while a site is crawled again.
const MAX_PAGE_LENGTH = 1_000_000
const MAX_SITE_LENGTH = 6_000_000
const MAX_VALIDATOR_LENGTH = 500
// An index entry of PostgreSQL holds no more than 2,700 bytes.
const MAX_URL_LENGTH = 2_000
// The row that tells of the site as a whole; no page has such an address.
const SITE_ROW = 'site'
const ZSTD_LEVEL = 3

/** One row of `kept_pages`, but for the company. */
export type KeptPage = {
  url: string
  etag: string | null
  lastModified: string | null
  readAt: Date
  parser: string
  parsed: Uint8Array
}

/** One visit of a crawl. A business card has no record; what could not be read has neither record nor `parsed`. */
export type Visit = {
  url: string
  depth: number
  purpose: PagePurpose
  home: boolean
  deep: boolean
  record: PageRecord | null
  parsed: ParsedPage | null
  /** Of the bytes and of the headers that the extractor reads. */
  digest: string | null
  errors: PageError[]
  /** Where redirects ended. */
  finalUrl: string
  etag: string | null
  lastModified: string | null
  readAt: Date
}

/** What a crawl knows of the site besides its pages. */
export type SiteMemory = {
  siteHost: string
  limits: CrawlLimits
  ignoreRobots: boolean
  robots: string
  sitemap: KnownSitemap
  redirectsToHttps: boolean | null
  /** Nothing was left out that another crawl by the same limits would have read. */
  complete: boolean
}

export type PageMemory = {
  site: SiteMemory | null
  /** In the order in which they were visited. */
  visits: Visit[]
  /** What is known of an address, under the spelling it was asked for or where that led; null when it has to be
   *  read anew. */
  recall: (url: string, as: { home: boolean; deep: boolean }) => Visit | null
  home: () => Visit | null
}

type Stored = { order: number; visit: Omit<Visit, 'etag' | 'lastModified' | 'readAt' | 'finalUrl'> }

export const emptyMemory: PageMemory = { site: null, visits: [], recall: () => null, home: () => null }

/** Whether what was read then may still be gone by. */
export const isRecent = (readAt: Date | string, now: Date): boolean =>
  now.getTime() - new Date(readAt).getTime() < MAX_AGE_MS

/** What the crawl before left, without what is too old or was parsed by another extractor. */
export const readMemory = (rows: KeptPage[], now: Date): PageMemory => {
  const fresh = rows.filter((row) => row.parser === EXTRACTOR_VERSION && isRecent(row.readAt, now))
  const siteRow = fresh.find((row) => row.url === SITE_ROW)
  if (!siteRow) return emptyMemory
  const stored = fresh
    .filter((row) => row !== siteRow)
    .map((row) => ({ row, ...(unpack(row.parsed) as Stored) }))
    .toSorted((a, b) => a.order - b.order)
  const visits = stored.map(({ row, visit }): Visit => ({ ...visit, ...placeOf(row) }))
  const byUrl = new Map<string, Visit>()
  for (const visit of visits) byUrl.set(visit.url, visit)
  for (const visit of visits) byUrl.set(visit.finalUrl, visit)
  return {
    site: unpack(siteRow.parsed) as SiteMemory,
    visits,
    recall: (url, as) => {
      const known = byUrl.get(url)
      if (!known?.parsed || !known.digest || known.home !== as.home) return null
      return as.deep && !known.deep ? null : known
    },
    home: () => visits.find((visit) => visit.home && visit.digest) ?? null,
  }
}

const placeOf = ({ url, etag, lastModified, readAt }: KeptPage) => ({
  finalUrl: url,
  etag,
  lastModified,
  readAt,
})

const unpack = (packed: Uint8Array): unknown =>
  JSON.parse(new TextDecoder().decode(Bun.zstdDecompressSync(packed)))

/** The rows to keep for the next crawl, bounded in number and size: a page too large for them is named only, so that
 *  it is read again. */
export const packMemory = (site: SiteMemory, visits: Visit[], readAt: Date): KeptPage[] => {
  const rows = new Map<string, KeptPage>()
  let length = 0
  for (const [order, visit] of visits.slice(0, MAX_KEPT_PAGES).entries()) {
    if (rows.has(visit.finalUrl) || visit.finalUrl.length > MAX_URL_LENGTH) continue
    let json = toStored(visit, order)
    if (json.length > MAX_PAGE_LENGTH || length + json.length > MAX_SITE_LENGTH)
      json = toStored({ ...visit, record: null, parsed: null, digest: null }, order)
    length += json.length
    const { etag, lastModified, readAt: pageReadAt } = visit
    rows.set(visit.finalUrl, { ...row(visit.finalUrl, json, pageReadAt), etag, lastModified })
  }
  return [row(SITE_ROW, JSON.stringify(site), readAt), ...rows.values()]
}

const toStored = (visit: Visit, order: number): string => {
  const { finalUrl: _finalUrl, etag: _etag, lastModified: _lastModified, readAt: _readAt, ...stored } = visit
  return JSON.stringify({ order, visit: stored } satisfies Stored)
}

const row = (url: string, json: string, readAt: Date): KeptPage => ({
  url,
  etag: null,
  lastModified: null,
  readAt,
  parser: EXTRACTOR_VERSION,
  parsed: new Uint8Array(Bun.zstdCompressSync(json, { level: ZSTD_LEVEL })),
})

/** Headers that ask for an answer only if the page has changed (RFC 9110 §13.1). */
export const conditionsOf = (known: Pick<Visit, 'etag' | 'lastModified'>): Record<string, string> => ({
  ...(known.etag && { 'if-none-match': known.etag }),
  ...(known.lastModified && { 'if-modified-since': known.lastModified }),
})

export const validatorsOf = ({ headers }: Pick<FetchedResponse, 'headers'>) => ({
  etag: short(headers['etag']),
  lastModified: short(headers['last-modified']),
})

const short = (value: string | undefined): string | null =>
  value && value.length <= MAX_VALIDATOR_LENGTH ? value : null

/** Whether a 304 can be believed: it is about the page we know, and no later date of change contradicts it. */
export const saysUnchanged = (response: FetchedResponse, known: Visit): boolean => {
  const modified = response.headers['last-modified']
  const later = modified !== undefined && known.lastModified !== null && modified !== known.lastModified
  return response.status === 304 && response.url === known.finalUrl && !later
}

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
