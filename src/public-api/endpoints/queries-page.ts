import type postgres from 'postgres'
import type { Sql } from '#src/db/open.ts'

// Limits that are written into a statement: so few that each connection keeps the plans of all of them.
const FIRST_BOUND = 64
const LAST_BOUND = 65_536
const BOUND_STEP = 4

export type Fragment = postgres.Fragment

/** `before`: only rows with a smaller id, whatever the offset. */
export type Page = { limit: number; offset: number; before: number | undefined }

/** What a page was read with: while `version` is the same, the list is taken to be the same. */
export type PageRead = { ids: readonly number[]; version: string }

/** Ids of one page of `ids`, a statement that gives them from the newest on. PostgreSQL plans anew for every call as long
 *  as it cannot tell how little of a list is wanted, which takes longer than the reading: the text tells it roughly. */
export const idsOfPage = (sql: Sql, ids: Fragment, { limit, offset }: Omit<Page, 'before'>): Fragment => sql`
  SELECT newest.id FROM (${ids} ${roughly(sql, limit + offset)}) newest
  ORDER BY newest.id DESC LIMIT ${limit} OFFSET ${offset}`

const roughly = (sql: Sql, rows: number): Fragment => {
  let bound = FIRST_BOUND
  while (bound < rows) bound *= BOUND_STEP
  return bound > LAST_BOUND ? sql`` : sql`LIMIT ${literal(sql, bound)}`
}

/** A number of this program's own as part of the text. */
export const literal = (sql: Sql, number: number) => sql.unsafe(String(number))
