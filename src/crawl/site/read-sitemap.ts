import { gunzipSync } from 'node:zlib'
import { decodeXML } from 'entities'
import type { SiteFetch } from './open-site.ts'

const MAX_FILES = 4
const MAX_URLS = 50_000
const MAX_BYTES = 8_000_000
const CANDIDATES = ['/sitemap.xml', '/sitemap_index.xml', '/wp-sitemap.xml']

export type Sitemap = { url: string | null; found: boolean; urlCount: number; urls: string[] }

/** Reads the sitemap robots.txt names, else the first usual one: an index is followed one level deep.
 *  `urls` holds at most `keep` addresses, `urlCount` counts them all (up to 50,000, sitemaps.org's own limit). */
export const readSitemap = async (
  origin: string,
  named: string[],
  fetchPage: SiteFetch,
  keep: number,
): Promise<Sitemap> => {
  const starts = named.length > 0 ? named.slice(0, 2) : CANDIDATES.map((path) => origin + path)
  for (const start of starts) {
    const first = await readLocations(start, fetchPage)
    if (!first) continue
    const sitemap: Sitemap = { url: start, found: true, urlCount: 0, urls: [] }
    const parts = first.index ? first.locations.slice(0, MAX_FILES) : []
    const sets = first.index ? await readAll(parts, fetchPage) : [first.locations]
    for (const locations of sets) {
      sitemap.urlCount = Math.min(MAX_URLS, sitemap.urlCount + locations.length)
      sitemap.urls.push(...locations.slice(0, Math.max(0, keep - sitemap.urls.length)))
    }
    return sitemap
  }
  return { url: null, found: false, urlCount: 0, urls: [] }
}

const readAll = async (urls: string[], fetchPage: SiteFetch): Promise<string[][]> => {
  const sets: string[][] = []
  for (const url of urls) sets.push((await readLocations(url, fetchPage))?.locations ?? [])
  return sets
}

const readLocations = async (url: string, fetchPage: SiteFetch) => {
  if (!URL.canParse(url)) return null
  const result = await fetchPage(url, { maxBytes: MAX_BYTES })
  if (!result.ok || result.response.status !== 200) return null
  const text = textOf(result.response.body)
  const index = /<sitemapindex[\s>]/i.test(text.slice(0, 2_000))
  if (!index && !/<urlset[\s>]/i.test(text.slice(0, 2_000))) return null
  return { index, locations: locationsOf(text) }
}

// Some servers send sitemap.xml.gz as a file, not as an encoding.
const textOf = (body: Uint8Array): string => {
  if (body[0] !== 0x1f || body[1] !== 0x8b) return new TextDecoder().decode(body)
  try {
    return new TextDecoder().decode(gunzipSync(body, { maxOutputLength: MAX_BYTES }))
  } catch {
    return ''
  }
}

const locationsOf = (text: string): string[] => {
  const locations: string[] = []
  for (const match of text.matchAll(/<loc>\s*(?:<!\[CDATA\[)?\s*([^<\s\]]{1,2000})/gi)) {
    locations.push(decodeXML(match[1]!))
    if (locations.length >= MAX_URLS) break
  }
  return locations
}
