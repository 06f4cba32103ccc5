import { connectDatabase } from '#src/db/connect.ts'
import type { Sql } from '#src/db/open.ts'

/** Events are delivered one batch at a time; beside them old links are asked for, and whether all is well. */
const EVENT_CONNECTIONS = 2
const API_CONNECTIONS = 4

export type Databases = { events: Sql; api: Sql; close: () => Promise<unknown> }

/** The database twice, each connected to on first use: lists and numbers that take long keep no event waiting, and do not
 *  make the edge look unwell. */
export const openDatabases = (url: string): Databases => {
  const events = connectDatabase({ url }, { max: EVENT_CONNECTIONS })
  const api = connectDatabase({ url }, { max: API_CONNECTIONS })
  return {
    events: events.sql,
    api: api.sql,
    close: () => Promise.all([events.close(), api.close()]),
  }
}
