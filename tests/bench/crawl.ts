// 500 sites × 20 pages of 100–200 KB on loopback addresses of their own, politeness off. The farm has a process of its
// own and its pages ready (1.5 GB of them; BENCH_SITES makes it smaller); it, the crawler and PostgreSQL share all
// cores, nothing is pinned, for ours and the peer alike. Ours goes the whole way of a job: asked for, queued, crawled,
// analysed, scored, stored durably, built as the program is and with its settings, which take up all sites at once. Processor time
// per page counts all of it (start and PostgreSQL included), and says more than the clock on a machine with other
// work. Memory is the most that the process with its threads had resident at any moment, as the kernel counts it.
import { copyFileSync, cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Measure } from './measure.ts'
import { providePeers } from './peers/provide.ts'
import { ROOT } from './server.ts'

const SITES = Number(process.env.BENCH_SITES ?? 500)
const PAGES = 20
const BYTES = [100_000, 200_000]
const TIMES_FASTER = 5
const MEMORY_MB = 250
// A part of the farm is enough for its pace, which falls as its queue grows.
const SITES_OF_PEER = Math.min(SITES, 40)

type Run = { pages: number; bytes: number; ms: number; cpuMs: number; rssMb: number }
type OwnRun = Run & { databaseCpuMs: number; atOnce: number }

export const benchCrawl = async (): Promise<Measure[]> => {
  await providePeers()
  const directory = mkdtempSync(join(tmpdir(), 'prospectlab-bench-crawl-'))
  const program = await buildOurs(join(directory, 'source'))
  const farm = await startFarmProcess()
  try {
    const { sites, pages } = farm
    const bare = [process.execPath, 'tests/bench/crawl/count-bytes.ts']
    // The first round makes the pages.
    await run(bare, pages)
    const limit = await run(bare, pages)
    const ours = await run<OwnRun>([program], sites, {
      DATA_DIR: join(directory, 'data'),
      CRAWL_ALLOW_NETWORKS: '127.0.0.0/8',
    })
    const peer = async (...options: string[]) => {
      const env = { CRAWLEE_STORAGE_DIR: join(directory, `crawlee${options.length}`) }
      // Its own runtime, where there is one: faster for it than Bun.
      const runtime = Bun.which('node') ?? process.execPath
      const limit = String(SITES_OF_PEER * PAGES)
      const command = [runtime, 'tests/bench/peers/crawlee.mjs', limit, ...options]
      return run(command, sites.slice(0, SITES_OF_PEER), env)
    }
    const [crawlee, plain] = [await peer(), await peer('plain')]
    if (ours.pages !== SITES * PAGES) throw new Error(`read ${ours.pages} pages of ${SITES * PAGES}`)
    return measuresOf({ limit, ours, crawlee, plain })
  } finally {
    farm.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

const measuresOf = (runs: { limit: Run; ours: OwnRun; crawlee: Run; plain: Run }): Measure[] => {
  const { limit, ours, crawlee, plain } = runs
  const perSecond = ({ pages, ms }: Run) => pages / (ms / 1000)
  const cpu = ({ cpuMs, databaseCpuMs = 0, pages }: Run & { databaseCpuMs?: number }) =>
    (cpuMs + databaseCpuMs) / pages
  return [
    {
      what: `crawl of ${SITES} × ${PAGES} pages, everything extracted and stored`,
      value: perSecond(ours),
      unit: 'pages/s',
      target: TIMES_FASTER * perSecond(crawlee),
      atLeast: true,
      peer: { name: 'Crawlee', value: perSecond(crawlee) },
    },
    {
      what: '– beside Crawlee with cheerio’s plain text',
      value: perSecond(ours),
      unit: 'pages/s',
      peer: { name: 'Crawlee, plain', value: perSecond(plain) },
    },
    {
      what: '– beside fetching and counting bytes only',
      value: perSecond(ours),
      unit: 'pages/s',
      peer: { name: 'bare loop', value: perSecond(limit) },
    },
    {
      what: '– processor time, PostgreSQL included',
      value: cpu(ours),
      unit: 'ms/page',
      peer: { name: 'Crawlee', value: cpu(crawlee) },
    },
    {
      what: '– the same beside Crawlee with plain text',
      value: cpu(ours),
      unit: 'ms/page',
      peer: { name: 'Crawlee, plain', value: cpu(plain) },
    },
    { what: '– of this, PostgreSQL', value: ours.databaseCpuMs / ours.pages, unit: 'ms/page' },
    {
      what: `– resident memory at its highest, ${ours.atOnce} sites in progress, without PostgreSQL`,
      value: ours.rssMb,
      unit: 'MB',
      target: MEMORY_MB,
      peer: { name: 'Crawlee', value: crawlee.rssMb },
    },
  ]
}

// An executable finds its threads beside its first file: a copy of the sources in which that is ours.
const buildOurs = async (source: string): Promise<string> => {
  for (const part of [
    'src',
    'public-edge',
    'templates',
    'drizzle',
    'deploy',
    'package.json',
    'tsconfig.json',
  ])
    cpSync(join(ROOT, part), join(source, part), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(source, 'node_modules'))
  copyFileSync(join(ROOT, 'tests/bench/crawl/ours.ts'), join(source, 'src/main.ts'))
  const child = Bun.spawn([process.execPath, 'deploy/build.ts'], {
    cwd: source,
    stdout: 'ignore',
    stderr: 'inherit',
  })
  if ((await child.exited) !== 0) throw new Error('the crawler could not be built')
  return join(source, 'dist/prospectlab')
}

const startFarmProcess = async () => {
  const child = Bun.spawn(
    [process.execPath, 'tests/bench/crawl/farm.ts', String(SITES), String(PAGES), ...BYTES.map(String)],
    { cwd: ROOT, stdin: 'pipe', stdout: 'pipe', stderr: 'inherit' },
  )
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader()
  let line = ''
  while (!line.endsWith('\n')) line += (await reader.read()).value ?? '\n'
  const said = JSON.parse(line) as { sites: string[]; pages: string[] }
  return { ...said, stop: () => child.kill() }
}

/** Runs a command on `input` (JSON on its stdin); processor time and memory are those of its process. */
const run = async <T extends Run = Run>(
  command: string[],
  input: unknown,
  env: Record<string, string> = {},
): Promise<T> => {
  const child = Bun.spawn(command, {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...env },
    stdin: new Blob([JSON.stringify(input)]),
    stdout: 'pipe',
    stderr: 'inherit',
  })
  const text = await new Response(child.stdout).text()
  if ((await child.exited) !== 0) throw new Error(`${command.join(' ')} failed`)
  const used = child.resourceUsage()!
  return {
    cpuMs: Number(used.cpuTime.total) / 1000,
    rssMb: used.maxRSS / 1e6,
    ...(JSON.parse(text.trim()) as Omit<T, 'cpuMs' | 'rssMb'>),
  } as T
}
