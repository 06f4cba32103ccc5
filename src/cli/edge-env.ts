import { networkInterfaces } from 'node:os'
import { parseArgs } from 'node:util'
import type { Config } from '#src/config.ts'
import { migrateDatabase } from '#src/db/migrate.ts'
import { deriveKeys, loadSecretKey, sign, type Keys } from '#src/lib/keys.ts'
import { provideEdgeRole } from '#src/operations/edge-role.ts'
import { edgeDatabaseUrl, edgeSettings } from '#src/operations/edge-settings.ts'
import { upstreamKey } from '#src/operations/edge-routes.ts'
import { noteEdgeKeys, readTrackingSettings, verifyingKeys } from '#src/tracking/tracking-settings.ts'
import { json, UsageError, type Command } from './command.ts'
import { openProduct, type OpenProduct } from './open-product.ts'

const HOST_AND_PORT = /^([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?$/i

type Where = { env: Record<string, string>; hints: string[]; sql: string | null; role?: unknown }

/** `edge-env`: the settings of an edge, ready to paste; its role in the database is made on the way when this
 *  installation's connection may, else `sql` is what somebody with more rights must run. */
export const edgeEnvCommand: Command = {
  usage: 'edge-env [--upstream [--server-url URL] | --database-host HOST[:PORT]] [--new-password] [--json]',
  summary: "print the public edge's settings, and make its role in the database",
  run: async ({ args, config: readConfig, log, print }) => {
    const { values } = parseArgs({
      args,
      options: {
        json: { type: 'boolean' },
        upstream: { type: 'boolean', default: false },
        'server-url': { type: 'string' },
        'database-host': { type: 'string' },
        'new-password': { type: 'boolean', default: false },
      },
    })
    const host = values['database-host']
    if (host !== undefined && !HOST_AND_PORT.test(host))
      throw new UsageError(`--database-host is HOST or HOST:PORT, not "${host}"`)
    const server = values['server-url']
    if (server !== undefined && !/^https?:\/\/[^/]/.test(server))
      throw new UsageError(`--server-url is an http(s) URL, not "${server}"`)

    const config = readConfig()
    const keys = deriveKeys(loadSecretKey(config))
    const product = await openProduct(config, log, 'command')
    try {
      await migrateDatabase(product.sql)
      const where = values.upstream
        ? upstreamOf(config, keys, server)
        : await databaseOf(product, config, keys, { host, newPassword: values['new-password'] })
      const metricsToken = sign(keys.edgeMetrics, 'metrics')
      const tracking = await readTrackingSettings(product.db)
      const links = verifyingKeys(keys.links, tracking)
      await noteEdgeKeys(product.db, tracking)
      const { env, hints } = edgeSettings(config, links, metricsToken, where.env)
      const document = { env, sql: where.sql, hints: [...where.hints, ...hints], role: where.role }
      print(values.json ? json(document) : textOf(document))
      return 0
    } finally {
      await product.close()
    }
  },
}

const databaseOf = async (
  { db }: OpenProduct,
  config: Config,
  keys: Keys,
  options: { host: string | undefined; newPassword: boolean },
): Promise<Where> => {
  const role = await provideEdgeRole({ db, keys }, options)
  const { url, hints } = edgeDatabaseUrl(config, role, options.host)
  return {
    env: url === null ? {} : { DATABASE_URL: url },
    hints,
    sql: role.sql,
    role: { name: role.name, state: role.state },
  }
}

const upstreamOf = (config: Config, keys: Keys, url: string | undefined): Where => {
  const key = upstreamKey(keys)
  if (url !== undefined) return { env: { EDGE_UPSTREAM: url, EDGE_UPSTREAM_KEY: key }, hints: [], sql: null }
  const everywhere = ['0.0.0.0', '::'].includes(config.HOST)
  const host = everywhere ? (ownAddress() ?? 'localhost') : config.HOST
  const address = `http://${host.includes(':') ? `[${host}]` : host}:${config.PORT}`
  return {
    env: { EDGE_UPSTREAM: address, EDGE_UPSTREAM_KEY: key },
    hints: [
      'EDGE_UPSTREAM is the address of this server as the edge reaches it (--server-url URL): over a private network, or https.',
    ],
    sql: null,
  }
}

const ownAddress = (): string | undefined =>
  Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4')?.address

/** Lines that an environment file takes as they are: what is not a setting is a comment. */
const textOf = (document: { env: Record<string, string>; sql: string | null; hints: string[] }): string => {
  const comments = (text: string) => text.split('\n').map((line) => `# ${line}`)
  return [
    ...document.hints.flatMap(comments),
    ...(document.sql === null
      ? []
      : [
          '# The role of the edge is not ready yet. Run this in the same database as its superuser:',
          ...comments(document.sql),
        ]),
    ...Object.entries(document.env).map(([name, value]) => `${name}=${value}`),
  ].join('\n')
}
