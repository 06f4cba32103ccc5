import { afterAll, expect, test } from 'bun:test'
import { crawlJobs } from '#src/crawl/jobs.ts'
import { createPoliteness } from '#src/crawl/politeness/politeness.ts'
import { requestCrawls } from '#src/crawl/request-crawls.ts'
import { overrideRobots } from '#src/crawl/robots-override.ts'
import type { CrawlBudget } from '#src/companies/schema.ts'
import type { Deps } from '#src/deps.ts'
import { silentLog } from '#src/lib/log.ts'
import { openQueue } from '#src/queue/open-queue.ts'
import { startThreads } from '#src/threads.ts'
import { authDeps } from '#tests/auth/small-app.ts'
import { testDatabase } from '#tests/support/database.ts'
import { until } from '#tests/support/until.ts'

const database = await testDatabase()
const { db, sql } = database
const queue = openQueue({ ...database, log: silentLog })
const threads = startThreads(1)
const clock = { now: () => new Date() }
const deps: Deps = {
  ...authDeps(database, { environment: { CRAWL_ALLOW_NETWORKS: '127.0.0.0/8' }, clock }),
  queue,
  threads,
  politeness: createPoliteness({ enabled: false }),
}
let askedOfBatch: CrawlBudget | null = null
await queue.start(
  crawlJobs(
    deps,
    async () => async () => {},
    undefined,
    async () => askedOfBatch,
  ),
)
database.beforeClose(() => queue.stop(0))

// Each page is a click deeper than the one before; 127.0.0.2 wants no robots.
const PAGES = ['', 'atelier', 'carrosserie', 'pneus', 'freins', 'vidange', 'occasions', 'location']
const server = Bun.serve({
  port: 0,
  hostname: '0.0.0.0',
  fetch: (request) => {
    const { hostname, pathname } = new URL(request.url)
    if (pathname === '/robots.txt' && hostname === '127.0.0.2')
      return new Response('User-agent: *\nDisallow: /', { headers: { 'content-type': 'text/plain' } })
    const depth = PAGES.indexOf(pathname.slice(1))
    if (depth < 0) return new Response('', { status: 404 })
    const next = PAGES[depth + 1]
    const body = `${next ? `<a href="/${next}">${next}</a>` : ''} ${`${PAGES[depth]} `.repeat(40)} 03 87 00 00 0${depth}`
    return new Response(`<title>${pathname}</title>${body}`, { headers: { 'content-type': 'text/html' } })
  },
})
afterAll(() => {
  threads.close()
  return server.stop(true)
})

const newCompany = async (host: string): Promise<number> => {
  const row = { name: host, website: `http://${host}:${server.port}/` }
  const [made] = await sql`INSERT INTO companies ${sql(row)} RETURNING id`
  return made!.id as number
}

const crawled = async (id: number, budget?: CrawlBudget | null) => {
  const label = { key: 'crawl.companies', values: {} }
  const request = { createdBy: null, label, ...(budget === undefined ? {} : { budget }) }
  const { batchId } = await db.transaction((tx) => requestCrawls(tx, queue, [id], request))
  const ended = async () =>
    (await sql`SELECT 1 FROM batch_items WHERE batch_id = ${batchId} AND state IN ('done', 'failed')`)
      .length > 0
  await until('the crawl has ended', ended, 20_000)
  const [row] =
    await sql`SELECT state, error_code, page_count FROM crawls WHERE company_id = ${id} ORDER BY id DESC LIMIT 1`
  return [row!.state, row!.error_code ?? row!.page_count]
}

test('each company is crawled to the extent of its own budget, kept for the next crawl', async () => {
  const id = await newCompany('127.0.0.1')
  expect(await crawled(id)).toEqual(['done', 4])
  expect(await crawled(id, { preset: 'thorough', limits: { pages: 2 } })).toEqual(['done', 2])
  expect(await crawled(id)).toEqual(['done', 2])
  expect(await crawled(id, { preset: 'thorough' })).toEqual(['done', 6])
  expect(await crawled(id, { preset: 'quick', limits: { depth: 1 } })).toEqual(['done', 2])
  expect(await crawled(id, null)).toEqual(['done', 4])
}, 60_000)

test('what was asked of one batch holds for it, and leaves the company’s own budget as it is', async () => {
  const id = await newCompany('127.0.0.1')
  askedOfBatch = { preset: 'standard', limits: { pages: 1 } }
  expect(await crawled(id, { preset: 'quick' })).toEqual(['done', 1])
  askedOfBatch = null
  expect(await crawled(id)).toEqual(['done', 3])
}, 60_000)

test('a site that forbids robots is read after an administrator’s decision, and only then', async () => {
  const id = await newCompany('127.0.0.2')
  expect(await crawled(id)).toEqual(['failed', 'robots'])
  await overrideRobots(db, id, { at: new Date(), userId: null, reason: 'accord du gérant' })
  expect(await crawled(id, { preset: 'quick' })).toEqual(['done', 3])
}, 60_000)
