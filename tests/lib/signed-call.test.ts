import { expect, test } from 'bun:test'
import { callChecker, hashOf, isAnswer, signAnswer, signCall, WINDOW_MS } from '#src/lib/signed-call.ts'

const KEY = 'ab'.repeat(32)
const START = new Date('2026-11-22T12:00:00Z')
const later = (ms: number) => new Date(START.getTime() + ms)
const CALL = { method: 'POST', path: '/edge/events', body: '{"a":1}' }
const NOW = later(10_000)
const signed = (call = CALL, key = KEY, at = NOW) => signCall(key, call, at).authorization
const check = (header: string | undefined, now = NOW, call = CALL, checker = callChecker(KEY, START)) => {
  const { method, path } = call
  const found = checker({ method, path, header }, now)
  return found.ok ? 'ok' : found.problem
}

test('a call of who holds the key is obeyed, and once', () => {
  const checker = callChecker(KEY, START)
  const header = signed()
  expect([check(header, NOW, CALL, checker), check(header, NOW, CALL, checker)]).toEqual(['ok', 'repeated'])
  expect(check(signed(), NOW, CALL, checker)).toBe('ok')
  expect(check(header, later(WINDOW_MS), CALL, checker)).toBe('repeated')
})

test('the hash of the body is told before the body is read', () => {
  const found = callChecker(KEY, START)({ ...CALL, header: signed() }, NOW)
  expect(found.ok && found.bodyHash).toBe(hashOf(CALL.body))
})

test.each([
  ['no header', undefined, 'unsigned'],
  ['another scheme', 'Bearer abc', 'unsigned'],
  ['another key', signed(CALL, 'cd'.repeat(32)), 'forged'],
  ['another path', signed({ ...CALL, path: '/edge/link' }), 'forged'],
  ['another method', signed({ ...CALL, method: 'GET' }), 'forged'],
  ['a changed time', signed().replace(/Edge \d/, 'Edge 9'), 'forged'],
  ['a body hash of another call', signed().replace(/\.[\w-]{43}\./, `.${hashOf('x')}.`), 'forged'],
  ['a clock that is behind', signed(CALL, KEY, later(10_000 - WINDOW_MS - 1)), 'clock'],
  ['a clock that is ahead', signed(CALL, KEY, later(10_000 + WINDOW_MS + 1)), 'clock'],
  ['a call from before the start', signed(CALL, KEY, later(-1)), 'clock'],
] as const)('refused: %s', (_, header, problem) => {
  expect(check(header)).toBe(problem)
})

test('what is remembered of calls is given up when they are too old to be repeated', () => {
  const checker = callChecker(KEY, START)
  const first = signed()
  check(first, NOW, CALL, checker)
  for (let minute = 1; minute < 10; minute++) {
    const at = later(10_000 + minute * WINDOW_MS)
    expect(check(signed(CALL, KEY, at), at, CALL, checker)).toBe('ok')
  }
  expect(check(first, later(10 * WINDOW_MS), CALL, checker)).toBe('clock')
})

test('an answer belongs to its call and to who holds the key', () => {
  const nonce = 'n'.repeat(22)
  const given = signAnswer(KEY, nonce, 'taken')
  expect([
    isAnswer(KEY, nonce, 'taken', given),
    isAnswer(KEY, nonce, 'takem', given),
    isAnswer(KEY, 'm'.repeat(22), 'taken', given),
    isAnswer('cd'.repeat(32), nonce, 'taken', given),
    isAnswer(KEY, nonce, 'taken', null),
    isAnswer(KEY, nonce, 'taken', ''),
  ]).toEqual([true, false, false, false, false, false])
})

test('a clock that was ahead when the server started does not shut an edge out for ever', () => {
  const checker = callChecker(KEY, START)
  const now = later(-3 * 86_400_000)
  const early = signed(CALL, KEY, new Date(now.getTime() - 1000))
  expect(check(early, now, CALL, checker)).toBe('clock')
  const soon = new Date(now.getTime() + 1000)
  const header = signed(CALL, KEY, soon)
  expect([check(header, soon, CALL, checker), check(header, soon, CALL, checker)]).toEqual(['ok', 'repeated'])
  expect(check(early, soon, CALL, checker)).toBe('clock')
})

test('a signature in other letters is no signature', () => {
  expect(isAnswer(KEY, 'n'.repeat(22), 'taken', 'é'.repeat(43))).toBe(false)
})
