// The farm of sites in a process of its own: `farm.ts SITES PAGES LEAST MOST`; prints the sites and
// the pages as JSON, stops with its input.
import { pathsOf, startFarm } from '#tests/support/farm.ts'

const [sites = 1, pages = 1, least = 0, most = 0] = process.argv.slice(2).map(Number)
const farm = startFarm({ sites, pages, pageBytes: [least, most] })
const urls = farm.sites.map(({ url }) => url)
const all = urls.flatMap((url) => pathsOf(pages).map((path) => url.slice(0, -1) + path))
process.stdout.write(`${JSON.stringify({ sites: urls, pages: all })}\n`)
for await (const _ of Bun.stdin.stream()) {
  // Nothing is said to it: the end of its input is the end of the bench.
}
await farm.stop()
