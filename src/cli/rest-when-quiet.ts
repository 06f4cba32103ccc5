const QUIET_MS = 15_000
// A probe that comes every half minute shall not make us work anew each time.
const REST_AT_MOST_EVERY_MS = 10 * 60_000

/** What to call at each request: some time after the last one, memory that only starting and drawing pages took is given
 *  back. The next page is compiled again, which takes some tens of milliseconds. */
export const restWhenQuiet = (
  shrink: () => void = Bun.shrink,
  { quietMs = QUIET_MS, everyMs = REST_AT_MOST_EVERY_MS } = {},
): (() => void) => {
  let rested = -Infinity
  const rest = (): void => {
    rested = performance.now()
    shrink()
  }
  const timer = setTimeout(rest, quietMs)
  timer.unref()
  return () => {
    if (performance.now() - rested > everyMs) timer.refresh()
  }
}
