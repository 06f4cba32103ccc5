import type { Db as BossDatabase } from 'pg-boss'
import type { Sql } from '#src/db/open.ts'

// Drizzle has switched off this client's own conversion of dates and JSON.
const bindable = (value: unknown) => {
  if (value instanceof Date) return value.toISOString()
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? JSON.stringify(value) : value
}

/** pg-boss over the project's own postgres.js pool. Without values its statements may be several in one text,
 *  which only the simple protocol takes, and which must not be shared out over connections. */
export const bossDatabase = (sql: Sql): BossDatabase => ({
  executeSql: async (text, values) => {
    if (values && values.length > 0)
      return { rows: [...(await sql.unsafe(text, values.map(bindable) as never[]))] }
    const reserved = await sql.reserve()
    try {
      const result: unknown = await reserved.unsafe(text).simple()
      return { rows: Array.isArray(result) ? result.flat() : [] }
    } catch (error) {
      await reserved`ROLLBACK`.catch(() => {})
      throw error
    } finally {
      reserved.release()
    }
  },
})
