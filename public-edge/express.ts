import { within } from '#src/lib/within.ts'

const WITHIN_MS = 10_000

/** Hands records on beside the queue they also wait in, one batch at a time; what fails is left to the queue. */
export const expressLane = (deliver: (records: string[]) => Promise<void>) => {
  let waiting: string[] = []
  let running = false
  return async (records: string[]): Promise<void> => {
    waiting.push(...records)
    if (running) return
    running = true
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      await within(WITHIN_MS, deliver(batch)).catch(() => {})
    }
    running = false
  }
}
