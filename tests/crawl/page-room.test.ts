import { expect, test } from 'bun:test'
import { createPageRoom } from '#src/crawl/page-room.ts'

const THREADS = 1
const HUGE = 50_000_000

const soon = () => new Promise((resolve) => setTimeout(resolve, 1))
const turn = () => new Promise((resolve) => setImmediate(resolve))

test('what is in memory bounds how many answers are asked for; sites that began first go first', async () => {
  const room = createPageRoom(THREADS)
  const [first, second, third] = [room.seat(), room.seat(), room.seat()]
  const entered: string[] = []
  await third.enter()
  third.hold(HUGE)
  void second.enter().then(() => entered.push('second'))
  void first.enter().then(() => entered.push('first'))
  await soon()
  expect(entered).toEqual([])
  third.leave()
  await soon()
  expect(entered[0]).toBe('first')
  first.leave()
  await soon()
  expect(entered).toEqual(['first', 'second'])
})

test('a request that is given up waits no longer and takes no room', async () => {
  const room = createPageRoom(THREADS)
  const [holder, other] = [room.seat(), room.seat()]
  await holder.enter()
  holder.hold(HUGE)
  const stop = new AbortController()
  const waiting = other.enter(stop.signal)
  stop.abort(new Error('given up'))
  await expect(waiting).rejects.toThrow('given up')
  holder.leave()
  const late = room.seat()
  await late.enter()
  late.leave()
})

test('one answer is always let in, however large the last ones were', async () => {
  const room = createPageRoom(THREADS)
  for (let page = 0; page < 100; page += 1) {
    const seat = room.seat()
    await seat.enter()
    seat.hold(HUGE)
    seat.leave()
  }
  await room.seat().enter()
})

test('memory is swept by what has passed: young objects often, all of them now and then', async () => {
  const swept = { young: 0, all: 0 }
  const count = (kind: keyof typeof swept) => () => void (swept[kind] += 1)
  const room = createPageRoom(THREADS, { young: count('young'), all: count('all') })
  const seat = room.seat()
  for (let answer = 0; answer < 320; answer++) {
    await seat.enter()
    seat.hold(100_000)
    seat.leave()
    await turn()
  }
  await turn()
  expect(swept.all).toBeGreaterThanOrEqual(2)
  expect(swept.young).toBeGreaterThan(2 * swept.all)
  const before = swept.young + swept.all
  room.ended()
  await turn()
  for (let site = 0; site < 100; site++) {
    room.seat()
    await turn()
  }
  await turn()
  expect(swept.young + swept.all).toBeGreaterThan(before + 2)
})

test('however much passes at once, memory is swept once, and wholly', async () => {
  const swept: string[] = []
  const room = createPageRoom(THREADS, {
    young: () => swept.push('young'),
    all: () => swept.push('all'),
  })
  for (let site = 0; site < 500; site++) room.seat()
  await turn()
  await turn()
  expect(swept).toEqual(['all'])
})

test('sweeps that take long are rare, and what passed meanwhile is not forgotten', async () => {
  let time = 0
  const swept: number[] = []
  const collect = () => {
    swept.push(time)
    time += 300
  }
  const room = createPageRoom(THREADS, { young: collect, all: collect }, () => time)
  for (; time < 10_000; time += 10) {
    room.ended()
    await turn()
  }
  expect(swept.length).toBeGreaterThan(4)
  expect(swept.length).toBeLessThanOrEqual(7)
})
