import { z } from 'zod'
import type { Db } from '#src/db/open.ts'
import { isDatabaseDown, isDiskFull } from '#src/db/failures.ts'
import { AppError, messageOf } from '#src/lib/errors.ts'
import { failItem, finishItem, ITEM_SETTLED } from './batches.ts'
import { defineJob, type JobContext, type JobDefinition } from './define-job.ts'
import { progressNotifier } from './progress-events.ts'
import { claimItem, closeBatches, parkItem, releaseItem, setItemDetail, type Detail } from './queries.ts'

/** Unexpected errors are tried this often. A database that is away is no fault of the item. */
const MAX_ERRORS = 3
/** An item under which nodes keep dying is given up; late, because a node dies with hundreds that are not to blame. */
const MAX_TAKEOVERS = 20
/** Not a failure count: lost heartbeats use it up, and the item's own attempts decide. */
const RETRY_LIMIT = 50
const DETAIL_INTERVAL_MS = 500
/** Of hundreds of items at work a page shows a few: no others say what they do. */
const MAX_TELLING = 8
const MESSAGE_LENGTH = 300

export type ItemContext = JobContext & {
  /** Shows what is being done now (a code of templates/operations/batch-texts.ts); cheap to call often. */
  report: (detail: Detail) => void
  /** Ends the item in the transaction that saves its results. Without it the item ends when `run` returns. */
  finish: (tx: Db) => Promise<void>
  /** Ends it as failed, in the transaction that saves what is known about the failure. */
  fail: (tx: Db, reason: Detail) => Promise<void>
}

type BatchJob = {
  name: string
  concurrency: number
  /** Works on one subject. An expected failure is returned; anything thrown is tried again, then stored. */
  run: (
    item: { itemId: number; batchId: number; subjectId: number },
    context: ItemContext,
  ) => Promise<void | { failed: Detail }>
}

/** A job that works on the items of batches: claims an item, runs it, stores how it ended. */
export const defineBatchJob = ({ db }: { db: Db }, job: BatchJob): JobDefinition => {
  const notify = progressNotifier(db)
  const telling = new Set<number>()
  return defineJob({
    name: job.name,
    input: z.object({ itemId: z.int(), batchId: z.int() }),
    concurrency: job.concurrency,
    retryLimit: RETRY_LIMIT,
    run: async ({ itemId, batchId }, context) => {
      const item = await claimItem(db, itemId)
      // Finished before a crash, cancelled, or paused: a paused item waits for `resumeBatch`.
      if (!item) {
        await db.transaction(async (tx) => {
          await parkItem(tx, batchId, itemId)
          await context.complete(tx)
        })
        return endBatch(db, batchId, notify)
      }
      notify(batchId)
      let ended = false
      // The item and its job end in one transaction: an item that has ended can be tried again at once.
      const finish = async (tx: Db) => {
        await finishItem(tx, itemId)
        await context.complete(tx)
        ended = true
      }
      const fail = async (tx: Db, reason: Detail) => {
        await failItem(tx, itemId, reason)
        await context.complete(tx)
        ended = true
      }
      const report = detailReporter(db, item, { notify, telling })
      try {
        if (item.attempts - item.errors > MAX_TAKEOVERS)
          await db.transaction((tx) => fail(tx, { code: 'crashed' }))
        else {
          const outcome = await job.run(item, { ...context, attempt: item.attempts, report, finish, fail })
          if (!ended) await db.transaction((tx) => (outcome ? fail(tx, outcome.failed) : finish(tx)))
        }
      } catch (error) {
        if (error instanceof AppError && error.code === ITEM_SETTLED) return
        const blameless = context.signal.aborted || isDatabaseDown(error)
        if (blameless || item.errors + 1 < MAX_ERRORS) {
          await releaseItem(db, itemId, blameless ? 'uncounted' : 'error')
          notify(batchId)
          throw error
        }
        context.log.error('item failed', { job: job.name, item: itemId, reason: messageOf(error) })
        await db.transaction((tx) => fail(tx, reasonOf(error)))
      } finally {
        telling.delete(itemId)
      }
      await endBatch(db, batchId, notify)
    },
  })
}

const reasonOf = (error: unknown): Detail =>
  isDiskFull(error)
    ? { code: 'disk_full' }
    : { code: 'unexpected', values: { message: messageOf(error).slice(0, MESSAGE_LENGTH) } }

// After the item's own commit: of two last items that end together, the later one sees both.
const endBatch = async (db: Db, batchId: number, notify: (batchId: number) => void) => {
  await closeBatches(db, batchId)
  notify(batchId)
}

const detailReporter = (
  db: Db,
  item: { itemId: number; batchId: number },
  { notify, telling }: { notify: (batchId: number) => void; telling: Set<number> },
) => {
  let last = 0
  return (detail: Detail) => {
    if (!telling.has(item.itemId) && telling.size >= MAX_TELLING) return
    telling.add(item.itemId)
    if (Date.now() - last < DETAIL_INTERVAL_MS) return
    last = Date.now()
    void setItemDetail(db, item.itemId, detail).then(
      () => notify(item.batchId),
      () => {},
    )
  }
}
