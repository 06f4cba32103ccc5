const UNREACHABLE = new Set([
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECTION_CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
])
// PostgreSQL itself: shutting down, crashed, starting, too many connections, no such database, wrong login.
const UNREACHABLE_SQLSTATE = /^(57P0[1-3]|08...|53300|3D000|28...)$/
const DISK_FULL = new Set(['53100', 'ENOSPC'])
// Serialization failure, deadlock, lock not available, cancelled.
const BLOCKED = new Set(['40001', '40P01', '55P03', '57014'])
const UNDEFINED_TABLE = '42P01'
const MAX_CAUSES = 5

type Failure = { code?: unknown; cause?: unknown; syscall?: unknown; path?: unknown; query?: unknown }

/** The chain of an error and its causes, the outermost first. */
const chainOf = (error: unknown): Failure[] => {
  const chain: Failure[] = []
  for (let at = error; at instanceof Error && chain.length < MAX_CAUSES; at = at.cause)
    chain.push(at as Failure)
  return chain
}

/** Whether a query failed because the database cannot be reached, rather than because of the query. */
export const isDatabaseDown = (error: unknown): boolean => {
  const chain = chainOf(error)
  const fromDatabase = chain.some((each) => each.query !== undefined) || chain.length === 1
  return chain.some(({ code, syscall, path }) => {
    if (typeof code !== 'string') return false
    if (UNREACHABLE_SQLSTATE.test(code)) return true
    // ENOENT is a missing socket only where a socket was to be connected to.
    if (code === 'ENOENT') return syscall === 'connect' || String(path ?? '').includes('.s.PGSQL.')
    return fromDatabase && UNREACHABLE.has(code)
  })
}

/** Whether other transactions were in the way: the same may do when it is asked again. */
export const isBlocked = (error: unknown): boolean =>
  chainOf(error).some(({ code }) => BLOCKED.has(String(code)))

/** Whether the database, or this program, found no room on the disk. */
export const isDiskFull = (error: unknown): boolean =>
  chainOf(error).some(({ code }) => DISK_FULL.has(String(code)))

/** Whether a query found no table because the migrations of a first start are still under way. */
export const isWithoutTables = (error: unknown): boolean =>
  chainOf(error).some(({ code }) => code === UNDEFINED_TABLE)

/** What may be logged of an error: Drizzle's own message repeats the query's parameters, which are people's data. */
export const loggableMessage = (error: unknown): string => {
  const withoutQuery = chainOf(error).find((each) => each.query === undefined || each.code !== undefined)
  if (withoutQuery instanceof Error) return withoutQuery.message
  return error instanceof Error ? error.name : String(error)
}
