/** From so many hits a second on, answering them comes before delivering them: the spool is there to take it. */
const BUSY_PER_SECOND = 2000
/** While it is so, delivering rests this many times as long as it works. */
const REST = 3
const MAX_REST_MS = 1000

/** How long to rest after a batch that took `workedMs`. `stored` counts the hits kept so far; in a flood (a scanner, a
 *  large campaign at nine o'clock) batches leave time for answers, else they follow each other at once. */
export const deliveryPace = () => {
  let countedAt = performance.now()
  let counted = 0
  return (stored: number, workedMs: number): number => {
    const now = performance.now()
    const perSecond = ((stored - counted) / (now - countedAt)) * 1000
    countedAt = now
    counted = stored
    return perSecond > BUSY_PER_SECOND ? Math.min(workedMs * REST, MAX_REST_MS) : 0
  }
}
