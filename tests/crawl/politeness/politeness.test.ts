import { expect, test } from 'bun:test'
import { createPoliteness } from '#src/crawl/politeness/politeness.ts'
import { isSharedPlatform } from '#src/crawl/politeness/shared-platforms.ts'
import { createLocalSlots } from '#src/crawl/politeness/slots.ts'
import type { FetchedResponse, HopPass } from '#src/lib/safe-fetch.ts'

/** A clock that sleeping moves on. */
const fakeTime = () => {
  let at = Date.parse('2026-11-22T12:00:00Z')
  return {
    now: () => new Date(at),
    sleep: async (milliseconds: number) => {
      at += milliseconds
    },
    since: (start: Date) => at - start.getTime(),
    pass: (milliseconds: number) => {
      at += milliseconds
    },
  }
}
const hop = (url: string, address = '93.184.216.34', signal?: AbortSignal) => ({
  url: new URL(url),
  address,
  from: null,
  signal,
})
const done = (pass: HopPass, status = 200, headers: Record<string, string> = {}): void => {
  if (!pass.go) throw new Error(pass.message)
  pass.done?.({ status, headers } as FetchedResponse)
}
/** Whether a promise is settled once everything that can happen now has happened. */
const isSettled = async (promise: Promise<unknown>): Promise<boolean> => {
  let settled = false
  void promise.then(() => (settled = true))
  await new Promise((resolve) => setImmediate(resolve))
  return settled
}

test('a host is asked one request at a time, a second after the last one ended', async () => {
  const time = fakeTime()
  const { gate } = createPoliteness(time)
  const start = time.now()
  const first = await gate(hop('https://site.test/'))
  const second = gate(hop('https://www.site.test/a', '93.184.216.35'))
  expect(await isSettled(second)).toBe(false)
  time.pass(400)
  done(first)
  done(await second)
  expect(time.since(start)).toBe(1_400)
  time.pass(5_000)
  done(await gate(hop('https://site.test/b')))
  expect(time.since(start)).toBe(6_400)
})

test('Crawl-delay wins over the second, within its bounds', async () => {
  for (const [asked, expected] of [
    [10_000, 10_000],
    [200, 1_000],
    [900_000, 30_000],
  ] as const) {
    const time = fakeTime()
    const { gate, slowDown } = createPoliteness(time)
    done(await gate(hop('https://site.test/')))
    const start = time.now()
    slowDown('www.site.test', asked)
    done(await gate(hop('https://site.test/a')))
    expect(time.since(start)).toBe(expected)
  }
})

test('a busy answer is waited out as it asks, up to a minute', async () => {
  for (const [status, header, expected] of [
    [429, '20', 20_000],
    [503, 'Sun, 22 Nov 2026 12:00:30 GMT', 30_000],
    [429, '86400', 60_000],
    [429, undefined, 5_000],
    [503, undefined, 5_000],
    [503, 'Sun, 22 Nov 2026 11:00:00 GMT', 1_000],
    [500, undefined, 1_000],
    [200, '20', 1_000],
  ] as const) {
    const time = fakeTime()
    const { gate } = createPoliteness(time)
    const start = time.now()
    done(await gate(hop('https://site.test/')), status, header ? { 'retry-after': header } : {})
    done(await gate(hop('https://site.test/a')))
    expect(time.since(start)).toBe(expected)
  }
})

test.each([
  ['93.184.216.34', 'https://site', 4],
  ['104.16.0.1', 'https://site', 16],
  ['2606:4700::6810:1', 'https://site', 16],
  ['93.184.216.34', 'https://wix', 16],
])('the address %s is asked by %s… at most %d times at once', async (address, start, limit) => {
  const { gate } = createPoliteness(fakeTime())
  const url = (index: number) =>
    start.endsWith('wix') ? `${start}${index}.wixsite.com/` : `${start}${index}.test/`
  const passes: HopPass[] = []
  for (let index = 0; index < limit; index += 1) passes.push(await gate(hop(url(index), address)))
  const over = gate(hop(url(99), address))
  expect(await isSettled(over)).toBe(false)
  const elsewhere = gate(hop('https://elsewhere.test/', '93.184.216.99'))
  expect(await isSettled(elsewhere)).toBe(true)
  done(passes[0]!)
  expect(await isSettled(over)).toBe(true)
})

test('a request that waits can be cancelled and leaves nothing behind', async () => {
  const { gate } = createPoliteness(fakeTime())
  const first = await gate(hop('https://site.test/'))
  const stop = new AbortController()
  const second = gate(hop('https://site.test/a', undefined, stop.signal))
  const third = gate(hop('https://site.test/b'))
  stop.abort()
  expect(await second).toMatchObject({ go: false })
  done(first)
  done(await third)
})

test('ending a request twice frees its place once', async () => {
  const { gate } = createPoliteness(fakeTime())
  const first = await gate(hop('https://site.test/'))
  done(first)
  done(first)
  await gate(hop('https://site.test/a'))
  expect(await isSettled(gate(hop('https://site.test/b')))).toBe(false)
})

test('politeness can be switched off', async () => {
  const time = fakeTime()
  const { gate } = createPoliteness({ ...time, enabled: false })
  const start = time.now()
  for (let index = 0; index < 50; index += 1)
    expect(await gate(hop('https://site.test/'))).toEqual({ go: true })
  expect(time.since(start)).toBe(0)
})

test('slots are given in the order of asking', async () => {
  const slots = createLocalSlots()
  const order: number[] = []
  const leave = await slots.acquire('key', 1)
  const waiting = [1, 2, 3].map(async (index) => {
    const end = await slots.acquire('key', 1)
    order.push(index)
    end()
  })
  leave()
  await Promise.all(waiting)
  expect(order).toEqual([1, 2, 3])
})

test('a slot given back twice is free once', async () => {
  const slots = createLocalSlots()
  const leave = await slots.acquire('key', 1)
  const waiting = [slots.acquire('key', 1), slots.acquire('key', 1)]
  leave()
  leave()
  expect(await isSettled(waiting[0]!)).toBe(true)
  expect(await isSettled(waiting[1]!)).toBe(false)
})

test.each([
  ['www.site.test', '151.101.1.1', true],
  ['www.site.test', '104.15.255.255', false],
  ['shop.myshopify.com', '93.184.216.34', true],
  ['notmyshopify.com', '93.184.216.34', false],
])('%s at %s is a shared platform: %p', (host, address, expected) => {
  expect(isSharedPlatform(host, address)).toBe(expected)
})
