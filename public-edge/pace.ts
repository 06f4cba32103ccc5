/** From so many hits a second on, answering them comes before delivering them: the spool is there to take it. */
const BUSY_PER_SECOND = 2000
/** While it is so, delivering rests this many times as long as it works; ever less as the spool fills, … */
const REST = 12
/** … and not at all once this share of it is taken. */
const FILLED = 0.5
const MAX_REST_MS = 1000

/** How long to rest after a batch that took `workedMs`. `stored` counts the hits kept so far, `taken` is the share of the
 *  spool that is; in a flood (a scanner, a large campaign at nine o'clock) batches leave time for answers, else they
 *  follow each other at once. */
export const deliveryPace = () => {
  let countedAt = performance.now()
  let counted = 0
  return (stored: number, workedMs: number, taken: number): number => {
    const now = performance.now()
    const perSecond = ((stored - counted) / (now - countedAt)) * 1000
    countedAt = now
    counted = stored
    if (perSecond <= BUSY_PER_SECOND) return 0
    return Math.min(workedMs * REST * Math.max(0, 1 - taken / FILLED), MAX_REST_MS)
  }
}
