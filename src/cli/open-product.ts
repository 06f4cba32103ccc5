import type { Config } from '#src/config.ts'
import { acquireEmbedded } from '#src/db/embedded.ts'
import { openDatabase, type Connection, type Db, type Sql } from '#src/db/open.ts'
import { deriveKeys, loadSecretKey } from '#src/lib/keys.ts'
import type { Log } from '#src/lib/log.ts'

export type OpenProduct = {
  db: Db
  sql: Sql
  /** How it was opened. */
  connection: Connection
  /** True when DATABASE_URL is empty and the database is ours. */
  embedded: boolean
  /** Closes the connections and leaves the embedded database, which stops with its last user. */
  close: () => Promise<void>
}

/** Opens the user's database, or joins or starts the embedded one. Connects on first use: a user's database that
 *  is down is no error here. Throws AppError when the embedded one cannot run. */
export const openProduct = async (
  config: Config,
  log: Log,
  role: 'serve' | 'command',
): Promise<OpenProduct> => {
  const pool = () => ({ suppressionKey: deriveKeys(loadSecretKey(config)).suppressions })
  if (config.DATABASE_URL) {
    const database = openDatabase({ url: config.DATABASE_URL }, pool())
    const connection = { url: config.DATABASE_URL }
    return { db: database.db, sql: database.sql, connection, embedded: false, close: database.close }
  }
  const embedded = await acquireEmbedded({
    dataDir: config.DATA_DIR,
    log,
    role,
    ...(config.DATABASE_LISTEN ? { listen: listenOf(config.DATABASE_LISTEN) } : {}),
    listenAllow: config.DATABASE_LISTEN_ALLOW,
  })
  const database = openDatabase(embedded.connection, pool())
  const close = async () => {
    await database.close()
    await embedded.release()
  }
  return { db: database.db, sql: database.sql, connection: embedded.connection, embedded: true, close }
}

const listenOf = (text: string): { address: string; port: number } => {
  const colon = text.lastIndexOf(':')
  return { address: text.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(text.slice(colon + 1)) }
}
