import { found, type Finding } from '../finding.ts'
import type { SiteView } from '../site-view.ts'

// web.dev: a first byte within 800 ms is good, after 1,800 ms poor.
const TTFB_GOOD_MS = 800
const TTFB_POOR_MS = 1800
const HTML_HEAVY_BYTES = 400_000
const HTML_VERY_HEAVY_BYTES = 1_000_000
// Below this a server rightly does not compress.
const COMPRESSIBLE_BYTES = 5_000
const MANY_FILES = 40

/** Speed as the crawl measured it: first byte, weight of the HTML, compression, caching, files to load. */
export const checkPerformance = (view: SiteView): Finding[] => [
  ...checkFirstByte(view),
  ...checkWeight(view),
  ...checkCompression(view),
  ...checkCaching(view),
  ...checkFiles(view),
]

const checkFirstByte = ({ pages, site }: SiteView): Finding[] => {
  const times = pages.map((page) => page.ttfbMs).filter((ms) => ms > 0)
  const ms = Math.round(median(times))
  if (ms <= TTFB_GOOD_MS) return []
  return [
    found('slow-response', {
      severity: ms > TTFB_POOR_MS ? 'medium' : 'low',
      pageUrl: site.finalUrl,
      params: { ms, pages: times.length },
    }),
  ]
}

const checkWeight = ({ pages }: SiteView): Finding[] => {
  const heaviest = pages.toSorted((a, b) => b.bytes - a.bytes)[0]
  if (!heaviest || heaviest.bytes <= HTML_HEAVY_BYTES) return []
  const kilobytes = Math.round(heaviest.bytes / 1000)
  return [
    found('heavy-html', {
      severity: heaviest.bytes > HTML_VERY_HEAVY_BYTES ? 'medium' : 'low',
      pageUrl: heaviest.finalUrl,
      params: { kilobytes, truncated: heaviest.truncated ? 1 : 0 },
    }),
  ]
}

const checkCompression = ({ pages }: SiteView): Finding[] => {
  const large = pages.filter(
    (page) => page.bytes >= COMPRESSIBLE_BYTES && Object.keys(page.headers).length > 0,
  )
  const plainly = large.filter((page) =>
    /^(identity)?$/i.test(page.headers['content-encoding']?.trim() ?? ''),
  )
  const first = plainly[0]
  if (!first || plainly.length * 2 <= large.length) return []
  return [
    found('no-compression', {
      pageUrl: first.finalUrl,
      params: { count: plainly.length, pages: large.length, kilobytes: Math.round(first.bytes / 1000) },
    }),
  ]
}

const checkCaching = ({ home }: SiteView): Finding[] => {
  if (!home || Object.keys(home.headers).length === 0) return []
  const control = home.headers['cache-control'] ?? ''
  const pageUrl = home.finalUrl
  if (/no-store/i.test(control)) return [found('caching-forbidden', { pageUrl, params: { control } })]
  const told = ['cache-control', 'expires', 'etag', 'last-modified'].some(
    (name) => (home.headers[name] ?? '') !== '',
  )
  return told ? [] : [found('caching-undefined', { pageUrl })]
}

const checkFiles = ({ home }: SiteView): Finding[] => {
  const count = home ? new Set([...home.scripts, ...home.stylesheets]).size : 0
  if (!home || count < MANY_FILES) return []
  const params = { count, scripts: home.scripts.length, sheets: home.stylesheets.length }
  return [found('many-files', { pageUrl: home.finalUrl, params })]
}

const median = (values: number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? 0)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}
