import type { Sql } from '#src/db/open.ts'
import { createMemory } from './memory.ts'
import { findVersions } from './queries-versions.ts'

const memory = createMemory<Promise<unknown>>()

/** Numbers that cost a pass over every company, made again only once something has changed in the database (or half a
 *  minute later), and by one of those who ask at the same time. `key` names what `count` counts. */
export const keepNumbers = async <T>(
  sql: Sql,
  key: string,
  now: Date,
  count: () => Promise<T>,
): Promise<T> => {
  const version = await findVersions(sql)
  const known = memory.find(sql, key, now)
  if (known?.version === version) return known.value as Promise<T>
  const value = count()
  memory.keep(sql, key, { version, value, now })
  value.catch(() => memory.forget(sql, key, value))
  return value
}
