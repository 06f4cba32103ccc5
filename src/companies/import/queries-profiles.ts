import { eq } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import { importProfiles } from '#src/companies/schema.ts'

export type ImportProfile = typeof importProfiles.$inferSelect

export const listProfiles = (db: Db): Promise<ImportProfile[]> =>
  db.select().from(importProfiles).orderBy(importProfiles.name)

export const findProfile = async (db: Db, id: number): Promise<ImportProfile | null> =>
  (await db.select().from(importProfiles).where(eq(importProfiles.id, id)))[0] ?? null

export const findProfileByName = async (db: Db, name: string): Promise<ImportProfile | null> =>
  (await db.select().from(importProfiles).where(eq(importProfiles.name, name)))[0] ?? null

export const upsertProfile = async (
  db: Db,
  { name, header, columns }: { name: string; header: string[]; columns: Record<string, string> },
): Promise<number> => {
  const [row] = await db
    .insert(importProfiles)
    .values({ name, header, columns })
    .onConflictDoUpdate({ target: importProfiles.name, set: { header, columns } })
    .returning({ id: importProfiles.id })
  return row!.id
}

export const deleteProfile = async (db: Db, id: number): Promise<void> => {
  await db.delete(importProfiles).where(eq(importProfiles.id, id))
}
