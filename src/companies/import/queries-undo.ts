import { sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import type { FieldChanges } from '#src/companies/schema.ts'

/** Companies that this import created and another finished import names too become that import's own. */
export const handOverCreated = async (tx: Db, importId: number): Promise<void> => {
  await tx.execute(sql`
    WITH later AS (
      SELECT DISTINCT ON (mine.company_id) mine.company_id, other.import_id, other.row, other.outcome
      FROM import_rows mine
        JOIN import_rows other ON other.company_id = mine.company_id AND other.import_id <> mine.import_id
          AND other.outcome IN ('updated', 'unchanged')
        JOIN imports i ON i.id = other.import_id AND i.state = 'done'
        JOIN companies c ON c.id = mine.company_id AND c.deleted_at IS NULL
      WHERE mine.import_id = ${importId} AND mine.outcome = 'created'
      ORDER BY mine.company_id, i.finished_at, other.row
    ), taken AS (
      UPDATE import_rows SET outcome = 'created', changes = NULL FROM later
      WHERE import_rows.import_id = later.import_id AND import_rows.row = later.row
    ), given AS (
      UPDATE companies SET import_id = later.import_id FROM later WHERE companies.id = later.company_id
    ), sums AS (
      SELECT import_id, count(*)::int AS created, count(*) FILTER (WHERE outcome = 'updated')::int AS updated
      FROM later GROUP BY import_id
    )
    UPDATE imports SET counts = counts || jsonb_build_object(
      'created', (counts->>'created')::int + sums.created,
      'updated', (counts->>'updated')::int - sums.updated,
      'unchanged', (counts->>'unchanged')::int - (sums.created - sums.updated))
    FROM sums WHERE imports.id = sums.import_id`)
}

/** Puts what the import created, and still is its own, into the bin. Returns how many. A company into which one
 *  from elsewhere was merged stays. */
export const removeCreated = async (
  tx: Db,
  importId: number,
  { at, userId }: { at: Date; userId: number | null },
): Promise<number> => {
  const rows = await tx.execute(sql`
    WITH gone AS (
      UPDATE companies SET deleted_at = ${at.toISOString()}::timestamptz
      FROM import_rows mine
      WHERE mine.import_id = ${importId} AND mine.outcome = 'created' AND mine.company_id = companies.id
        AND companies.import_id = ${importId} AND companies.deleted_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM companies other
          WHERE other.merged_into_id = companies.id AND other.import_id IS DISTINCT FROM ${importId})
      RETURNING companies.id
    ) INSERT INTO company_changes (company_id, user_id, kind)
      SELECT id, ${userId}::int, 'deleted' FROM gone RETURNING company_id`)
  return rows.length
}

export type ChangedRow = { importId: number; row: number; companyId: number; changes: FieldChanges }

/** Companies whose values the import changed, a part at a time. */
export const changedCompanies = async (
  tx: Db,
  importId: number,
  part: { after: number; limit: number },
): Promise<number[]> => {
  const rows = await tx.execute<{ id: number }>(sql`
    SELECT DISTINCT company_id AS id FROM import_rows
    WHERE import_id = ${importId} AND changes IS NOT NULL AND company_id > ${part.after}
    ORDER BY company_id LIMIT ${part.limit}`)
  return rows.map(({ id }) => id)
}

/** What this import and those finished after it changed on these companies, in the order it happened. */
export const changesSince = async (tx: Db, importId: number, companyIds: number[]): Promise<ChangedRow[]> =>
  tx.execute<ChangedRow>(sql`
    SELECT r.import_id AS "importId", r.row, r.company_id AS "companyId", r.changes
    FROM import_rows r JOIN imports i ON i.id = r.import_id AND i.state = 'done'
      JOIN imports mine ON mine.id = ${importId} AND i.finished_at >= mine.finished_at
    WHERE r.changes IS NOT NULL AND r.company_id IN (
      SELECT value::int FROM jsonb_array_elements_text(${JSON.stringify(companyIds)}::text::jsonb))
    ORDER BY i.finished_at, i.id, r.row`)

export const writeChanges = async (tx: Db, rows: ChangedRow[]): Promise<void> => {
  if (rows.length === 0) return
  await tx.execute(sql`
    UPDATE import_rows SET changes = list.changes
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
      AS list("importId" int, "row" int, changes jsonb)
    WHERE import_rows.import_id = list."importId" AND import_rows.row = list."row"`)
}
