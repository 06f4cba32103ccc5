import { and, count, desc, eq, inArray, sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import { batches, batchItems } from './schema.ts'

export type Batch = typeof batches.$inferSelect
export type BatchItem = typeof batchItems.$inferSelect
export type ItemState = BatchItem['state']
export type Detail = { code: string; values?: Record<string, string | number> }

/** Key under which the one job of an item waits or runs. */
export const itemKey = (itemId: number): string => `item:${itemId}`

/** Priority of the item that is next in this job, tries again left aside; 0 when none waits. */
export const frontPriority = async (db: Db, job: string): Promise<number> => {
  const rows = await db.execute<{ priority: number }>(sql`
    SELECT priority FROM pgboss.job
    WHERE name = ${job} AND state < 'active' AND state = 'created' ORDER BY priority DESC LIMIT 1`)
  return rows[0]?.priority ?? 0
}

/** Adds the subjects in the given order, each once. Returns the item ids in that order. */
export const insertItems = async (db: Db, batchId: number, subjectIds: number[]): Promise<number[]> => {
  const rows = await db.execute<{ id: number }>(sql`
    INSERT INTO batch_items (batch_id, subject_id)
    SELECT ${batchId}, value::int FROM jsonb_array_elements_text(${JSON.stringify(subjectIds)}::jsonb)
      WITH ORDINALITY AS subjects(value, position) ORDER BY position
    ON CONFLICT DO NOTHING RETURNING id`)
  return rows.map(({ id }) => id)
}

/** Ids of the items in one of these states, in their order. */
export const itemIds = async (db: Db, batchId: number, states: ItemState[]): Promise<number[]> => {
  const rows = await db
    .select({ id: batchItems.id })
    .from(batchItems)
    .where(and(eq(batchItems.batchId, batchId), inArray(batchItems.state, states)))
    .orderBy(batchItems.id)
  return rows.map(({ id }) => id)
}

/** Jobs of a batch that wait; with `running` also those that a node runs. */
export const openJobIds = async (
  db: Db,
  { id, job }: Pick<Batch, 'id' | 'job'>,
  { running }: { running: boolean },
): Promise<string[]> => {
  const rows = await db.execute<{ id: string }>(sql`
    SELECT id FROM pgboss.job
    WHERE name = ${job} AND state <= 'active' AND (${running} OR state < 'active')
      AND data->>'batchId' = ${String(id)}`)
  return rows.map(({ id }) => id)
}

/** Takes an item up, or takes it over from a node that died with it. Null when there is nothing to do: finished,
 *  cancelled, or its batch is paused. */
export const claimItem = async (db: Db, itemId: number) => {
  const rows = await db
    .update(batchItems)
    .set({
      state: 'running',
      attempts: sql`${batchItems.attempts} + 1`,
      detail: null,
      startedAt: sql`now()`,
      finishedAt: null,
    })
    .from(batches)
    .where(
      and(
        eq(batchItems.id, itemId),
        eq(batches.id, batchItems.batchId),
        eq(batches.state, 'running'),
        inArray(batchItems.state, ['pending', 'running']),
      ),
    )
    .returning({
      itemId: batchItems.id,
      batchId: batchItems.batchId,
      subjectId: batchItems.subjectId,
      attempts: batchItems.attempts,
      errors: batchItems.errors,
    })
  return rows[0] ?? null
}

/** Ends a running item; false when it no longer runs (another node finished it, or it was cancelled). */
export const endItem = async (
  db: Db,
  itemId: number,
  state: 'done' | 'failed',
  detail: Detail | null,
): Promise<boolean> => {
  const rows = await db
    .update(batchItems)
    .set({ state, detail, finishedAt: sql`now()` })
    .where(and(eq(batchItems.id, itemId), eq(batchItems.state, 'running')))
    .returning({ id: batchItems.id })
  return rows.length > 0
}

/** Puts a running item back among the pending ones, after an error or with the attempt taken back. */
export const releaseItem = async (db: Db, itemId: number, why: 'error' | 'uncounted'): Promise<void> => {
  const counts =
    why === 'error'
      ? { errors: sql`${batchItems.errors} + 1` }
      : { attempts: sql`greatest(${batchItems.attempts} - 1, 0)` }
  await db
    .update(batchItems)
    .set({ state: 'pending', detail: null, startedAt: null, ...counts })
    .where(and(eq(batchItems.id, itemId), eq(batchItems.state, 'running')))
}

/** An item that a dead node left running in a batch that was paused since: back to waiting. Holds the batch as it
 *  is until the transaction ends, so that nobody resumes it meanwhile. */
export const parkItem = async (tx: Db, batchId: number, itemId: number): Promise<void> => {
  const [batch] = await tx
    .select({ state: batches.state })
    .from(batches)
    .where(eq(batches.id, batchId))
    .for('share')
  if (batch?.state !== 'paused') return
  await tx
    .update(batchItems)
    .set({ state: 'pending', detail: null, startedAt: null })
    .where(and(eq(batchItems.id, itemId), eq(batchItems.state, 'running')))
}

/** Says what is being done now. */
export const setItemDetail = async (db: Db, itemId: number, detail: Detail): Promise<void> => {
  await db
    .update(batchItems)
    .set({ detail })
    .where(and(eq(batchItems.id, itemId), eq(batchItems.state, 'running')))
}

/** Moves items from some states to another and forgets how they ended. Returns their ids in order. */
export const moveItems = async (
  db: Db,
  batchId: number,
  from: ItemState[],
  to: 'pending' | 'cancelled',
  onlyItem?: number,
): Promise<number[]> => {
  const cancelled = to === 'cancelled'
  const rows = await db
    .update(batchItems)
    .set(
      cancelled
        ? { state: to, finishedAt: sql`now()` }
        : { state: to, attempts: 0, errors: 0, detail: null, startedAt: null, finishedAt: null },
    )
    .where(
      and(
        eq(batchItems.batchId, batchId),
        inArray(batchItems.state, from),
        onlyItem === undefined ? undefined : eq(batchItems.id, onlyItem),
      ),
    )
    .returning({ id: batchItems.id })
  return rows.map(({ id }) => id).sort((a, b) => a - b)
}

/** Marks batches done whose items have all ended. Returns their ids. */
export const closeBatches = async (db: Db, batchId?: number): Promise<number[]> => {
  const over = and(
    inArray(batches.state, ['running', 'paused']),
    batchId === undefined ? undefined : eq(batches.id, batchId),
    sql`NOT EXISTS (SELECT 1 FROM batch_items WHERE batch_id = ${batches.id} AND state IN ('pending', 'running'))`,
  )
  const found = (await db.select({ id: batches.id }).from(batches).where(over)).map(({ id }) => id)
  if (found.length === 0) return []
  return db.transaction(async (tx) => {
    // Looked at again under the lock: somebody may have sent items back to work meanwhile.
    await tx.select({ id: batches.id }).from(batches).where(inArray(batches.id, found)).for('update')
    const rows = await tx
      .update(batches)
      .set({ state: 'done', finishedAt: sql`now()` })
      .where(and(inArray(batches.id, found), over))
      .returning({ id: batches.id })
    return rows.map(({ id }) => id)
  })
}

/** Items of running batches that no waiting or running job stands for: their job was purged, or ran out of tries. */
export const strandedItems = async (db: Db): Promise<{ itemId: number; batchId: number; job: string }[]> => {
  const [known] = await db.execute<{ open: number; held: number }>(sql`
    SELECT (SELECT count(*)::int FROM batches b JOIN batch_items i ON i.batch_id = b.id
        WHERE b.state = 'running' AND i.state IN ('pending', 'running')) AS open,
      (SELECT count(*)::int FROM pgboss.job WHERE state <= 'active' AND singleton_key LIKE 'item:%') AS held`)
  if (!known || known.held >= known.open) return []
  // Compared here: a join of two large tables without statistics can take minutes.
  const held = await db.execute<{ id: number }>(sql`
    SELECT (data->>'itemId')::int AS id FROM pgboss.job WHERE state <= 'active' AND singleton_key LIKE 'item:%'`)
  const heldIds = new Set(held.map(({ id }) => id))
  const open = await db.execute<{ itemId: number; batchId: number; job: string }>(sql`
    SELECT i.id AS "itemId", b.id AS "batchId", b.job FROM batches b JOIN batch_items i ON i.batch_id = b.id
    WHERE b.state = 'running' AND i.state IN ('pending', 'running') ORDER BY i.id`)
  return open.filter(({ itemId }) => !heldIds.has(itemId))
}

export type BatchSummary = Batch & {
  counts: Record<ItemState, number>
  /** Items ended in the last minute, and seconds over which that was. */
  recent: { ended: number; seconds: number }
  /** What is being done now, a few of them. */
  running: { itemId: number; subjectId: number; detail: Detail | null }[]
}

const RECENT_SECONDS = 60
const RUNNING_SHOWN = 5

/** Batches, newest first, with how far they are. */
export const listBatches = async (
  db: Db,
  { ids, limit = 20, offset = 0 }: { ids?: number[]; limit?: number; offset?: number } = {},
): Promise<BatchSummary[]> => {
  const rows = await db
    .select()
    .from(batches)
    .where(ids ? inArray(batches.id, ids) : undefined)
    .orderBy(desc(batches.id))
    .limit(limit)
    .offset(offset)
  return summarise(db, rows)
}

export const findBatch = async (db: Db, id: number): Promise<BatchSummary | null> =>
  (await listBatches(db, { ids: [id] }))[0] ?? null

export const countBatches = async (db: Db): Promise<number> =>
  (await db.select({ total: count() }).from(batches))[0]?.total ?? 0

const summarise = async (db: Db, rows: Batch[]): Promise<BatchSummary[]> => {
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const counted = await db
    .select({
      batchId: batchItems.batchId,
      state: batchItems.state,
      total: count(),
      recent:
        sql<number>`count(*) FILTER (WHERE ${batchItems.finishedAt} > now() - interval '1 second' * ${RECENT_SECONDS})`.mapWith(
          Number,
        ),
      // Seconds since the first of the recent ones began: a young batch has had less than a minute.
      seconds:
        sql<number>`extract(epoch FROM now() - min(${batchItems.startedAt}) FILTER (WHERE ${batchItems.finishedAt} > now() - interval '1 second' * ${RECENT_SECONDS}))`.mapWith(
          Number,
        ),
    })
    .from(batchItems)
    .where(inArray(batchItems.batchId, ids))
    .groupBy(batchItems.batchId, batchItems.state)
  const running = await db.execute<{
    batchId: number
    itemId: number
    subjectId: number
    detail: Detail | null
  }>(sql`
    SELECT b.id::int AS "batchId", i.id AS "itemId", i.subject_id AS "subjectId", i.detail
    FROM jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb) AS b(id)
    CROSS JOIN LATERAL (
      SELECT id, subject_id, detail FROM batch_items
      WHERE batch_id = b.id::int AND state = 'running' ORDER BY detail IS NULL, id LIMIT ${RUNNING_SHOWN}) i`)
  return rows.map((row) => {
    const own = counted.filter(({ batchId }) => batchId === row.id)
    const counts = { pending: 0, running: 0, done: 0, failed: 0, cancelled: 0 }
    for (const { state, total } of own) counts[state] = total
    const ended = own.filter(({ state }) => state === 'done' || state === 'failed')
    return {
      ...row,
      counts,
      recent: {
        ended: ended.reduce((sum, { recent }) => sum + recent, 0),
        seconds: Math.min(RECENT_SECONDS, Math.max(0, ...ended.map(({ seconds }) => seconds || 0))),
      },
      running: running.filter(({ batchId }) => batchId === row.id),
    }
  })
}

/** One page of a batch's items, failed ones first. */
export const listItems = async (
  db: Db,
  batchId: number,
  { state, limit, offset }: { state?: ItemState; limit: number; offset: number },
): Promise<BatchItem[]> =>
  db
    .select()
    .from(batchItems)
    .where(and(eq(batchItems.batchId, batchId), state ? eq(batchItems.state, state) : undefined))
    .orderBy(sql`${batchItems.state} = 'failed' DESC, ${batchItems.state} = 'running' DESC`, batchItems.id)
    .limit(limit)
    .offset(offset)
