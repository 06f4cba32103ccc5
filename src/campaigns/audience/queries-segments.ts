import { and, asc, eq, isNull, ne, sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import { campaigns } from '../schema.ts'
import type { Audience } from './audience.ts'
import { segments } from './schema.ts'

export type Segment = typeof segments.$inferSelect
type SegmentValues = { name: string; description: string; audience: Audience }

export const listSegments = (db: Db): Promise<Segment[]> =>
  db.select().from(segments).orderBy(asc(segments.name), asc(segments.id))

export const findSegment = async (db: Db, id: number): Promise<Segment | null> =>
  (await db.select().from(segments).where(eq(segments.id, id)))[0] ?? null

export const insertSegment = async (
  db: Db,
  segment: SegmentValues & { createdBy: number | null },
): Promise<number> => {
  const [row] = await db.insert(segments).values(segment).returning({ id: segments.id })
  return row!.id
}

export const updateSegment = async (db: Db, id: number, segment: SegmentValues): Promise<boolean> => {
  const changed = await db
    .update(segments)
    .set({ ...segment, updatedAt: sql`now()` })
    .where(eq(segments.id, id))
    .returning({ id: segments.id })
  return changed.length > 0
}

/** Whether another segment has this name, however it is capitalised or accented. */
export const isSegmentNameTaken = async (db: Db, name: string, exceptId = 0): Promise<boolean> => {
  const same = and(sql`fold(${segments.name}) = fold(${name})`, ne(segments.id, exceptId))
  return (await db.select({ id: segments.id }).from(segments).where(same).limit(1)).length > 0
}

/** Names of the campaigns that have yet to ask this segment whom to write to. */
export const campaignsWaitingFor = async (db: Db, id: number): Promise<string[]> => {
  const rows = await db
    .select({ name: campaigns.name })
    .from(campaigns)
    .where(
      and(
        isNull(campaigns.deletedAt),
        sql`(${campaigns.state} IN ('draft', 'scheduled')
          OR ${campaigns.state} IN ('running', 'paused') AND ${campaigns.plannedAt} IS NULL)`,
        sql`${campaigns.audience} @> ${JSON.stringify({ mode: 'segment', segmentId: id })}::jsonb`,
      ),
    )
    .orderBy(asc(campaigns.name))
  return rows.map(({ name }) => name)
}

export const deleteSegment = async (db: Db, id: number): Promise<boolean> =>
  (await db.delete(segments).where(eq(segments.id, id)).returning({ id: segments.id })).length > 0
