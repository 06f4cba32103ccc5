const MAX_WEBSITE = 2_000
const IP_OR_LOCAL = /^(?:[\d.]+|localhost|\[[\da-f:.]+\])$/
// A path can be somebody's site (`sites.google.com/view/x`): as many parts of it as such sites have.
const PATH_PARTS = 3

/** Reads a website as people write it, with or without a scheme; null for what is none. */
export const readWebsite = (text: unknown): URL | null => {
  if (typeof text !== 'string') return null
  const trimmed = text.trim().replaceAll('\u0000', '').toWellFormed()
  if (trimmed === '' || trimmed.length > MAX_WEBSITE) return null
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`)
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') return null
  const host = url.hostname.replace(/\.$/, '')
  return IP_OR_LOCAL.test(host) || host.includes('.') ? url : null
}

/** Keys under which the company of this website may be known (companies.site_key). */
export const siteKeysOf = (url: URL): string[] => {
  const host = url.hostname.replace(/\.$/, '')
  const bare = host.startsWith('www.') && host.slice(4).includes('.') ? host.slice(4) : host
  if (IP_OR_LOCAL.test(host)) return [url.port === '' ? bare : `${bare}:${url.port}`]
  const parts = url.pathname.toLowerCase().split('/').filter(Boolean).slice(0, PATH_PARTS)
  const paths = parts.map((_, index) => decoded(parts.slice(0, index + 1).join('/')))
  return [bare, ...[...new Set([host, bare])].flatMap((one) => paths.map((path) => `${one}/${path}`))]
}

const decoded = (path: string): string => {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
