import { expect, test } from 'bun:test'
import {
  linkKeys,
  newMessageKey,
  readToken,
  signToken,
  type Subject,
  type TokenKind,
} from '#src/tracking/token.ts'
import { KEYS, NOW, testEdge } from './test-edge.ts'

const KINDS: TokenKind[] = ['pixel', 'click', 'read', 'unsubscribe']
const PATHS: Record<TokenKind, string> = {
  pixel: 'pixel',
  click: 'click',
  read: 'read_time',
  unsubscribe: 'unsubscribe',
}
const GOOD = 'https://exemple.fr/offre'
const LONG = `https://exemple.fr/${'une-offre-'.repeat(30)}`
const SUBJECTS: Subject[] = [
  { mode: 'individual', message: newMessageKey() },
  { mode: 'aggregate', campaign: 12 },
  { mode: 'aggregate', campaign: null },
]

const sign = (kind: TokenKind, subject: Subject = SUBJECTS[0]!, target = GOOD, keys = KEYS) =>
  signToken(keys, { kind, subject, locale: 'fr', target: kind === 'click' ? target : '' }, NOW)!

/** Every kind, about every subject, with a short and with a packed target. */
const TOKENS = KINDS.flatMap((kind) =>
  SUBJECTS.flatMap((subject) =>
    [GOOD, ...(kind === 'click' ? [LONG] : [])].map((target) => ({
      kind,
      text: sign(kind, subject, target),
    })),
  ),
)

const isAccepted = (text: string): boolean => KINDS.some((kind) => readToken(KEYS, kind, text, NOW) !== null)

const partsOf = (text: string) => {
  const [kid = '', body = '', mac = ''] = text.split('.')
  return { kid, body, mac }
}

const bitFlips = (bytes: Buffer): Buffer[] =>
  Array.from({ length: bytes.length * 8 }, (_, bit) => {
    const flipped = Buffer.from(bytes)
    flipped[bit >> 3]! ^= 1 << (bit & 7)
    return flipped
  })

test('every token is good for its own kind and for no other', () => {
  for (const { kind, text } of TOKENS)
    expect(KINDS.filter((each) => readToken(KEYS, each, text, NOW) !== null)).toEqual([kind])
})

test('no token survives one flipped bit, of its text or of what the text says', () => {
  const accepted: string[] = []
  let tried = 0
  for (const { text } of TOKENS) {
    const { kid, body, mac } = partsOf(text)
    const forged = [
      ...bitFlips(Buffer.from(text, 'latin1')).map((bytes) => bytes.toString('latin1')),
      ...bitFlips(Buffer.from(body, 'base64url')).map(
        (bytes) => `${kid}.${bytes.toString('base64url')}.${mac}`,
      ),
      ...bitFlips(Buffer.from(mac, 'base64url')).map(
        (bytes) => `${kid}.${body}.${bytes.toString('base64url')}`,
      ),
    ]
    tried += forged.length
    accepted.push(...forged.filter(isAccepted))
  }
  expect(accepted).toEqual([])
  expect(tried).toBeGreaterThan(10_000)
})

test('no character of a token may be any other', () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~+/=%'
  for (const text of [sign('click'), sign('unsubscribe')])
    for (let at = 0; at < text.length; at += 1)
      for (const letter of alphabet)
        if (letter !== text[at]) {
          const forged = text.slice(0, at) + letter + text.slice(at + 1)
          if (isAccepted(forged)) expect(forged).toBe('refused')
        }
})

test('no token may be cut short, made longer, padded, or put together from two', () => {
  const other = partsOf(sign('click', SUBJECTS[1]))
  for (const { text } of TOKENS) {
    const { kid, body, mac } = partsOf(text)
    const forged = [
      ...Array.from({ length: text.length }, (_, length) => text.slice(0, length)),
      ...Array.from({ length: text.length - 1 }, (_, start) => text.slice(start + 1)),
      ...['=', '==', 'A', 'AA', '.', '..', '%', ' ', '\n', '\r\n', '\0', '/', '?', '#'].flatMap((more) => [
        text + more,
        more + text,
        `${kid}.${body}${more}.${mac}`,
        `${kid}.${body}.${more}${mac}`,
        `${kid}${more}.${body}.${mac}`,
      ]),
      `${text}.${mac}`,
      `${kid}.${text}`,
      `${text}${text}`,
      `${kid}.${mac}.${body}`,
      text.toUpperCase(),
      text.toLowerCase(),
      ...(text === `${other.kid}.${other.body}.${other.mac}`
        ? []
        : [`${kid}.${other.body}.${mac}`, `${kid}.${body}.${other.mac}`]),
    ].filter((each) => each !== text)
    expect(forged.filter(isAccepted)).toEqual([])
  }
})

test('the key that a token names is the key that must have signed it', () => {
  const secret = Buffer.alloc(32, 7)
  const rotated = linkKeys(secret, 3)
  const [third, second] = [rotated, linkKeys(secret, 2)].map((keys) => sign('click', SUBJECTS[0], GOOD, keys))
  for (const text of [third!, second!]) expect(readToken(rotated, 'click', text, NOW)).not.toBeNull()
  const confused = rotated.flatMap(({ id }) =>
    [third!, second!].map((text) => {
      const { kid, body, mac } = partsOf(text)
      return id === kid ? null : `${id}.${body}.${mac}`
    }),
  )
  for (const text of confused) if (text) expect(readToken(rotated, 'click', text, NOW)).toBeNull()
  // A stranger's key under our name, and a name that every object has.
  const stranger = linkKeys(Buffer.alloc(32, 8)).map(({ key }) => ({ id: KEYS[0]!.id, key }))
  expect(readToken(KEYS, 'click', sign('click', SUBJECTS[0], GOOD, stranger), NOW)).toBeNull()
  const { body, mac } = partsOf(sign('click'))
  for (const id of ['', '__proto__', 'constructor', 'toString', '0', 'undefined', 'null', ' ', '*'])
    expect(readToken(KEYS, 'click', `${id}.${body}.${mac}`, NOW)).toBeNull()
  expect(readToken([], 'click', sign('click'), NOW)).toBeNull()
})

test('over HTTP no forged token is redirected, kept, asked about or answered with an error', async () => {
  const { app, hits, asked } = testEdge()
  const wrong: unknown[] = []
  const expected = { pixel: 200, click: 404, read: 204, unsubscribe: 200 }
  for (const { kind, text } of TOKENS)
    for (const other of KINDS) {
      const { kid, body, mac } = partsOf(text)
      const forged = [
        ...(other === kind ? [] : [text]),
        ...bitFlips(Buffer.from(mac, 'base64url'))
          .filter((_, bit) => bit % 16 === 0)
          .map((bytes) => `${kid}.${body}.${bytes.toString('base64url')}`),
        `${text}=`,
        text.slice(0, -1),
        `${text}%00`,
        `${text}%2e`,
        encodeURIComponent(`${text}\r\nLocation: https://evil.example`),
        text.replaceAll('.', '%252e'),
      ]
      for (const each of forged)
        for (const method of other === 'unsubscribe' || other === 'read'
          ? ['GET', 'POST']
          : ['GET', 'HEAD']) {
          const answer = await app.request(`/track/${PATHS[other]}/${each}`, { method })
          if (answer.status !== expected[other] || answer.headers.get('location') !== null)
            wrong.push([method, other, each, answer.status])
        }
    }
  expect(wrong).toEqual([])
  expect([hits, asked]).toEqual([[], []])
})
