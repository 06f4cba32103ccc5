import { parseAddress } from '#src/lib/networks.ts'

/** Length of every window, in seconds. */
export const WINDOW_SECONDS = 60
const MAX_KEYS = 50_000
const IPV6_SUBSCRIBER_BYTES = 8

/** What was used of a window, this request included, and when it starts anew. */
export type Use = { used: number; resetSeconds: number }

export type Windows = {
  /** Counts one more. */
  count: (key: string | number, nowMs: number) => Use
  /** Tells without counting. */
  look: (key: string | number, nowMs: number) => Use
}

/** Requests by key in windows of a minute that start with the first of them. Bounded: the oldest windows are forgotten. */
export const createWindows = (): Windows => {
  const windows = new Map<string | number, { startedAt: number; used: number }>()
  const length = WINDOW_SECONDS * 1000

  const current = (key: string | number, now: number) => {
    const window = windows.get(key)
    return window && now >= window.startedAt && now < window.startedAt + length ? window : null
  }
  const useOf = (window: { startedAt: number; used: number } | null, now: number): Use => ({
    used: window?.used ?? 0,
    resetSeconds: window ? Math.max(1, Math.ceil((window.startedAt + length - now) / 1000)) : WINDOW_SECONDS,
  })

  return {
    count: (key, now) => {
      let window = current(key, now)
      if (window === null) {
        window = { startedAt: now, used: 0 }
        windows.delete(key)
        windows.set(key, window)
        if (windows.size > MAX_KEYS) windows.delete(windows.keys().next().value ?? '')
      }
      window.used++
      return useOf(window, now)
    },
    look: (key, now) => useOf(current(key, now), now),
  }
}

/** What requests of an address are counted by: one subscriber holds a whole IPv6 /64. */
export const addressGroup = (address: string | null): string => {
  if (address === null || !address.includes(':')) return address ?? 'unknown'
  return parseAddress(address)?.toByteArray().slice(0, IPV6_SUBSCRIBER_BYTES).join('.') ?? address
}

/** `RateLimit` and `RateLimit-Policy` as draft-ietf-httpapi-ratelimit-headers-10 has them. */
export const rateHeaders = (
  policy: 'token' | 'address',
  quota: number,
  use: Use,
): Record<string, string> => ({
  'RateLimit-Policy': `"${policy}";q=${quota};w=${WINDOW_SECONDS}`,
  RateLimit: `"${policy}";r=${Math.max(0, quota - use.used)};t=${use.resetSeconds}`,
})
