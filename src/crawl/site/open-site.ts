import type { FetchedResponse, FetchHop, FetchOptions, FetchResult } from '#src/lib/safe-fetch.ts'
import type { CrawlErrorCode } from '../site-record.ts'

export type SiteFetch = (url: string, options?: FetchOptions) => Promise<FetchResult>

export type OpenedSite =
  | { ok: true; response: FetchedResponse; hops: FetchHop[]; tlsFailed: string | null }
  | { ok: false; error: { code: CrawlErrorCode; message: string } }

/** Reads the first page of a site as a visitor would find it: by https, else by http, else with or without `www.`.
 *  Broken TLS is read and reported; `http://` is used only when https does not work at all. */
export const openSite = async (url: string, fetchPage: SiteFetch): Promise<OpenedSite> => {
  let first: { code: CrawlErrorCode; message: string } | null = null
  let tlsFailed: string | null = null
  const unknownNames = new Set<string>()
  for (const candidate of spellingsOf(url)) {
    if (unknownNames.has(new URL(candidate).hostname)) continue
    const result = await fetchPage(candidate)
    if (result.ok) return { ok: true, response: result.response, hops: result.hops, tlsFailed }
    const { code, message, cause } = result.problem
    if (code === 'dns') unknownNames.add(new URL(candidate).hostname)
    if (code === 'tls') tlsFailed = cause ?? 'TLS'
    first ??= { code: errorCodeOf(code), message }
    if (code === 'refused_address' || code === 'bad_url' || code === 'stopped') break
  }
  return { ok: false, error: first ?? { code: 'unreachable', message: 'The address is not a web address.' } }
}

// Lists often say http:// of a site that has long had https; a port or an address is meant as written.
const spellingsOf = (url: string): string[] => {
  const given = new URL(url)
  const secure = withProtocol(given, 'https:')
  const plain = withProtocol(given, 'http:')
  if (given.port) return given.protocol === 'https:' ? [secure.href, plain.href] : [plain.href, secure.href]
  if (/^[\d.]+$|^\[/.test(given.hostname)) return [secure.href, plain.href]
  return [secure, plain, otherName(secure), otherName(plain)].map((one) => one.href)
}

const withProtocol = (url: URL, protocol: string): URL => Object.assign(new URL(url), { protocol })

const otherName = (url: URL): URL =>
  Object.assign(new URL(url), {
    hostname: url.hostname.startsWith('www.') ? url.hostname.slice(4) : `www.${url.hostname}`,
  })

const errorCodeOf = (code: string): CrawlErrorCode => {
  if (code === 'refused_address' || code === 'dns' || code === 'tls' || code === 'timeout') return code
  return 'unreachable'
}
