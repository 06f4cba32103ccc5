import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import { users } from '#src/auth/schema.ts'
import { recordChange } from '#src/companies/queries-edit.ts'
import { companies } from '#src/companies/schema.ts'
import type { Db } from '#src/db/open.ts'
import { spellingsOf } from '#src/lib/mail-address.ts'
import { messages, suppressionRemovals, suppressions } from './schema.ts'

export type Suppression = typeof suppressions.$inferSelect

/** With who added it and the company the mail was of, for the list. */
export type ListedSuppression = Suppression & { addedBy: string | null; companyId: number | null }

const matching = (search: string) =>
  search === '' ? undefined : sql`position(lower(${search}) IN ${suppressions.address}) > 0`

/** Suppressed addresses that contain a text, the newest first. */
export const listSuppressions = (
  db: Db,
  { search, limit, offset }: { search: string; limit: number; offset: number },
): Promise<ListedSuppression[]> =>
  db
    .select({
      id: suppressions.id,
      kind: suppressions.kind,
      label: suppressions.label,
      erased: suppressions.erased,
      address: suppressions.address,
      scope: suppressions.scope,
      campaignId: suppressions.campaignId,
      reason: suppressions.reason,
      source: suppressions.source,
      createdBy: suppressions.createdBy,
      messageId: suppressions.messageId,
      at: suppressions.at,
      addedBy: sql<string | null>`coalesce(nullif(${users.name}, ''), ${users.email})`,
      companyId: sql<number | null>`coalesce(${suppressions.companyId}, ${messages.companyId})`,
    })
    .from(suppressions)
    .leftJoin(users, eq(users.id, suppressions.createdBy))
    .leftJoin(messages, eq(messages.id, suppressions.messageId))
    .where(matching(search))
    .orderBy(desc(suppressions.at), desc(suppressions.id))
    .limit(limit)
    .offset(offset)

export const countSuppressions = async (db: Db, search: string): Promise<number> =>
  db.$count(suppressions, matching(search))

export const findSuppressionById = async (db: Db, id: number): Promise<Suppression | null> =>
  (await db.select().from(suppressions).where(eq(suppressions.id, id)))[0] ?? null

/** Takes a suppression back, its domain in either spelling (suppress.ts), and keeps that it was there, who took it back and why, in the history of its company too.
 *  Returns that company. */
export const removeSuppression = (
  db: Db,
  {
    suppression,
    reason,
    removedBy,
    at,
  }: { suppression: Suppression; reason: string; removedBy: number | null; at: Date },
): Promise<number | null> =>
  db.transaction(async (tx) => {
    const gone = await tx.delete(suppressions).where(eq(suppressions.id, suppression.id)).returning()
    if (gone.length === 0) return null
    const { kind, address, scope, campaignId, source, messageId } = suppression
    if (kind === 'domain' || kind === 'address') {
      const isOther = inArray(suppressions.address, spellingsOf(address))
      const isSame = sql`(${suppressions.scope}, ${suppressions.source}) = (${scope}, ${source})
        AND ${suppressions.campaignId} IS NOT DISTINCT FROM ${campaignId}::int`
      await tx.delete(suppressions).where(and(isOther, isSame))
    }
    await tx.insert(suppressionRemovals).values({
      address,
      scope,
      campaignId,
      source,
      suppressedReason: suppression.reason,
      suppressedAt: suppression.at,
      reason,
      removedBy,
      at,
    })
    const companyId = messageId === null ? null : await companyOf(tx, messageId)
    const detail = { email: address, reason }
    if (companyId !== null)
      await recordChange(tx, { companyId, userId: removedBy, kind: 'unsuppressed', detail })
    return companyId
  })

/** The company a mail was of, or the one it has been merged into. */
const companyOf = async (db: Db, messageId: number): Promise<number | null> => {
  const [row] = await db
    .select({ id: sql<number>`coalesce(${companies.mergedIntoId}, ${companies.id})` })
    .from(messages)
    .innerJoin(companies, eq(companies.id, messages.companyId))
    .where(eq(messages.id, messageId))
  return row?.id ?? null
}

/** Those of these addresses (of this company) that must not be written to at all, by address in lower case. */
export const findSuppressedAmong = async (
  db: Db,
  addresses: readonly (string | null)[],
  companyId: number | null = null,
): Promise<Map<string, Suppression>> => {
  const wanted = addresses.flatMap((address) => (address === null ? [] : [address.toLowerCase()]))
  if (wanted.length === 0) return new Map()
  const rows = await db.execute<{ asked: string; id: number }>(sql`
    SELECT asked, s.id FROM jsonb_array_elements_text(${JSON.stringify(wanted)}::jsonb) AS asked
    JOIN LATERAL (
      SELECT id FROM suppressions
      WHERE address = ANY (suppression_keys(asked, ${companyId}::int)) AND scope = 'all' ORDER BY id LIMIT 1
    ) s ON true`)
  if (rows.length === 0) return new Map()
  const ids = rows.map(({ id }) => id)
  const found = await db.select().from(suppressions).where(inArray(suppressions.id, ids))
  const byId = new Map(found.map((row) => [row.id, row]))
  return new Map(rows.flatMap(({ asked, id }) => [[asked, byId.get(id)!] as const]))
}

/** Why the chosen address of a company must not be written to; null when it may. */
export const suppressionOf = async (
  db: Db,
  { id, contactEmail }: { id: number; contactEmail: string | null },
): Promise<Suppression | null> => [...(await findSuppressedAmong(db, [contactEmail], id)).values()][0] ?? null
