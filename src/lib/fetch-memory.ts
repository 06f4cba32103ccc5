const DNS_TTL_MS = 60_000
const MAX_REMEMBERED = 500

/** What several fetches of one piece of work share: vetted addresses (they are vetted again at each use) and the
 *  hosts whose certificate had to be tolerated. */
export type FetchMemory = {
  addresses: {
    get: (host: string) => Remembered | undefined
    set: (host: string, value: Remembered) => unknown
  }
  brokenTls: { get: (host: string) => string | undefined; set: (host: string, problem: string) => unknown }
}
type Remembered = { addresses: string[]; at: number }

const bounded = <T>() => {
  const map = new Map<string, T>()
  return {
    get: (key: string) => map.get(key),
    set: (key: string, value: T) => {
      if (map.size >= MAX_REMEMBERED) map.clear()
      map.set(key, value)
    },
  }
}

export const createFetchMemory = (): FetchMemory => ({ addresses: bounded(), brokenTls: bounded() })

/** The addresses found for a host less than a minute ago. */
export const addressesFor = (memory: FetchMemory, host: string): string[] | null => {
  const found = memory.addresses.get(host)
  return found && performance.now() - found.at < DNS_TTL_MS ? found.addresses : null
}
