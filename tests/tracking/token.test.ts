import { expect, test } from 'bun:test'
import { randomBytes } from 'node:crypto'
import { isSafeTarget, normaliseTarget } from '#src/tracking/target.ts'
import { linkKeys, newMessageKey, readToken, signToken, type Token } from '#src/tracking/token.ts'

const NOW = new Date('2026-11-22T12:00:00Z')
const YEARS = 366 * 86_400_000
const secret = randomBytes(32)
const keys = linkKeys(secret)
const message = newMessageKey()
const individual = { mode: 'individual', message } as const

const click = (target: string): Token => ({ kind: 'click', subject: individual, locale: 'fr', target })
const sign = (token: Token, at = NOW) => signToken(keys, token, at)!

test.each<Token>([
  { kind: 'pixel', subject: individual, locale: 'fr', target: '' },
  { kind: 'pixel', subject: { mode: 'aggregate', campaign: 4_000_000_000 }, locale: 'fr', target: '' },
  { kind: 'pixel', subject: { mode: 'aggregate', campaign: null }, locale: 'en', target: '' },
  { kind: 'unsubscribe', subject: individual, locale: 'en', target: '' },
  { kind: 'read', subject: individual, locale: 'fr', target: '' },
  click('https://exemple.fr'),
  click('https://exemple.fr/a%2525b?c=%252F&d=é'.replace('é', '%C3%A9')),
  click(`https://exemple.fr/?${'utm_source=lettre&'.repeat(90)}`),
])('a token says what was put into it: %j', (token) => {
  expect(readToken(keys, token.kind, sign(token), NOW)).toEqual(token)
})

test('no part of a token can be changed', () => {
  const text = sign(click('https://exemple.fr/devis?id=1'))
  for (let at = 0; at < text.length; at += 1)
    for (const letter of ['A', 'b', '.', '-', '%', 'é', '\u0000']) {
      if (text[at] === letter) continue
      expect(readToken(keys, 'click', text.slice(0, at) + letter + text.slice(at + 1), NOW)).toBeNull()
    }
  for (let at = 0; at < text.length; at += 1)
    expect(readToken(keys, 'click', text.slice(0, at), NOW)).toBeNull()
  expect(readToken(keys, 'click', `${text}A`, NOW)).toBeNull()
})

test('a token of one kind is none of another', () => {
  for (const kind of ['pixel', 'click', 'read', 'unsubscribe'] as const)
    for (const other of ['pixel', 'click', 'read', 'unsubscribe'] as const) {
      const token = { ...click(kind === 'click' ? 'https://exemple.fr/' : ''), kind }
      expect(readToken(keys, other, sign(token), NOW) !== null).toBe(kind === other)
    }
})

test('links end after three years, unsubscribing never', () => {
  const later = new Date(NOW.getTime() + 3 * YEARS + 86_400_000 * 2)
  expect(readToken(keys, 'click', sign(click('https://exemple.fr/')), later)).toBeNull()
  const unsubscribe: Token = { kind: 'unsubscribe', subject: individual, locale: 'fr', target: '' }
  expect(readToken(keys, 'unsubscribe', sign(unsubscribe), later)).toEqual(unsubscribe)
})

test('after a rotation old links work and new ones have the new key; a foreign installation reads neither', () => {
  const rotated = linkKeys(secret, 2)
  const old = sign(click('https://exemple.fr/'))
  const fresh = signToken(rotated, click('https://exemple.fr/'), NOW)!
  expect(readToken(rotated, 'click', old, NOW)?.target).toBe('https://exemple.fr/')
  expect(readToken(rotated, 'click', fresh, NOW)?.target).toBe('https://exemple.fr/')
  expect([readToken(keys, 'click', fresh, NOW), fresh.split('.')[0] === old.split('.')[0]]).toEqual([
    null,
    false,
  ])
  expect(readToken(linkKeys(randomBytes(32)), 'click', old, NOW)).toBeNull()
  expect(readToken([], 'click', old, NOW)).toBeNull()
})

test.each([
  'https://exemple.fr',
  'http://exemple.fr:8080/a?b=c#d',
  'HTTPS://EXEMPLE.FR/',
  'https://exemple.fr/%25/a@b?mail=a@b.fr',
  'https://[2001:db8::1]/x',
])('%s may be a target', (target) => {
  expect([isSafeTarget(target), normaliseTarget(target)]).toEqual([true, target])
})

test.each([
  'javascript:alert(1)',
  'data:text/html,x',
  '//evil.example',
  '/local',
  'https:evil.example',
  'https:/evil.example',
  'https:///evil.example',
  'https://',
  'https://user@evil.example',
  'https://a:b@evil.example',
  'https://good.example\\@evil.example',
  'https://good.example/\\evil',
  'https://evil.example/\r\nSet-Cookie: a=b',
  'https://evil.example/\u0000',
  'ftp://evil.example',
  'file:///etc/passwd',
  '\thttps://x y',
  `https://exemple.fr/${'a'.repeat(2000)}`,
  '',
])('%s may not', (target) => {
  expect([isSafeTarget(target), signToken(keys, click(target), NOW)]).toEqual([false, null])
})

test('letters outside ASCII are escaped, the rest stays as written', () => {
  expect(normaliseTarget(' https://exemple.fr/café?q=é à ')).toBe(
    'https://exemple.fr/caf%C3%A9?q=%C3%A9%20%C3%A0',
  )
  expect(normaliseTarget('https://müller.example/')).toBe('https://xn--mller-kva.example/')
  expect(normaliseTarget('mailto:a@b.fr')).toBeNull()
})
