import type { Sql } from '#src/db/open.ts'
import { keepNumbers } from './kept-numbers.ts'

/** Pages that begin before are walked to sooner than it is asked whether something changed. */
const DEEP = 500
/** Places kept of one list. */
const MAX_PLACES = 500

type Page = { limit: number; offset: number; before: number | undefined }

/** A page of a list that goes down the ids, so that it need not be walked to from the newest row: it goes on from the
 *  nearest page read before, which is believed as long as kept numbers are. `note` tells what was found on it. */
export const fromKnownPlace = async (
  sql: Sql,
  list: string,
  now: Date,
  page: Page,
): Promise<{ page: Page; note: (ids: readonly number[]) => void }> => {
  const { offset, before } = page
  if (offset < DEEP || before !== undefined) return { page, note: () => {} }
  // How many rows come down to this id, it included.
  const places = await keepNumbers(sql, `places ${list}`, now, async () => new Map<number, number>())
  const nearest = Math.max(0, ...[...places.keys()].filter((place) => place <= offset))
  return {
    page: { ...page, offset: offset - nearest, before: places.get(nearest) },
    note: (ids) => {
      const last = ids.at(-1)
      if (last !== undefined && places.size < MAX_PLACES) places.set(offset + ids.length, last)
    },
  }
}
