import type { Sql } from '#src/db/open.ts'
import { findVersions } from './queries-versions.ts'

/** Nothing is believed longer, though nothing seems to have changed. */
const MAX_AGE_MS = 30_000
const MAX_ENTRIES = 200

type Kept = { version: string; until: number; value: Promise<unknown> }

const memories = new WeakMap<Sql, Map<string, Kept>>()

/** Numbers that cost a pass over every company, made again only once something has changed in the database (or half a
 *  minute later), and by one of those who ask at the same time. `key` names what `count` counts. */
export const keepNumbers = async <T>(
  sql: Sql,
  key: string,
  now: Date,
  count: () => Promise<T>,
): Promise<T> => {
  const version = await findVersions(sql)
  const memory = memories.get(sql) ?? new Map<string, Kept>()
  memories.set(sql, memory)
  const known = memory.get(key)
  if (known && known.version === version && known.until > now.getTime()) return known.value as Promise<T>
  const value = count()
  memory.delete(key)
  memory.set(key, { version, until: now.getTime() + MAX_AGE_MS, value })
  const [oldest] = memory.keys()
  if (memory.size > MAX_ENTRIES && oldest !== undefined) memory.delete(oldest)
  value.catch(() => memory.get(key)?.value === value && memory.delete(key))
  return value
}
