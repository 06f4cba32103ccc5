import { sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import { messageOf } from '#src/lib/errors.ts'
import type { Log } from '#src/lib/log.ts'
import { enqueueItems, notifyProgress } from './batches.ts'
import type { Queue } from './open-queue.ts'
import { closeBatches, strandedItems } from './queries.ts'

const MEND_LOCK = 7_203_442

/** The tables of batches are the truth: gives every unfinished item that has lost its job a new one, and ends
 *  batches that nobody ended. One node at a time. */
export const mendBatches = async (db: Db, queue: Queue, log: Log): Promise<void> => {
  try {
    await db.transaction(async (tx) => {
      const [lock] = await tx.execute<{ mine: boolean }>(
        sql`SELECT pg_try_advisory_xact_lock(${MEND_LOCK}) AS mine`,
      )
      if (!lock?.mine) return
      for (const batchId of await closeBatches(tx)) await notifyProgress(tx, batchId)
      const byBatch = Map.groupBy(await strandedItems(tx), ({ batchId }) => batchId)
      for (const [batchId, items] of byBatch) {
        log.info('items without a job are enqueued again', { batch: batchId, items: items.length })
        const ids = items.map(({ itemId }) => itemId)
        await enqueueItems(tx, queue, { batchId, job: items[0]!.job }, ids)
      }
    })
  } catch (error) {
    log.warn('batches could not be checked', { reason: messageOf(error) })
  }
}
