/** How finely the age is known. */
const MARK_MS = 1000

/** For how long the oldest of what is to be delivered has been waiting. Bytes are delivered in the order in which they
 *  were written; the clock is never asked. */
export const watchAge = () => {
  // What ends at `end` (of all bytes ever written) has been waiting since `at`.
  const marks: { end: number; at: number }[] = []
  let written = 0
  let delivered = 0
  let leftSince: number | null = null
  return {
    wrote: (bytes: number): void => {
      written += bytes
      const last = marks.at(-1)
      const now = performance.now()
      if (last !== undefined && now - last.at < MARK_MS) last.end = written
      else marks.push({ end: written, at: now })
    },
    took: (bytes: number): void => {
      delivered += bytes
      while ((marks[0]?.end ?? Infinity) <= delivered) marks.shift()
    },
    /** Whether something waits that an earlier process wrote: it counts from when it was found. */
    left: (some: boolean): void => {
      leftSince = some ? (leftSince ?? performance.now()) : null
    },
    seconds: (): number => {
      const oldest = Math.min(marks[0]?.at ?? Infinity, leftSince ?? Infinity)
      return oldest === Infinity ? 0 : (performance.now() - oldest) / 1000
    },
  }
}
