import { expect, test } from 'bun:test'
import {
  HAND_OVER_MS,
  NO_USAGE,
  roomAt,
  roomFrom,
  usedAt,
  withMails,
  type Limits,
} from '#src/mail/limits/windows.ts'

const NO_LIMITS: Limits = { minute: null, hour: null, day: null }
const START = Date.parse('2026-03-10T11:00:00.123Z')

/** The most mails in any closed window of a length, of moments in order. */
const mostWithin = (moments: number[], lengthMs: number): number => {
  let [most, first] = [0, 0]
  moments.forEach((moment, index) => {
    while (moment - moments[first]! > lengthMs) first += 1
    most = Math.max(most, index - first + 1)
  })
  return most
}

/** Takes all that is granted, asking exactly when told to, from a chance moment on. */
const takeAll = (limits: Limits, count: number): number[] => {
  let [usage, at] = [NO_USAGE, START + Math.floor(Math.random() * 100_000)]
  const moments: number[] = []
  while (moments.length < count) {
    const room = Math.min(roomAt(usage, limits, at), count - moments.length)
    usage = withMails(usage, room, at)
    for (let mail = 0; mail < room; mail += 1) moments.push(at)
    if (moments.length < count) at = roomFrom(usage, limits, at)!.atMs
  }
  return moments
}

test.each([
  ['minute', 1, 60_000],
  ['minute', 60, 60_000],
  ['hour', 7, 3_600_000],
  ['hour', 500, 3_600_000],
  ['day', 3, 86_400_000],
  ['day', 2_000, 86_400_000],
] as const)(
  'no window of a %s ever holds more than %i, and 96 %% of the rate is reached',
  (window, limit, ms) => {
    const rounds = 12
    const moments = takeAll({ ...NO_LIMITS, [window]: limit }, limit * rounds + 1)
    // With the moment that handing over may take.
    expect(mostWithin(moments, ms + HAND_OVER_MS)).toBeLessThanOrEqual(limit)
    const took = moments.at(-1)! - moments[0]!
    expect(((limit * rounds) / took) * ms).toBeGreaterThan(limit * 0.96)
  },
)

test('mails that trickle in at random moments never overrun a window either', () => {
  const limits = { minute: 5, hour: 40, day: 200 }
  let [usage, at] = [NO_USAGE, START]
  const moments: number[] = []
  for (let call = 0; call < 20_000; call += 1) {
    at += Math.floor(Math.random() * 30_000)
    const room = Math.min(roomAt(usage, limits, at), 1 + Math.floor(Math.random() * 4))
    usage = withMails(usage, room, at)
    for (let mail = 0; mail < room; mail += 1) moments.push(at)
  }
  expect(mostWithin(moments, 60_000)).toBe(5)
  expect(mostWithin(moments, 3_600_000)).toBe(40)
  expect(mostWithin(moments, 86_400_000)).toBe(200)
})

test('what is told to wait for has room, and nothing before it has', () => {
  const limits = { minute: 3, hour: 5, day: null }
  const usage = withMails(withMails(NO_USAGE, 3, START), 2, START + 90_000)
  const room = roomFrom(usage, limits, START + 100_000)!
  expect(room.window).toBe('hour')
  expect(roomAt(usage, limits, room.atMs)).toBeGreaterThan(0)
  expect(roomAt(usage, limits, room.atMs - 1)).toBe(0)
  expect(roomFrom(usage, { ...limits, day: 0 }, START)).toBeNull()
  expect(roomFrom(NO_USAGE, limits, START)).toEqual({ atMs: START, window: null })
})

test('what has left every window is forgotten, so a row stays small', () => {
  let usage = NO_USAGE
  for (let hour = 0; hour < 24 * 60; hour += 1) usage = withMails(usage, 1, START + hour * 3_600_000)
  expect(usage.minute.counts.length).toBeLessThan(130)
  expect(usage.day.counts.length).toBeLessThan(150)
  expect(usedAt(usage, 'day', START + 24 * 60 * 3_600_000)).toBeGreaterThanOrEqual(24)
})
