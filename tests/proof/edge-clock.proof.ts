// The clock of the proxy host jumps by years, forwards and backwards, under the executable as it is shipped: links go
// on working as long as their age allows, the spool keeps everything once, and every month has its table.
// PROOF_EDGE names an executable other than the one in dist/.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBuilt } from '#deploy/ensure-built.ts'
import { migrateDatabase } from '#src/db/migrate.ts'
import { openDatabase } from '#src/db/open.ts'
import { makeMonths, moveHits } from '#src/tracking/move-hits.ts'
import { startEdge } from '#tests/edge/edge-process.ts'
import { debianTool } from '#tests/support/debian-tool.ts'
import { hammer } from '#tests/support/hammer.ts'
import { ownPostgres } from '#tests/support/own-postgres.ts'
import { temporaryFolder } from '#tests/support/product.ts'
import { trackedLoad } from '#tests/support/tracked-load.ts'
import { until } from '#tests/support/until.ts'

const MINUTE = 60_000
const EDGE = [process.env.PROOF_EDGE ?? join(import.meta.dir, '../../dist/prospectlab-edge')]
/** Days from now. A link that is over three years old leads nowhere any more. */
const JUMPS = [0, 40, -40, 400, -400, 1000, -2000, 0]
const TOO_LATE = 1200
const SHOTS = 200

const folder = temporaryFolder('clock')
const clock = join(folder.path, 'clock')
const postgres = await ownPostgres()
const ends: (() => unknown)[] = [folder.remove, postgres.remove]

beforeAll(async () => {
  if (!process.env.PROOF_EDGE) await ensureBuilt()
  await postgres.start()
}, 5 * MINUTE)

afterAll(async () => {
  for (const end of ends.toReversed()) await end()
}, MINUTE)

const sign = (days: number): string => `${days < 0 ? '-' : '+'}${Math.abs(days)}d`

test(
  'a clock that jumps loses nothing, doubles nothing and opens no door',
  async () => {
    const { db, sql, close } = openDatabase({ url: postgres.url }, { max: 4 })
    ends.push(() => close())
    await migrateDatabase(sql)
    const load = await trackedLoad(sql, { unsubscribes: SHOTS })
    const jump = (days: number) => {
      writeFileSync(`${clock}.new`, sign(days))
      renameSync(`${clock}.new`, clock)
    }
    jump(0)
    const { path } = debianTool('usr/lib/*-linux-gnu/faketime/libfaketimeMT.so.1', ['libfaketime'])
    const env = {
      ...load.env,
      DATABASE_URL: postgres.url,
      DATA_DIR: join(folder.path, 'edge'),
      LD_PRELOAD: path,
      FAKETIME_TIMESTAMP_FILE: clock,
      FAKETIME_NO_CACHE: '1',
      // CLOCK_MONOTONIC does not jump, on no machine.
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    }
    const edge = await startEdge(env, EDGE)
    ends.push(() => edge.kill())
    const ask = async (shots: number) => {
      const next = () => (shots-- > 0 ? load.next() : null)
      await hammer(edge.base, { connections: 8, next })
    }
    const hasJumped = (days: number) => async () => {
      const date = Date.parse((await fetch(`${edge.base}/healthz`)).headers.get('date') ?? '')
      return Math.abs(date - Date.now() - days * 86_400_000) < MINUTE
    }
    for (const days of JUMPS) {
      jump(days)
      await until(`the edge lives ${sign(days)} from now`, hasJumped(days), MINUTE)
      await ask(SHOTS)
    }
    expect(load.wrong).toEqual([])
    expect(load.acknowledged.hits.size + load.acknowledged.unsubscribes.size).toBe(SHOTS * JUMPS.length)

    // Whoever kept a link for longer than an address may be kept gets a plain page, and can still say no.
    jump(TOO_LATE)
    await until('the edge lives in years to come', hasJumped(TOO_LATE), MINUTE)
    const known = load.acknowledged.hits.size
    const late = [load.click(), load.unsubscribe()]
    await hammer(edge.base, { connections: 1, next: () => late.shift() ?? null })
    expect(load.wrong.map(([kind, { status, location }]) => [kind, status, location])).toEqual([
      ['click', 404, null],
    ])
    expect(load.acknowledged.hits.size).toBe(known)

    const isMoved = async () => {
      await makeMonths(db, new Date())
      await moveHits(db)
      const { missing, stillWritten } = await load.faults()
      return missing.length + stillWritten.length === 0
    }
    await until('everything has arrived', isMoved, MINUTE)
    expect(await load.faults()).toEqual({ missing: [], twice: [], stillWritten: [] })
    await makeMonths(db, new Date())
    // Of months to come, made-up clocks make no tables; those of the past have one each.
    const [row] =
      await sql`SELECT count(*)::int AS late FROM tracking_events_default WHERE at >= '2020-01-01' AND at < now()`
    expect(row?.['late']).toBe(0)
    const tables =
      await sql`SELECT DISTINCT tableoid::regclass::text AS name, to_char(at AT TIME ZONE 'UTC', 'YYYY_MM') AS month
      FROM tracking_events WHERE at < now()`
    for (const { name, month } of tables) expect(name).toBe(`tracking_events_${month}`)
    expect(tables.length).toBeGreaterThanOrEqual(4)
  },
  5 * MINUTE,
)
