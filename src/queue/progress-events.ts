import type { Db, Sql } from '#src/db/open.ts'
import { notifyProgress } from './batches.ts'
import { PROGRESS_CHANNEL } from './channels.ts'

const NOTIFY_INTERVAL_MS = 250

/** Tells all nodes that a batch moved on, at most four times a second per batch; the last change is never lost. */
export const progressNotifier = (db: Db): ((batchId: number) => void) => {
  const waiting = new Map<number, { again: boolean }>()
  const send = (batchId: number) => {
    const slot = { again: false }
    waiting.set(batchId, slot)
    setTimeout(() => {
      waiting.delete(batchId)
      if (slot.again) send(batchId)
    }, NOTIFY_INTERVAL_MS).unref()
    // A lost notification costs a page its liveliness for a moment, nothing else.
    void notifyProgress(db, batchId).catch(() => {})
  }
  return (batchId) => {
    const slot = waiting.get(batchId)
    if (slot) slot.again = true
    else send(batchId)
  }
}

/** `batchId` null: anything may have changed (the connection to the database was lost and is back). */
type ProgressListener = (batchId: number | null) => void

export type ProgressEvents = {
  /** Returns what ends the subscription. */
  subscribe: (listener: ProgressListener) => () => void
}

/** One LISTEN connection per process, opened with the first subscriber, for any number of pages. */
export const progressEvents = (sql: Sql): ProgressEvents => {
  const listeners = new Set<ProgressListener>()
  const tell: ProgressListener = (batchId) => listeners.forEach((listener) => listener(batchId))
  let listening: Promise<unknown> | null = null
  const listen = () => {
    listening ??= sql
      .listen(
        PROGRESS_CHANNEL,
        (payload) => tell(Number(payload)),
        () => tell(null),
      )
      .catch(() => (listening = null))
  }
  return {
    subscribe: (listener) => {
      listeners.add(listener)
      listen()
      return () => void listeners.delete(listener)
    },
  }
}
