import type { Sql } from '#src/db/open.ts'
import { loggableMessage } from '#src/db/failures.ts'
import type { Log } from '#src/lib/log.ts'
import { touchTokens, type LastUse } from './queries-tokens.ts'

const FLUSH_MS = 5_000
/** Tokens whose use is not yet written; more are not noted while the database is away. */
const MAX_WAITING = 10_000

/** Notes the last use of tokens: one write for all of them every few seconds, none while nobody calls. */
export const createLastUses = (sql: () => Sql | null, log: Log) => {
  const waiting = new Map<number, LastUse>()
  let timer: ReturnType<typeof setTimeout> | null = null

  const flush = async (): Promise<void> => {
    timer = null
    const uses = [...waiting.values()]
    const database = sql()
    if (uses.length === 0 || !database) return
    waiting.clear()
    try {
      await touchTokens(database, uses)
    } catch (error) {
      log.warn('the last use of API tokens could not be noted', { reason: loggableMessage(error) })
    }
  }

  return {
    note: (use: LastUse): void => {
      if (waiting.size < MAX_WAITING || waiting.has(use.id)) waiting.set(use.id, use)
      timer ??= setTimeout(() => void flush(), FLUSH_MS)
      timer.unref()
    },
    flush,
  }
}
