import { and, asc, eq, isNull, ne, sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import { companies, companyGroups, groups } from './schema.ts'

export type Group = typeof groups.$inferSelect

export const listGroups = (db: Db): Promise<Group[]> =>
  db.select().from(groups).orderBy(asc(groups.name), asc(groups.id))

/** Groups with the number of their companies (deleted ones left out). */
export const countGroups = (db: Db) =>
  db
    .select({
      id: groups.id,
      name: groups.name,
      description: groups.description,
      count: sql<number>`count(${companies.id})::int`,
    })
    .from(groups)
    .leftJoin(companyGroups, eq(companyGroups.groupId, groups.id))
    .leftJoin(companies, and(eq(companies.id, companyGroups.companyId), isNull(companies.deletedAt)))
    .groupBy(groups.id)
    .orderBy(asc(groups.name), asc(groups.id))

export const insertGroup = async (db: Db, group: { name: string; description: string }): Promise<number> => {
  const [row] = await db.insert(groups).values(group).returning({ id: groups.id })
  return row!.id
}

export const updateGroup = async (
  db: Db,
  id: number,
  group: { name: string; description: string },
): Promise<boolean> =>
  (await db.update(groups).set(group).where(eq(groups.id, id)).returning({ id: groups.id })).length > 0

export const deleteGroup = async (db: Db, id: number): Promise<boolean> =>
  (await db.delete(groups).where(eq(groups.id, id)).returning({ id: groups.id })).length > 0

export const groupExists = async (db: Db, id: number): Promise<boolean> =>
  (await db.select({ id: groups.id }).from(groups).where(eq(groups.id, id))).length > 0

/** Whether another group has this name, however it is capitalised or accented. */
export const isGroupNameTaken = async (db: Db, name: string, exceptId = 0): Promise<boolean> => {
  const same = and(sql`fold(${groups.name}) = fold(${name})`, ne(groups.id, exceptId))
  return (await db.select({ id: groups.id }).from(groups).where(same).limit(1)).length > 0
}

export const groupIdsOf = async (db: Db, companyId: number): Promise<number[]> => {
  const rows = await db
    .select({ id: companyGroups.groupId })
    .from(companyGroups)
    .where(eq(companyGroups.companyId, companyId))
  return rows.map(({ id }) => id)
}

/** Makes these the groups of a company; unknown ids are left out. */
export const setGroupsOf = (db: Db, companyId: number, groupIds: number[]): Promise<void> =>
  db.transaction(async (tx) => {
    await tx.delete(companyGroups).where(eq(companyGroups.companyId, companyId))
    await tx.execute(sql`
      INSERT INTO company_groups (company_id, group_id)
      SELECT ${companyId}::int, id FROM groups
      WHERE id IN (SELECT value::int FROM jsonb_array_elements_text(${JSON.stringify(groupIds)}::jsonb))`)
  })
