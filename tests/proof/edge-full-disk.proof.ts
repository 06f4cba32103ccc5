// The disk is full: the edge still redirects, says so, gives up opens first and unsubscribes never, as long as one
// line fits; and recovers. Needs root: it mounts a small file system.
// PROOF_EDGE and PROOF_SERVER name executables other than those in dist/.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBuilt } from '#deploy/ensure-built.ts'
import { migrateDatabase } from '#src/db/migrate.ts'
import { openDatabase } from '#src/db/open.ts'
import { systemClock } from '#src/lib/clock.ts'
import { silentLog } from '#src/lib/log.ts'
import { startMovingHits } from '#src/tracking/move-hits.ts'
import { startEdge } from '#tests/edge/edge-process.ts'
import { hammer, type Shot } from '#tests/support/hammer.ts'
import { ownPostgres } from '#tests/support/own-postgres.ts'
import { temporaryFolder } from '#tests/support/product.ts'
import { trackedLoad } from '#tests/support/tracked-load.ts'
import { until } from '#tests/support/until.ts'

const MINUTE = 60_000
const ROOT = join(import.meta.dir, '../..')
const EDGE = [process.env.PROOF_EDGE ?? join(ROOT, 'dist/prospectlab-edge')]
const DISK_MB = 12
const UNSUBSCRIBES = 6_000
const METRICS_TOKEN = 'metrics-token-of-this-proof'

const folder = temporaryFolder('disk')
const disk = join(folder.path, 'disk')
const postgres = await ownPostgres()
const ends: (() => unknown)[] = [folder.remove, postgres.remove]

beforeAll(async () => {
  if (process.getuid?.() !== 0) throw new Error('this proof needs root: it mounts a small file system')
  if (!process.env.PROOF_EDGE) await ensureBuilt()
  mkdirSync(disk)
  const mounted = Bun.spawnSync(['mount', '-t', 'tmpfs', '-o', `size=${DISK_MB}m`, 'tmpfs', disk])
  expect(mounted.exitCode).toBe(0)
  ends.push(() => Bun.spawnSync(['umount', '-l', disk]))
  await postgres.start()
}, 5 * MINUTE)

afterAll(async () => {
  for (const end of ends.toReversed()) await end()
}, MINUTE)

type Load = Awaited<ReturnType<typeof trackedLoad>>

/** One request, and its answer. */
const ask = async (base: string, shot: Shot): Promise<{ status: number; ms: number }> => {
  const { promise, resolve } = Promise.withResolvers<{ status: number; ms: number }>()
  const answered: Shot['answered'] = (answer) => (shot.answered(answer), resolve(answer))
  const shots = [{ ...shot, answered }]
  await hammer(base, { connections: 1, next: () => shots.shift() ?? null })
  return promise
}

/** Fills what others leave of the disk, to the last byte. */
const fill = (name: string, keepBytes = 0) => {
  const { bavail, bsize } = statfsSync(disk)
  writeFileSync(join(disk, name), Buffer.alloc(Math.max(0, bavail * bsize - keepBytes)))
}

test(
  'a full disk, with the database away and back',
  async () => {
    const { db, sql, close } = openDatabase({ url: postgres.url }, { max: 4 })
    ends.push(() => close())
    await migrateDatabase(sql)
    const load: Load = await trackedLoad(sql, { unsubscribes: UNSUBSCRIBES })
    const edge = await startEdge(
      { ...load.env, DATABASE_URL: postgres.url, DATA_DIR: disk, METRICS_TOKEN },
      EDGE,
    )
    ends.push(() => edge.kill())
    const health = async () => {
      const answer = await fetch(`${edge.base}/healthz`)
      const { spool } = (await answer.json()) as { spool: Record<string, unknown> }
      return { status: answer.status, ...spool }
    }
    const metric = async (name: string): Promise<number> => {
      const headers = { Authorization: `Bearer ${METRICS_TOKEN}` }
      const text = await (await fetch(`${edge.base}/metrics`, { headers })).text()
      return Number(
        text
          .split('\n')
          .find((line) => line.startsWith(`${name} `))
          ?.split(' ')
          .at(-1),
      )
    }
    const shed = (type: string) => metric(`prospectlab_edge_shed_total{type="${type}"}`)

    // The disk fills with what waits for a database that is away: opens go first, then clicks.
    await postgres.stop()
    let firstShed = ''
    let isFull = false
    const watching = (async () => {
      while (!isFull) {
        await Bun.sleep(5)
        const [opens, clicks] = [await shed('open'), await shed('click')]
        if (firstShed === '' && opens + clicks > 0) firstShed = clicks > 0 ? 'both' : 'open'
        isFull = clicks > 0
      }
    })()
    // Few at a time: on a busy machine the watcher must still see the disk between 80 % and full.
    await hammer(edge.base, { connections: 3, next: () => (isFull ? null : load.next()) })
    await watching
    expect(firstShed).toBe('open')
    expect(load.wrong).toEqual([])
    // What is left is estimated between two looks at the disk: clicks may fit again for a moment.
    let found: Record<string, unknown> = {}
    const full = async () => {
      const shots = Array.from({ length: 500 }, load.click)
      await hammer(edge.base, { connections: 3, next: () => shots.pop() ?? null })
      found = { ...(await health()), writable: await metric('prospectlab_edge_spool_writable') }
      return found['shedding'] === 'clicks' && found['writable'] === 0
    }
    await until('clicks are given up', full, MINUTE)
    expect(found).toMatchObject({ status: 503, disk: 'full', shedding: 'clicks', lost: 0, writable: 0 })

    // Unsubscribes still have their place; every answer says what is true.
    const before = load.acknowledged.unsubscribes.size
    for (let n = 0; n < 20; n += 1) expect((await ask(edge.base, load.unsubscribe())).status).toBe(200)
    expect(load.acknowledged.unsubscribes.size).toBe(before + 20)

    // Not a byte left: redirects go on, an unsubscribe that cannot be kept is not called done.
    fill('others')
    const refused = async () => (await ask(edge.base, load.unsubscribe())).status === 503
    await until('an unsubscribe finds no room', refused, MINUTE)
    load.wrong.length = 0
    for (let n = 0; n < 20; n += 1) {
      expect((await ask(edge.base, load.click())).status).toBe(302)
      expect((await ask(edge.base, load.pixel())).status).toBe(200)
    }
    expect(await health()).toMatchObject({ status: 503 })

    // The database is back while the disk is full: it takes what comes, and what waits.
    const stopMoving = startMovingHits({ db, log: silentLog, clock: systemClock })
    await postgres.start()
    ends.push(stopMoving)
    const kept = async () => (await ask(edge.base, load.unsubscribe())).status === 200
    await until('the database takes what the disk does not', kept, MINUTE)
    rmSync(join(disk, 'others'))
    const well = async () => (await health()).status === 200
    await until('all is well', well, MINUTE)
    const stored = load.acknowledged.hits.size
    expect((await ask(edge.base, load.click())).status).toBe(302)
    expect(load.acknowledged.hits.size).toBe(stored + 1)
    await until('unsubscribes are done', async () => (await load.faults()).stillWritten.length === 0, MINUTE)
    const { twice, missing } = await load.faults()
    // What was shed was redirected, and is not among the events; nothing else may be missing.
    const given = (await shed('open')) + (await shed('click')) + (await metric('prospectlab_edge_lost_total'))
    expect([twice, missing.length <= given]).toEqual([[], true])
    expect(missing.length).toBeGreaterThan(0)
  },
  5 * MINUTE,
)
