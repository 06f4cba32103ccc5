import { constants, gunzipSync } from 'node:zlib'
import { decodeXML } from 'entities'
import type { FetchedResponse } from '#src/lib/safe-fetch.ts'
import { purposeOf } from '../extract/links.ts'
import type { SiteFetch } from './open-site.ts'
import { siteHostOf } from './page-urls.ts'
import { conditionsOf, validatorsOf, type Validators } from './validators.ts'

const MAX_FILES = 4
const MAX_URLS = 50_000
const MAX_BYTES = 8_000_000
const CANDIDATES = ['/sitemap.xml', '/sitemap_index.xml', '/wp-sitemap.xml']
const MAX_NAMED = 3
// Of the parts of an index, those with pages of the company itself first.
const LIKELY_PART = /page|contact|site|main|static|principal/i
const UNLIKELY_PART = /post|article|product|produit|tag|categor|image|video|author|auteur|news|blog|event/i

export type Sitemap = { url: string | null; found: boolean; urlCount: number; urls: string[] }

/** A sitemap as read, with what it can be asked for again by. */
export type KnownSitemap = Validators & {
  sitemap: Sitemap
  /** Of its first file */
  digest: string | null
  /** ISO 8601 */
  readAt: string
}

type Asking = {
  origin: string
  /** What robots.txt names. */
  named: string[]
  fetchPage: SiteFetch
  /** How many addresses are wanted. */
  keep: number
  /** For all its files together, as bytes on the wire and decoded. */
  maxBytes: number
  /** From the crawl before, when it may still hold. */
  known: KnownSitemap | null
  now: Date
}

/** Reads the sitemap robots.txt names, else the first usual one: an index is followed one level deep. Only files of
 *  the site itself are read. `urls` holds at most `keep` addresses, those of a purpose first; `urlCount` counts them
 *  all (up to 50,000, sitemaps.org's own limit). A known one is only asked whether it has changed. */
export const readSitemap = async (asking: Asking): Promise<KnownSitemap & { unchanged: boolean }> => {
  const { known } = asking
  // That there is none is believed as long as anything else.
  if (known && !known.sitemap.url) return { ...known, unchanged: true }
  const siteHost = siteHostOf(asking.origin)
  const left = { bytes: Math.min(MAX_BYTES, asking.maxBytes) }
  const named = asking.named.filter((url) => siteHostOf(url) === siteHost)
  const usual = CANDIDATES.map((path) => asking.origin + path)
  const starts = named.length > 0 ? named.slice(0, MAX_NAMED) : usual
  if (known?.sitemap.url) starts.unshift(known.sitemap.url)
  for (const start of new Set(starts)) {
    const conditions = known && start === known.sitemap.url ? known : null
    const response = await askFor(start, { ...asking, left, siteHost, conditions })
    if (conditions && response?.status === 304) return { ...conditions, unchanged: true }
    const digest = response && digestOf(response.body)
    if (conditions && digest === conditions.digest) return { ...conditions, unchanged: true }
    const first = response && locationsIn(response)
    if (!first) continue
    const sets = first.index
      ? await readParts(first.locations, { ...asking, left, siteHost })
      : [first.locations]
    return {
      sitemap: sitemapOf(start, sets, asking.keep),
      ...validatorsOf(response),
      digest,
      readAt: asking.now.toISOString(),
      unchanged: false,
    }
  }
  const none = { url: null, found: false, urlCount: 0, urls: [] }
  const readAt = asking.now.toISOString()
  return { sitemap: none, etag: null, lastModified: null, digest: null, readAt, unchanged: false }
}

type Files = Asking & { left: { bytes: number }; siteHost: string }

const askFor = async (
  url: string,
  { fetchPage, left, siteHost, conditions }: Files & { conditions: KnownSitemap | null },
): Promise<FetchedResponse | null> => {
  if (!URL.canParse(url) || siteHostOf(url) !== siteHost || left.bytes <= 0) return null
  const headers = conditions ? conditionsOf(conditions) : {}
  const result = await fetchPage(url, { maxBytes: left.bytes, headers })
  if (!result.ok) return null
  left.bytes -= result.response.bytes
  const { response } = result
  return siteHostOf(response.url) === siteHost && [200, 304].includes(response.status) ? response : null
}

const readParts = async (parts: string[], files: Files): Promise<string[][]> => {
  const own = parts.filter((url) => URL.canParse(url) && siteHostOf(url) === files.siteHost)
  const sets: string[][] = []
  for (const url of own.toSorted((a, b) => promiseOf(b) - promiseOf(a)).slice(0, MAX_FILES)) {
    const response = await askFor(url, { ...files, conditions: null })
    sets.push((response && locationsIn(response)?.locations) ?? [])
  }
  return sets
}

const promiseOf = (url: string): number => {
  const name = new URL(url).pathname
  return UNLIKELY_PART.test(name) ? 0 : LIKELY_PART.test(name.replace(/sitemap/gi, '')) ? 2 : 1
}

const sitemapOf = (url: string, sets: string[][], keep: number): Sitemap => {
  const all = sets.flat().slice(0, MAX_URLS)
  const own = all.filter((one) => URL.canParse(one))
  const [others, wanted] = [[], []] as [string[], string[]]
  for (const one of own) (purposeOf(new URL(one), '') === 'other' ? others : wanted).push(one)
  return { url, found: true, urlCount: all.length, urls: [...wanted, ...others].slice(0, keep) }
}

const locationsIn = ({ body }: FetchedResponse): { index: boolean; locations: string[] } | null => {
  const text = textOf(body)
  const start = text.slice(0, 2_000)
  const index = /<(?:\w+:)?sitemapindex[\s>]/i.test(start)
  if (index || /<(?:\w+:)?urlset[\s>]/i.test(start)) return { index, locations: locationsOf(text) }
  const lines = text.trim().split(/\s*\n\s*/, MAX_URLS)
  // sitemaps.org also knows a plain list, one address a line.
  return lines.every((line) => /^https?:\/\/\S+$/.test(line)) ? { index: false, locations: lines } : null
}

// Some servers send sitemap.xml.gz as a file, not as an encoding.
const textOf = (body: Uint8Array): string => {
  if (body[0] !== 0x1f || body[1] !== 0x8b) return new TextDecoder().decode(body)
  try {
    const options = { maxOutputLength: MAX_BYTES, finishFlush: constants.Z_SYNC_FLUSH }
    return new TextDecoder().decode(gunzipSync(body, options))
  } catch {
    return ''
  }
}

const locationsOf = (text: string): string[] => {
  const locations: string[] = []
  for (const match of text.matchAll(/<(?:\w+:)?loc>\s*(?:<!\[CDATA\[)?\s*([^<\s\]]{1,2000})/gi)) {
    locations.push(decodeXML(match[1]!))
    if (locations.length >= MAX_URLS) break
  }
  return locations
}

const digestOf = (body: Uint8Array): string => new Bun.CryptoHasher('sha256').update(body).digest('hex')
