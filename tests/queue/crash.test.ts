import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { testDatabase } from '#tests/support/database.ts'
import { until } from '#tests/support/until.ts'
import { silentLog } from '#src/lib/log.ts'
import { createBatch } from '#src/queue/batches.ts'
import { openQueue } from '#src/queue/open-queue.ts'
import { findBatch } from '#src/queue/queries.ts'

const { db, sql, url, beforeClose } = await testDatabase()
const children: Bun.Subprocess[] = []
const startNode = (name: string, itemMs: number) => {
  const script = join(import.meta.dir, '../support/queue-node.ts')
  const child = Bun.spawn([process.execPath, script, url, name, String(itemMs)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  children.push(child)
  return child
}
const queue = openQueue({ db, sql, log: silentLog })
beforeClose(async () => {
  for (const child of children) child.kill('SIGKILL')
  await queue.stop(0)
})

test('after kill -9 another node takes up the rest within 30 s and repeats nothing that was finished', async () => {
  await sql`CREATE TABLE finished_by (item int, node text)`
  const doomed = startNode('doomed', 400)
  await queue.ensureQueues([{ name: 'test.work', concurrency: 1, retryLimit: 50, run: async () => {} }])
  const id = await db.transaction((tx) =>
    createBatch(tx, queue, {
      job: 'test.work',
      label: { key: 'test', values: {} },
      subjectIds: Array.from({ length: 30 }, (_, index) => index + 1),
      createdBy: null,
    }),
  )
  const batch = async () => (await findBatch(db, id))!
  await until(
    'some are finished and some are running',
    async () => {
      const { counts } = await batch()
      return counts.done >= 6 && counts.running === 3
    },
    10_000,
  )
  doomed.kill('SIGKILL')
  await doomed.exited
  const [before] = await sql`SELECT count(*)::int AS items FROM finished_by`

  startNode('heir', 5)
  await until('the batch is done', async () => (await batch()).state === 'done', 30_000)
  const [after] = await sql`
    SELECT count(*)::int AS items, count(DISTINCT item)::int AS different,
      count(*) FILTER (WHERE node = 'doomed')::int AS doomed FROM finished_by`
  expect(after).toEqual({ items: 30, different: 30, doomed: before!.items })
}, 45_000)
