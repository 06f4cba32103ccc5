import { expect, jest, test } from 'bun:test'
import { restWhenQuiet } from '#src/cli/rest-when-quiet.ts'

test('memory is given back some time after the last request, and then not again with each that follows', () => {
  jest.useFakeTimers()
  try {
    let rests = 0
    const asked = restWhenQuiet(() => (rests += 1), { quietMs: 100, everyMs: 60_000 })
    for (let request = 0; request < 3; request++) {
      jest.advanceTimersByTime(80)
      asked()
    }
    expect(rests).toBe(0)
    jest.advanceTimersByTime(110)
    expect(rests).toBe(1)
    asked()
    jest.advanceTimersByTime(500)
    expect(rests).toBe(1)
  } finally {
    jest.useRealTimers()
  }
})

test('after long enough a quiet server rests again', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  let rests = 0
  const asked = restWhenQuiet(
    () => {
      rests += 1
      if (rests === 2) resolve()
      else asked()
    },
    { quietMs: 1, everyMs: -1 },
  )
  await promise
  expect(rests).toBe(2)
})
