/** Sliding windows that are never overrun: mails are counted in small buckets, and a bucket counts until the youngest
 *  mail it may hold has left the window. What that costs of a rate is at most 3.3 % (of a minute), 1 % of an hour or day. */

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
/** From being granted to being handed over takes a moment, one mail more than another: windows are longer by this. */
export const HAND_OVER_MS = 1_500

export const WINDOWS = ['minute', 'hour', 'day'] as const
export type WindowName = (typeof WINDOWS)[number]

const SIZES: Record<WindowName, { lengthMs: number; bucketMs: number }> = {
  minute: { lengthMs: MINUTE_MS + HAND_OVER_MS, bucketMs: 500 },
  hour: { lengthMs: HOUR_MS + HAND_OVER_MS, bucketMs: 30_000 },
  day: { lengthMs: DAY_MS + HAND_OVER_MS, bucketMs: 10 * MINUTE_MS },
}

/** The number of the bucket that a moment is in. */
export const bucketAt = (window: WindowName, at: Date): number =>
  Math.floor(at.getTime() / SIZES[window].bucketMs)

/** `counts[i]` mails in bucket `from + i`; a bucket's number is its time since 1970 divided by its size. */
export type Buckets = { from: number; counts: number[] }
export type Usage = Record<WindowName, Buckets>
/** Null: no limit. */
export type Limits = Record<WindowName, number | null>

export const NO_USAGE: Usage = {
  minute: { from: 0, counts: [] },
  hour: { from: 0, counts: [] },
  day: { from: 0, counts: [] },
}

/** How many mails may be within the window that ends at `atMs`, never fewer than there are. */
export const usedAt = (usage: Usage, window: WindowName, atMs: number): number => {
  const { from, counts } = usage[window]
  let used = 0
  for (let index = Math.max(0, oldestBucket(window, atMs) - from); index < counts.length; index += 1)
    used += counts[index]!
  return used
}

/** How many more may leave at `atMs`; Infinity without a limit. */
export const roomAt = (usage: Usage, limits: Limits, atMs: number): number =>
  Math.min(
    ...WINDOWS.map((window) => {
      const limit = limits[window]
      return limit === null ? Infinity : Math.max(0, limit - usedAt(usage, window, atMs))
    }),
  )

/** The first moment from `atMs` on with room for one more, and the window that is full until then; null for a limit of
 *  nothing at all. */
export const roomFrom = (
  usage: Usage,
  limits: Limits,
  atMs: number,
): { atMs: number; window: WindowName | null } | null => {
  let found: { atMs: number; window: WindowName | null } = { atMs, window: null }
  for (const window of WINDOWS) {
    const limit = limits[window]
    if (limit === null) continue
    if (limit <= 0) return null
    const free = freeFrom(usage, window, limit, atMs)
    if (free > found.atMs) found = { atMs: free, window }
  }
  return found
}

const freeFrom = (usage: Usage, window: WindowName, limit: number, atMs: number): number => {
  const { from, counts } = usage[window]
  const { lengthMs, bucketMs } = SIZES[window]
  let used = usedAt(usage, window, atMs)
  let index = Math.max(0, oldestBucket(window, atMs) - from)
  let free = atMs
  for (; used >= limit && index < counts.length; index += 1) {
    used -= counts[index]!
    free = (from + index + 1) * bucketMs + lengthMs
  }
  return free
}

/** The usage after `count` mails more at `atMs`; what has left every window is dropped. */
export const withMails = (usage: Usage, count: number, atMs: number): Usage => ({
  minute: added(usage.minute, 'minute', count, atMs),
  hour: added(usage.hour, 'hour', count, atMs),
  day: added(usage.day, 'day', count, atMs),
})

const added = (buckets: Buckets, window: WindowName, count: number, atMs: number): Buckets => {
  const bucket = Math.floor(atMs / SIZES[window].bucketMs)
  const oldest = oldestBucket(window, atMs)
  const kept = buckets.counts.slice(Math.max(0, oldest - buckets.from))
  const from = kept.length > 0 ? Math.max(buckets.from, oldest) : bucket
  while (from + kept.length <= bucket) kept.push(0)
  kept[bucket - from]! += count
  return { from, counts: kept }
}

// The first bucket that ends within the window; one that ends where the window begins holds nothing of it.
const oldestBucket = (window: WindowName, atMs: number): number =>
  Math.floor((atMs - SIZES[window].lengthMs) / SIZES[window].bucketMs)
