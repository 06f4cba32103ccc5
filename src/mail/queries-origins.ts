import { sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import type { Origin } from './footer.ts'

export type Known = { companyId: number | null; address: string }

/** Names one address of one company in the map of readOrigins. */
export const originKey = ({ companyId, address }: Known): string =>
  `${companyId ?? ''} ${address.toLowerCase()}`

/** How each of these addresses came to be known, in one query for all of them: seen on the company's site (the page, and
 *  when first), else imported with the company, else entered by hand. */
export const readOrigins = async (db: Db, recipients: readonly Known[]): Promise<Map<string, Origin>> => {
  if (recipients.length === 0) return new Map()
  const asked = JSON.stringify(
    recipients.map(({ companyId, address }) => ({ c: companyId, a: address.toLowerCase() })),
  )
  const rows = await db.execute<{
    company_id: number | null
    address: string
    page_url: string | null
    seen_at: string | null
    imported_at: string | null
    created_at: string | null
  }>(sql`
    SELECT asked.c AS company_id, asked.a AS address, f.page_url, f.first_seen_at AS seen_at,
      CASE WHEN lower(c.email) = asked.a THEN i.created_at END AS imported_at, c.created_at
    FROM jsonb_to_recordset(${asked}::jsonb) AS asked (c integer, a text)
    LEFT JOIN companies c ON c.id = asked.c
    LEFT JOIN imports i ON i.id = c.import_id
    LEFT JOIN LATERAL (
      SELECT page_url, first_seen_at FROM facts
      WHERE company_id = asked.c AND kind = 'email' AND lower(coalesce(correction ->> 'value', value)) = asked.a
        AND verdict IS DISTINCT FROM 'rejected' AND page_url ~ '^https?://'
      ORDER BY first_seen_at LIMIT 1
    ) f ON true`)
  return new Map(
    rows.map((row) => [originKey({ companyId: row.company_id, address: row.address }), originOf(row)]),
  )
}

const originOf = (row: {
  page_url: string | null
  seen_at: string | null
  imported_at: string | null
  created_at: string | null
}): Origin => {
  if (row.page_url !== null && row.seen_at !== null)
    return { how: 'site', pageUrl: row.page_url, at: new Date(row.seen_at) }
  if (row.imported_at !== null) return { how: 'list', at: new Date(row.imported_at) }
  return { how: 'hand', at: row.created_at === null ? null : new Date(row.created_at) }
}
