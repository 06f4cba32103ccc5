import { expect, test } from 'bun:test'
import { z } from 'zod'
import { testDatabase } from '#tests/support/database.ts'
import { startTestServer } from '#tests/support/postgres.ts'
import { until } from '#tests/support/until.ts'
import { openDatabase } from '#src/db/open.ts'
import { silentLog } from '#src/lib/log.ts'
import { defineJob } from '#src/queue/define-job.ts'
import { openQueue } from '#src/queue/open-queue.ts'
import { progressEvents } from '#src/queue/progress-events.ts'

const { connection, beforeClose } = await testDatabase()
const { db, sql } = openDatabase(connection)
const { admin } = await startTestServer()
const name = connection.database!
const seen: string[] = []
const echo = defineJob({
  name: 'test.echo',
  input: z.object({ text: z.string() }),
  concurrency: 1,
  retryLimit: 20,
  run: async ({ text }) => void seen.push(text),
})
const queue = openQueue({ sql, db, log: silentLog })
beforeClose(async () => {
  await queue.stop(0)
  await sql.end({ timeout: 0 })
})

const closeDatabase = async () => {
  await admin.unsafe(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`)
  await admin`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ${name}`
  await until('the database is away', () =>
    sql`SELECT 1`.then(
      () => false,
      () => true,
    ),
  )
}
const openDatabaseAgain = () => admin.unsafe(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`)

test('a queue started while the database is away begins when it is there', async () => {
  await closeDatabase()
  const started = queue.start([echo])
  await openDatabaseAgain()
  await started
  await queue.enqueue(db, 'test.echo', [{ text: 'first' }])
  await until('the job has run', () => seen.includes('first'))
}, 20_000)

test('jobs and live progress go on after the database was away', async () => {
  const announced: (number | null)[] = []
  const end = progressEvents(sql).subscribe((batchId) => announced.push(batchId))
  await until('the listener is connected', () => announced.length === 1)
  await closeDatabase()
  await openDatabaseAgain()
  await until('the database answers', () =>
    sql`SELECT 1`.then(
      () => true,
      () => false,
    ),
  )
  await queue.enqueue(db, 'test.echo', [{ text: 'second' }])
  await until('the job has run', () => seen.includes('second'), 10_000)
  await until('the listener is connected again', () => announced.length > 1, 20_000)
  await sql`SELECT pg_notify('batch_progress', '7')`
  await until('progress is heard again', () => announced.at(-1) === 7)
  const started = performance.now()
  await queue.enqueue(db, 'test.echo', [{ text: 'third' }])
  await until('a new job starts at once again', () => seen.includes('third'), 10_000)
  expect(performance.now() - started).toBeLessThan(1000)
  end()
}, 60_000)
