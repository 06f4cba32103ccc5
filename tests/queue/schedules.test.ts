import { expect, test } from 'bun:test'
import { sql as statement } from 'drizzle-orm'
import { z } from 'zod'
import { testDatabase } from '#tests/support/database.ts'
import { until } from '#tests/support/until.ts'
import { openDatabase } from '#src/db/open.ts'
import { silentLog } from '#src/lib/log.ts'
import { defineJob } from '#src/queue/define-job.ts'
import { openQueue } from '#src/queue/open-queue.ts'
import { firingId } from '#src/queue/schedules.ts'

const { db, sql, connection, beforeClose } = await testDatabase()
const other = openDatabase(connection)
const nodes = [openQueue({ db, sql, log: silentLog }), openQueue({ ...other, log: silentLog })]
beforeClose(async () => {
  await Promise.all(nodes.map((node) => node.stop(0)))
  await other.close()
})

const schedule = { cron: '* * * * * *', job: 'test.tick', input: { what: 'tick' } }

test('a schedule that two nodes fire runs once each time it is due', async () => {
  const ran: string[] = []
  const tick = defineJob({
    name: 'test.tick',
    input: z.object({ what: z.string() }),
    concurrency: 4,
    retryLimit: 0,
    run: async ({ what }) => void ran.push(what),
  })
  await Promise.all(nodes.map((node) => node.start([tick], [schedule])))
  await until('it has run three times', () => ran.length >= 3, 10_000)
  const rows = await db.execute<{ second: string; jobs: number }>(statement`
    SELECT date_trunc('second', created_on) AS second, count(*)::int AS jobs
    FROM pgboss.job WHERE name = 'test.tick' GROUP BY 1`)
  expect(rows.map(({ jobs }) => jobs)).toEqual(rows.map(() => 1))
}, 15_000)

test('one firing has one id on every node, another has another', () => {
  const at = new Date('2026-01-01T00:00:00Z')
  expect(firingId(schedule, at)).toBe(firingId({ ...schedule }, new Date(at)))
  expect(firingId(schedule, at)).not.toBe(firingId(schedule, new Date('2026-01-01T00:00:01Z')))
  expect(firingId(schedule, at)).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
})
