// 10,000 companies in two imports, two processes at work, one of them or the database killed at random moments:
// nothing lost, nothing repeated, nothing halved, imports served side by side, every host asked by one at a time.
// PROOF_COMPANIES and PROOF_SEED change the number and the moments.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openProduct, type OpenProduct } from '#src/cli/open-product.ts'
import { loadConfig } from '#src/config.ts'
import { SITES_AT_ONCE } from '#src/crawl/crawl-limits.ts'
import { silentLog } from '#src/lib/log.ts'
import { ensureBuilt } from '#deploy/ensure-built.ts'
import { startFarm, type FarmSite } from '#tests/support/farm.ts'
import {
  runProgram,
  serveProduct,
  startProgram,
  temporaryFolder,
  type Running,
} from '#tests/support/product.ts'
import { until } from '#tests/support/until.ts'

const MINUTE = 60_000
const COMPANIES = Number(process.env.PROOF_COMPANIES ?? 10_000)
const LATER = Math.min(200, Math.floor(COMPANIES / 5))
const KILLS = 9
const SEED = Number(process.env.PROOF_SEED ?? Date.now() % 100_000)
const LOOK_MS = 1_000
const LIMIT_MS = 20 * MINUTE
/** A loaded machine may see a request a little after it was sent. */
const PAUSE_MS = 900

const folder = temporaryFolder('many')
const command = [join(folder.path, 'prospectlab')]
const cwd = folder.path
const farm = startFarm({ sites: COMPANIES, pages: 4, pageBytes: 2_000, delayMs: 10 })
const ends: (() => unknown)[] = [() => farm.stop(), folder.remove]

beforeAll(async () => {
  await ensureBuilt()
  copyFileSync(join(import.meta.dir, '../../dist/prospectlab'), command[0]!)
}, 5 * MINUTE)

afterAll(async () => {
  for (const end of ends.toReversed()) await end()
}, MINUTE)

const importSites = async (file: string, sites: FarmSite[]): Promise<number> => {
  const lines = sites.map(({ name, url, city }) => `${name};${url};${city}\n`)
  writeFileSync(join(cwd, file), `Raison sociale;Site web;Ville\n${lines.join('')}`)
  const { code, out, errors } = await runProgram(['import', file, '--crawl', '--json'], { command, cwd })
  expect([code, code === 0 ? '' : errors]).toEqual([0, ''])
  const said = JSON.parse(out) as { created: number; importId: number }
  expect(said.created).toBe(sites.length)
  return said.importId
}

// Park–Miller, so that a failure can be repeated.
let state = (SEED % 2_147_483_646) + 1
const random = (least: number, most: number): number => {
  state = (state * 48_271) % 2_147_483_647
  return least + Math.floor((state / 2_147_483_647) * (most - least))
}

const lookedAt = async (condition: () => Promise<boolean>): Promise<boolean> => {
  await Bun.sleep(LOOK_MS)
  return condition()
}

test(
  `${COMPANIES} companies, two processes, ${KILLS} deaths (seed ${SEED})`,
  async () => {
    let server = await serveProduct({ command, cwd })
    const { env } = server
    let worker: Running = startProgram(['work'], { command, cwd, env })
    ends.push(
      () => server.kill(),
      () => worker.kill(),
    )
    await importSites('first.csv', farm.sites.slice(LATER))
    const later = await importSites('later.csv', farm.sites.slice(0, LATER))

    const product = await openProduct(loadConfig({ DATA_DIR: join(cwd, 'data') }), silentLog, 'command')
    ends.push(product.close)
    // The database is among those that die.
    const ask = async <T>(question: (sql: OpenProduct['sql']) => Promise<T>): Promise<T> => {
      for (const deadline = Date.now() + MINUTE; ; await Bun.sleep(500))
        try {
          return await question(product.sql)
        } catch (error) {
          if (Date.now() > deadline) throw error
        }
    }
    const doneOf = (importId: number | null): Promise<number> =>
      ask(async (sql) =>
        Number(
          (
            await sql`SELECT count(*) FROM companies WHERE crawl_state IN ('done', 'failed')
              AND (${importId}::int IS NULL OR import_id = ${importId})`
          )[0]!.count,
        ),
      )

    const killServer = async () => {
      await server.kill()
      server = await serveProduct({ command, cwd, env: { PORT: env.PORT! } })
    }
    const killWorker = async () => {
      await worker.kill()
      worker = startProgram(['work'], { command, cwd, env })
    }
    // The postmaster, as the first line of its pid file names it; the server starts it again.
    const killDatabase = async () => {
      const pid = Number(readFileSync(postmasterFile(), 'utf8').split('\n')[0])
      process.kill(pid, 'SIGKILL')
      await doneOf(null)
    }
    const postmasterFile = (): string =>
      [...new Bun.Glob('**/postmaster.pid').scanSync({ cwd: join(cwd, 'data'), absolute: true })][0] ?? ''

    const deaths = [
      ['worker', killWorker],
      ['server', killServer],
      ['database', killDatabase],
    ] as const
    const started = performance.now()
    const seconds = () => Math.round((performance.now() - started) / 1000)

    // Before anything dies: the second import does not wait for the first. What two machines had begun ends before;
    // then both take turns, and as much again may end while the last of them is read.
    const laterDone = () => lookedAt(async () => (await doneOf(later)) === LATER)
    await until('the later import is done', laterDone, LIMIT_MS)
    const before = await doneOf(null)
    expect(before).toBeLessThanOrEqual(Math.min(COMPANIES, 4 * SITES_AT_ONCE + 2 * LATER))

    for (let kill = 0; kill < KILLS; kill++) {
      const share = before + Math.floor((kill * (COMPANIES - before)) / (KILLS + 1))
      const reached = () => lookedAt(async () => (await doneOf(null)) >= share)
      await until(`${share} companies are done`, reached, LIMIT_MS)
      await Bun.sleep(random(0, 2_000))
      const [victim, die] = deaths[random(0, deaths.length)]!
      console.log(`${seconds()} s, ${await doneOf(null)} done: the ${victim} dies`)
      await die()
    }
    const everyDone = () =>
      lookedAt(async () => (await doneOf(null)) === COMPANIES && (await ask(openBatches)) === 0)
    await until('every company is done', everyDone, LIMIT_MS).catch(async (error: unknown) => {
      console.log(JSON.stringify(await ask(whatIsLeft)))
      throw error
    })
    const crawls = await ask(
      (sql) => sql`SELECT company_id AS company, count(*)::int AS times FROM crawls GROUP BY company_id`,
    )
    expect(crawls.length).toBe(COMPANIES)
    expect(crawls.filter(({ times }) => times !== 1)).toEqual([])
    const rows = await ask(
      (sql) => sql`SELECT website, crawl_state AS state, crawl_error AS error, contact_email AS email, score,
        (SELECT count(*)::int FROM crawl_pages JOIN crawls ON crawls.id = crawl_id WHERE company_id = companies.id) AS pages,
        (SELECT count(*)::int FROM facts WHERE company_id = companies.id AND kind = 'email') AS emails,
        (SELECT count(*)::int FROM facts WHERE company_id = companies.id AND kind = 'phone') AS phones
        FROM companies`,
    )
    const byUrl = new Map(rows.map((row) => [new URL(row.website).href, row]))
    const wrong = farm.sites.filter((site) => {
      const row = byUrl.get(site.url)
      const whole = row?.pages === 4 && row.emails === 1 && row.phones === 1 && row.score !== null
      return !(whole && row.state === 'done' && row.email === site.email)
    })
    expect(wrong.map((site) => ({ url: site.url, ...byUrl.get(site.url) })).slice(0, 5)).toEqual([])
    expect([...farm.manners.overlaps]).toEqual([])
    expect(farm.manners.shortestPauseMs).toBeGreaterThan(PAUSE_MS)
  },
  LIMIT_MS + 5 * MINUTE,
)

const whatIsLeft = async (sql: OpenProduct['sql']): Promise<unknown> => ({
  items: await sql`SELECT * FROM batch_items WHERE state NOT IN ('done', 'failed') LIMIT 3`,
  jobs: await sql`SELECT * FROM pgboss.job WHERE state <> 'completed' LIMIT 3`,
})

const openBatches = async (sql: OpenProduct['sql']): Promise<number> =>
  (await sql`SELECT 1 FROM batches WHERE state <> 'done'`).length
