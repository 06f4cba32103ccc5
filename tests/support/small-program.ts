// In place of the product's executables where only deploying is tried: answers /healthz on PORT with SMALL_HEALTH, and
// tells its SMALL_NAME.
const { HOST = '127.0.0.1', PORT, SMALL_HEALTH, SMALL_NAME } = process.env

if (process.argv.includes('--help')) process.exit(0)
Bun.serve({
  hostname: HOST,
  port: Number(PORT),
  fetch: () => new Response(JSON.stringify({ name: SMALL_NAME }), { status: Number(SMALL_HEALTH) }),
})
process.on('SIGTERM', () => process.exit(0))
