import { PING } from './event-types.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
/** Pauses after each try that failed: about three days in all. */
const PAUSES = [
  5 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  8 * HOUR,
  12 * HOUR,
  20 * HOUR,
  24 * HOUR,
]
/** Receivers that come back are not all asked in the same moment. */
const SPREAD = 0.2

/** Milliseconds until the next try, or null to give up. What the receiver asked for in Retry-After is waited for,
 *  when it is longer.
 *  @param tries made so far, the failed one included
 *  @param random 0–1 */
export const nextPause = (
  { type, tries, retryAfterMs }: { type: string; tries: number; retryAfterMs: number | null },
  random: number = Math.random(),
): number | null => {
  const pause = type === PING ? undefined : PAUSES[tries - 1]
  if (pause === undefined) return null
  return Math.max(Math.round(pause * (1 + random * SPREAD)), retryAfterMs ?? 0)
}
