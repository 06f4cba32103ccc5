import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { ProgressEvents } from '#src/queue/progress-events.ts'

const MIN_INTERVAL_MS = 300
const COMMENT_INTERVAL_MS = 15_000
/** The browser connects again by itself, and its session is looked at again. */
const LIFETIME_MS = 10 * 60_000

type Stream = {
  events: ProgressEvents
  /** Whether a change of this batch concerns the page. */
  concerns: (batchId: number) => boolean
  /** Whether its reader may still see it: someone signed out or disabled may not. */
  mayWatch: () => Promise<boolean>
  /** The fragment as the page itself renders it, from the tables. */
  render: () => Promise<string>
}

/** Keeps a fragment of a page up to date: sends it at once, and again after each change. */
export const streamProgress = (c: Context, { events, concerns, mayWatch, render }: Stream): Response => {
  c.header('X-Accel-Buffering', 'no')
  c.header('Cache-Control', 'no-store')
  return streamSSE(c, async (stream) => {
    let changed = true
    let wake = () => {}
    const unsubscribe = events.subscribe((batchId) => {
      if (batchId !== null && !concerns(batchId)) return
      changed = true
      wake()
    })
    stream.onAbort(() => wake())
    const wait = (ms: number, until: () => boolean) =>
      new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms)
        wake = () => {
          if (!until() && !stream.aborted) return
          clearTimeout(timer)
          resolve()
        }
        wake()
      })
    const end = Date.now() + LIFETIME_MS
    let sent = ''
    try {
      while (!stream.aborted && !stream.closed && Date.now() < end) {
        if (!changed) await stream.write(': still here\n\n')
        changed = false
        if (!(await mayWatch())) break
        const fragment = await render()
        if (fragment !== sent) await stream.writeSSE({ data: fragment })
        sent = fragment
        await wait(MIN_INTERVAL_MS, () => false)
        await wait(COMMENT_INTERVAL_MS, () => changed)
      }
    } catch {
      // The database is away: the browser connects again until it is back.
    } finally {
      unsubscribe()
    }
  })
}
