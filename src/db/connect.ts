import { checkServerIdentity, type PeerCertificate } from 'node:tls'
import postgres from 'postgres'
import { AppError } from '#src/lib/errors.ts'
import { readPostgresUrl, type PostgresUrl } from '#src/lib/postgres-url.ts'
import type { Connection, Sql } from './open.ts'

const POOL_SIZE = 12
const CONNECT_TIMEOUT_SECONDS = 10
const IDLE_TIMEOUT_SECONDS = 300
/** A server that was away for an hour is found again at once: what waits for it does not wait for a timer. */
const RECONNECT_SECONDS = 1
const HMAC_BLOCK = 64
const INNER_PAD = 0x36
const OUTER_PAD = 0x5c

/** `suppressionKey`: 32 bytes by which erased entries of the suppression list are found again; the database knows them
 *  hashed only and keeps no key. */
export type ConnectOptions = { max?: number; suppressionKey?: Uint8Array }

/** A pool that connects on first use and again after the server was away. `close` waits for running queries. */
export const connectDatabase = (
  connection: Connection,
  options: ConnectOptions = {},
): { sql: Sql; close: () => Promise<void> } => {
  const settings: postgres.Options<Record<string, postgres.PostgresType>> = {
    max: options.max ?? POOL_SIZE,
    connect_timeout: CONNECT_TIMEOUT_SECONDS,
    idle_timeout: IDLE_TIMEOUT_SECONDS,
    backoff: (attempt) => Math.min(RECONNECT_SECONDS, 2 ** attempt / 100),
    onnotice: () => {},
    connection: {
      application_name: 'prospectlab',
      ...(options.suppressionKey && { 'prospectlab.suppression_key': paddedKeys(options.suppressionKey) }),
    },
  }
  const sql =
    'url' in connection
      ? openUrl(connection.url, settings)
      : postgres({ ...settings, ...socketOf(connection) })
  return { sql, close: () => sql.end({ timeout: 5 }) }
}

/** The inner and the outer padded key of HMAC-SHA256 (RFC 2104), in hex: what drizzle/objects/60_suppression.sql needs. */
const paddedKeys = (key: Uint8Array): string => {
  const padded = (byte: number) => Buffer.alloc(HMAC_BLOCK, byte).map((pad, index) => pad ^ (key[index] ?? 0))
  return Buffer.concat([padded(INNER_PAD), padded(OUTER_PAD)]).toString('hex')
}

const openUrl = (text: string, settings: postgres.Options<Record<string, postgres.PostgresType>>) => {
  const read = readPostgresUrl(text)
  if (!read.ok) throw new AppError('database_url', `DATABASE_URL: ${read.problem.message}`)
  const { url, database } = read.value
  return postgres(url, {
    ...settings,
    ...(database === undefined ? {} : { database }),
    ssl: tlsOf(read.value),
  })
}

/** Never without TLS where it is asked for: only `allow` and `prefer` go on when the server offers none. */
const tlsOf = ({ mode, address, authorities, certificate, key }: PostgresUrl) => {
  if (mode === 'disable') return false
  if (mode === 'allow' || mode === 'prefer') return 'prefer'
  return {
    rejectUnauthorized: mode !== 'require',
    ...(authorities === undefined ? {} : { ca: authorities }),
    ...(certificate === undefined ? {} : { cert: certificate }),
    ...(key === undefined ? {} : { key }),
    ...(mode === 'verify-ca' ? { checkServerIdentity: () => undefined } : {}),
    ...(mode === 'verify-full' && address !== null
      ? { checkServerIdentity: (_: string, peer: PeerCertificate) => checkServerIdentity(address, peer) }
      : {}),
  }
}

// postgres.js takes a socket by its full path; an address otherwise.
const socketOf = (connection: Exclude<Connection, { url: string }>) => {
  const { host, port, user, password, database } = connection
  const login = { user, pass: password, db: database }
  return host.startsWith('/') ? { ...login, path: `${host}/.s.PGSQL.${port}` } : { ...login, host, port }
}
