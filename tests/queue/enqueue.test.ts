import { expect, test } from 'bun:test'
import { sql as statement } from 'drizzle-orm'
import { z } from 'zod'
import { emptyDatabase, testDatabase } from '#tests/support/database.ts'
import { until } from '#tests/support/until.ts'
import { openDatabase } from '#src/db/open.ts'
import { silentLog } from '#src/lib/log.ts'
import { defineJob } from '#src/queue/define-job.ts'
import { openQueue } from '#src/queue/open-queue.ts'

const { db, sql, beforeClose } = await testDatabase()
const seen: string[] = []
const echo = defineJob({
  name: 'test.echo',
  input: z.object({ text: z.string() }),
  concurrency: 4,
  retryLimit: 20,
  run: async ({ text }) => void seen.push(text),
})
let refusals = 2
const stubborn = defineJob({
  name: 'test.stubborn',
  input: z.object({}),
  concurrency: 1,
  retryLimit: 20,
  run: async (_, { attempt }) => {
    if (refusals-- > 0) throw new Error('not yet')
    seen.push(`attempt ${attempt}`)
  },
})
const queue = openQueue({ sql, db, log: silentLog })
await queue.start([echo, stubborn])
beforeClose(() => queue.stop(0))

test('a job is enqueued with the transaction that makes its data, or not at all', async () => {
  await db
    .transaction(async (tx) => {
      await queue.enqueue(tx, 'test.echo', [{ text: 'rolled back' }])
      throw new Error('changed my mind')
    })
    .catch(() => {})
  await db.transaction((tx) => queue.enqueue(tx, 'test.echo', [{ text: 'committed' }]))
  await until('the committed job has run', () => seen.includes('committed'))
  const [row] = await db.execute(
    statement`SELECT count(*)::int AS jobs FROM pgboss.job WHERE name = 'test.echo'`,
  )
  expect(row?.jobs).toBe(1)
  expect(seen).not.toContain('rolled back')
})

test('a new job starts within half a second', async () => {
  await until('workers are idle', () => seen.length > 0)
  const started = performance.now()
  await queue.enqueue(db, 'test.echo', [{ text: 'quick' }])
  await until('the job has run', () => seen.includes('quick'))
  expect(performance.now() - started).toBeLessThan(500)
})

test('of two jobs with the same singleton key only one waits', async () => {
  await db.transaction(async (tx) => {
    const options = { singletonKey: 'only me', startAfter: 3600 }
    await queue.enqueue(tx, 'test.echo', [{ text: 'one' }], options)
    await queue.enqueue(tx, 'test.echo', [{ text: 'two' }], options)
  })
  const rows = await db.execute(statement`SELECT data FROM pgboss.job WHERE singleton_key = 'only me'`)
  expect(rows.map(({ data }) => data)).toEqual([{ text: 'one' }])
})

test('a job that throws is tried again after a pause', async () => {
  await queue.enqueue(db, 'test.stubborn', [{}])
  await until('it has succeeded', () => seen.includes('attempt 3'), 15_000)
}, 20_000)

test('a job whose payload is wrong is given up at once', async () => {
  await queue.enqueue(db, 'test.echo', [{ wrong: true }])
  const states = () =>
    db.execute<{ state: string }>(statement`SELECT state FROM pgboss.job WHERE data ? 'wrong'`)
  await until('it is given up', async () => (await states())[0]?.state === 'completed')
})

test('two processes may set up the queues of an empty database at the same moment', async () => {
  const empty = await emptyDatabase()
  const nodes = [openDatabase(empty.connection), openDatabase(empty.connection)]
  const queues = nodes.map((node) => openQueue({ ...node, log: silentLog }))
  await Promise.all(queues.map((each) => each.ensureQueues([echo])))
  await queues[0]!.enqueue(nodes[0]!.db, 'test.echo', [{ text: 'waits' }])
  const rows = await nodes[1]!.db.execute(statement`SELECT data FROM pgboss.job`)
  expect(rows.map(({ data }) => data)).toEqual([{ text: 'waits' }])
  await Promise.all(queues.map((each) => each.stop(0)))
  await Promise.all(nodes.map(({ close }) => close()))
})
