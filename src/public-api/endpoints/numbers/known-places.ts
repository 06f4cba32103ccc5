import type { Sql } from '#src/db/open.ts'
import type { Page, PageRead } from '../queries-page.ts'

/** Pages that begin before are walked to. */
const DEEP = 500
/** No place is believed longer, though nothing seems to have changed. */
const MAX_AGE_MS = 30_000
const MAX_LISTS = 200
/** Places kept of one list: those noted last. */
const MAX_PLACES = 500

/** How many rows come down to an id, it included, as long as `version` stays. */
type Places = { version: string; until: number; ids: Map<number, number> }

const memories = new WeakMap<Sql, Map<string, Places>>()

/** Reads a page of a list that goes down the ids. Deep in the list it need not be walked to from the newest row: it goes
 *  on from the nearest page read before, and is read again from the top when that page was of an older state. */
export const readFromPlace = async <T extends PageRead>(
  sql: Sql,
  list: string,
  now: Date,
  page: Page,
  read: (page: Page) => Promise<T>,
): Promise<T> => {
  const { offset, before } = page
  if (offset < DEEP || before !== undefined) return read(page)
  const memory = memories.get(sql) ?? new Map<string, Places>()
  memories.set(sql, memory)
  const known = memory.get(list)
  if (known && known.until > now.getTime()) {
    const start = nearestPlace(known, offset)
    const found = await read({ ...page, offset: offset - start, before: known.ids.get(start) })
    if (found.version === known.version) return note(known, offset, found)
  }
  const found = await read(page)
  // Another may have been as quick.
  const other = memory.get(list)
  if (other && other.version === found.version && other.until > now.getTime())
    return note(other, offset, found)
  const fresh = { version: found.version, until: now.getTime() + MAX_AGE_MS, ids: new Map() }
  memory.delete(list)
  memory.set(list, fresh)
  dropOldest(memory, MAX_LISTS)
  return note(fresh, offset, found)
}

const nearestPlace = ({ ids }: Places, offset: number): number => {
  let nearest = 0
  for (const place of ids.keys()) if (place <= offset && place > nearest) nearest = place
  return nearest
}

const note = <T extends PageRead>(places: Places, offset: number, found: T): T => {
  const last = found.ids.at(-1)
  if (last !== undefined) places.ids.set(offset + found.ids.length, last)
  dropOldest(places.ids, MAX_PLACES)
  return found
}

const dropOldest = <K>(map: Map<K, unknown>, max: number): void => {
  const [oldest] = map.keys()
  if (map.size > max && oldest !== undefined) map.delete(oldest)
}
