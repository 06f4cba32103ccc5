import { expect, test } from 'bun:test'
import { sql as statement } from 'drizzle-orm'
import { testDatabase } from '#tests/support/database.ts'
import { until } from '#tests/support/until.ts'
import { openDatabase } from '#src/db/open.ts'
import { silentLog } from '#src/lib/log.ts'
import { cancelBatch, createBatch, pauseBatch, resumeBatch, retryBatch } from '#src/queue/batches.ts'
import { defineBatchJob } from '#src/queue/define-batch-job.ts'
import { mendBatches } from '#src/queue/mend-batches.ts'
import { openQueue } from '#src/queue/open-queue.ts'
import { progressEvents } from '#src/queue/progress-events.ts'
import { findBatch, listItems } from '#src/queue/queries.ts'

const { db, sql, connection, beforeClose } = await testDatabase()

/** What the jobs of this file do: `hold` keeps them waiting, `outcome` decides how a subject ends. */
let hold = Promise.resolve()
let release = () => {}
const holdItems = () => {
  hold = new Promise((resolve) => (release = resolve))
}
let outcome: (subjectId: number) => 'ok' | 'refuse' | 'throw' | 'full' | 'away' = () => 'ok'
const worked: { node: string; batchId: number; subjectId: number }[] = []
const aborted: number[] = []

const workOn = (node: string) =>
  defineBatchJob(
    { db },
    {
      name: 'test.work',
      concurrency: 2,
      run: async ({ batchId, subjectId }, context) => {
        context.report({ code: 'fetching', values: { subjectId } })
        const abort = new Promise<void>((resolve) =>
          context.signal.addEventListener('abort', () => resolve()),
        )
        await Promise.race([hold, abort])
        if (context.signal.aborted) aborted.push(subjectId)
        if (outcome(subjectId) === 'throw') throw new Error('broken')
        if (outcome(subjectId) === 'away')
          throw Object.assign(new Error('write EPIPE'), { code: 'CONNECTION_CLOSED' })
        if (outcome(subjectId) === 'full') throw Object.assign(new Error('no room'), { code: '53100' })
        if (outcome(subjectId) === 'refuse') return { failed: { code: 'unreachable' } }
        worked.push({ node, batchId, subjectId })
      },
    },
  )

const queue = openQueue({ db, sql, log: silentLog })
await queue.start([workOn('one')])
beforeClose(() => queue.stop(0))

const create = (subjectIds: number[]) =>
  db.transaction((tx) =>
    createBatch(tx, queue, {
      job: 'test.work',
      label: { key: 'test', values: { count: subjectIds.length } },
      subjectIds,
      createdBy: null,
    }),
  )
const counts = async (id: number) => (await findBatch(db, id))!.counts
const state = async (id: number) => (await findBatch(db, id))!.state
const change = (action: (tx: typeof db) => Promise<unknown>) => db.transaction((tx) => action(tx))
const subjects = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index)

test('a batch runs all its items and is then done', async () => {
  const id = await create([...subjects(1, 20), 20])
  await until('the batch is done', async () => (await state(id)) === 'done')
  expect((await findBatch(db, id))?.total).toBe(20)
  expect(await counts(id)).toEqual({ pending: 0, running: 0, done: 20, failed: 0, cancelled: 0 })
})

test('an empty batch is done at once', async () => {
  expect(await state(await create([]))).toBe('done')
})

test('a paused batch finishes what runs, keeps the rest, and goes on when resumed', async () => {
  holdItems()
  const id = await create(subjects(100, 8))
  await until('two items run', async () => (await counts(id)).running === 2)
  await change((tx) => pauseBatch(tx, queue, id))
  release()
  await until('running items have finished', async () => (await counts(id)).running === 0)
  expect(await counts(id)).toMatchObject({ pending: 6, done: 2 })
  expect(await state(id)).toBe('paused')
  await change((tx) => resumeBatch(tx, queue, id))
  await until('the batch is done', async () => (await state(id)) === 'done')
  expect((await counts(id)).done).toBe(8)
})

test('a cancelled batch stops what runs and drops the rest', async () => {
  holdItems()
  const id = await create(subjects(200, 8))
  await until('two items run', async () => (await counts(id)).running === 2)
  await change((tx) => cancelBatch(tx, queue, id))
  await until('the running items were told to stop', () => aborted.filter((each) => each >= 200).length === 2)
  release()
  expect(await counts(id)).toMatchObject({ cancelled: 8, done: 0 })
  expect(await state(id)).toBe('cancelled')
})

test('an expected failure is stored with its reason and can be tried again, alone or with the others', async () => {
  outcome = (subjectId) => (subjectId >= 302 ? 'refuse' : 'ok')
  const id = await create(subjects(300, 4))
  await until('the batch is done', async () => (await state(id)) === 'done')
  const failed = await listItems(db, id, { state: 'failed', limit: 10, offset: 0 })
  expect(failed.map(({ detail }) => detail)).toEqual([{ code: 'unreachable' }, { code: 'unreachable' }])

  outcome = () => 'ok'
  await change((tx) => retryBatch(tx, queue, id, failed[0]!.id))
  await until('one is done', async () => (await counts(id)).done === 3)
  expect((await counts(id)).failed).toBe(1)
  expect(await change((tx) => retryBatch(tx, queue, id))).toBe(1)
  await until('the batch is done again', async () => (await state(id)) === 'done')
  expect((await counts(id)).done).toBe(4)
})

test('an unexpected error is tried three times and then stored, a full disk under its own name', async () => {
  outcome = (subjectId) => (subjectId === 400 ? 'throw' : 'full')
  const id = await create([400])
  const full = await create([401])
  const result = async (batch: number) => {
    await until('the batch is done', async () => (await state(batch)) === 'done', 15_000)
    return (await listItems(db, batch, { limit: 1, offset: 0 }))[0]
  }
  expect(await result(id)).toMatchObject({
    state: 'failed',
    attempts: 3,
    detail: { code: 'unexpected', values: { message: 'broken' } },
  })
  expect(await result(full)).toMatchObject({ state: 'failed', detail: { code: 'disk_full' } })
  outcome = () => 'ok'
}, 20_000)

test('a database that goes away again and again is no failure of the item', async () => {
  let times = 0
  outcome = () => (++times <= 3 ? 'away' : 'ok')
  const id = await create([450])
  await until('the batch is done', async () => (await state(id)) === 'done', 20_000)
  expect((await listItems(db, id, { limit: 1, offset: 0 }))[0]).toMatchObject({ state: 'done', errors: 0 })
  outcome = () => 'ok'
}, 25_000)

test('batches take turns: a small one does not wait for a large one, and does not stop it', async () => {
  holdItems()
  const large = await create(subjects(1000, 60))
  await until('the large one runs', async () => (await counts(large)).running === 2)
  const small = await create(subjects(2000, 10))
  const start = worked.length
  release()
  await until('both are done', async () => (await state(large)) === 'done' && (await state(small)) === 'done')
  const order = worked.slice(start).map(({ batchId }) => (batchId === small ? 's' : 'L'))
  const smallEnds = order.lastIndexOf('s')
  expect(smallEnds).toBeLessThan(30)
  expect(order.slice(0, smallEnds).filter((each) => each === 'L').length).toBeGreaterThan(5)
})

test('two nodes share a batch', async () => {
  const other = openDatabase(connection)
  const node = openQueue({ ...other, log: silentLog })
  holdItems()
  await node.start([workOn('two')])
  const start = worked.length
  const id = await create(subjects(3000, 40))
  await until('both nodes work', async () => (await counts(id)).running === 4)
  release()
  await until('the batch is done', async () => (await state(id)) === 'done')
  const shares = Map.groupBy(worked.slice(start), ({ node }) => node)
  expect([...shares.keys()].sort()).toEqual(['one', 'two'])
  expect(worked.length - start).toBe(40)
  await node.stop()
  await other.close()
})

test('a node that stops hands its running items back, and they do not count as failures', async () => {
  const other = openDatabase(connection)
  const node = openQueue({ ...other, log: silentLog })
  holdItems()
  await node.start([workOn('two')])
  const id = await create(subjects(3500, 4))
  await until('both nodes work', async () => (await counts(id)).running === 4)
  await node.stop(50)
  await other.close()
  release()
  await until('the batch is done', async () => (await state(id)) === 'done')
  const items = await listItems(db, id, { limit: 10, offset: 0 })
  expect(items.map(({ attempts }) => attempts)).toEqual([1, 1, 1, 1])
})

test('progress is announced to every listener', async () => {
  const seen: (number | null)[] = []
  const end = progressEvents(sql).subscribe((batchId) => seen.push(batchId))
  await until('the listener is connected', () => seen.includes(null))
  const id = await create(subjects(4000, 3))
  await until('the batch was announced', () => seen.includes(id))
  await until('the batch is done', async () => (await state(id)) === 'done')
  end()
})

test('what was cancelled can be tried again at once, even what is still running somewhere', async () => {
  holdItems()
  const id = await create(subjects(4500, 4))
  await until('two items run', async () => (await counts(id)).running === 2)
  await change((tx) => cancelBatch(tx, queue, id))
  expect(await change((tx) => retryBatch(tx, queue, id))).toBe(4)
  release()
  await until('the batch is done', async () => (await state(id)) === 'done')
  expect((await counts(id)).done).toBe(4)
})

test('a batch whose last item ends while another is sent back to work stays open', async () => {
  outcome = (subjectId) => (subjectId < 4600 ? 'ok' : 'refuse')
  const id = await create(subjects(4590, 20))
  await until('the batch is done', async () => (await state(id)) === 'done')
  outcome = () => 'ok'
  for (const { id: itemId } of await listItems(db, id, { state: 'failed', limit: 20, offset: 0 }))
    await change((tx) => retryBatch(tx, queue, id, itemId))
  await until('all are done', async () => (await counts(id)).done === 20)
})

test('an item that has lost its job gets a new one', async () => {
  await queue.stop()
  const second = openQueue({ db, sql, log: silentLog })
  beforeClose(() => second.stop(0))
  const id = await db.transaction((tx) =>
    createBatch(tx, second, {
      job: 'test.work',
      label: { key: 'test', values: {} },
      subjectIds: [1, 2],
      createdBy: null,
    }),
  )
  await db.execute(statement`DELETE FROM pgboss.job WHERE data->>'batchId' = ${String(id)}`)
  await mendBatches(db, second, silentLog)
  await second.start([workOn('three')])
  await until('the batch is done', async () => (await state(id)) === 'done')
})

test('ten thousand items are enqueued in one go, and withdrawn in one go', async () => {
  const idle = openQueue({ db, sql, log: silentLog })
  await idle.ensureQueues([{ ...workOn('nobody'), name: 'test.nobody' }])
  const id = await db.transaction((tx) =>
    createBatch(tx, idle, {
      job: 'test.nobody',
      label: { key: 'test', values: {} },
      subjectIds: subjects(10_000, 10_000),
      createdBy: null,
    }),
  )
  const waiting = async () => {
    const rows = await db.execute<{ jobs: number; priorities: number }>(statement`
      SELECT count(*)::int AS jobs, count(DISTINCT priority)::int AS priorities
      FROM pgboss.job WHERE name = 'test.nobody'`)
    return rows[0]
  }
  expect(await waiting()).toEqual({ jobs: 10_000, priorities: 10_000 })
  await db.transaction((tx) => cancelBatch(tx, idle, id))
  expect(await waiting()).toEqual({ jobs: 0, priorities: 0 })
  expect((await counts(id)).cancelled).toBe(10_000)
  await idle.stop()
})
