/** A counted right to do something at once with others: `acquire` waits, first come first served, until fewer than
 *  `limit` hold `key`, and gives the function that ends it. Rejects when `signal` aborts before. */
export type Slots = {
  acquire: (key: string, limit: number, signal?: AbortSignal) => Promise<() => void>
  close: () => Promise<void>
}

type Waiter = { limit: number; enter: () => void }
type Place = { holders: number; waiters: Waiter[] }

/** Slots within this process. A key that nobody holds takes no memory. */
export const createLocalSlots = (): Slots => {
  const places = new Map<string, Place>()

  const acquire = async (key: string, limit: number, signal?: AbortSignal): Promise<() => void> => {
    signal?.throwIfAborted()
    const place = places.get(key) ?? { holders: 0, waiters: [] }
    places.set(key, place)
    if (place.holders < limit && place.waiters.length === 0) place.holders += 1
    else await wait(place, limit, signal)
    return once(() => release(key, place))
  }

  const wait = (place: Place, limit: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const leave = (): void => {
        place.waiters.splice(place.waiters.indexOf(waiter), 1)
        reject(signal?.reason)
      }
      const enter = (): void => {
        signal?.removeEventListener('abort', leave)
        place.holders += 1
        resolve()
      }
      const waiter = { limit, enter }
      place.waiters.push(waiter)
      signal?.addEventListener('abort', leave, { once: true })
    })

  const release = (key: string, place: Place): void => {
    place.holders -= 1
    for (let next = place.waiters[0]; next && place.holders < next.limit; next = place.waiters[0]) {
      place.waiters.shift()
      next.enter()
    }
    if (place.holders === 0 && place.waiters.length === 0) places.delete(key)
  }

  return { acquire, close: async () => {} }
}

/** A function that does its work the first time only. */
export const once = (action: () => void): (() => void) => {
  let done = false
  return () => {
    if (done) return
    done = true
    action()
  }
}
