// `kill -9` under load, fifty times the edge and then the server of an installation without one, and edges that share
// a database or a spool: nothing that was acknowledged is missing, nothing is there twice.
// PROOF_EDGE and PROOF_SERVER name executables other than those in dist/.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { join } from 'node:path'
import { ensureBuilt } from '#deploy/ensure-built.ts'
import { migrateDatabase } from '#src/db/migrate.ts'
import { openDatabase } from '#src/db/open.ts'
import { systemClock } from '#src/lib/clock.ts'
import { deriveKeys } from '#src/lib/keys.ts'
import { silentLog } from '#src/lib/log.ts'
import { startMovingHits } from '#src/tracking/move-hits.ts'
import { linkKeys } from '#src/tracking/token.ts'
import { startEdge, type EdgeProcess } from '#tests/edge/edge-process.ts'
import { hammer } from '#tests/support/hammer.ts'
import { ownPostgres } from '#tests/support/own-postgres.ts'
import { serveProduct, temporaryFolder } from '#tests/support/product.ts'
import { trackedLoad } from '#tests/support/tracked-load.ts'
import { until } from '#tests/support/until.ts'

const MINUTE = 60_000
const ROOT = join(import.meta.dir, '../..')
const EDGE = [process.env.PROOF_EDGE ?? join(ROOT, 'dist/prospectlab-edge')]
const SERVER = [process.env.PROOF_SERVER ?? join(ROOT, 'dist/prospectlab')]
const EDGE_KILLS = 50
const SERVER_KILLS = 8
const UNSUBSCRIBES = 4_000
const CONNECTIONS = 32
const SECRET_KEY = '0123456789abcdef0123456789abcdef'

const folder = temporaryFolder('kills')
const postgres = await ownPostgres()
const ends: (() => unknown)[] = [folder.remove, postgres.remove]

beforeAll(async () => {
  if (!process.env.PROOF_EDGE || !process.env.PROOF_SERVER) await ensureBuilt()
  await postgres.start()
}, 5 * MINUTE)

afterAll(async () => {
  for (const end of ends.toReversed()) await end()
}, MINUTE)

/** A migrated database of its own for each test. */
const newDatabase = async (name: string) => {
  const url = await postgres.newDatabase(name)
  const opened = openDatabase({ url }, { max: 4 })
  await migrateDatabase(opened.sql)
  ends.push(opened.close)
  return { ...opened, url }
}

type Load = Awaited<ReturnType<typeof trackedLoad>>

/** Asks for a random while between `least` and `most`, then ends the process it asks. */
const killUnderLoad = async (base: string, kill: () => Promise<void>, load: Load, least: number) => {
  const before = load.acknowledged.hits.size
  const asking = hammer(base, { connections: CONNECTIONS, next: load.next })
  await until('it is under load', () => load.acknowledged.hits.size > before + 50, MINUTE)
  await Bun.sleep(least + Math.random() * 400)
  await kill()
  await asking
}

const spoolBytes = async ({ base }: { base: string }): Promise<number> => {
  const answer = await fetch(`${base}/healthz`)
  return ((await answer.json()) as { spool: { bytes: number } }).spool.bytes
}

const FAULTLESS = { missing: [], twice: [], stillWritten: [] }

const expectFaultless = async (load: Load) => {
  await until(
    'everything has arrived',
    async () => {
      const { missing, stillWritten } = await load.faults()
      return missing.length + stillWritten.length === 0
    },
    MINUTE,
  ).catch(() => {})
  expect(await load.faults()).toEqual(FAULTLESS)
  expect(load.wrong).toEqual([])
}

test(
  `an edge killed ${EDGE_KILLS} times under load loses nothing it acknowledged`,
  async () => {
    const { db, sql, url } = await newDatabase('killed_edge')
    const stopMoving = startMovingHits({ db, log: silentLog, clock: systemClock })
    const load = await trackedLoad(sql, { unsubscribes: UNSUBSCRIBES })
    const env = { ...load.env, DATABASE_URL: url, DATA_DIR: join(folder.path, 'edge') }
    for (let kill = 0; kill < EDGE_KILLS; kill += 1) {
      const edge = await startEdge(env, EDGE)
      await killUnderLoad(edge.base, edge.kill, load, 50)
    }
    const edge = await startEdge(env, EDGE)
    await expectFaultless(load)
    console.log(`${EDGE_KILLS} deaths: ${load.acknowledged.hits.size} hits,`, {
      unsubscribes: load.acknowledged.unsubscribes.size,
    })
    expect(load.acknowledged.hits.size).toBeGreaterThan(EDGE_KILLS * 50)
    expect(load.acknowledged.unsubscribes.size).toBeGreaterThan(EDGE_KILLS)
    await edge.stop()
    await stopMoving()
  },
  5 * MINUTE,
)

test(
  `a server without an edge, killed ${SERVER_KILLS} times, loses nothing either`,
  async () => {
    const { sql, url } = await newDatabase('killed_server')
    const keys = linkKeys(deriveKeys(SECRET_KEY).links)
    const load = await trackedLoad(sql, { unsubscribes: UNSUBSCRIBES, keys })
    const env = { DATABASE_URL: url, DATA_DIR: join(folder.path, 'server'), SECRET_KEY }
    for (let kill = 0; kill < SERVER_KILLS; kill += 1) {
      const server = await serveProduct({ command: SERVER, env })
      await killUnderLoad(server.base, server.kill, load, 100)
    }
    const server = await serveProduct({ command: SERVER, env })
    await expectFaultless(load)
    expect(load.acknowledged.hits.size).toBeGreaterThan(SERVER_KILLS * 50)
    await server.stop()
  },
  3 * MINUTE,
)

test.each([
  ['on one database', ['a', 'b']],
  ['on one spool', ['shared', 'shared']],
])(
  'two edges %s, dying in turn: everything arrives once',
  async (name, folders) => {
    const { db, sql, url } = await newDatabase(`two_${name.replaceAll(' ', '_')}`)
    const stopMoving = startMovingHits({ db, log: silentLog, clock: systemClock })
    const load = await trackedLoad(sql, { unsubscribes: UNSUBSCRIBES })
    const start = (at: number): Promise<EdgeProcess> =>
      startEdge({ ...load.env, DATABASE_URL: url, DATA_DIR: join(folder.path, name, folders[at]!) }, EDGE)
    const edges = [await start(0), await start(1)]
    for (let round = 0; round < 6; round += 1) {
      const [dying, living] = [round % 2, (round + 1) % 2]
      let dead = false
      const { next } = load
      const other = hammer(edges[living]!.base, { connections: 8, next: () => (dead ? null : next()) })
      await killUnderLoad(edges[dying]!.base, edges[dying]!.kill, load, 100)
      dead = true
      await other
      edges[dying] = await start(dying)
    }
    await expectFaultless(load)
    const empty = async () => (await Promise.all(edges.map(spoolBytes))).every((bytes) => bytes === 0)
    await until('the spools are empty', empty, MINUTE)
    for (const edge of edges) await edge.stop()
    await stopMoving()
  },
  2 * MINUTE,
)
