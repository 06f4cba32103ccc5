import { and, getTableColumns, inArray, isNotNull, isNull, or, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { Db } from '#src/db/open.ts'
import type { CompanyColumns } from '#src/companies/import/company-columns.ts'
import { whereaboutsOf } from '#src/companies/import/company-columns.ts'
import type { Known } from './match-rows.ts'
import { companies, type CrawlBudget, type FieldChanges } from '#src/companies/schema.ts'

// Any constants will do, as long as every node uses the same.
const IMPORT_LOCK = 7_203_442
const ADD_LOCK = 7_203_443

export type ImportedValues = CompanyColumns & {
  contactEmail: string | null
  contactPerson: string | null
  contactPhone: string | null
}
export type StoredCompany = ImportedValues & { id: number; editedFields: string[] }

const { editedFields, id } = getTableColumns(companies)
const importedColumns = {
  name: companies.name,
  website: companies.website,
  siteKey: companies.siteKey,
  nameKey: sql<string>`coalesce(${companies.nameKey}, '')`,
  profileUrl: companies.profileUrl,
  email: companies.email,
  phone: companies.phone,
  phoneE164: companies.phoneE164,
  contactName: companies.contactName,
  category: companies.category,
  sector: companies.sector,
  address1: companies.address1,
  address2: companies.address2,
  postalCode: companies.postalCode,
  city: companies.city,
  country: companies.country,
  longitude: companies.longitude,
  latitude: companies.latitude,
  rating: companies.rating,
  reviewsCount: companies.reviewsCount,
  siren: companies.siren,
  siret: companies.siret,
  notes: companies.notes,
  tags: companies.tags,
  contactEmail: companies.contactEmail,
  contactPerson: companies.contactPerson,
  contactPhone: companies.contactPhone,
}
const fields = Object.keys(importedColumns) as (keyof ImportedValues)[]
const columnName = (field: keyof ImportedValues): string =>
  (getTableColumns(companies)[field] as PgColumn).name
const names = fields.map((field) => sql.identifier(columnName(field)))
const asRecord = (values: ImportedValues): Record<string, unknown> =>
  Object.fromEntries(fields.map((field) => [columnName(field), values[field]]))
// As text first: postgres.js would write an object as JSON a second time.
const jsonParameter = (value: unknown) => sql`${JSON.stringify(value)}::text::jsonb`

/** One import or undo at a time, on every node and command: a second waits until the first has ended. */
export const lockImports = async (tx: Db): Promise<void> => {
  await tx.execute(sql`SELECT pg_advisory_xact_lock(${IMPORT_LOCK})`)
}

/** Held while a company is compared and added, by the form and by the end of an import. */
export const lockAdding = async (tx: Db): Promise<void> => {
  await tx.execute(sql`SELECT pg_advisory_xact_lock(${ADD_LOCK})`)
}

/** The newest company; 0 when there is none. */
export const newestCompany = async (db: Db): Promise<number> => {
  const [row] = await db.select({ newest: sql<number>`coalesce(max(${id}), 0)` }).from(companies)
  return row?.newest ?? 0
}

/** Whether somebody added, since the company `after`, one that shares a key with a company of this import. */
export const wasAddedMeanwhile = async (tx: Db, importId: number, after: number): Promise<boolean> => {
  const rows = await tx.execute(sql`
    SELECT 1 FROM companies other JOIN companies mine
      ON mine.import_id = ${importId} AND mine.id > ${after}
        AND (mine.site_key = other.site_key OR mine.name_key = other.name_key)
    WHERE other.id > ${after} AND other.import_id IS DISTINCT FROM ${importId} AND other.deleted_at IS NULL
    LIMIT 1`)
  return rows.length > 0
}

/** Companies that share a site or a name and address with a row, oldest first. Those merged into another are
 *  known too. */
export const knownCompanies = async (
  db: Db,
  keys: { siteKeys: string[]; nameKeys: string[] },
): Promise<Known[]> => {
  const bySite = keys.siteKeys.length > 0 ? [inArray(companies.siteKey, keys.siteKeys)] : []
  const byName = keys.nameKeys.length > 0 ? [inArray(companies.nameKey, keys.nameKeys)] : []
  if (bySite.length + byName.length === 0) return []
  const rows = await db
    .select({
      id,
      mergedIntoId: companies.mergedIntoId,
      editedFields,
      name: companies.name,
      siteKey: companies.siteKey,
      nameKey: companies.nameKey,
      address1: companies.address1,
      address2: companies.address2,
      postalCode: companies.postalCode,
      city: companies.city,
      phone: companies.phone,
      phoneE164: companies.phoneE164,
    })
    .from(companies)
    .where(and(or(isNull(companies.deletedAt), isNotNull(companies.mergedIntoId)), or(...bySite, ...byName)))
    .orderBy(id)
  return rows.map((row) => ({
    id: row.id,
    mergedIntoId: row.mergedIntoId,
    name: row.name,
    nameIsEdited: row.editedFields.includes('name'),
    siteKey: row.siteKey,
    nameKey: row.nameKey,
    whereabouts: whereaboutsOf(row),
  }))
}

/** What a list can fill, of these companies. `hold` keeps others from changing them until the transaction ends. */
export const storedCompanies = async (
  tx: Db,
  ids: number[],
  { hold = false } = {},
): Promise<Map<number, StoredCompany>> => {
  if (ids.length === 0) return new Map()
  const query = tx
    .select({ id, editedFields, ...importedColumns })
    .from(companies)
    .where(inArray(companies.id, ids))
    .orderBy(id)
  const rows = await (hold ? query.for('update') : query)
  return new Map(rows.map((row) => [row.id, row]))
}

export type ImportHistory = {
  importId: number
  userId: number | null
  /** What crawling the new companies may cost. */
  crawlBudget?: CrawlBudget | null
}

/** Inserts in order and begins each company's history. Returns their ids in the same order. */
export const insertCompanies = async (
  tx: Db,
  rows: ImportedValues[],
  { importId, userId, crawlBudget }: ImportHistory,
): Promise<number[]> => {
  if (rows.length === 0) return []
  const budget = crawlBudget ? jsonParameter(crawlBudget) : sql`NULL::jsonb`
  const made = await tx.execute<{ id: number }>(sql`
    INSERT INTO companies (import_id, crawl_budget, ${sql.join(names, sql`, `)})
    SELECT ${importId}::int, ${budget}, ${sql.join(
      names.map((name) => sql`row.${name}`),
      sql`, `,
    )}
    FROM jsonb_array_elements(${jsonParameter(rows.map(asRecord))}) WITH ORDINALITY AS list(item, place),
      jsonb_populate_record(NULL::companies, list.item) AS row
    ORDER BY list.place RETURNING id`)
  const ids = made.map((row) => row.id).sort((a, b) => a - b)
  const changes = ids.map((companyId) => ({ companyId, detail: { importId } }))
  await recordImports(tx, changes, userId)
  return ids
}

// A visit of the website before says nothing about the one that came, nor does leave to pass over its robots.txt.
const sameSite = sql`companies.website IS NOT DISTINCT FROM row.website`

/** Writes these companies as they are given. */
export const updateCompanies = async (tx: Db, rows: (ImportedValues & { id: number })[]): Promise<void> => {
  if (rows.length === 0) return
  const assignments = names.map((name) => sql`${name} = row.${name}`)
  await tx.execute(sql`
    UPDATE companies SET ${sql.join(assignments, sql`, `)}, updated_at = now(),
      crawl_state = CASE WHEN ${sameSite} THEN companies.crawl_state ELSE 'never' END,
      crawl_error = CASE WHEN ${sameSite} THEN companies.crawl_error END,
      crawled_at = CASE WHEN ${sameSite} THEN companies.crawled_at END,
      robots_override = CASE WHEN ${sameSite} THEN companies.robots_override END
    FROM jsonb_populate_recordset(NULL::companies, ${jsonParameter(
      rows.map((row) => ({ id: row.id, ...asRecord(row) })),
    )}) AS row
    WHERE companies.id = row.id`)
}

/** Notes in each company's history what an import did to it. */
export const recordImports = async (
  tx: Db,
  changes: { companyId: number; detail: Record<string, unknown> }[],
  userId: number | null,
): Promise<void> => {
  if (changes.length === 0) return
  await tx.execute(sql`
    INSERT INTO company_changes (company_id, user_id, kind, detail)
    SELECT "companyId", ${userId}::int, 'imported', detail
    FROM jsonb_to_recordset(${jsonParameter(changes)}) AS row("companyId" int, detail jsonb)`)
}

export type ImportRow = {
  row: number
  outcome: 'created' | 'updated' | 'unchanged' | 'duplicate' | 'rejected'
  reason: string | null
  branch: boolean
  companyId: number | null
  changes: FieldChanges | null
  /** Of a rejected row, as read. */
  cells: string[] | null
}

export const insertImportRows = async (tx: Db, importId: number, rows: ImportRow[]): Promise<void> => {
  if (rows.length === 0) return
  await tx.execute(sql`
    INSERT INTO import_rows (import_id, row, outcome, reason, branch, company_id, changes, cells)
    SELECT ${importId}::int, "row", outcome, reason, branch, "companyId",
      nullif(changes, 'null'::jsonb), nullif(cells, 'null'::jsonb)
    FROM jsonb_to_recordset(${jsonParameter(rows)}) AS list("row" int, outcome text, reason text, branch boolean,
      "companyId" int, changes jsonb, cells jsonb)`)
}
