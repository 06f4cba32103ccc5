import { parseArgs } from 'node:util'
import { systemClock } from '#src/lib/clock.ts'
import { messageOf } from '#src/lib/errors.ts'
import { createLog } from '#src/lib/log.ts'
import { ConfigError } from '#src/lib/settings.ts'
import { checkInbox } from '#src/tracking/queries-edge.ts'
import { publicApiRoutes } from '#src/public-api/routes.ts'
import { createEdge } from './app.ts'
import { collectGarbage } from './collect-garbage.ts'
import { loadEdgeConfig, missingSettings, readEdgeEnvironment, type EdgeConfig } from './config.ts'
import { openDatabases } from './databases.ts'
import { forwardedApi } from './forward-api.ts'
import { listen, type Listener } from './listen.ts'
import { clientResolver, databaseBackend, edgeTracking } from './tracking.ts'
import { openUpstream } from './upstream.ts'

const USAGE = 'Usage: prospectlab-edge [serve] [--env-file FILE]\n'

const serve = async (envFile?: string): Promise<void> => {
  const log = createLog()
  const config = loadEdgeConfig(readEdgeEnvironment(envFile))
  const missing = missingSettings(config)
  if (missing.length > 0) log.warn('not ready: settings are missing', { missing: missing.join(', ') })
  const databases = config.DATABASE_URL === undefined ? null : openDatabases(config.DATABASE_URL)

  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>()
  process.on('SIGINT', () => stop())
  process.on('SIGTERM', () => stop())

  const upstream = databases === null ? upstreamOf(config) : null
  const backend = databases === null ? upstream : databaseBackend(databases.events)
  const { tracking, spool } = edgeTracking(config, { backend, log, missing })
  const clientOf = clientResolver(config)
  let listener: Listener | null = null
  const app = createEdge({
    log,
    missing,
    pingDatabase: databases && (() => checkInbox(databases.events)),
    pingUpstream: upstream && upstream.health,
    tracking,
    spool: spool.state,
    clientOf,
    turnovers: () => listener?.turnovers() ?? 0,
    metricsToken: config.METRICS_TOKEN,
    publicApi:
      upstream === null
        ? publicApiRoutes({
            clock: systemClock,
            log,
            sql: () => databases?.api ?? null,
            addressOf: tracking.addressOf,
          })
        : forwardedApi(upstream, tracking.addressOf),
  })
  listener = listen({
    hostname: config.HOST,
    port: config.PORT,
    fetch: (request, server) => app.fetch(request, server),
    addressOf: (request, server) => clientOf(request, server).address,
    log,
  })
  const collecting = collectGarbage()
  log.info('edge is listening', { address: config.HOST, port: listener.port })
  await stopped
  clearInterval(collecting)
  await listener.stop()
  await spool.close()
  await databases?.close()
}

const upstreamOf = ({ EDGE_UPSTREAM: url, EDGE_UPSTREAM_KEY: key }: EdgeConfig) =>
  url === undefined || key === undefined ? null : openUpstream(url, key, systemClock.now)

const run = async (argv: string[]): Promise<number> => {
  try {
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: true,
      options: { 'env-file': { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    })
    if (values.help) {
      process.stdout.write(USAGE)
      return 0
    }
    if (positionals.length > 1 || (positionals[0] ?? 'serve') !== 'serve') {
      process.stderr.write(`prospectlab-edge: unknown command "${positionals.join(' ')}"\n${USAGE}`)
      return 2
    }
    await serve(values['env-file'])
    return 0
  } catch (error) {
    process.stderr.write(`prospectlab-edge: ${messageOf(error)}\n`)
    const { code } = error as { code?: string }
    return error instanceof ConfigError || code?.startsWith('ERR_PARSE_ARGS') ? 2 : 1
  }
}

process.exit(await run(process.argv.slice(2)))
