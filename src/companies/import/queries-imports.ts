import { and, eq, getTableColumns, gt, lt, sql } from 'drizzle-orm'
import { users } from '#src/auth/schema.ts'
import type { Db } from '#src/db/open.ts'
import { batchItems } from '#src/queue/schema.ts'
import { importFiles, importRows, imports, type ImportCounts } from '#src/companies/schema.ts'

export type ImportRecord = typeof imports.$inferSelect

/** Where an import stands. `stopped`: cancelled before its end, nothing was stored. */
export type ImportPhase =
  | 'draft'
  | 'checking'
  | 'checked'
  | 'running'
  | 'stopped'
  | 'failed'
  | 'done'
  | 'undone'

export type ImportView = ImportRecord & {
  phase: ImportPhase
  problem: { code: string; values?: Record<string, string | number> } | null
  userName: string | null
}

const phase = sql<ImportPhase>`CASE
  WHEN ${imports.state} IN ('done', 'undone') THEN ${imports.state}
  WHEN ${batchItems.state} IN ('pending', 'running') AND ${imports.state} = 'running' THEN 'running'
  WHEN ${batchItems.state} IN ('pending', 'running') THEN 'checking'
  WHEN ${batchItems.state} = 'failed' THEN 'failed'
  WHEN ${imports.state} = 'running' THEN 'stopped'
  WHEN ${imports.counts} IS NOT NULL THEN 'checked'
  ELSE 'draft' END`

const selectViews = (db: Db) =>
  db
    .select({
      ...getTableColumns(imports),
      phase,
      problem: sql<
        ImportView['problem']
      >`CASE WHEN ${batchItems.state} = 'failed' THEN ${batchItems.detail} END`,
      userName: sql<string | null>`coalesce(nullif(${users.name}, ''), ${users.email})`,
    })
    .from(imports)
    .leftJoin(batchItems, and(eq(batchItems.batchId, imports.batchId), eq(batchItems.subjectId, imports.id)))
    .leftJoin(users, eq(users.id, imports.createdBy))

export const findImport = async (db: Db, id: number): Promise<ImportView | null> =>
  (await selectViews(db).where(eq(imports.id, id)))[0] ?? null

/** The same, held until the transaction ends. */
export const lockImport = async (tx: Db, id: number): Promise<ImportView | null> => {
  await tx.select({ id: imports.id }).from(imports).where(eq(imports.id, id)).for('update')
  return findImport(tx, id)
}

/** Newest first. */
export const listImportViews = (db: Db, page: { limit: number; offset: number }): Promise<ImportView[]> =>
  selectViews(db)
    .orderBy(sql`${imports.id} DESC`)
    .limit(page.limit)
    .offset(page.offset)

export const countImports = async (db: Db): Promise<number> => db.$count(imports)

export const insertImport = async (tx: Db, values: typeof imports.$inferInsert): Promise<number> => {
  const [row] = await tx.insert(imports).values(values).returning({ id: imports.id })
  return row!.id
}

export const updateImport = async (tx: Db, id: number, values: Partial<ImportRecord>): Promise<void> => {
  await tx.update(imports).set(values).where(eq(imports.id, id))
}

export const deleteImport = async (tx: Db, id: number): Promise<void> => {
  await tx.delete(imports).where(eq(imports.id, id))
}

/** Uploads nobody came back to; their files are the bulk of them. Returns how many. */
export const deleteOldDrafts = async (db: Db, before: Date): Promise<number> => {
  const gone = await db
    .delete(imports)
    .where(and(eq(imports.state, 'draft'), lt(imports.createdAt, before)))
    .returning({ id: imports.id })
  return gone.length
}

export const storeFile = async (tx: Db, importId: number, bytes: Uint8Array): Promise<void> => {
  await tx.insert(importFiles).values({ importId, bytes })
}

export const readFile = async (db: Db, importId: number): Promise<Uint8Array | null> =>
  (await db.select().from(importFiles).where(eq(importFiles.importId, importId)))[0]?.bytes ?? null

/** Ends an import: its file is no longer needed. */
export const finishImport = async (
  tx: Db,
  importId: number,
  result: { counts: ImportCounts; warnings: Record<string, number>; crawlBatchId?: number | null },
): Promise<void> => {
  await tx
    .update(imports)
    .set({ ...result, state: 'done', finishedAt: sql`now()` })
    .where(eq(imports.id, importId))
  await tx.delete(importFiles).where(eq(importFiles.importId, importId))
}

export const deleteImportRows = async (tx: Db, importId: number): Promise<void> => {
  await tx.delete(importRows).where(eq(importRows.importId, importId))
}

/** Rejected rows in the sheet's order, a part at a time. */
export const rejectedRows = (db: Db, importId: number, part: { after: number; limit: number }) =>
  db
    .select({ row: importRows.row, reason: importRows.reason, cells: importRows.cells })
    .from(importRows)
    .where(
      and(
        eq(importRows.importId, importId),
        eq(importRows.outcome, 'rejected'),
        gt(importRows.row, part.after),
      ),
    )
    .orderBy(importRows.row)
    .limit(part.limit)
