// The farm of sites in a process of its own: `farm.ts SITES PAGES LEAST MOST`; prints its port, stops with its input.
import { startFarm } from '#tests/support/farm.ts'

const [sites = 1, pages = 1, least = 0, most = 0] = process.argv.slice(2).map(Number)
const farm = startFarm({ sites, pages, pageBytes: [least, most] })
process.stdout.write(`${JSON.stringify({ port: farm.port })}\n`)
for await (const _ of Bun.stdin.stream()) {
  // Nothing is said to it: the end of its input is the end of the bench.
}
await farm.stop()
