import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'
import type { Locale } from '#src/lib/i18n.ts'
import { networkRules, resolveClient, type Client, type NetworkRules } from './client-address.ts'

type Server = { requestIP?: (request: Request) => { address: string } | null }
type NetworkConfig = { ALLOWED_NETWORKS: string[]; TRUSTED_PROXIES: string[]; BASE_URL?: string | undefined }

const LOCALE_COOKIE = 'prospectlab_locale'
const rulesOf = new WeakMap<NetworkConfig, NetworkRules>()

// Bun.serve hands its server to fetch; app.fetch(request, server) and app.fetch(request, { server }) both work.
const socketAddress = (c: Context): string | null => {
  const env = (c.env ?? {}) as Server & { server?: Server }
  try {
    return (env.server ?? env).requestIP?.(c.req.raw)?.address ?? null
  } catch {
    return null
  }
}

/** Who sends this request; see client-address.ts for the rules. */
export const clientOf = (c: Context, config: NetworkConfig): Client => {
  let rules = rulesOf.get(config)
  if (!rules) rulesOf.set(config, (rules = networkRules(config)))
  return resolveClient(socketAddress(c), (name) => c.req.header(name), rules)
}

/** Whether cookies may be marked Secure: https at a trusted proxy, or an https BASE_URL asked for by its name. */
export const isHttps = (c: Context, client: Client, config: NetworkConfig): boolean => {
  if (client.https || new URL(c.req.url).protocol === 'https:') return true
  const base = config.BASE_URL ? new URL(config.BASE_URL) : null
  return base?.protocol === 'https:' && base.host === (client.forwardedHost ?? c.req.header('host'))
}

const isLocale = (value: string | undefined): value is Locale => value === 'fr' || value === 'en'

const acceptedLocale = (header: string | undefined): Locale => {
  const wishes = (header ?? '').split(',').map((entry) => {
    const [tag = '', ...parameters] = entry.trim().toLowerCase().split(';')
    const quality = parameters
      .map((text) => /^\s*q=([\d.]+)/.exec(text)?.[1])
      .find((text) => text !== undefined)
    return { locale: tag.slice(0, 2), quality: quality === undefined ? 1 : Number(quality) || 0 }
  })
  const best = wishes.filter((wish) => wish.quality > 0).sort((a, b) => b.quality - a.quality)
  return best.map((wish) => wish.locale).find(isLocale) ?? 'fr'
}

/** Language before sign-in: the one chosen on the sign-in page, else the browser's, else French. */
export const localeOf = (c: Context): Locale => {
  const chosen = getCookie(c, LOCALE_COOKIE)
  return isLocale(chosen) ? chosen : acceptedLocale(c.req.header('accept-language'))
}

export const localeCookie = LOCALE_COOKIE

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const UNSAFE_IN_PATH = /[\\\u0000-\u001f\u007f]/

/** A path of this site to go to, or '/' for anything that could lead elsewhere. */
export const localPath = (value: string | undefined | null): string => {
  if (!value || !value.startsWith('/') || UNSAFE_IN_PATH.test(value) || value.length > 2000) return '/'
  const base = 'http://local.invalid'
  if (value.startsWith('//') || !URL.canParse(value, base)) return '/'
  const url = new URL(value, base)
  // Only what stays itself after parsing: `/.//evil.example` becomes `//evil.example`.
  return url.origin === base && !url.pathname.startsWith('//') ? `${url.pathname}${url.search}` : '/'
}

/** Answered as JSON rather than as a page. */
export const wantsJson = (c: Context): boolean => c.req.path === '/api' || c.req.path.startsWith('/api/')

export const isHtmx = (c: Context): boolean => c.req.header('hx-request') === 'true'
