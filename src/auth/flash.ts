import type { Context } from 'hono'
import type { PageContext } from '#templates/page.ts'
import type { AppEnv } from '#src/http-env.ts'
import { isSignedBy, sign, type Keys } from '#src/lib/keys.ts'
import { dropCookie, readCookie, writeCookie } from './sessions.ts'

const MAX_TEXT = 400
const KEPT_MS = 5 * 60_000

type Flash = NonNullable<PageContext['flash']>

/** One message for the page that follows a redirect. Plain text in the reader's language, never HTML. */
export const setFlash = (c: Context<AppEnv>, kind: Flash['kind'], text: string): void =>
  c.set('nextFlash', { kind, text: text.slice(0, MAX_TEXT) })

/** Signed for this session, so that nobody can plant words of his own. */
export const writeFlash = (c: Context<AppEnv>, keys: Keys, flash: Flash): void => {
  const body = Buffer.from(JSON.stringify(flash)).toString('base64url')
  const value = `${body}.${sign(keys.sessions, 'flash', body, c.get('sessionId') ?? '')}`
  writeCookie(c, keys, 'flash', { value, https: c.get('https'), maxAgeMs: KEPT_MS })
}

/** Reads and removes the message. */
export const takeFlash = (c: Context<AppEnv>, keys: Keys): PageContext['flash'] => {
  const cookie = readCookie(c, keys, 'flash', c.get('https'))
  if (cookie === undefined) return null
  dropCookie(c, keys, 'flash', c.get('https'))
  const [body = '', signature = ''] = cookie.split('.')
  if (!isSignedBy(keys.sessions, signature, 'flash', body, c.get('sessionId') ?? '')) return null
  return JSON.parse(Buffer.from(body, 'base64url').toString()) as Flash
}
