import type { HopGate } from '#src/lib/safe-fetch.ts'
import { retryAfterMs } from '#src/lib/retry-after.ts'
import { sleep as sleepFor } from '#src/lib/sleep.ts'
import { isSharedPlatform } from './shared-platforms.ts'
import { createLocalSlots, once, type Slots } from './slots.ts'

const HOST_PAUSE_MS = 1_000
const MAX_HOST_PAUSE_MS = 30_000
const REQUESTS_PER_ADDRESS = 4
const REQUESTS_PER_SHARED_ADDRESS = 16
// For a busy answer that does not say when to come back.
const BUSY_PAUSE_MS = 5_000
const MAX_RETRY_AFTER_MS = 60_000
const MAX_REMEMBERED_HOSTS = 5_000
const BUSY_STATUSES = new Set([429, 503])

export type Politeness = {
  /** For `onHop` of safeFetch: waits for the host's and the address's turn. */
  gate: HopGate
  /** Sets the pause between two requests to a host (`URL.host`; Crawl-delay): at least one second, at most 30. */
  slowDown: (host: string, pauseMs: number) => void
  /** Gives back what is held over nodes. */
  close: () => Promise<void>
}

type Options = {
  /** Over all nodes by createLeasedSlots; without it within this process. */
  slots?: Slots
  /** False lets every request go at once, for a farm of sites of one's own. */
  enabled?: boolean
  now?: () => Date
  sleep?: (milliseconds: number, signal?: AbortSignal) => Promise<void>
}

type Host = { pauseMs: number; lastEnd: number; notBefore: number }

/** One request at a time and a pause of one second per host; at most four at once per address, sixteen where one
 *  address is known to stand for thousands of sites. A busy answer's Retry-After is waited for, up to a minute;
 *  five seconds when it says nothing. */
export const createPoliteness = (options: Options = {}): Politeness => {
  const { slots = createLocalSlots(), enabled = true, now = () => new Date(), sleep = sleepFor } = options
  const hosts = new Map<string, Host>()

  const gate: HopGate = async ({ url, address, signal }) => {
    if (!enabled) return { go: true }
    const name = hostKey(url.host)
    const ends: (() => void)[] = []
    const leave = once(() => ends.toReversed().forEach((end) => end()))
    try {
      ends.push(await slots.acquire(`host:${name}`, 1, signal))
      const wait = freeAt(name) - now().getTime()
      if (wait > 0) await sleep(wait, signal)
      const limit = isSharedPlatform(url.hostname, address)
        ? REQUESTS_PER_SHARED_ADDRESS
        : REQUESTS_PER_ADDRESS
      ends.push(await slots.acquire(`address:${address}`, limit, signal))
    } catch (error) {
      leave()
      if (signal?.aborted) return { go: false, message: 'The request was cancelled.' }
      throw error
    }
    return {
      go: true,
      done: (answer) => {
        const busy = answer !== null && BUSY_STATUSES.has(answer.status)
        const asked = busy ? (retryAfterMs(answer.headers, now()) ?? BUSY_PAUSE_MS) : 0
        const lastEnd = now().getTime()
        const notBefore = lastEnd + Math.min(asked, MAX_RETRY_AFTER_MS)
        remember(name, { pauseMs: hosts.get(name)?.pauseMs ?? HOST_PAUSE_MS, lastEnd, notBefore })
        leave()
      },
    }
  }

  const slowDown = (host: string, pauseMs: number): void => {
    const name = hostKey(host)
    const pause = Math.min(Math.max(pauseMs, HOST_PAUSE_MS), MAX_HOST_PAUSE_MS)
    const known = hosts.get(name) ?? { lastEnd: 0, notBefore: 0 }
    remember(name, { ...known, pauseMs: pause })
  }

  const freeAt = (name: string): number => {
    const host = hosts.get(name)
    return host ? Math.max(host.lastEnd + host.pauseMs, host.notBefore) : 0
  }

  const remember = (name: string, host: Host): void => {
    hosts.delete(name)
    hosts.set(name, host)
    const oldest = hosts.keys().next().value
    if (hosts.size > MAX_REMEMBERED_HOSTS && oldest !== undefined) hosts.delete(oldest)
  }

  return { gate, slowDown, close: slots.close }
}

/** `www.` and the bare name are one server in all but name. */
const hostKey = (host: string): string => host.replace(/^www\./, '').replace(/\.(?=$|:)/, '')
