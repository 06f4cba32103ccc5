import { randomBytes } from 'node:crypto'
import { isSignedBy, sign, type Keys } from '#src/lib/keys.ts'

const NONCE_BYTES = 12
const ALLOWED_FETCH_SITES = new Set(['same-origin', 'none'])

/** A form token for one session (or, before sign-in, one browser). Each is different, so that compression tells
 *  nothing about it; all of a session's are valid. */
export const csrfToken = (keys: Keys, binding: string): string => {
  const nonce = randomBytes(NONCE_BYTES).toString('base64url')
  return `${nonce}.${sign(keys.sessions, 'csrf', nonce, binding)}`
}

export const isCsrfToken = (keys: Keys, token: unknown, binding: string): boolean => {
  if (typeof token !== 'string') return false
  const [nonce = '', signature = ''] = token.split('.')
  return isSignedBy(keys.sessions, signature, 'csrf', nonce, binding)
}

type Source = {
  fetchSite: string | undefined
  origin: string | undefined
  /** Hosts under which this server was asked for: the Host header, a trusted proxy's, that of BASE_URL. */
  hosts: (string | null | undefined)[]
  https: boolean
}

/** Whether a request that changes something comes from a page of ours. A browser that sends neither
 *  Sec-Fetch-Site (plain http on a LAN) nor Origin is judged by its token alone. */
export const isOwnOrigin = ({ fetchSite, origin, hosts, https }: Source): boolean => {
  if (fetchSite !== undefined && !ALLOWED_FETCH_SITES.has(fetchSite.toLowerCase())) return false
  if (origin === undefined) return true
  if (!URL.canParse(origin)) return false
  const { protocol, host } = new URL(origin)
  if (protocol !== 'https:' && (https || protocol !== 'http:')) return false
  return hosts.some((known) => known && sameHost(known, host, protocol))
}

// `example.org:443` and `example.org` are one host under https.
const sameHost = (known: string, host: string, protocol: string): boolean => {
  const url = `${protocol}//${known}`
  return URL.canParse(url) && new URL(url).host === host
}
