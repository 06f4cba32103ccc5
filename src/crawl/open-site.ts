import type { FetchedResponse, FetchHop, FetchOptions, FetchResult } from '#src/lib/safe-fetch.ts'
import type { CrawlErrorCode } from './site-record.ts'

export type SiteFetch = (url: string, options?: FetchOptions) => Promise<FetchResult>

export type OpenedSite =
  | { ok: true; response: FetchedResponse; hops: FetchHop[]; tlsFailed: string | null }
  | { ok: false; error: { code: CrawlErrorCode; message: string } }

/** Reads the first page of a site as a visitor would find it: the address as given, else its other scheme, else
 *  with or without `www.`. Broken TLS is read and reported; `http://` is used only when https does not work. */
export const openSite = async (url: string, fetchPage: SiteFetch): Promise<OpenedSite> => {
  let first: { code: CrawlErrorCode; message: string } | null = null
  let tlsFailed: string | null = null
  for (const candidate of spellingsOf(url)) {
    const result = await fetchPage(candidate)
    if (result.ok) return { ok: true, response: result.response, hops: result.hops, tlsFailed }
    const { code, message, cause } = result.problem
    if (code === 'tls') tlsFailed = cause ?? 'TLS'
    first ??= { code: errorCodeOf(code), message }
    if (code === 'refused_address' || code === 'bad_url' || code === 'stopped') break
  }
  return { ok: false, error: first ?? { code: 'unreachable', message: 'The address is not a web address.' } }
}

const spellingsOf = (url: string): string[] => {
  const given = new URL(url)
  const swapped = new URL(url)
  swapped.protocol = given.protocol === 'https:' ? 'http:' : 'https:'
  const names = [given, swapped]
  if (given.port || /^[\d.]+$|:|^\[/.test(given.hostname))
    return given.port ? [given.href, swapped.href] : [given.href, swapped.href]
  for (const one of [...names]) {
    const other = new URL(one)
    other.hostname = one.hostname.startsWith('www.') ? one.hostname.slice(4) : `www.${one.hostname}`
    names.push(other)
  }
  return names.map((one) => one.href)
}

const errorCodeOf = (code: string): CrawlErrorCode => {
  if (code === 'refused_address' || code === 'dns' || code === 'tls' || code === 'timeout') return code
  return 'unreachable'
}
