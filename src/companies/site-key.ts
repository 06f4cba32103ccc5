import { parse } from 'tldts'
import shared from './shared-hosts.data.json'

const MAX_URL = 2_000
const MAX_PARTS = 20
const MAX_WRAPPERS = 3
const HOST =
  /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/
const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/
// Endings that no registry sells but that people use inside their own network (RFC 6761, RFC 8375).
const LOCAL_ENDING = /(?:^|\.)(?:localhost|test|example|local|internal|lan|home\.arpa)$/
const TRACKING =
  /^(?:utm_\w+|gclid|gbraid|wbraid|fbclid|msclkid|mc_[ce]id|igshid?|si|_ga|_gl|yclid|dclid|ref_src|y_source|trk)$/i

type SharedHost = { kind: string; network: string }
const HOSTS: Record<string, SharedHost> = shared.hosts
const ANY_SUFFIX: Record<string, SharedHost> = shared.anySuffix
const OWN_SUBDOMAINS = new Set(shared.ownSubdomains)
const PLATFORMS = new Set(shared.platforms)
const PATH_SITES = shared.pathSites.map(({ host, path }) => ({ host, path: new RegExp(path, 'i') }))

/** What a value in a website column leads to. A site of the company's own has a `siteKey` and a `canonicalUrl`;
 *  a page on a host shared by many has a `profileUrl` and its network; something else has nothing. */
export type SiteIdentity = {
  siteKey: string | null
  canonicalUrl: string | null
  profileUrl: string | null
  profileNetwork?: string
}

const NOTHING: SiteIdentity = { siteKey: null, canonicalUrl: null, profileUrl: null }

/** The identity of a site: its host in lower case and punycode, without `www.`, port and trailing dot, so that
 *  `shop.example.fr`, `example.fr` and `a.wixsite.com` are three sites. IP addresses and `localhost` keep their
 *  port. Social networks, directories, marketplaces and link pages (shared-hosts.data.json) have no key; where a
 *  path is somebody's site (`sites.google.com/view/x`, `perso.orange.fr/x`) the key is the host and that path. */
export const siteKey = (value: string): SiteIdentity => {
  const found = parseWebsites(value).map(identify)
  const site = found.find((one) => one.siteKey !== null)
  const profile = found.find((one) => one.profileUrl !== null)
  return { ...NOTHING, ...profile, ...(site && { siteKey: site.siteKey, canonicalUrl: site.canonicalUrl }) }
}

const identify = (url: URL): SiteIdentity => {
  const host = url.hostname
  const pathSite = PATH_SITES.find((site) => site.host === host)
  if (pathSite) {
    const path = pathSite.path.exec(url.pathname)?.[0]
    return path
      ? { ...NOTHING, siteKey: `${host}${decodePath(path)}`, canonicalUrl: canonicalUrl(url) }
      : NOTHING
  }
  const known = sharedHost(host)
  if (known) return { ...NOTHING, profileUrl: canonicalUrl(url), profileNetwork: known.network }
  const bare = withoutWww(host)
  if (PLATFORMS.has(bare)) return NOTHING
  const keepsPort = url.port !== '' && (isIp(host) || host === 'localhost')
  return { ...NOTHING, siteKey: keepsPort ? `${bare}:${url.port}` : bare, canonicalUrl: canonicalUrl(url) }
}

/** The websites in a value as people write it (`www.example.fr`, `HTTP//Example.fr/`, a list of two), without
 *  credentials, fragment and tracking parameters; what is not the address of an http(s) site is left out. */
export const parseWebsites = (value: string): URL[] =>
  value
    .slice(0, MAX_URL)
    .split(/[\s;|<>"]+|,(?=\s|www|http)/, MAX_PARTS)
    .flatMap((part) => parsePart(part.replace(/^[('«]+|[)'»,.]+$/g, ''), MAX_WRAPPERS) ?? [])

const parsePart = (text: string, wrappers: number): URL | undefined => {
  const scheme = /^(?:h?t?tt?(?:ps?|sp)[:;]?[/\\]+)+|^https?:(?!\d+(?:\/|$))/i.exec(text)?.[0]
  const rest = scheme === undefined ? text.replace(/^\/\//, '') : text.slice(scheme.length)
  if (rest === '' || /^[/\\]/.test(rest)) return undefined
  if (scheme === undefined && (hasOtherScheme(rest) || /^[^/]*@/.test(rest))) return undefined
  const written = `${isPlainHttp(scheme, rest) ? 'http' : 'https'}://${rest}`
  const url = URL.parse(written)
  if (!url) return undefined
  url.username = url.password = url.hash = ''
  url.hostname = url.hostname.replace(/\.$/, '')
  if (!isHost(url.hostname, hostAsWritten(rest), scheme !== undefined)) return undefined
  const wrapped = wrappers > 0 ? wrappedUrl(url) : null
  if (wrapped) return parsePart(wrapped, wrappers - 1)
  dropTracking(url)
  return url
}

// Sites are on https today; a bare address of one's own network seldom is.
const isPlainHttp = (scheme: string | undefined, rest: string): boolean =>
  scheme === undefined
    ? /^(?:localhost|[\d.]+|\[[\da-f:.]+\])(?::\d+)?(?:\/|$)/i.test(rest)
    : !/s/i.test(scheme)

// `example.fr:8080` has a port, `javascript:…` and `mailto:…` have a scheme.
const hasOtherScheme = (text: string): boolean =>
  /^[a-z][a-z0-9+.-]*:/i.test(text) && !/^[a-z0-9.-]+:\d{1,5}(?:[/?#]|$)/i.test(text)

const hostAsWritten = (rest: string): string => rest.split(/[/?#\\]/)[0]!.replace(/^.*@/, '')

const isHost = (host: string, written: string, hadScheme: boolean): boolean => {
  if (host.startsWith('[')) return true
  // The URL standard reads 12.50 as the address 12.0.0.50: only four numbers written out are an address.
  if (IPV4.test(host)) return IPV4.test(written.replace(/:\d+$/, ''))
  if (!HOST.test(host)) return false
  if (LOCAL_ENDING.test(host)) return true
  if (!host.includes('.')) return hadScheme
  const found = parse(host, { allowPrivateDomains: true })
  return found.isIcann === true || found.isPrivate === true || hadScheme
}

// Links copied from a search result or a social network point at a redirector.
const wrappedUrl = (url: URL): string | null => {
  const isGoogle = /(?:^|\.)google\.[a-z.]{2,6}$/.test(url.hostname) && url.pathname === '/url'
  if (isGoogle) return url.searchParams.get('q') ?? url.searchParams.get('url')
  return /^lm?\.(?:facebook|instagram)\.com$/.test(url.hostname) ? url.searchParams.get('u') : null
}

const dropTracking = (url: URL): void => {
  for (const name of Array.from(url.searchParams.keys())) {
    if (TRACKING.test(name)) url.searchParams.delete(name)
  }
}

const sharedHost = (host: string): SharedHost | undefined => {
  const { publicSuffix, domainWithoutSuffix, isIcann } = parse(host, { allowPrivateDomains: true })
  if (isIcann && domainWithoutSuffix && Object.hasOwn(ANY_SUFFIX, domainWithoutSuffix)) {
    return ANY_SUFFIX[domainWithoutSuffix]
  }
  const labels = host.split('.')
  for (let i = 0; i < labels.length - 1; i++) {
    const parent = labels.slice(i).join('.')
    if (!Object.hasOwn(HOSTS, parent)) continue
    const isOwn = withoutWww(host) !== parent && (OWN_SUBDOMAINS.has(parent) || publicSuffix === parent)
    return isOwn ? undefined : HOSTS[parent]
  }
  return undefined
}

const withoutWww = (host: string): string => {
  const bare = host.startsWith('www.') ? host.slice(4) : host
  return bare.includes('.') || bare === 'localhost' ? bare : host
}

const isIp = (host: string): boolean => host.startsWith('[') || IPV4.test(host)

const decodePath = (path: string): string => {
  try {
    return decodeURIComponent(path).toLowerCase()
  } catch {
    return path.toLowerCase()
  }
}

const canonicalUrl = (url: URL): string => (url.pathname === '/' && url.search === '' ? url.origin : url.href)
