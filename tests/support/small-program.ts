// Compiled in place of the product's executables where only deploying is tried: answers /healthz on PORT with what it
// was made to answer, and tells its name.
declare const HEALTH: number
declare const NAME: string

if (process.argv.includes('--help')) process.exit(0)
Bun.serve({
  hostname: process.env.HOST ?? '127.0.0.1',
  port: Number(process.env.PORT),
  fetch: () => new Response(JSON.stringify({ name: NAME }), { status: HEALTH }),
})
process.on('SIGTERM', () => process.exit(0))
