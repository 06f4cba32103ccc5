import { expect, test } from 'bun:test'
import { collectGarbage } from '#edge/collect-garbage.ts'
import { until } from '#tests/support/until.ts'

const LOOK_EVERY_MS = 50

const work = (): void => {
  const end = performance.now() + LOOK_EVERY_MS
  while (performance.now() < end);
}

test('garbage is collected by a process that is busy and large, and by no other', async () => {
  const collected = { large: 0, small: 0 }
  const timers = [
    collectGarbage({ lookEveryMs: LOOK_EVERY_MS, muchBytes: 0, collect: () => (collected.large += 1) }),
    collectGarbage({ lookEveryMs: LOOK_EVERY_MS, muchBytes: 1e12, collect: () => (collected.small += 1) }),
  ]
  await until('it is collected', () => {
    work()
    return collected.large >= 3
  }).finally(() => timers.forEach(clearInterval))
  expect(collected.small).toBe(0)
})
