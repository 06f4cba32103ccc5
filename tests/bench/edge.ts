// The edge beside a bare Bun.serve that answers the same bytes, nginx and a handler that inserts each hit, all asked
// by wrk in turn in one run; then how fast it empties its spool, how much memory it takes, and how soon it starts.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrateDatabase } from '#src/db/migrate.ts'
import { openDatabase, type Sql } from '#src/db/open.ts'
import { makeMonths, moveHits } from '#src/tracking/move-hits.ts'
import { linkKeys, newMessageKey, signToken, type Token } from '#src/tracking/token.ts'
import { ownPostgres } from '#tests/support/own-postgres.ts'
import { until } from '#tests/support/until.ts'
import { build } from '../../deploy/build.ts'
import { startNginx, startRival, type Rival } from './edge/rivals.ts'
import { wrk, type WrkRun } from './edge/wrk.ts'
import { percentile, type Measure } from './measure.ts'
import { residentMb } from './server.ts'

const ROUNDS = 5
const SECONDS = 4
const CONNECTIONS = 64
const TOKENS = 2_000
const MESSAGES = 500
const BACKLOG_SECONDS = 12
const IDLE_MS = 10_000
const STARTS = 7
const SAMPLE_MS = 100
const MINUTE = 60_000
const SECRET = Buffer.alloc(32, 5)
const METRICS_TOKEN = 'metrics-token-of-this-bench'

const BARE_SHARE = 0.5
const FORGED_SHARE = 0.7
const INSERT_TIMES = 3
const P99_MS = 25
const DRAIN_PER_SECOND = 15_000
const IDLE_MB = 65
const LOADED_MB = 110
const START_MS = 100

const keys = linkKeys(SECRET)
const EDGE_KEYS = keys.map(({ id, key }) => `${id}:${key.toString('hex')}`).join(',')
const messages = Array.from({ length: MESSAGES }, newMessageKey)

const sign = (kind: Token['kind'], n: number, target = ''): string => {
  // Opens are counted in aggregate and clicks one by one unless the settings say otherwise.
  const subject =
    kind === 'pixel'
      ? ({ mode: 'aggregate', campaign: 1 + (n % 20) } as const)
      : ({ mode: 'individual', message: messages[n % MESSAGES]! } as const)
  return signToken(keys, { kind, subject, locale: 'fr', target }, new Date())!
}
const many = (path: (n: number) => string): string[] => Array.from({ length: TOKENS }, (_, n) => path(n))
const forged = (token: string): string => token.slice(0, -4) + 'AAAA'

const PATHS = {
  pixel: many((n) => `/track/pixel/${sign('pixel', n)}.gif`),
  click: many((n) => `/track/click/${sign('click', n, 'https://exemple.fr/offre?page=1')}`),
  'forged pixel': many((n) => `/track/pixel/${forged(sign('pixel', n))}.gif`),
  'forged click': many((n) => `/track/click/${forged(sign('click', n, 'https://exemple.fr/offre?page=1'))}`),
}
type Question = keyof typeof PATHS
const QUESTIONS = Object.keys(PATHS) as Question[]

/** Every server is asked in every round, so that a machine whose speed drifts is fair to all. */
export const benchEdge = async (): Promise<Measure[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'prospectlab-bench-edge-'))
  const postgres = await ownPostgres()
  const ends: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true }), postgres.remove]
  try {
    const { edge: program } = await build({ outdir: join(folder, 'dist') })
    await postgres.start()
    const { db, sql, close } = openDatabase({ url: postgres.url }, { max: 4 })
    ends.push(() => close())
    await migrateDatabase(sql)
    await makeMonths(db, new Date())
    await sql`INSERT INTO messages ${sql(
      messages.map((token) => ({
        token,
        recipient: `${token}@exemple.fr`,
        subject: 'x',
        opens: 'aggregate',
        clicks: 'individual',
      })),
    )}`
    const startEdge = (name: string) =>
      startRival([program], {
        DATABASE_URL: postgres.url,
        EDGE_KEYS,
        METRICS_TOKEN,
        DATA_DIR: join(folder, name),
      })

    const starts: number[] = []
    for (let time = 0; time < STARTS; time += 1) {
      const started = await startEdge('starts')
      starts.push(started.readyMs)
      await started.stop()
    }
    const edge = await startEdge('edge')
    ends.push(edge.stop)
    await Bun.sleep(IDLE_MS)
    const idleMb = residentMb(edge.pid)

    const bare: Partial<Record<Question, Rival>> = {}
    for (const question of QUESTIONS) {
      const rival = await startRival([process.execPath, join(import.meta.dir, 'edge/bare-server.ts')], {
        BARE: await answerOf(edge.base + PATHS[question][0]!),
      })
      ends.push(rival.stop)
      bare[question] = rival
    }
    const inserting = await startRival([process.execPath, join(import.meta.dir, 'edge/insert-server.ts')], {
      DATABASE_URL: postgres.url,
      KEY: SECRET.toString('hex'),
    })
    ends.push(inserting.stop)
    const nginx = await startNginx(join(folder, 'nginx'))
    ends.push(nginx.stop)

    let peakMb = 0
    const sampling = setInterval(() => (peakMb = Math.max(peakMb, residentMb(edge.pid))), SAMPLE_MS)
    const runs = new Map<string, WrkRun[]>()
    const measure = async (name: string, base: string, paths: string[]) => {
      const run = await wrk(base, { paths, seconds: SECONDS, connections: CONNECTIONS, folder })
      if (run.wrong > 0) throw new Error(`${name}: ${run.wrong} answers were wrong`)
      runs.set(name, [...(runs.get(name) ?? []), run])
    }
    // Each kind of hit is gone from every spool and inbox before the next server is asked.
    const settle = () => until('the spool is empty', async () => (await spooled(edge.base)) === 0, MINUTE)
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const question of QUESTIONS) {
        await measure(`bare ${question}`, bare[question]!.base, PATHS[question])
        await measure(`edge ${question}`, edge.base, PATHS[question])
        await settle()
      }
      for (const question of ['pixel', 'click'] as const)
        await measure(`insert ${question}`, inserting.base, PATHS[question])
      await measure('nginx', nginx.base, PATHS.pixel)
      await sql`TRUNCATE tracking_inbox`
    }
    clearInterval(sampling)

    const drained = await drain({ edge, postgres, sql, folder })
    const began = performance.now()
    const moved = await moveHits(db)
    const movedPerSecond = (moved / (performance.now() - began)) * 1000

    const perSecond = (name: string) => median(runs.get(name)!.map((run) => run.perSecond))
    // Pair by pair within a round.
    const shareOf = (name: string, other: string) =>
      median(runs.get(name)!.map((run, at) => run.perSecond / runs.get(other)![at]!.perSecond))
    const share = (question: Question, least: number): Measure => ({
      what: `${question}: share of a bare Bun.serve`,
      value: shareOf(`edge ${question}`, `bare ${question}`),
      unit: '',
      target: least,
      atLeast: true,
    })
    const hits = (['pixel', 'click'] as const).flatMap((question): Measure[] => [
      {
        what: `${question}, durable before the answer`,
        value: perSecond(`edge ${question}`),
        unit: '/s',
        peer: { name: 'bare Bun.serve', value: perSecond(`bare ${question}`) },
      },
      share(question, BARE_SHARE),
      {
        what: `${question}: times a handler with one INSERT a hit`,
        value: shareOf(`edge ${question}`, `insert ${question}`),
        unit: '',
        target: INSERT_TIMES,
        atLeast: true,
      },
      {
        what: `${question}: p99 at ${CONNECTIONS} connections`,
        value: median(runs.get(`edge ${question}`)!.map((run) => run.p99Ms)),
        unit: 'ms',
        target: P99_MS,
        peer: { name: 'bare', value: median(runs.get(`bare ${question}`)!.map((run) => run.p99Ms)) },
      },
    ])
    return [
      ...hits,
      share('forged pixel', FORGED_SHARE),
      share('forged click', FORGED_SHARE),
      { what: 'nginx empty_gif', value: perSecond('nginx'), unit: '/s' },
      { what: 'handler with one INSERT a pixel', value: perSecond('insert pixel'), unit: '/s' },
      {
        what: 'spool to database',
        value: drained,
        unit: 'events/s',
        target: DRAIN_PER_SECOND,
        atLeast: true,
      },
      {
        what: 'inbox to events',
        value: movedPerSecond,
        unit: 'events/s',
        target: DRAIN_PER_SECOND,
        atLeast: true,
      },
      { what: 'edge at rest', value: idleMb, unit: 'MB', target: IDLE_MB },
      { what: 'edge under load, at most', value: peakMb, unit: 'MB', target: LOADED_MB },
      { what: 'start to the first answer', value: median(starts), unit: 'ms', target: START_MS },
    ]
  } finally {
    for (const end of ends.toReversed()) await end()
  }
}

const median = (values: number[]): number => percentile(values, 0.5)

const answerOf = async (url: string): Promise<string> => {
  const answer = await fetch(url, { redirect: 'manual' })
  const own = new Set(['date', 'content-length', 'connection', 'transfer-encoding'])
  const headers = Object.fromEntries([...answer.headers].filter(([name]) => !own.has(name)))
  const body = Buffer.from(await answer.arrayBuffer()).toString('base64')
  return JSON.stringify({ status: answer.status, headers, body })
}

const spooled = async (base: string): Promise<number> => {
  const answer = await fetch(`${base}/healthz`)
  return ((await answer.json()) as { spool: { bytes: number } }).spool.bytes
}

const delivered = async (base: string): Promise<number> => {
  const answer = await fetch(`${base}/metrics`, { headers: { Authorization: `Bearer ${METRICS_TOKEN}` } })
  return Number(/^prospectlab_edge_delivered_total (\d+)/m.exec(await answer.text())?.[1])
}

/** What came while PostgreSQL was stopped, in events per second once it is back. */
const drain = async ({
  edge,
  postgres,
  sql,
  folder,
}: {
  edge: Rival
  postgres: { start: () => Promise<void>; stop: () => Promise<void> }
  sql: Sql
  folder: string
}): Promise<number> => {
  await postgres.stop()
  const paths = PATHS.click.flatMap((click, at) => [click, PATHS.pixel[at]!])
  await wrk(edge.base, { paths, seconds: BACKLOG_SECONDS, connections: CONNECTIONS, folder })
  const before = await delivered(edge.base)
  await postgres.start()
  await until('delivering has begun', async () => (await delivered(edge.base)) > before, MINUTE)
  const [from, began] = [await delivered(edge.base), performance.now()]
  await until('the spool is empty', async () => (await spooled(edge.base)) === 0, MINUTE)
  const took = performance.now() - began
  const count = (await delivered(edge.base)) - from
  await sql`SELECT 1`
  return (count / took) * 1000
}
