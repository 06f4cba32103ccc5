import { and, eq, inArray, isNull, or, sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import type { Known } from './match-rows.ts'
import { companies, companyChanges, importFiles, importRows, imports, type ImportCounts } from './schema.ts'

export type CompanyRow = typeof companies.$inferSelect
export type NewCompany = typeof companies.$inferInsert
export type ImportRow = typeof importRows.$inferInsert
export type ImportRecord = typeof imports.$inferSelect

// PostgreSQL takes 65,535 parameters in one statement.
const ROWS_PER_INSERT = 1_000

/** Companies that share a site or a name and address with a row. */
export const knownCompanies = async (
  db: Db,
  keys: { siteKeys: string[]; nameKeys: string[] },
): Promise<Known[]> => {
  const bySite = keys.siteKeys.length > 0 ? [inArray(companies.siteKey, keys.siteKeys)] : []
  const byName = keys.nameKeys.length > 0 ? [inArray(companies.nameKey, keys.nameKeys)] : []
  if (bySite.length + byName.length === 0) return []
  const rows = await db
    .select({
      id: companies.id,
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
    .where(and(isNull(companies.deletedAt), or(...bySite, ...byName)))
    .orderBy(companies.id)
  return rows.map(({ id, siteKey, nameKey, phone, phoneE164, ...place }) => ({
    id,
    siteKey,
    nameKey,
    whereabouts: { ...place, phone: phoneE164 ?? phone },
  }))
}

export const companiesByIds = async (tx: Db, ids: number[]): Promise<Map<number, CompanyRow>> => {
  if (ids.length === 0) return new Map()
  const rows = await tx.select().from(companies).where(inArray(companies.id, ids)).for('update')
  return new Map(rows.map((row) => [row.id, row]))
}

/** Inserts in order and notes the beginning of each company's history. Returns their ids in the same order. */
export const insertCompanies = async (
  tx: Db,
  rows: NewCompany[],
  history: { importId: number; userId: number | null },
): Promise<number[]> => {
  const ids: number[] = []
  for (const part of slices(rows)) {
    const made = await tx.insert(companies).values(part).returning({ id: companies.id })
    ids.push(...made.map((row) => row.id))
  }
  const changes = ids.map((companyId) => ({
    companyId,
    userId: history.userId,
    kind: 'imported',
    detail: { importId: history.importId },
  }))
  for (const part of slices(changes)) await tx.insert(companyChanges).values(part)
  return ids
}

export const updateImported = async (
  tx: Db,
  id: number,
  values: Partial<NewCompany>,
  history: { importId: number; userId: number | null; detail: Record<string, unknown> },
): Promise<void> => {
  await tx
    .update(companies)
    .set({ ...values, updatedAt: sql`now()` })
    .where(eq(companies.id, id))
  await tx.insert(companyChanges).values({
    companyId: id,
    userId: history.userId,
    kind: 'imported',
    detail: { importId: history.importId, ...history.detail },
  })
}

export const insertImportRows = async (tx: Db, rows: ImportRow[]): Promise<void> => {
  for (const part of slices(rows)) await tx.insert(importRows).values(part)
}

export const insertImport = async (tx: Db, values: typeof imports.$inferInsert): Promise<number> => {
  const [row] = await tx.insert(imports).values(values).returning({ id: imports.id })
  return row!.id
}

export const updateImport = async (tx: Db, id: number, values: Partial<ImportRecord>): Promise<void> => {
  await tx.update(imports).set(values).where(eq(imports.id, id))
}

export const findImport = async (db: Db, id: number): Promise<ImportRecord | null> =>
  (await db.select().from(imports).where(eq(imports.id, id)))[0] ?? null

/** The same, held until the transaction ends. */
export const lockImport = async (tx: Db, id: number): Promise<ImportRecord | null> =>
  (await tx.select().from(imports).where(eq(imports.id, id)).for('update'))[0] ?? null

export const storeFile = async (tx: Db, importId: number, bytes: Uint8Array): Promise<void> => {
  await tx.insert(importFiles).values({ importId, bytes })
}

export const readFile = async (db: Db, importId: number): Promise<Uint8Array | null> =>
  (await db.select().from(importFiles).where(eq(importFiles.importId, importId)))[0]?.bytes ?? null

export const dropFile = async (tx: Db, importId: number): Promise<void> => {
  await tx.delete(importFiles).where(eq(importFiles.importId, importId))
}

export const finishImport = async (tx: Db, importId: number, counts: ImportCounts): Promise<void> => {
  await tx
    .update(imports)
    .set({ state: 'done', counts, finishedAt: sql`now()` })
    .where(eq(imports.id, importId))
  await dropFile(tx, importId)
}

/** Rows of an import that created or changed a company, latest first, for undoing. */
export const rowsToUndo = (tx: Db, importId: number) =>
  tx
    .select({
      row: importRows.row,
      outcome: importRows.outcome,
      companyId: importRows.companyId,
      before: importRows.before,
    })
    .from(importRows)
    .where(and(eq(importRows.importId, importId), inArray(importRows.outcome, ['created', 'updated'])))
    .orderBy(importRows.row)

export const rejectedRows = (db: Db, importId: number) =>
  db
    .select({ row: importRows.row, reason: importRows.reason, cells: importRows.cells })
    .from(importRows)
    .where(and(eq(importRows.importId, importId), eq(importRows.outcome, 'rejected')))
    .orderBy(importRows.row)

export const listImports = (db: Db, page: { limit: number; offset: number }) =>
  db
    .select()
    .from(imports)
    .orderBy(sql`${imports.id} DESC`)
    .limit(page.limit)
    .offset(page.offset)

/** Companies an import made or met that have a site to crawl. */
export const crawlableOfImport = async (db: Db, importId: number): Promise<number[]> => {
  const rows = await db
    .select({ id: companies.id })
    .from(importRows)
    .innerJoin(companies, eq(companies.id, importRows.companyId))
    .where(
      and(
        eq(importRows.importId, importId),
        eq(importRows.outcome, 'created'),
        isNull(companies.deletedAt),
        sql`${companies.website} IS NOT NULL`,
      ),
    )
    .orderBy(importRows.row)
  return rows.map((row) => row.id)
}

const slices = <T>(rows: T[]): T[][] =>
  Array.from({ length: Math.ceil(rows.length / ROWS_PER_INSERT) }, (_, index) =>
    rows.slice(index * ROWS_PER_INSERT, (index + 1) * ROWS_PER_INSERT),
  )
