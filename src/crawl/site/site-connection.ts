import type { FetchedResponse, FetchHop } from '#src/lib/safe-fetch.ts'
import type { TlsRecord } from '../site-record.ts'
import type { CrawlTools } from './crawl-site.ts'
import type { SiteFetch } from './open-site.ts'

/** Asked only when the site itself speaks https: does the plain address lead there? */
export const redirectsToHttps = async (
  homeUrl: string,
  hops: FetchHop[],
  fetchPage: SiteFetch,
): Promise<boolean | null> => {
  const home = new URL(homeUrl)
  if (home.protocol !== 'https:') return false
  if (hops.some((hop) => hop.from.startsWith('http:') && hop.to.startsWith('https:'))) return true
  if (home.port) return null
  const result = await fetchPage(`http://${home.host}/`, { maxBytes: 1_000, maxRedirects: 3 })
  return result.ok ? result.response.url.startsWith('https:') : null
}

/** The certificate of the site, or why it has none. */
export const tlsOf = async (
  home: FetchedResponse,
  failed: string | null,
  tools: CrawlTools,
): Promise<TlsRecord> => {
  const none = { protocol: null, issuer: null, validFrom: null, validTo: null }
  const url = new URL(home.url)
  const plain = url.protocol !== 'https:'
  const without = { state: 'none', problem: failed, ...none } as const
  if (plain && (failed || url.port)) return without
  const inspected = await tools.inspectTls(url.hostname, Number(url.port || 443)).catch(() => null)
  // A site listed by its http address may well have a good certificate that nobody is sent to.
  if (plain && inspected?.state !== 'ok') return { ...without, problem: inspected?.problem ?? null }
  if (inspected) {
    const { state, problem, protocol, issuer, validFrom, validTo } = inspected
    return { state, problem, protocol, issuer, validFrom, validTo }
  }
  return { state: home.tls.problem ? 'broken' : 'ok', problem: home.tls.problem, ...none }
}
