import { createHash, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { isSafeTarget } from './target.ts'

/** Bounds: a mail client, a proxy and Bun itself all take a link of this length. */
const MAX_TOKEN = 4096
const MAC_BYTES = 16
/** Those in base64url. */
const MAC_LENGTH = 22
const MESSAGE_BYTES = 16
const KEY_BYTES = 32
const DAY_MS = 86_400_000
const REMEMBERED_TARGETS = 500
/** Prospects are forgotten three years after the last contact; an unsubscribe link works for ever. */
const MAX_AGE_DAYS = 3 * 366
const AGES = { pixel: MAX_AGE_DAYS, click: MAX_AGE_DAYS, read: MAX_AGE_DAYS, unsubscribe: Infinity } as const

const KINDS = ['pixel', 'click', 'read', 'unsubscribe'] as const
export type TokenKind = (typeof KINDS)[number]

export type Mode = 'off' | 'aggregate' | 'individual'
export type Locale = 'fr' | 'en'

/** One key that signs or only verifies; `id` is in clear in every token. */
export type LinkKey = { id: string; key: Buffer }
/** The first one signs, all of them verify. */
export type LinkKeys = readonly LinkKey[]

/** individual: one message, by its key. aggregate: a campaign, or null for the shared bucket of single mails. */
export type Subject = { mode: 'individual'; message: string } | { mode: 'aggregate'; campaign: number | null }

export type Token = {
  kind: TokenKind
  subject: Subject
  /** Language of the recipient, for the pages. */
  locale: Locale
  /** Where a click leads; empty for other kinds. */
  target: string
}

/** The keys of links from `keys.links` (lib/keys.ts): one per generation, the newest first. Raising `generation`
 *  changes the key that signs; older links go on working. The id tells nothing about the key. */
export const linkKeys = (secret: Buffer, generation = 1): LinkKeys =>
  Array.from({ length: generation }, (_, at) => {
    const key = Buffer.from(
      hkdfSync('sha256', secret, 'prospectlab', `tracking ${generation - at}`, KEY_BYTES),
    )
    return { id: createHash('sha256').update('id').update(key).digest('hex').slice(0, 6), key }
  })

/** A new key of a message: 128 random bits, base64url (22 characters). */
export const newMessageKey = (): string => randomBytes(MESSAGE_BYTES).toString('base64url')

// With its key set up once, copied for each token; the scratch room spares five buffers a hit.
const hashers = new WeakMap<Buffer, Bun.CryptoHasher>()
const digest = Buffer.alloc(64)
const expected = Buffer.alloc(MAC_LENGTH)
const given = Buffer.alloc(MAC_LENGTH)
const decoded = Buffer.alloc(MAX_TOKEN)

const macOf = (key: Buffer, signed: string): string => {
  let hasher = hashers.get(key)
  if (!hasher) hashers.set(key, (hasher = new Bun.CryptoHasher('sha256', key)))
  hasher.copy().update(signed).digest(digest)
  return digest.toString('base64url', 0, MAC_BYTES)
}

const isMac = (key: Buffer, signed: string, mac: string): boolean => {
  if (mac.length !== MAC_LENGTH) return false
  expected.write(macOf(key, signed), 'latin1')
  // A letter outside ASCII fills its place with other bytes, or does not fit.
  given.fill(0).write(mac, 'utf8')
  return timingSafeEqual(given, expected)
}

// Body: kind and flags · day (2 bytes) · message key (16) or campaign (4) · target.
const AGGREGATE = 0x10
const ENGLISH = 0x20
const PACKED = 0x40

const packed = (target: string): { bytes: Buffer; flag: number } => {
  const plain = Buffer.from(target, 'latin1')
  const small = plain.length < 100 ? plain : deflateRawSync(plain, { level: 9 })
  return small.length < plain.length ? { bytes: small, flag: PACKED } : { bytes: plain, flag: 0 }
}

/** `kid.body.mac`, all base64url. Null when a click's target is no http(s) URL or too long to be carried: such
 *  a link is left as it is. */
export const signToken = (keys: LinkKeys, token: Token, at: Date): string | null => {
  const [signing] = keys
  if (!signing) return null
  if (token.kind === 'click' && !isSafeTarget(token.target)) return null
  const { subject } = token
  const target = token.kind === 'click' ? packed(token.target) : { bytes: Buffer.alloc(0), flag: 0 }
  const who = subject.mode === 'individual' ? Buffer.from(subject.message, 'base64url') : Buffer.alloc(4)
  if (subject.mode === 'aggregate') who.writeUInt32BE(subject.campaign ?? 0)
  else if (who.length !== MESSAGE_BYTES) return null
  const head = Buffer.alloc(3)
  head[0] =
    KINDS.indexOf(token.kind) |
    (subject.mode === 'aggregate' ? AGGREGATE : 0) |
    (token.locale === 'en' ? ENGLISH : 0) |
    target.flag
  head.writeUInt16BE(Math.floor(at.getTime() / DAY_MS), 1)
  const signed = `${signing.id}.${Buffer.concat([head, who, target.bytes]).toString('base64url')}`
  const text = `${signed}.${macOf(signing.key, signed)}`
  return text.length <= MAX_TOKEN ? text : null
}

/** What a token says when it is of this kind, ours, whole and not too old; null otherwise. Costs one HMAC at most,
 *  compares in constant time and asks nobody. */
export const readToken = (keys: LinkKeys, kind: TokenKind, text: string, now: Date): Token | null => {
  if (text.length > MAX_TOKEN) return null
  const last = text.lastIndexOf('.')
  const dot = text.indexOf('.')
  if (dot < 1 || last <= dot || text.indexOf('.', dot + 1) !== last) return null
  const id = text.slice(0, dot)
  const key = keys.find((each) => each.id === id)?.key
  if (!key) return null
  if (!isMac(key, text.slice(0, last), text.slice(last + 1))) return null
  const length = decoded.write(text.slice(dot + 1, last), 'base64url')
  return parseBody(decoded.subarray(0, length), kind, now)
}

const parseBody = (body: Buffer, kind: TokenKind, now: Date): Token | null => {
  const flags = body[0] ?? 0xff
  if (KINDS[flags & 0x0f] !== kind) return null
  const aggregate = (flags & AGGREGATE) !== 0
  const start = 3 + (aggregate ? 4 : MESSAGE_BYTES)
  if (body.length < start) return null
  if (now.getTime() / DAY_MS - body.readUInt16BE(1) > AGES[kind]) return null
  const subject: Subject = aggregate
    ? { mode: 'aggregate', campaign: body.readUInt32BE(3) || null }
    : { mode: 'individual', message: body.toString('base64url', 3, start) }
  const isPacked = (flags & PACKED) !== 0
  const target = isPacked
    ? inflateRawSync(body.subarray(start)).toString('latin1')
    : body.toString('latin1', start)
  if (kind === 'click' && !isKnownSafe(target)) return null
  return { kind, subject, locale: (flags & ENGLISH) === 0 ? 'fr' : 'en', target }
}

/** The key of the message that the token at the end of this address is about, whoever signed it: of use where only the
 *  mail itself can have told it. Null when there is none. */
export const messageKeyIn = (url: string): string | null => {
  const body = Buffer.from(/\/[\w-]+\.([\w-]+)\.[\w-]+$/.exec(url)?.[1] ?? '', 'base64url')
  const isOfMessage = body.length >= 3 + MESSAGE_BYTES && ((body[0] ?? AGGREGATE) & AGGREGATE) === 0
  return isOfMessage ? body.toString('base64url', 3, 3 + MESSAGE_BYTES) : null
}

// Signed targets only: those of a campaign, asked for over and over.
const safeTargets = new Set<string>()

const isKnownSafe = (target: string): boolean => {
  if (safeTargets.has(target)) return true
  if (!isSafeTarget(target)) return false
  if (safeTargets.size >= REMEMBERED_TARGETS) safeTargets.clear()
  safeTargets.add(target)
  return true
}

/** What only a holder of the keys can answer to a token it was shown: proves that the page of a test link is ours. Null
 *  when its key is not known. */
export const proofOf = (keys: LinkKeys, token: string): string | null => {
  const key = keys.find(({ id }) => id === token.slice(0, token.indexOf('.')))?.key
  return key ? macOf(key, `reached ${token}`) : null
}

const LONE_TOKEN = /^[\w-]{16,64}$/

/** The bare key of a message as links of the existing product carry it (`/track/click/<key>?url=`). */
export const isMessageKey = (text: string): boolean => LONE_TOKEN.test(text)
