// `bun run bench [NAME…] [--json]`: every bench in a process of its own, bounded in time. Prints what was measured, what
// it is held to and their ratio; asserts nothing, so the exit code tells only whether the benches ran.
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { isMet, ratioOf, tableOf, type Bench, type Measure } from './measure.ts'

const benches: Record<string, { load: () => Promise<Bench>; minutes: number }> = {
  start: { load: async () => (await import('./start.ts')).benchStart, minutes: 5 },
  idle: { load: async () => (await import('./idle.ts')).benchIdle, minutes: 4 },
  list: { load: async () => (await import('./list.ts')).benchList, minutes: 6 },
  audience: { load: async () => (await import('./audience.ts')).benchAudience, minutes: 6 },
  import: { load: async () => (await import('./import.ts')).benchImport, minutes: 8 },
  edge: { load: async () => (await import('./edge.ts')).benchEdge, minutes: 10 },
  api: { load: async () => (await import('./public-api.ts')).benchApi, minutes: 6 },
  statistics: { load: async () => (await import('./public-api.ts')).benchStatistics, minutes: 10 },
  send: { load: async () => (await import('./send.ts')).benchSend, minutes: 10 },
  crawl: { load: async () => (await import('./crawl.ts')).benchCrawl, minutes: 15 },
  'campaign-page': {
    load: async () => (await import('./campaign-page.ts')).benchCampaignPage,
    minutes: 6,
  },
}

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean' }, only: { type: 'string' } },
  allowPositionals: true,
})

/** What the child process does: one bench, its measures as the last line. */
const runHere = async (name: string): Promise<never> => {
  const bench = await benches[name]!.load()
  process.stdout.write(`${JSON.stringify(await bench())}\n`)
  process.exit(0)
}

const runApart = async (name: string): Promise<Measure[] | null> => {
  const child = Bun.spawn([process.execPath, import.meta.path, '--only', name], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: benches[name]!.minutes * 60_000,
  })
  const text = await new Response(child.stdout).text()
  if ((await child.exited) !== 0) return null
  return JSON.parse(text.trim().split('\n').at(-1)!) as Measure[]
}

const runAll = async (names: string[]): Promise<number> => {
  const found: Record<string, unknown[]> = {}
  const failed: string[] = []
  const machine = `${cpus().length} cores, ${cpus()[0]?.model.trim() ?? process.arch}, Bun ${Bun.version}`
  if (!values.json) console.log(machine)
  for (const name of names) {
    const measures = await runApart(name)
    if (!measures) failed.push(name)
    else if (!values.json) console.log(`\n${name}\n${tableOf(measures)}`)
    found[name] = (measures ?? []).map((one) => ({ ...one, ratio: ratioOf(one), met: isMet(one) }))
  }
  if (values.json) console.log(JSON.stringify({ machine, benches: found, failed }, null, 2))
  for (const name of failed) console.error(`${name}: did not come to an end`)
  return failed.length > 0 ? 1 : 0
}

if (values.only) await runHere(values.only)
const unknown = positionals.filter((name) => !Object.hasOwn(benches, name))
if (unknown.length > 0) {
  console.error(`there is no bench ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}`)
  process.exit(2)
}
process.exit(await runAll(positionals.length > 0 ? positionals : Object.keys(benches)))
