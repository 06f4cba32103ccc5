import type { Context, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import { AppError } from '#src/lib/errors.ts'
import { csrfToken, isCsrfToken, isOwnOrigin } from './csrf.ts'
import { takeFlash, writeFlash } from './flash.ts'
import { clientOf, isHtmx, isHttps, localeOf, localPath, wantsJson } from './request.ts'
import { dropCookie, hashToken, loadSession, newToken, readCookie, writeCookie } from './sessions.ts'

const MAX_ANONYMOUS_BODY = 64 * 1024
const MAX_NAMED_PROXIES = 100
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])
// Forms that exist before a session does; their token belongs to the browser.
const ANONYMOUS_FORMS = new Set(['/login', '/setup', '/language'])

type Guard = MiddlewareHandler<AppEnv>

/** RESTRICT_TO_LOCAL_NETWORK: 403 for everything mounted after it, unless the client is on the local network.
 *  A proxy that nobody declared is refused and named once in the log. */
export const networkGuard = (deps: Deps): Guard => {
  const named = new Set<string>()
  const nameOnce = (peer: string) => {
    if (named.has(peer) || named.size >= MAX_NAMED_PROXIES) return
    named.add(peer)
    deps.log.warn('a proxy forwards requests from outside but is not declared: add it to TRUSTED_PROXIES', {
      address: peer,
    })
  }
  return async (c, next) => {
    const client = clientOf(c, deps.config)
    c.set('address', client.address ?? '')
    c.set('https', isHttps(c, client, deps.config))
    if (client.undeclaredProxy && client.peer) nameOnce(client.peer)
    if (deps.config.RESTRICT_TO_LOCAL_NETWORK && !client.local)
      throw new AppError('local_network_only', 'This server answers on its local network only.', {
        status: 403,
      })
    await next()
  }
}

/** Who is signed in, and what every page needs to know; carries messages over redirects. */
export const sessionLoader =
  (deps: Deps): Guard =>
  async (c, next) => {
    const https = c.get('https')
    const token = readCookie(c, deps.keys, 'session', https)
    const found = token ? await loadSession(deps, token) : null
    if (token && !found) dropCookie(c, deps.keys, 'session', https)
    const user = found?.user ?? null
    c.set('sessionId', found?.session.idHash ?? null)
    c.set('page', {
      locale: user?.locale ?? localeOf(c),
      theme: user?.theme ?? 'auto',
      user: user && { id: user.id, email: user.email, name: user.name, role: user.role },
      csrf: csrfToken(deps.keys, found?.session.idHash ?? anonymousBinding(c, deps)),
      path: c.req.path,
      flash: c.req.method === 'GET' && isPageLoad(c) ? takeFlash(c, deps.keys) : null,
    })
    // What a signed-in person sees belongs in no cache but the browser's own back button.
    c.header('Cache-Control', 'no-store')
    await next()
    const flash = c.get('nextFlash')
    if (flash) writeFlash(c, deps.keys, flash)
  }

const isPageLoad = (c: Context): boolean => !isHtmx(c) && (c.req.header('accept') ?? '').includes('text/html')

/** Before sign-in a form token belongs to a cookie of the browser, made when a form of ours is first asked for. */
const anonymousBinding = (c: Context<AppEnv>, deps: Deps): string => {
  const known = readCookie(c, deps.keys, 'anonymous', c.get('https'))
  if (known) return hashToken(known)
  if (c.req.method !== 'GET' || !ANONYMOUS_FORMS.has(c.req.path)) return ''
  const value = newToken()
  writeCookie(c, deps.keys, 'anonymous', { value, https: c.get('https') })
  return hashToken(value)
}

const submittedToken = async (c: Context): Promise<unknown> => {
  const header = c.req.header('x-csrf-token')
  if (header !== undefined) return header
  const type = c.req.header('content-type') ?? ''
  if (!/^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(type)) return undefined
  // Hono keeps the parsed body for the handler.
  return (await c.req.parseBody())['csrf']
}

const smallBody = bodyLimit({
  maxSize: MAX_ANONYMOUS_BODY,
  onError: () => {
    throw new AppError('too_large', 'This request is too large.', { status: 413 })
  },
})

const checkToken = async (c: Context<AppEnv>, deps: Deps): Promise<void> => {
  const token = await submittedToken(c)
  const sessionId = c.get('sessionId')
  const anonymous = readCookie(c, deps.keys, 'anonymous', c.get('https'))
  const forSession = sessionId !== null && isCsrfToken(deps.keys, token, sessionId)
  const forBrowser =
    anonymous !== undefined &&
    (sessionId === null || c.req.path === '/login') &&
    isCsrfToken(deps.keys, token, hashToken(anonymous))
  if (!forSession && !forBrowser)
    throw new AppError('csrf', 'This form is too old. Reload the page and try again.', { status: 403 })
}

/** Nothing is changed for a request that another site may have sent: its origin and its token must be ours. */
export const csrfGuard =
  (deps: Deps): Guard =>
  async (c, next) => {
    if (SAFE_METHODS.has(c.req.method)) return next()
    const { config } = deps
    const hosts = [
      c.req.header('host') ?? new URL(c.req.url).host,
      clientOf(c, config).forwardedHost,
      config.BASE_URL ? new URL(config.BASE_URL).host : null,
    ]
    const source = {
      fetchSite: c.req.header('sec-fetch-site'),
      origin: c.req.header('origin'),
      hosts,
      https: c.get('https'),
    }
    if (!isOwnOrigin(source))
      throw new AppError('csrf', 'This request comes from another site and was refused.', { status: 403 })
    if (c.get('sessionId') !== null) {
      await checkToken(c, deps)
      return next()
    }
    if (!ANONYMOUS_FORMS.has(c.req.path)) return requireSession(c, next)
    return smallBody(c, async () => {
      await checkToken(c, deps)
      await next()
    })
  }

const returnPath = (c: Context): string => {
  if (c.req.method === 'GET' && !isHtmx(c)) {
    const url = new URL(c.req.url)
    return localPath(`${url.pathname}${url.search}`)
  }
  const current = c.req.header('hx-current-url') ?? c.req.header('referer') ?? ''
  if (!URL.canParse(current)) return '/'
  const url = new URL(current)
  return localPath(`${url.pathname}${url.search}`)
}

/** Without a session: JSON 401 under /api, a redirect of the whole page for htmx, else 303 to the sign-in page. */
export const requireSession: Guard = async (c, next) => {
  if (c.get('sessionId') !== null && c.get('page').user) return next()
  if (wantsJson(c)) throw new AppError('unauthenticated', 'Sign in first.', { status: 401 })
  const back = returnPath(c)
  const login = back === '/' ? '/login' : `/login?next=${encodeURIComponent(back)}`
  if (!isHtmx(c)) return c.redirect(login, 303)
  c.header('HX-Redirect', login)
  return c.body(null, 401)
}

export const requireAdmin: Guard = async (c, next) => {
  if (c.get('page').user?.role === 'admin') return next()
  throw new AppError('admin_only', 'Only an administrator may do this.', { status: 403 })
}
