import { afterAll, beforeAll, expect, test } from 'bun:test'
import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openProduct, type OpenProduct } from '#src/cli/open-product.ts'
import { loadConfig } from '#src/config.ts'
import { silentLog } from '#src/lib/log.ts'
import { ensureBuilt } from '#deploy/ensure-built.ts'
import { endlessLinks, enormous, hostile, redirectLoop } from '#tests/support/bad-sites.ts'
import { addressOf, startFarm, type FarmSite } from '#tests/support/farm.ts'
import {
  runProgram,
  serveProduct,
  signInOverHttp,
  startProgram,
  temporaryFolder,
} from '#tests/support/product.ts'
import { until } from '#tests/support/until.ts'

const MINUTE = 60_000
const ROWS = 200
const BAD = { unreachable: 3, redirectLoop: 10, endlessLinks: 17, enormous: 24, hostile: 31 }
const CLOSED_PORT = 1
/** A killed worker's companies are taken up by the others within this time. */
const TAKEOVER_MS = 30_000
/** Sites that one process crawls at once. */
const ONE_PROCESS = 24
const MAX_PAGE_BYTES = 5_000_000

const folder = temporaryFolder('main-job')
const command = [join(folder.path, 'prospectlab')]
const cwd = folder.path
const farm = startFarm({
  sites: ROWS,
  pages: 4,
  special: {
    [BAD.redirectLoop]: redirectLoop,
    [BAD.endlessLinks]: endlessLinks,
    [BAD.enormous]: enormous,
    [BAD.hostile]: hostile,
  },
})
const ends: (() => unknown)[] = [() => farm.stop(), folder.remove]

beforeAll(async () => {
  await ensureBuilt()
  copyFileSync(join(import.meta.dir, '../../dist/prospectlab'), command[0]!)
}, 5 * MINUTE)

afterAll(async () => {
  for (const end of ends.toReversed()) await end()
}, MINUTE)

const nameOf = (site: FarmSite): string =>
  site.index === BAD.hostile ? 'Vilain <script>alert(1)</script>\u0007' : site.name

const urlOf = (site: FarmSite): string =>
  site.index === BAD.unreachable ? `http://${addressOf(site.index)}:${CLOSED_PORT}/` : site.url

const fileOf = (sites: FarmSite[]): string =>
  `Raison sociale;Site web;Ville;Code postal\r\n${sites
    .map((site) => `${nameOf(site)};${urlOf(site)};${site.city};${site.postalCode}\r\n`)
    .join('')}`

test(
  'the executable alone finds whom to contact and what is weak for 200 companies, through two deaths',
  async () => {
    writeFileSync(join(cwd, 'companies.csv'), fileOf(farm.sites))
    const first = await serveProduct({ command, cwd })
    ends.push(first.kill)

    const imported = await runProgram(['import', 'companies.csv', '--crawl', '--json'], { command, cwd })
    expect([imported.code, imported.code === 0 ? '' : imported.errors]).toEqual([0, ''])
    expect(JSON.parse(imported.out)).toMatchObject({ rows: ROWS, created: ROWS, updated: 0, rejected: [] })

    const doneOnPage = async () => {
      const { text } = await visitor.get('/jobs')
      return Number(/<progress[^>]* value="(\d+)"/.exec(text)?.[1] ?? 0)
    }
    const visitor = await signInOverHttp(first.base)
    await until('thirty companies are done', async () => (await doneOnPage()) >= 30, 2 * MINUTE)
    const doneBefore = await doneOnPage()
    await first.kill()
    const killedAt = Date.now()
    const hitsBefore = new Map(farm.hits)

    const second = await serveProduct({ command, cwd, env: { PORT: first.env.PORT! } })
    ends.push(second.stop)
    const product = await joinDatabase()
    ends.push(product.close)
    const finishedBefore = (await outcomes(product)).filter(({ finishedAt }) => finishedAt < killedAt)
    expect(finishedBefore.length).toBeGreaterThanOrEqual(doneBefore)

    const worker = startProgram(['work'], { command, cwd, env: second.env })
    ends.push(worker.kill)
    const running = async () => (await product.sql`SELECT id FROM batch_items WHERE state = 'running'`).length
    // More at once than one process takes; what the dead server left behind does not count.
    const startedSince = async () =>
      (
        await product.sql`SELECT 1 FROM batch_items WHERE state = 'running'
          AND extract(epoch FROM started_at) * 1000 > ${killedAt}`
      ).length
    await until(
      'the second process takes its share',
      async () => (await startedSince()) > ONE_PROCESS + 6,
      MINUTE,
    )
    await worker.kill()
    const workerKilledAt = Date.now()
    const orphans = (await product.sql`SELECT id FROM batch_items WHERE state = 'running'`).map(
      ({ id }) => id,
    )
    await until(
      'the companies of the killed worker are taken up',
      async () =>
        (
          await product.sql`SELECT 1 FROM batch_items WHERE id IN ${product.sql(orphans)} AND state = 'running'
            AND extract(epoch FROM started_at) * 1000 < ${workerKilledAt}`
        ).length === 0,
      TAKEOVER_MS,
    )
    await until(
      'the batch is done',
      async () => (await running()) === 0 && (await open(product)) === 0,
      5 * MINUTE,
    )

    const results = await outcomes(product)
    expect(results.length).toBe(ROWS)
    expect(new Set(results.map(({ companyId }) => companyId)).size).toBe(ROWS)
    const hostsBefore = finishedBefore.map(({ url }) => new URL(url).hostname)
    const asked = (hits: Map<string, number>) => hostsBefore.map((host) => [host, hits.get(host) ?? 0])
    expect(asked(farm.hits)).toEqual(asked(hitsBefore))

    const byUrl = new Map(results.map((result) => [new URL(result.url).href, result]))
    const resultOf = (site: FarmSite) => byUrl.get(urlOf(site))!
    const bad = new Set(Object.values(BAD))
    for (const site of farm.sites.filter(({ index }) => !bad.has(index)))
      expect([site.name, checked(resultOf(site), site)]).toEqual([site.name, 'complete'])

    const outcomeOf = (index: number) => resultOf(farm.sites[index]!)
    const { unreachable, redirectLoop: looping, endlessLinks: endless } = BAD
    expect(outcomeOf(unreachable)).toMatchObject({
      state: 'failed',
      code: 'unreachable',
      level: 'unreachable',
    })
    expect(outcomeOf(unreachable).message).toContain('refuses connections')
    expect(outcomeOf(looping)).toMatchObject({ state: 'failed', level: 'unreachable' })
    expect(outcomeOf(looping).message).toContain('redirects in a circle')
    for (const index of [endless, BAD.enormous])
      expect(outcomeOf(index)).toMatchObject({ state: 'done', email: farm.sites[index]!.email })
    expect(outcomeOf(endless).pages).toBeLessThanOrEqual(20)
    expect(outcomeOf(BAD.hostile)).toMatchObject({ state: 'done', pages: 3 })
    // What is larger than allowed (two pages of each) was read as far as allowed, and that is known of it.
    const cut = await product.sql`SELECT company_id AS company, crawl_pages.bytes FROM crawl_pages
      JOIN crawls ON crawls.id = crawl_id WHERE (record->>'truncated')::boolean ORDER BY company_id`
    const large = [BAD.enormous, BAD.hostile].map((index) => outcomeOf(index).companyId)
    expect(cut.map(({ company }) => company)).toEqual(large.flatMap((id) => [id, id]))
    expect(Math.max(...cut.map(({ bytes }) => bytes))).toBeLessThanOrEqual(MAX_PAGE_BYTES)

    const list = await signInOverHttp(second.base)
    const page = await list.get('/companies?q=vilain')
    expect(page.status).toBe(200)
    expect(page.text).toContain('Vilain &lt;script&gt;')
    expect(page.text).not.toContain('<script>alert')
  },
  15 * MINUTE,
)

type Result = {
  companyId: number
  url: string
  state: 'done' | 'failed'
  code: string | null
  message: string | null
  errors: { url: string; code: string }[]
  pages: number
  /** Milliseconds since 1970. */
  finishedAt: number
  email: string | null
  score: number | null
  level: string | null
  weaknesses: { id: string }[]
}

/** One row per crawl, with what the company has now. */
const outcomes = async ({ sql }: OpenProduct): Promise<Result[]> =>
  sql`SELECT company_id AS "companyId", url, state, error_code AS code, error_message AS message, errors,
      page_count AS pages, extract(epoch FROM crawls.finished_at)::float8 * 1000 AS "finishedAt", contact_email AS email, score,
      score_level AS level, weaknesses
    FROM crawls JOIN companies ON companies.id = company_id ORDER BY company_id`

const open = async ({ sql }: OpenProduct): Promise<number> =>
  (await sql`SELECT 1 FROM batches WHERE state <> 'done'`).length

// Joins the database that the running server has started, as every command does.
const joinDatabase = (): Promise<OpenProduct> =>
  openProduct(loadConfig({ DATA_DIR: join(cwd, 'data') }), silentLog, 'command')

const checked = (result: Result | undefined, site: FarmSite): string | Result => {
  if (!result) return 'no crawl'
  const complete =
    result.state === 'done' &&
    result.pages === 4 &&
    result.email === site.email &&
    result.score !== null &&
    result.weaknesses.length > 0
  return complete ? 'complete' : result
}
