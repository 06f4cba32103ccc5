import type { Sql } from '#src/db/open.ts'
import type { Page, PageRead } from '../queries-page.ts'
import { createMemory, setLatest } from './memory.ts'

/** Pages that begin before are walked to. */
const DEEP = 500
/** Places kept of one list: those noted last. */
const MAX_PLACES = 500

/** How many rows come down to an id, it included, as long as the version of the list stays. */
type Places = Map<number, number>

const memory = createMemory<Places>()

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
  const known = memory.find(sql, list, now)
  if (known) {
    const start = nearestPlace(known.value, offset)
    const found = await read({ ...page, offset: offset - start, before: known.value.get(start) })
    if (found.version === known.version) return note(known.value, offset, found)
  }
  const found = await read(page)
  const { version } = found
  // Another may have been as quick.
  const other = memory.find(sql, list, now)
  const places =
    other?.version === version ? other.value : memory.keep(sql, list, { version, value: new Map(), now })
  return note(places, offset, found)
}

const nearestPlace = (places: Places, offset: number): number => {
  let nearest = 0
  for (const place of places.keys()) if (place <= offset && place > nearest) nearest = place
  return nearest
}

const note = <T extends PageRead>(places: Places, offset: number, found: T): T => {
  const last = found.ids.at(-1)
  if (last !== undefined) setLatest(places, offset + found.ids.length, last, MAX_PLACES)
  return found
}
