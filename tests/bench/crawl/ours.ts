// Ours, as `prospectlab work` does it, politeness off: companies with the sites given on stdin are asked for in one
// batch, taken up by the queue, crawled, analysed, scored and stored. Settings come from the environment.
import { sql } from 'drizzle-orm'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openProduct } from '#src/cli/open-product.ts'
import { companies } from '#src/companies/schema.ts'
import { loadConfig, readEnvironment } from '#src/config.ts'
import { standardLimits } from '#src/crawl/crawl-limits.ts'
import { crawlJobs } from '#src/crawl/jobs.ts'
import { createPoliteness } from '#src/crawl/politeness/politeness.ts'
import { requestCrawls } from '#src/crawl/request-crawls.ts'
import { migrateDatabase } from '#src/db/migrate.ts'
import type { Deps } from '#src/deps.ts'
import { systemClock } from '#src/lib/clock.ts'
import { deriveKeys, loadSecretKey } from '#src/lib/keys.ts'
import { createLog } from '#src/lib/log.ts'
import { openQueue } from '#src/queue/open-queue.ts'
import { scoreCrawl } from '#src/scoring/score-crawl.ts'
import { startThreads } from '#src/threads.ts'

const POLL_MS = 200
const MS_PER_TICK = 10

const sites = (await Bun.stdin.json()) as string[]
const config = loadConfig(readEnvironment())
const log = createLog()
const product = await openProduct(config, log, 'command')
const { db, sql: client } = product
await migrateDatabase(client)
const deps: Deps = {
  config,
  db,
  sql: client,
  queue: openQueue({ sql: client, db, log }),
  threads: startThreads(config.WORKERS),
  politeness: createPoliteness({ enabled: false }),
  log,
  clock: systemClock,
  keys: deriveKeys(loadSecretKey(config)),
}
// Every page is wanted: the peer does not stop when pages tell nothing new.
const limits = { ...standardLimits, fruitlessPages: standardLimits.pages }
const jobs = crawlJobs(deps, scoreCrawl(deps), limits)
const ids = await db
  .insert(companies)
  .values(sites.map((website, index) => ({ name: `Company ${index}`, website })))
  .returning({ id: companies.id })
await deps.queue.ensureQueues(jobs)

// Processor time of PostgreSQL's processes, ended ones included (Linux; 0 elsewhere).
const cpuMsOfDatabase = (): number => {
  const [pid = ''] = readFileSync(join(config.DATA_DIR, 'postgres/cluster/postmaster.pid'), 'utf8').split(
    '\n',
  )
  if (!existsSync('/proc/self/stat')) return 0
  const fields = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && existsSync(`/proc/${name}/stat`))
    .map((name) => [
      name,
      ...(/\) (.*)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8'))?.[1]?.split(' ') ?? []),
    ])
  const ticks = fields.map(([name, , parent, ...rest]) => {
    const own = Number(rest[9]) + Number(rest[10])
    if (name === pid) return own + Number(rest[11]) + Number(rest[12])
    return parent === pid ? own : 0
  })
  return ticks.reduce((sum, one) => sum + one, 0) * MS_PER_TICK
}

const databaseBefore = cpuMsOfDatabase()
const started = performance.now()
const { batchId } = await db.transaction((tx) =>
  requestCrawls(
    tx,
    deps.queue,
    ids.map(({ id }) => id),
    { createdBy: null, label: { key: 'crawl', values: {} } },
  ),
)
await deps.queue.start(jobs)
let atOnce = 0
for (;;) {
  const [batch] = await db.execute<{ state: string; running: number }>(sql`
    SELECT state, (SELECT count(*)::int FROM batch_items WHERE batch_id = ${batchId} AND state = 'running') AS running
    FROM batches WHERE id = ${batchId}`)
  atOnce = Math.max(atOnce, batch!.running)
  if (batch!.state === 'done') break
  await Bun.sleep(POLL_MS)
}
const ms = performance.now() - started
const databaseCpuMs = cpuMsOfDatabase() - databaseBefore
const [stored] = await db.execute<Record<string, number>>(sql`
  SELECT (SELECT count(*)::int FROM crawl_pages) AS pages, (SELECT sum(bytes)::float FROM crawl_pages) AS bytes,
    (SELECT count(*)::int FROM facts) AS facts, (SELECT count(*)::int FROM facts WHERE kind = 'email') AS emails,
    (SELECT count(*)::int FROM findings) AS findings, (SELECT count(*)::int FROM companies WHERE score > 0) AS scored,
    (SELECT count(*)::int FROM crawls WHERE state = 'failed') AS failed,
    pg_total_relation_size('crawl_pages') / 1e6 AS "pagesMb", pg_total_relation_size('facts') / 1e6 AS "factsMb"`)
process.stdout.write(JSON.stringify({ ms, ...stored, databaseCpuMs, atOnce }))
await deps.queue.stop()
deps.threads.close()
await product.close()
process.exit(0)
