import { expect, test } from 'bun:test'
import { sql as query } from 'drizzle-orm'
import { isDatabaseDown } from '#src/db/failures.ts'
import { openDatabase } from '#src/db/open.ts'
import { relay } from '#tests/edge/relay.ts'
import { testDatabase } from '#tests/support/database.ts'
import { until } from '#tests/support/until.ts'

// The driver is patched (deploy/patches): a query that was on its way when its connection ended must say so.
const CUTS = 40
const AT_WORK = 24
const ENDED_WITHIN_MS = 15_000

const base = await testDatabase()
await base.sql`CREATE TABLE written (run int, part int)`

const opened = () => {
  const door = relay(new URL(base.url))
  const database = openDatabase({ url: door.url }, { max: 4 })
  return { door, ...database, end: () => database.close().finally(door.close) }
}

const failsFor = async (act: () => Promise<unknown>): Promise<string> =>
  act().then(
    () => 'nothing',
    (error: unknown) => (isDatabaseDown(error) ? 'the database is away' : String(error)),
  )

test('however often the connections are cut, every query and transaction ends', async () => {
  const { door, db, sql, end } = opened()
  const stop = new AbortController()
  let answered = 0
  let open = 0
  const tried = async (act: () => Promise<unknown>) => {
    open++
    await act().then(
      () => answered++,
      () => {},
    )
    open--
  }
  const acts = [
    () => sql`SELECT 1`,
    () => sql`SELECT ${'x'.repeat(2000)}::text`,
    () => db.transaction((tx) => Promise.all([tx.execute(query`SELECT 1`), tx.execute(query`SELECT 2`)])),
    () => db.transaction((tx) => tx.execute(query`SELECT pg_sleep(0.002)`)),
    async () => {
      const own = await sql.reserve()
      await own`SELECT 1`.finally(() => own.release())
    },
  ]
  const working = Array.from({ length: AT_WORK }, async (_, worker) => {
    for (let turn = worker; !stop.signal.aborted; turn++) await tried(acts[turn % acts.length]!)
  })
  for (let cut = 0; cut < CUTS; cut++) {
    const before = answered
    await until('queries are answered', () => answered > before + (cut % 20), ENDED_WITHIN_MS)
    door.cut()
    door.mend()
  }
  stop.abort()
  await until('every query has ended', () => open === 0, ENDED_WITHIN_MS)
  await Promise.all(working)
  await end()
}, 120_000)

test('what a transaction still wants to write when its connection was lost is written nowhere', async () => {
  const { door, db, sql, end } = opened()
  const { promise: others, resolve: othersHaveRun } = Promise.withResolvers<void>()
  const { promise: late, resolve: lateSaid } = Promise.withResolvers<string>()
  const transaction = db.transaction(async (tx) => {
    await tx.execute(query`INSERT INTO written VALUES (1, 1)`)
    door.cut()
    door.mend()
    await others
    lateSaid(await failsFor(() => tx.execute(query`INSERT INTO written VALUES (1, 2)`)))
  })
  expect(await failsFor(() => transaction)).toBe('the database is away')
  // Its place in the pool is taken by others before the late statement comes.
  await Promise.all(Array.from({ length: 8 }, () => sql`SELECT pg_sleep(0.01)`))
  othersHaveRun()
  expect(await late).toBe('the database is away')
  expect(await base.sql`SELECT * FROM written`).toHaveLength(0)
  await end()
})

test('a connection of one’s own that was lost is not given back as a good one', async () => {
  const { door, sql, end } = opened()
  const own = await sql.reserve()
  door.cut()
  door.mend()
  expect(await failsFor(async () => own`SELECT 1`)).toBe('the database is away')
  own.release()
  const answers = await Promise.all(Array.from({ length: 8 }, () => sql`SELECT 1 AS one`))
  expect(answers.flat().map(({ one }) => one)).toEqual(Array(8).fill(1))
  await end()
})

test('a server that takes connections and ends them at once is away, not waited for', async () => {
  const server = Bun.listen({
    hostname: '127.0.0.1',
    port: 0,
    socket: { open: (socket) => void socket.end(), data: () => {} },
  })
  const { sql, close } = openDatabase({ url: `postgres://a:b@127.0.0.1:${server.port}/c` })
  expect(await failsFor(async () => sql`SELECT 1`)).toBe('the database is away')
  await close()
  server.stop(true)
})
