import { and, eq, lt, sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import { crawlLeases } from './schema-leases.ts'

const MAX_COLLISIONS = 3

export type Lease = { key: string; slot: number }

/** Takes one of `limit` slots of a key for `ttlMs`, or null when others hold them all. Never waits: of two nodes
 *  that reach for the same slot one gets it and the other tries another. */
export const takeLease = async (
  db: Db,
  wanted: { key: string; limit: number; holder: string; ttlMs: number },
): Promise<Lease | null> => {
  const { key, limit, holder, ttlMs } = wanted
  const expires = sql`clock_timestamp() + make_interval(secs => ${ttlMs / 1_000}::float8)`
  for (let collisions = 0; collisions < MAX_COLLISIONS; collisions += 1) {
    const [free] = await db.execute<{ slot: number }>(sql`
      SELECT s AS slot FROM generate_series(1, ${limit}::int) AS s
      WHERE NOT EXISTS (
        SELECT FROM ${crawlLeases} WHERE key = ${key} AND slot = s AND expires_at > clock_timestamp()
      )
      ORDER BY random() LIMIT 1`)
    if (!free) return null
    const [taken] = await db
      .insert(crawlLeases)
      .values({ key, slot: free.slot, holder, expiresAt: expires })
      .onConflictDoUpdate({
        target: [crawlLeases.key, crawlLeases.slot],
        set: { holder, expiresAt: expires },
        setWhere: lt(crawlLeases.expiresAt, sql`clock_timestamp()`),
      })
      .returning({ key: crawlLeases.key, slot: crawlLeases.slot })
    if (taken) return taken
  }
  return null
}

/** Prolongs everything a holder still has, and tells what that is; what had expired is lost. */
export const renewLeases = (db: Db, holder: string, ttlMs: number): Promise<Lease[]> =>
  db
    .update(crawlLeases)
    .set({ expiresAt: sql`clock_timestamp() + make_interval(secs => ${ttlMs / 1_000}::float8)` })
    .where(and(eq(crawlLeases.holder, holder), sql`${crawlLeases.expiresAt} > clock_timestamp()`))
    .returning({ key: crawlLeases.key, slot: crawlLeases.slot })

/** Gives leases back; nothing happens to one that is somebody else's by now. */
export const giveBackLeases = async (db: Db, holder: string, leases: Lease[]): Promise<void> => {
  const given = JSON.stringify(leases.map(({ key, slot }) => ({ key, slot })))
  await db.execute(sql`DELETE FROM ${crawlLeases} USING jsonb_to_recordset(${given}::jsonb) AS given(key text, slot int)
    WHERE ${crawlLeases.key} = given.key AND ${crawlLeases.slot} = given.slot AND ${crawlLeases.holder} = ${holder}`)
}

/** Gives back everything a holder has. */
export const dropLeases = async (db: Db, holder: string): Promise<void> => {
  await db.delete(crawlLeases).where(eq(crawlLeases.holder, holder))
}

/** Removes what dead holders left behind. */
export const sweepLeases = async (db: Db): Promise<void> => {
  await db.delete(crawlLeases).where(lt(crawlLeases.expiresAt, sql`clock_timestamp() - interval '1 minute'`))
}
