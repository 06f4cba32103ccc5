import type { ReservedSql } from 'postgres'
import type { Sql } from './open.ts'

const RESERVE_TIMEOUT_MS = 15_000

/** A connection of one's own. postgres.js never answers `reserve` when the connection made for it fails: one is asked
 *  for only where an ordinary query has just succeeded, and not for ever. Rejects as that query does, or in time. */
export const reserveConnection = async (sql: Sql): Promise<ReservedSql> => {
  await sql`SELECT 1`
  const reserving = sql.reserve()
  const { promise: expiry, reject } = Promise.withResolvers<never>()
  let expired = false
  const timer = setTimeout(() => {
    expired = true
    // As the driver names it, so that it counts as a database that is away.
    reject(Object.assign(new Error('no database connection became free'), { code: 'CONNECT_TIMEOUT' }))
  }, RESERVE_TIMEOUT_MS)
  void reserving.then((connection) => (expired ? connection.release() : clearTimeout(timer)))
  return Promise.race([reserving, expiry])
}
