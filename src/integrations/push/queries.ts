import { sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import type { Locale } from '#src/lib/i18n.ts'

export type WaitingPush = {
  id: number
  deviceId: number
  expoToken: string
  kind: 'analysis_done' | 'analysis_failed' | 'batch_done'
  values: Record<string, string | number>
  locale: Locale
  /** This one included. */
  tries: number
}

/** Takes what is due and postpones it by the lease; what waits for a phone whose token no longer counts is dropped. */
export const claimPushes = async (
  db: Db,
  { limit, leaseMs }: { limit: number; leaseMs: number },
): Promise<WaitingPush[]> => {
  const rows = await db.execute<WaitingPush & { counts: boolean }>(sql`
    WITH due AS (
      SELECT m.id, d.expo_token, u.locale,
        t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now()) AS counts
      FROM push_messages m JOIN push_devices d ON d.id = m.device_id
      JOIN api_tokens t ON t.id = d.token_id LEFT JOIN users u ON u.id = t.created_by
      WHERE m.state = 'waiting' AND m.next_try_at <= now()
      ORDER BY m.next_try_at, m.id LIMIT ${limit} FOR UPDATE OF m SKIP LOCKED
    )
    UPDATE push_messages m SET tries = m.tries + 1,
      next_try_at = now() + ${leaseMs} * interval '1 millisecond',
      state = CASE WHEN due.counts THEN m.state ELSE 'failed' END,
      reason = CASE WHEN due.counts THEN m.reason ELSE 'token' END
    FROM due WHERE m.id = due.id
    RETURNING m.id, m.device_id AS "deviceId", due.expo_token AS "expoToken", m.kind, m."values",
      coalesce(due.locale, 'fr') AS locale, m.tries, due.counts`)
  return rows.filter(({ counts }) => counts)
}

/** Takes tickets whose receipts are due, and postpones them. */
export const claimTickets = async (
  db: Db,
  { limit, againMs }: { limit: number; againMs: number },
): Promise<{ id: number; deviceId: number; ticket: string; tries: number }[]> => [
  ...(await db.execute<{ id: number; deviceId: number; ticket: string; tries: number }>(sql`
    UPDATE push_messages SET tries = tries + 1, next_try_at = now() + ${againMs} * interval '1 millisecond'
    WHERE id IN (SELECT id FROM push_messages WHERE state = 'sent' AND next_try_at <= now()
      ORDER BY next_try_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    RETURNING id, device_id AS "deviceId", ticket, tries`)),
]

/** Sent: Expo's receipt is asked for after a while. */
export const saveTicket = async (
  db: Db,
  { id, ticket, receiptMs }: { id: number; ticket: string; receiptMs: number },
): Promise<void> => {
  await db.execute(sql`
    UPDATE push_messages SET state = 'sent', ticket = ${ticket}, tries = 0,
      next_try_at = now() + ${receiptMs} * interval '1 millisecond'
    WHERE id = ${id} AND state = 'waiting'`)
}

export const postponePush = async (db: Db, id: number, pauseMs: number): Promise<void> => {
  await db.execute(sql`
    UPDATE push_messages SET next_try_at = now() + ${pauseMs} * interval '1 millisecond' WHERE id = ${id}`)
}

export const endPush = async (
  db: Db,
  id: number,
  state: 'done' | 'failed',
  reason: string | null = null,
): Promise<void> => {
  await db.execute(sql`UPDATE push_messages SET state = ${state}, reason = ${reason} WHERE id = ${id}`)
}

/** A phone that has removed the app, with all that waits for it. */
export const removeDevice = async (db: Db, deviceId: number): Promise<void> => {
  await db.execute(sql`DELETE FROM push_devices WHERE id = ${deviceId}`)
}

/** Forgets messages of long ago. */
export const prunePushes = async (db: Db, days: number): Promise<void> => {
  await db.execute(sql`DELETE FROM push_messages WHERE created_at < now() - ${days} * interval '1 day'`)
}
