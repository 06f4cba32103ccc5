/** A mail whose server takes longer over its answer is waited for beside the others. */
const LATE_AFTER_MS = 45_000
/** The same once this node is to stop, or the account was changed. */
const AT_STOP_MS = 5_000
/** A node that is to stop waits so long for its late answers: longer than filters of content take, shorter than a
 *  supervisor waits for the program (cli/signals.ts, deploy/systemd). */
const STOP_WITHIN_MS = 30_000

export type Lateness = { lateAfterMs: number; atStopMs: number; stopWithinMs: number }
export const LATENESS: Lateness = {
  lateAfterMs: LATE_AFTER_MS,
  atStopMs: AT_STOP_MS,
  stopWithinMs: STOP_WITHIN_MS,
}

/** Servers may take ten minutes to say that they have a mail (smtp-line.ts): those answers of a node that are still to
 *  come, while its lanes go on. */
export const openLateAnswers = () => {
  const coming = new Map<Promise<void>, () => void>()
  return {
    count: (): number => coming.size,
    /** `noted`: when the answer has come and was noted. `giveUp` makes it come at once, as one that nobody knows. */
    add: (noted: Promise<void>, giveUp: () => void): void => {
      coming.set(noted, giveUp)
      void noted.finally(() => coming.delete(noted))
    },
    /** What has not been answered within this time is in doubt. Returns when all is noted. */
    end: async (withinMs: number): Promise<void> => {
      const timer = setTimeout(() => coming.forEach((giveUp) => giveUp()), Math.max(0, withinMs))
      await Promise.all(coming.keys())
      clearTimeout(timer)
    },
  }
}

export type LateAnswers = ReturnType<typeof openLateAnswers>

/** Waits for answers, each no longer than it may take; less once `stop` says so. */
export const openPatience = (
  { lateAfterMs, atStopMs }: Omit<Lateness, 'stopWithinMs'>,
  stop: AbortSignal,
) => {
  const waiting = new Set<() => void>()
  let last: Timer | undefined
  let isOver = false
  const hurry = (): void => {
    last = setTimeout(() => {
      isOver = true
      waiting.forEach((giveUp) => giveUp())
    }, atStopMs)
  }
  if (stop.aborted) hurry()
  else stop.addEventListener('abort', hurry, { once: true })
  return {
    /** The answer; null when it has not come in time. */
    inTime: <T>(answer: Promise<T>): Promise<T | null> => {
      const { promise, resolve } = Promise.withResolvers<null>()
      const giveUp = () => resolve(null)
      const timer = setTimeout(giveUp, isOver ? atStopMs : lateAfterMs)
      waiting.add(giveUp)
      return Promise.race([answer, promise]).finally(() => {
        clearTimeout(timer)
        waiting.delete(giveUp)
      })
    },
    close: (): void => {
      stop.removeEventListener('abort', hurry)
      clearTimeout(last)
    },
  }
}
