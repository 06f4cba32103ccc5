import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'

const POOL_SIZE = 12
const CONNECT_TIMEOUT_SECONDS = 10
const IDLE_TIMEOUT_SECONDS = 300
/** A server that was away for an hour is found again at once: what waits for it does not wait for a timer. */
const RECONNECT_SECONDS = 1

/** A database or a transaction: every query function takes one of these first. */
export type Db = PostgresJsDatabase
export type Sql = postgres.Sql

/** Either the address of the user's server or that of the embedded one. */
export type Connection =
  | { url: string }
  | { host: string; port: number; user: string; password: string; database: string }

/** A pool that connects on first use and again after the server was away. `close` waits for running queries. */
export const openDatabase = (connection: Connection, options: { max?: number } = {}) => {
  const settings: postgres.Options<Record<string, postgres.PostgresType>> = {
    max: options.max ?? POOL_SIZE,
    connect_timeout: CONNECT_TIMEOUT_SECONDS,
    idle_timeout: IDLE_TIMEOUT_SECONDS,
    backoff: (attempt) => Math.min(RECONNECT_SECONDS, 2 ** attempt / 100),
    onnotice: () => {},
    connection: { application_name: 'prospectlab' },
  }
  const sql =
    'url' in connection
      ? postgres(connection.url, settings)
      : postgres({ ...settings, ...socketOf(connection) })
  return { db: drizzle(sql), sql, close: () => sql.end({ timeout: 5 }) }
}

// postgres.js takes a socket by its full path; an address otherwise.
const socketOf = (connection: Exclude<Connection, { url: string }>) => {
  const { host, port, user, password, database } = connection
  const login = { user, pass: password, db: database }
  return host.startsWith('/') ? { ...login, path: `${host}/.s.PGSQL.${port}` } : { ...login, host, port }
}
