import { edenGC } from 'bun:jsc'

// Answers wait in memory for a thread to parse them: this much of them for each thread.
const BYTES_PER_THREAD = 4_000_000
// What an answer is taken to be before it is there: as long as the last ones were on average, of which each counts
// for this share.
const FIRST_GUESS = 100_000
const LEAST_GUESS = 20_000
const SHARE = 0.05
// After so many bytes of answers the garbage collector looks at what is new, and after so many at everything: left to
// itself it lets the heap grow to four times what is in use.
const BYTES_PER_YOUNG_COLLECTION = 4_000_000
const BYTES_PER_COLLECTION = 16_000_000
// What is left behind besides answers: by each of them, by taking up a site, and by putting its facts together.
const BYTES_PER_ANSWER = 20_000
const BYTES_PER_SITE = 200_000
const BYTES_PER_END = 4_000_000
// After a sweep so many times as long as it took goes by without one: the larger the heap, the longer everything waits
// for it.
const TIMES_OF_REST = 4

/** One site's part of the room: it asks for one page after the other. */
export type Seat = {
  /** Waits until another answer fits in memory, sites that began earlier first. Rejects when `signal` aborts. */
  enter: (signal?: AbortSignal) => Promise<void>
  /** The answer is there, with so many bytes. */
  hold: (bytes: number) => void
  /** Nothing of it is in memory any more. */
  leave: () => void
}

export type PageRoom = {
  seat: () => Seat
  /** A site's facts have been put together and saved. */
  ended: () => void
}

type Collect = { young: () => unknown; all: () => unknown }

type Waiter = { order: number; enter: () => void }

/** Bounds what the answers of all sites take in memory, from the moment they are asked for until they are parsed:
 *  hundreds of sites can be in progress, and each answer may have megabytes. Sites that began first go first, so that
 *  they come to their end instead of all advancing in step. */
export const createPageRoom = (
  threads: number,
  collect: Collect = { young: edenGC, all: () => Bun.gc(true) },
  now: () => number = () => performance.now(),
): PageRoom => {
  const room = BYTES_PER_THREAD * threads
  const waiting: Waiter[] = []
  let guess = FIRST_GUESS
  let held = 0
  let sites = 0
  let passed = 0
  let passedYoung = 0
  let due: keyof Collect | null = null
  let rested = 0

  // One always fits, however large.
  const hasRoom = (): boolean => held === 0 || held + guess <= room

  const admit = (): void => {
    while (waiting.length > 0 && hasRoom()) waiting.shift()!.enter()
  }

  const wait = (order: number, enter: () => void, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const give = (): void => {
        waiting.splice(waiting.indexOf(waiter), 1)
        reject(signal?.reason)
      }
      const waiter: Waiter = {
        order,
        enter: () => {
          signal?.removeEventListener('abort', give)
          enter()
          resolve()
        },
      }
      const at = waiting.findLastIndex((one) => one.order <= order)
      waiting.splice(at + 1, 0, waiter)
      signal?.addEventListener('abort', give, { once: true })
    })

  const pass = (bytes: number): void => {
    passed += bytes
    passedYoung += bytes
    if (passedYoung < BYTES_PER_YOUNG_COLLECTION || now() < rested) return
    passedYoung = 0
    if (due === null) setImmediate(sweep)
    if (passed < BYTES_PER_COLLECTION) due ??= 'young'
    else [due, passed] = ['all', 0]
  }

  // Once for all that passed since.
  const sweep = (): void => {
    const kind = due ?? 'young'
    due = null
    const start = now()
    collect[kind]()
    const end = now()
    rested = end + (end - start) * TIMES_OF_REST
  }

  const seat = (): Seat => {
    const order = sites++
    pass(BYTES_PER_SITE)
    let own = 0

    const take = (bytes: number): void => {
      held += bytes - own
      own = bytes
      admit()
    }

    return {
      enter: async (signal) => {
        signal?.throwIfAborted()
        take(0)
        const enter = () => {
          held += guess
          own = guess
        }
        if (waiting.length === 0 && hasRoom()) enter()
        else await wait(order, enter, signal)
      },
      hold: (bytes) => {
        guess = Math.max(LEAST_GUESS, guess + (bytes - guess) * SHARE)
        take(bytes)
        pass(bytes + BYTES_PER_ANSWER)
      },
      leave: () => take(0),
    }
  }

  return { seat, ended: () => pass(BYTES_PER_END) }
}
