import { join } from 'node:path'
import { networkRules, resolveClient, type Client } from '#src/auth/client-address.ts'
import type { Sql } from '#src/db/open.ts'
import { systemClock } from '#src/lib/clock.ts'
import type { Log } from '#src/lib/log.ts'
import { findOldLink, insertHits } from '#src/tracking/queries.ts'
import type { Tracking } from '#src/tracking/tracking.ts'
import type { EdgeConfig } from './config.ts'
import { reasonOf } from './health.ts'
import { openSpool, type Spool } from './spool.ts'

const MEGABYTE = 1024 * 1024
const REMEMBERED = 1000
const MAX_WORDS = 300
const TELLING_HEADERS = ['x-forwarded-for', 'x-real-ip', 'forwarded', 'x-forwarded-proto', 'x-forwarded-host']

/** What Bun.serve hands to fetch, beside the request. */
export type EdgeEnv = { requestIP?: (request: Request) => { address: string } | null }

/** Who asks, by the socket and by what the trusted proxies say. Who asks again in the same words is remembered. */
export const clientResolver = (config: Pick<EdgeConfig, 'TRUSTED_PROXIES'>) => {
  const rules = networkRules({ ALLOWED_NETWORKS: [], TRUSTED_PROXIES: config.TRUSTED_PROXIES })
  const remembered = new Map<string, Client>()
  return (request: Request, env: EdgeEnv | undefined): Client => {
    const socket = env?.requestIP?.(request)?.address ?? null
    const header = (name: string) => request.headers.get(name) ?? undefined
    const words = [socket, ...TELLING_HEADERS.map(header)].join('\n')
    const known = remembered.get(words)
    if (known) return known
    const client = resolveClient(socket, header, rules)
    if (remembered.size >= REMEMBERED) remembered.clear()
    if (words.length <= MAX_WORDS) remembered.set(words, client)
    return client
  }
}

/** Where events go and old links are asked for: the database, or the server in front of it. */
export type Backend = Pick<Tracking, 'findOldLink'> & { deliver: (records: string[]) => Promise<void> }

export const databaseBackend = (sql: Sql): Backend => ({
  deliver: (records) => insertHits(sql, records),
  findOldLink: (token, urls) => findOldLink(sql, token, urls),
})

/** The edge's tracking: its own spool, and what stands behind it if anything does. With a setting missing no token is
 *  known. */
export const edgeTracking = (
  config: EdgeConfig,
  options: { backend: Backend | null; log: Log; missing: string[] },
): { tracking: Tracking; spool: Spool } => {
  const { backend, log, missing } = options
  const keys = missing.length === 0 ? (config.EDGE_KEYS ?? []) : []
  const spool = openSpool({
    folder: join(config.DATA_DIR, 'spool'),
    maxBytes: config.SPOOL_MAX_MB * MEGABYTE,
    log,
    deliver: backend && backend.deliver,
    reasonOf,
  })
  const clientOf = clientResolver(config)
  const tracking: Tracking = {
    clock: systemClock,
    keys: () => keys,
    record: spool.append,
    findOldLink: async (token, urls) =>
      backend && keys.length > 0 ? backend.findOldLink(token, urls) : null,
    addressOf: (c) => clientOf(c.req.raw, c.env as EdgeEnv | undefined).address,
  }
  return { tracking, spool }
}
