import { loggableMessage } from '#src/db/failures.ts'
import type { Sql } from '#src/db/open.ts'
import type { Log } from '#src/lib/log.ts'

type Work = {
  /** For the log, once per cause. */
  trouble: string
  /** A notification that says there is work. */
  channel: string
  /** Finds what was not notified, or is due only now. */
  everyMs: number
  /** `again` asks for another round at once. */
  round: (signal: AbortSignal, again: () => void) => Promise<unknown>
}

/** Does something at once, when it is called for, and every so often, one round after the other, whatever fails.
 *  Returns what ends it, after the round at work. */
export const keepDoing = (
  { sql, log }: { sql: Sql; log: Log },
  { trouble, channel, everyMs, round }: Work,
): (() => Promise<void>) => {
  const stop = new AbortController()
  let wake = (): void => {}
  let woken = false
  let told = ''
  const listening: { end?: () => Promise<void> } = {}

  const call = (): void => {
    woken = true
    wake()
  }
  const listen = async (): Promise<void> => {
    // While the database is away it is asked for in the next round.
    listening.end ??= (await sql.listen(channel, call, call)).unlisten
  }
  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      if (woken || stop.signal.aborted) return resolve()
      const timer = setTimeout(resolve, everyMs)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  const running = (async () => {
    while (!stop.signal.aborted) {
      woken = false
      try {
        await listen()
        await round(stop.signal, call)
        told = ''
      } catch (error) {
        const reason = loggableMessage(error)
        if (reason !== told && !stop.signal.aborted) log.warn(trouble, { reason })
        told = reason
        woken = false
      }
      await pause()
    }
    await listening.end?.().catch(() => {})
  })()
  return async () => {
    stop.abort()
    wake()
    await running
  }
}
