import { parseArgs } from 'node:util'
import { createApp } from '#src/app.ts'
import { ensureFirstAdmin, type FirstAdmin } from '#src/auth/first-admin.ts'
import type { Config } from '#src/config.ts'
import { namesContact } from '#src/crawl/crawl-tools.ts'
import { isDatabaseDown } from '#src/db/failures.ts'
import { AppError, messageOf } from '#src/lib/errors.ts'
import type { Log } from '#src/lib/log.ts'
import { ConfigError } from '#src/lib/settings.ts'
import { assemble, type Assembly } from './assemble.ts'
import type { Command } from './command.ts'
import { restWhenQuiet } from './rest-when-quiet.ts'
import { waitForSignal } from './signals.ts'

const MAX_BODY_BYTES = 64 * 1024 * 1024
const IDLE_TIMEOUT_SECONDS = 120

export const serveCommand: Command = {
  usage: 'serve',
  summary: 'start the pages, the jobs and the schedules (default)',
  run: async ({ args, config: readConfig, log, print }) => {
    parseArgs({ args, options: {} })
    const config = readConfig()
    if (config.ignored.length > 0)
      log.info('settings that are no longer needed', { names: config.ignored.join(',') })
    const stop = waitForSignal()
    const assembly = await assemble(config, log, 'serve')
    try {
      const server = listen(config, assembly, log)
      const working = start({ ...config, PORT: server.port ?? config.PORT }, assembly, log, print)
      const outcome = await Promise.race([stop, working.then(() => stop)])
      log.info('stopping', { signal: outcome })
      await server.stop(true)
      return 0
    } finally {
      await assembly.close()
    }
  },
}

/** The pages answer from the first moment: while the database is away they say so. */
const listen = (config: Config, assembly: Assembly, log: Log) => {
  const { app } = createApp(assembly.deps)
  const asked = restWhenQuiet()
  try {
    return Bun.serve({
      hostname: config.HOST,
      port: config.PORT,
      maxRequestBodySize: MAX_BODY_BYTES,
      idleTimeout: IDLE_TIMEOUT_SECONDS,
      fetch: (request, server) => {
        asked()
        return app.fetch(request, { server })
      },
      error: (error) => {
        log.error('a request failed outside the application', { reason: messageOf(error) })
        return new Response('Internal error', { status: 500 })
      },
    })
  } catch (error) {
    const place = `${config.HOST}:${config.PORT}`
    const { code } = error as { code?: string }
    if (code === 'EADDRINUSE')
      throw new AppError('port_in_use', `PORT: ${place} is already used by another program; set another PORT`)
    if (code === 'EACCES')
      throw new AppError('port_refused', `PORT: ${place} may not be used by this user; set a PORT above 1023`)
    throw new ConfigError(`HOST: pages cannot be served on ${place}: ${messageOf(error)}`)
  }
}

const start = async (config: Config, assembly: Assembly, log: Log, print: (text: string) => void) => {
  const address = urlOf(config)
  const admin = await prepare(assembly, address)
  await assembly.work()
  print(`ProspectLab is ready: ${address}`)
  if (admin.kind === 'created')
    print(`First login: ${config.ADMIN_EMAIL} with the password in ADMIN_PASSWORD`)
  if (admin.kind === 'setup_link') print(`Create the first account here (once, within the day): ${admin.url}`)
  if (!namesContact(config))
    log.warn('the crawler tells sites no way to reach you: set BASE_URL or MAIL_DEFAULT_SENDER')
  log.info('ready', { address })
}

/** The tables and the first account, however often the database goes away meanwhile. */
const prepare = async (assembly: Assembly, address: string): Promise<FirstAdmin> => {
  for (;;) {
    await assembly.prepare()
    try {
      return await ensureFirstAdmin(assembly.deps, { baseUrl: address })
    } catch (error) {
      if (!isDatabaseDown(error)) throw error
    }
  }
}

const urlOf = (config: Config): string => {
  if (config.BASE_URL) return config.BASE_URL
  const everywhere = config.HOST === '0.0.0.0' || config.HOST === '::'
  const host = everywhere ? 'localhost' : config.HOST.includes(':') ? `[${config.HOST}]` : config.HOST
  return `http://${host}:${config.PORT}`
}
