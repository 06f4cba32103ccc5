import type { Sql } from '#src/db/open.ts'

/** Nothing is believed longer, though nothing seems to have changed. */
const MAX_AGE_MS = 30_000
const MAX_ENTRIES = 200

type Entry<T> = { version: string; since: number; value: T }

/** What was found in each database, by what it answers, with the version the database then had: for half a minute, and
 *  the latest only. */
export const createMemory = <T>() => {
  const memories = new WeakMap<Sql, Map<string, Entry<T>>>()
  return {
    find: (sql: Sql, key: string, now: Date): Entry<T> | undefined => {
      const entry = memories.get(sql)?.get(key)
      const age = now.getTime() - (entry?.since ?? 0)
      // A clock that was set back makes nothing last longer.
      return age >= 0 && age < MAX_AGE_MS ? entry : undefined
    },
    keep: (sql: Sql, key: string, { version, value, now }: { version: string; value: T; now: Date }): T => {
      const memory = memories.get(sql) ?? new Map<string, Entry<T>>()
      memories.set(sql, memory)
      setLatest(memory, key, { version, value, since: now.getTime() }, MAX_ENTRIES)
      return value
    },
    forget: (sql: Sql, key: string, value: T): void => {
      const memory = memories.get(sql)
      if (memory?.get(key)?.value === value) memory.delete(key)
    },
  }
}

/** Of more than `max` entries those set last stay. */
export const setLatest = <K, V>(map: Map<K, V>, key: K, value: V, max: number): void => {
  map.delete(key)
  map.set(key, value)
  const [oldest] = map.keys()
  if (map.size > max && oldest !== undefined) map.delete(oldest)
}
