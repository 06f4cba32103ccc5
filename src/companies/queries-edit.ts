import { and, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import { selectionCondition, type Selection } from './queries-list.ts'
import { companies, companyChanges, companyGroups } from './schema.ts'

export type Company = typeof companies.$inferSelect
export type CompanyValues = Partial<typeof companies.$inferInsert>
export type ChangeKind =
  | 'created'
  | 'edited'
  | 'merged'
  | 'unmerged'
  | 'deleted'
  | 'restored'
  | 'fact'
  | 'robots'
  | 'written'
  | 'received'
  | 'unsuppressed'

/** Deleted and merged companies are found too: their pages say so. */
export const findCompany = async (db: Db, id: number): Promise<Company | null> =>
  (await db.select().from(companies).where(eq(companies.id, id)))[0] ?? null

/** The same, held until the transaction ends; null when deleted. */
export const lockCompany = async (tx: Db, id: number): Promise<Company | null> =>
  (
    await tx
      .select()
      .from(companies)
      .where(and(eq(companies.id, id), isNull(companies.deletedAt)))
      .for('update')
  )[0] ?? null

export const insertCompany = async (tx: Db, values: typeof companies.$inferInsert): Promise<number> => {
  const [row] = await tx.insert(companies).values(values).returning({ id: companies.id })
  return row!.id
}

export const updateCompany = async (tx: Db, id: number, values: CompanyValues): Promise<void> => {
  await tx
    .update(companies)
    .set({ ...values, updatedAt: sql`now()` })
    .where(eq(companies.id, id))
}

export const recordChange = async (
  tx: Db,
  change: { companyId: number; userId: number | null; kind: ChangeKind; detail?: Record<string, unknown> },
): Promise<number> => {
  const [row] = await tx.insert(companyChanges).values(change).returning({ id: companyChanges.id })
  return row!.id
}

export const findChange = async (db: Db, companyId: number, changeId: number) =>
  (
    await db
      .select()
      .from(companyChanges)
      .where(and(eq(companyChanges.id, changeId), eq(companyChanges.companyId, companyId)))
  )[0] ?? null

/** Companies on the same site, or of the same name and address: what a new one may be a double of. */
export const findDoubles = (db: Db, keys: { siteKey: string | null; nameKey: string }) =>
  db
    .select({ id: companies.id, name: companies.name, city: companies.city })
    .from(companies)
    .where(
      and(
        isNull(companies.deletedAt),
        keys.siteKey === null ? eq(companies.nameKey, keys.nameKey) : eq(companies.siteKey, keys.siteKey),
      ),
    )
    .limit(5)

/** Gives every selected company the status and notes it in its history. Returns the ids that changed. */
export const setStatusOf = async (
  tx: Db,
  selection: Selection,
  change: { status: string; userId: number | null },
): Promise<number[]> => {
  const rows = await tx.execute<{ id: number }>(sql`
    WITH before AS (
      SELECT ${companies.id} AS id, ${companies.status} AS status FROM ${companies}
      WHERE ${selectionCondition(selection)} AND ${companies.status} <> ${change.status} FOR UPDATE
    ), noted AS (
      INSERT INTO company_changes (company_id, user_id, kind, detail)
      SELECT id, ${change.userId}::int, 'edited', jsonb_build_object('status', jsonb_build_array(status, ${change.status}::text))
      FROM before
    )
    UPDATE companies SET status = ${change.status}, updated_at = now() FROM before WHERE companies.id = before.id
    RETURNING companies.id`)
  return rows.map(({ id }) => id)
}

const MAX_TAGS = 50

/** Adds a tag to the selected companies, or takes it away. Returns how many changed. */
export const tagSelection = async (
  tx: Db,
  selection: Selection,
  tag: string,
  add: boolean,
): Promise<number> => {
  const has = sql`${companies.tags} @> ARRAY[${tag}]::text[]`
  const change = add ? and(sql`NOT ${has}`, sql`cardinality(${companies.tags}) < ${MAX_TAGS}`) : has
  const tags = add
    ? sql`array_append(${companies.tags}, ${tag})`
    : sql`array_remove(${companies.tags}, ${tag})`
  const rows = await tx
    .update(companies)
    .set({ tags, updatedAt: sql`now()` })
    .where(and(selectionCondition(selection), change))
    .returning({ id: companies.id })
  return rows.length
}

/** Puts the selected companies into a group, or takes them out. Returns how many changed. */
export const groupSelection = async (
  tx: Db,
  selection: Selection,
  groupId: number,
  add: boolean,
): Promise<number> => {
  const chosen = tx.select({ id: companies.id }).from(companies).where(selectionCondition(selection))
  const rows = add
    ? await tx.execute(sql`
        INSERT INTO company_groups (company_id, group_id)
        SELECT chosen.id, ${groupId}::int FROM ${chosen} AS chosen ON CONFLICT DO NOTHING RETURNING company_id`)
    : await tx
        .delete(companyGroups)
        .where(and(eq(companyGroups.groupId, groupId), inArray(companyGroups.companyId, chosen)))
        .returning({ id: companyGroups.companyId })
  return rows.length
}

/** Marks the selection deleted at this moment, which is also the name of the deletion. Returns how many. */
export const markDeleted = async (
  tx: Db,
  selection: Selection,
  mark: { at: Date; userId: number | null },
): Promise<number> => {
  const rows = await tx.execute(sql`
    WITH gone AS (
      UPDATE ${companies} SET deleted_at = ${mark.at.toISOString()}::timestamptz
      WHERE ${selectionCondition(selection)} RETURNING id
    ) INSERT INTO company_changes (company_id, user_id, kind)
      SELECT id, ${mark.userId}::int, 'deleted' FROM gone RETURNING company_id`)
  return rows.length
}

/** Takes a deletion back: all of it, or one company. Merged companies stay where they went. */
export const unmarkDeleted = async (
  tx: Db,
  which: { at: Date } | { id: number },
  userId: number | null,
): Promise<number[]> => {
  const matching = 'at' in which ? eq(companies.deletedAt, which.at) : eq(companies.id, which.id)
  const rows = await tx
    .update(companies)
    .set({ deletedAt: null, updatedAt: sql`now()` })
    .where(and(matching, isNotNull(companies.deletedAt), isNull(companies.mergedIntoId)))
    .returning({ id: companies.id })
  const ids = rows.map(({ id }) => id)
  if (ids.length > 0)
    await tx.execute(sql`
      INSERT INTO company_changes (company_id, user_id, kind)
      SELECT value::int, ${userId}::int, 'restored' FROM jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb)`)
  return ids
}

export const countDeletedAt = async (db: Db, at: Date): Promise<number> => {
  const [row] = await db
    .select({ count: sql<number>`count(*)::int` })
    .from(companies)
    .where(and(eq(companies.deletedAt, at), isNull(companies.mergedIntoId)))
  return row?.count ?? 0
}

export const listDeleted = (db: Db, page: { limit: number; offset: number }) =>
  db
    .select({
      id: companies.id,
      name: companies.name,
      siteKey: companies.siteKey,
      city: companies.city,
      deletedAt: companies.deletedAt,
    })
    .from(companies)
    .where(and(isNotNull(companies.deletedAt), isNull(companies.mergedIntoId)))
    .orderBy(sql`${companies.deletedAt} DESC, ${companies.id}`)
    .limit(page.limit)
    .offset(page.offset)
