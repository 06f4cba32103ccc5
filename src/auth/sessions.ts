import { createHash, randomBytes } from 'node:crypto'
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { Deps } from '#src/deps.ts'
import { isSignedBy, sign, type Keys } from '#src/lib/keys.ts'
import { deleteExpiredSessions, deleteSession, findSession, insertSession, touchSession } from './queries.ts'

const TOKEN_BYTES = 32
const HOUR_MS = 3_600_000
const IDLE_MS = 7 * 24 * HOUR_MS
const ABSOLUTE_MS = 30 * 24 * HOUR_MS
const SEEN_EVERY_MS = 60_000
const DEVICE_MS = 365 * 24 * HOUR_MS
const MAX_USER_AGENT = 300

type Store = Pick<Deps, 'db' | 'clock'>
export type CookieKind = 'session' | 'anonymous' | 'device' | 'flash'

/** SHA-256, hex. Enough for 256 random bits; a password needs argon2id. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex')

export const newToken = (): string => randomBytes(TOKEN_BYTES).toString('base64url')

// Behind https the __Host- prefix keeps sibling names and plain http from planting the cookie.
const cookieName = (keys: Keys, kind: CookieKind, https: boolean): string =>
  `${https ? '__Host-' : ''}prospectlab_${keys.installation}_${kind}`

export const readCookie = (c: Context, keys: Keys, kind: CookieKind, https: boolean): string | undefined =>
  getCookie(c, cookieName(keys, kind, https))

/** HttpOnly, SameSite=Lax, Secure behind https; without `maxAgeMs` it ends with the browser. */
export const writeCookie = (
  c: Context,
  keys: Keys,
  kind: CookieKind,
  cookie: { value: string; https: boolean; maxAgeMs?: number },
): void => {
  const maxAge = cookie.maxAgeMs === undefined ? {} : { maxAge: Math.floor(cookie.maxAgeMs / 1000) }
  const options = { path: '/', httpOnly: true, secure: cookie.https, sameSite: 'Lax', ...maxAge } as const
  setCookie(c, cookieName(keys, kind, cookie.https), cookie.value, options)
}

export const dropCookie = (c: Context, keys: Keys, kind: CookieKind, https: boolean): void => {
  deleteCookie(c, cookieName(keys, kind, https), { path: '/', secure: https })
}

const idleSince = (now: Date): Date => new Date(now.getTime() - IDLE_MS)

/** The moments that decide which sessions still count. */
export const sessionLimits = (now: Date) => ({ now, idleSince: idleSince(now) })

/** The session and user of a cookie value, or null. Notes at most once a minute that it is still in use. */
export const loadSession = async ({ db, clock }: Store, token: string) => {
  const now = clock.now()
  const found = await findSession(db, hashToken(token), now, idleSince(now))
  if (found && now.getTime() - found.session.lastSeenAt.getTime() >= SEEN_EVERY_MS)
    await touchSession(db, found.session.idHash, now)
  return found
}

/** Whether a session still counts, for what stays open beyond its first answer. Asking does not prolong it. */
export const isSessionAlive = async ({ db, clock }: Store, idHash: string | null): Promise<boolean> => {
  const now = clock.now()
  return idHash !== null && (await findSession(db, idHash, now, idleSince(now))) !== null
}

/** A new session for a user; the browser's earlier one ends. Returns the cookie value, kept nowhere. */
export const startSession = async (
  { db, clock }: Store,
  user: { id: number },
  from: { address: string | null; userAgent: string; previous: string | undefined },
): Promise<string> => {
  const now = clock.now()
  const token = newToken()
  if (from.previous) await deleteSession(db, hashToken(from.previous))
  await deleteExpiredSessions(db, now, idleSince(now))
  await insertSession(db, {
    idHash: hashToken(token),
    userId: user.id,
    createdAt: now,
    lastSeenAt: now,
    expiresAt: new Date(now.getTime() + ABSOLUTE_MS),
    address: from.address ?? '',
    userAgent: from.userAgent.slice(0, MAX_USER_AGENT),
  })
  return token
}

export const writeSessionCookie = (c: Context, keys: Keys, token: string, https: boolean): void =>
  writeCookie(c, keys, 'session', { value: token, https, maxAgeMs: ABSOLUTE_MS })

/** Marks this browser as one in which the account has signed in (see throttle.ts). Opens nothing. */
export const writeDeviceCookie = (c: Context, keys: Keys, userId: number, https: boolean): void => {
  const id = randomBytes(16).toString('base64url')
  const value = `${id}.${sign(keys.sessions, 'device', id, String(userId))}`
  writeCookie(c, keys, 'device', { value, https, maxAgeMs: DEVICE_MS })
}

/** The mark of this browser when it belongs to this account, else null. */
export const readDevice = (c: Context, keys: Keys, userId: number | null, https: boolean): string | null => {
  const [id = '', signature = ''] = readCookie(c, keys, 'device', https)?.split('.') ?? []
  if (userId === null || !id) return null
  return isSignedBy(keys.sessions, signature, 'device', id, String(userId)) ? id : null
}
