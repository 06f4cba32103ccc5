import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** How far the clocks of both sides may be apart; a call is remembered for twice as long, so that none is obeyed twice. */
export const WINDOW_MS = 60_000
const NONCE_BYTES = 16
const MAX_REMEMBERED = 400_000

export type SignedCall = { method: string; path: string; body: Uint8Array | string }
export type CallProblem = 'unsigned' | 'forged' | 'clock' | 'repeated' | 'busy'

type Checked = { ok: true; nonce: string; bodyHash: string } | { ok: false; problem: CallProblem }

const HEADER = /^Edge (\d{1,15})\.([\w-]{22})\.([\w-]{43})\.([\w-]{43})$/

/** SHA-256, base64url. */
export const hashOf = (body: Uint8Array | string): string =>
  createHash('sha256').update(body).digest('base64url')

// No two lists of parts give the same text.
const macOf = (key: string, ...parts: string[]): string =>
  new Bun.CryptoHasher('sha256', key).update(JSON.stringify(parts)).digest('base64url')

const isSame = (a: string, b: string): boolean => {
  const [given, expected] = [Buffer.from(a), Buffer.from(b)]
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/** The Authorization header of a call: time, nonce and hash of the body, signed with method and path. */
export const signCall = (
  key: string,
  { method, path, body }: SignedCall,
  now: Date,
): { authorization: string; nonce: string } => {
  const time = String(now.getTime())
  const nonce = randomBytes(NONCE_BYTES).toString('base64url')
  const bodyHash = hashOf(body)
  const mac = macOf(key, 'call', method, path, time, nonce, bodyHash)
  return { authorization: `Edge ${time}.${nonce}.${bodyHash}.${mac}`, nonce }
}

/** Decides on calls before their body is read; whoever reads it compares its hash with `bodyHash`. A call from before
 *  `startedAt` is refused: who started later cannot know whether it was obeyed already. Where the clock was ahead at the start, the moment at which
 *  that is seen takes its place. */
export const callChecker = (key: string, startedAt: Date) => {
  // Two generations: what is in neither is older than the window.
  let recent = new Set<string>()
  let older = new Set<string>()
  let turnedAt = startedAt.getTime()
  let since = startedAt.getTime()

  const remember = (nonce: string, now: number): CallProblem | null => {
    if (now - turnedAt > 2 * WINDOW_MS || now < turnedAt) {
      older = recent
      recent = new Set()
      turnedAt = now
    }
    if (recent.has(nonce) || older.has(nonce)) return 'repeated'
    if (recent.size >= MAX_REMEMBERED) return 'busy'
    recent.add(nonce)
    return null
  }

  return (call: { method: string; path: string; header: string | undefined }, now: Date): Checked => {
    const parts = HEADER.exec(call.header ?? '')
    if (parts === null) return { ok: false, problem: 'unsigned' }
    const [, time = '', nonce = '', bodyHash = '', mac = ''] = parts
    if (!isSame(mac, macOf(key, 'call', call.method, call.path, time, nonce, bodyHash)))
      return { ok: false, problem: 'forged' }
    const at = Number(time)
    since = Math.min(since, now.getTime())
    if (Math.abs(now.getTime() - at) > WINDOW_MS || at < since) return { ok: false, problem: 'clock' }
    const problem = remember(nonce, now.getTime())
    return problem === null ? { ok: true, nonce, bodyHash } : { ok: false, problem }
  }
}

/** Proves that an answer comes from who holds the key, and belongs to this very call. */
export const signAnswer = (key: string, nonce: string, body: Uint8Array | string): string =>
  macOf(key, 'answer', nonce, hashOf(body))

export const isAnswer = (
  key: string,
  nonce: string,
  body: Uint8Array | string,
  given: string | null,
): boolean => given !== null && isSame(given, signAnswer(key, nonce, body))
