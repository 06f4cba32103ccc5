import type { ProgressEvents } from '#src/queue/progress-events.ts'

const LOOK_EVERY_MS = 2_000

/** Tells a page when what it shows has become another: asks every two seconds, as long as somebody looks on. `look`: what
 *  to compare. While it cannot be asked nothing is told; the page keeps what it shows. */
export const whenChanged = (
  look: () => Promise<string>,
  everyMs: number = LOOK_EVERY_MS,
): ProgressEvents => ({
  subscribe: (tell) => {
    let seen: string | null = null
    let looking = false
    const timer = setInterval(() => {
      if (looking) return
      looking = true
      void look()
        .then((now) => {
          if (now !== seen) tell(null)
          seen = now
        })
        .catch(() => {})
        .finally(() => (looking = false))
    }, everyMs)
    return () => clearInterval(timer)
  },
})
