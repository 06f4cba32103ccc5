// The limit: fetches the given URLs (JSON on stdin), enough at once to be always busy, and counts their bytes.
const AT_ONCE = 24

const urls = (await Bun.stdin.json()) as string[]
const started = performance.now()
let next = 0
let bytes = 0
const run = async () => {
  while (next < urls.length) {
    const response = await fetch(urls[next++]!)
    const body = await response.arrayBuffer()
    bytes += body.byteLength
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, run))
process.stdout.write(JSON.stringify({ pages: urls.length, bytes, ms: performance.now() - started }))

export {}
