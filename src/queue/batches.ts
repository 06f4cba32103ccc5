import { eq, sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import { AppError } from '#src/lib/errors.ts'
import { JOBS_CHANNEL, PROGRESS_CHANNEL } from './channels.ts'
import type { Queue } from './open-queue.ts'
import {
  closeBatches,
  endItem,
  frontPriority,
  insertItems,
  itemIds,
  itemKey,
  moveItems,
  openJobIds,
  type Batch,
  type Detail,
} from './queries.ts'
import { batches } from './schema.ts'

const INSERT_CHUNK = 20_000
// Bound parameters of one statement are at most 65,535.
const WITHDRAW_CHUNK = 10_000

export type NewBatch = {
  /** Name of a job made by defineBatchJob. */
  job: string
  /** What to call it: a key of templates/operations/batch-texts.ts and its values. */
  label: { key: string; values: Record<string, string | number> }
  /** What it works on, in order; a subject given twice counts once. */
  subjectIds: number[]
  createdBy: number | null
}

/** Makes a batch, its items and one job per item in the caller's transaction. Returns the batch's id. */
export const createBatch = async (tx: Db, queue: Queue, batch: NewBatch): Promise<number> => {
  const subjects = [...new Set(batch.subjectIds)]
  const { job, label, createdBy } = batch
  const rows = await tx
    .insert(batches)
    .values({ job, label, createdBy, total: subjects.length })
    .returning({ id: batches.id })
  const batchId = rows[0]!.id
  const ids: number[] = []
  for (let start = 0; start < subjects.length; start += INSERT_CHUNK)
    ids.push(...(await insertItems(tx, batchId, subjects.slice(start, start + INSERT_CHUNK))))
  await enqueueItems(tx, queue, { batchId, job }, ids)
  if (ids.length === 0) await closeBatches(tx, batchId)
  await notifyProgress(tx, batchId)
  return batchId
}

/** One job per item. A batch starts level with the batch that is furthest behind and steps down item by item, so
 *  that batches take turns instead of queueing behind each other. */
export const enqueueItems = async (
  tx: Db,
  queue: Queue,
  { batchId, job }: { batchId: number; job: string },
  ids: number[],
): Promise<void> => {
  const front = await frontPriority(tx, job)
  for (let start = 0; start < ids.length; start += INSERT_CHUNK)
    await queue.insert(
      tx,
      job,
      ids.slice(start, start + INSERT_CHUNK).map((itemId, index) => ({
        data: { itemId, batchId },
        singletonKey: itemKey(itemId),
        priority: front - start - index,
      })),
    )
}

/** Running items finish, pending ones wait for `resumeBatch`. */
export const pauseBatch = async (tx: Db, queue: Queue, batchId: number): Promise<void> => {
  const batch = await lockBatch(tx, batchId, ['running', 'paused'])
  await setState(tx, batchId, 'paused')
  await withdrawJobs(tx, queue, batch, { running: false })
  await notifyProgress(tx, batchId)
}

export const resumeBatch = async (tx: Db, queue: Queue, batchId: number): Promise<void> => {
  const batch = await lockBatch(tx, batchId, ['running', 'paused'])
  if (batch.state === 'running') return
  await setState(tx, batchId, 'running')
  await enqueueItems(tx, queue, { batchId, job: batch.job }, await itemIds(tx, batchId, ['pending']))
  await closeBatches(tx, batchId)
  await notifyProgress(tx, batchId)
}

/** Everything that has not ended is cancelled; running items are told to stop and their results dropped. */
export const cancelBatch = async (tx: Db, queue: Queue, batchId: number): Promise<void> => {
  const batch = await lockBatch(tx, batchId, ['running', 'paused'])
  await setState(tx, batchId, 'cancelled')
  // Items before jobs, in the order in which a job that ends locks them.
  await moveItems(tx, batchId, ['pending', 'running'], 'cancelled')
  await withdrawJobs(tx, queue, batch, { running: true })
  await tx.execute(sql`SELECT pg_notify(${JOBS_CHANNEL}, ${JSON.stringify({ cancel: batchId })})`)
  await notifyProgress(tx, batchId)
}

/** Tries failed and cancelled items again: all of them, or one. Returns how many. */
export const retryBatch = async (tx: Db, queue: Queue, batchId: number, itemId?: number): Promise<number> => {
  const batch = await lockBatch(tx, batchId, ['running', 'paused', 'cancelled', 'done'])
  const ids = await moveItems(tx, batchId, ['failed', 'cancelled'], 'pending', itemId)
  if (ids.length === 0) return 0
  const paused = batch.state === 'paused'
  if (!paused) await setState(tx, batchId, 'running')
  if (!paused) await enqueueItems(tx, queue, { batchId, job: batch.job }, ids)
  await notifyProgress(tx, batchId)
  return ids.length
}

/** Marks an item done in the transaction that saves its results, so that both commit or neither. Throws when the
 *  item no longer runs (finished by another node, or cancelled): the results must then be rolled back. */
export const finishItem = async (tx: Db, itemId: number): Promise<void> => {
  if (!(await endItem(tx, itemId, 'done', null))) throw itemSettled()
}

/** The same for an item that failed in an expected way. */
export const failItem = async (tx: Db, itemId: number, reason: Detail): Promise<void> => {
  if (!(await endItem(tx, itemId, 'failed', reason))) throw itemSettled()
}

export const ITEM_SETTLED = 'item_settled'
const itemSettled = () =>
  new AppError(ITEM_SETTLED, 'This item was already finished or cancelled; its results are dropped.', {
    status: 409,
  })

/** Tells every page that shows this batch. Delivered when the transaction commits. */
export const notifyProgress = async (tx: Db, batchId: number): Promise<void> => {
  await tx.execute(sql`SELECT pg_notify(${PROGRESS_CHANNEL}, ${String(batchId)})`)
}

const lockBatch = async (tx: Db, batchId: number, allowed: Batch['state'][]): Promise<Batch> => {
  const [batch] = await tx.select().from(batches).where(eq(batches.id, batchId)).for('update')
  if (!batch) throw new AppError('batch_not_found', 'There is no such job.', { status: 404 })
  if (!allowed.includes(batch.state))
    throw new AppError('batch_ended', 'This job has already ended.', { status: 409 })
  return batch
}

const setState = (tx: Db, batchId: number, state: Batch['state']) =>
  tx
    .update(batches)
    .set({ state, finishedAt: state === 'cancelled' ? sql`now()` : null })
    .where(eq(batches.id, batchId))

const withdrawJobs = async (tx: Db, queue: Queue, batch: Batch, which: { running: boolean }) => {
  const ids = await openJobIds(tx, batch, which)
  for (let start = 0; start < ids.length; start += WITHDRAW_CHUNK)
    await queue.withdraw(tx, batch.job, ids.slice(start, start + WITHDRAW_CHUNK))
}
