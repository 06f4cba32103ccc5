import { sql } from 'drizzle-orm'
import { intArray, textArray } from '#src/db/arrays.ts'
import type { Db } from '#src/db/open.ts'

const MAX_TAGS = 50

/** The companies themselves, or those they were merged into; in one order, so that two transactions cannot block each
 *  other for good. As an array: joined, every company of the status is gone through. */
const named = (ids: readonly number[]) => sql`
  SELECT id, status, tags FROM companies
  WHERE deleted_at IS NULL
    AND id = ANY (ARRAY(SELECT coalesce(merged_into_id, id) FROM companies WHERE id = ANY (${intArray(ids)})))`

/** Gives the companies whose status is among `from` (null: any) and not among `except` a new one, notes why in their
 *  history and has them scored again. Returns the ids that changed. */
export const moveStatuses = async (
  tx: Db,
  move: {
    companyIds: readonly number[]
    from: readonly string[] | null
    except: readonly string[]
    to: string
    because: string
  },
): Promise<number[]> => {
  const { companyIds, from, except, to, because } = move
  const fits = from === null ? sql`true` : sql`status = ANY (${textArray(from)})`
  const rows = await tx.execute<{ id: number }>(sql`
    WITH before AS (
      ${named(companyIds)} AND ${fits} AND status <> ALL (${textArray([...except, to])}) ORDER BY id FOR NO KEY UPDATE
    ), noted AS (
      INSERT INTO company_changes (company_id, kind, detail)
      SELECT id, 'edited', jsonb_build_object('status', jsonb_build_array(status, ${to}::text), 'because', ${because}::text)
      FROM before
    ), scored AS (
      INSERT INTO score_requests (company_id) SELECT id FROM before
      ON CONFLICT (company_id) DO UPDATE SET at = now()
    )
    UPDATE companies SET status = ${to}, updated_at = now() FROM before WHERE companies.id = before.id
    RETURNING companies.id`)
  return rows.map(({ id }) => id)
}

/** Adds a tag to the companies that do not have it and have room for it. */
export const tagCompanies = async (tx: Db, companyIds: readonly number[], tag: string): Promise<void> => {
  await tx.execute(sql`
    WITH untagged AS (
      ${named(companyIds)} AND NOT tags @> ${textArray([tag])} AND cardinality(tags) < ${MAX_TAGS}
      ORDER BY id FOR NO KEY UPDATE
    )
    UPDATE companies SET tags = array_append(companies.tags, ${tag}::text) FROM untagged WHERE companies.id = untagged.id`)
}
