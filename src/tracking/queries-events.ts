import { sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'

/** One line of `tracking events`. `message` is the token, null for hits kept with nobody; a verdict is null until the
 *  hit has been judged. */
export type ListedEvent = {
  eventId: string
  type: 'open' | 'click' | 'unsubscribe' | 'read_time'
  at: Date
  message: string | null
  link: string | null
  verdict: 'human' | 'machine' | null
  reason: string | null
}

/** Events in the order they happened, of one message (by its token) or all, from after `after` on. */
export const listEvents = async (
  db: Db,
  options: { message?: string | undefined; after?: Pick<ListedEvent, 'at' | 'eventId'>; limit: number },
): Promise<ListedEvent[]> => {
  const { message, after, limit } = options
  const ofMessage =
    message === undefined
      ? sql``
      : sql`AND event.message_id = (SELECT id FROM messages WHERE token = ${message})`
  const later = after
    ? sql`AND (event.at, event.event_id) > (${after.at.toISOString()}::timestamptz, ${after.eventId}::uuid)`
    : sql``
  const rows = await db.execute<Omit<ListedEvent, 'at'> & { at: string }>(sql`
    SELECT event.event_id AS "eventId", event.type, event.at, messages.token AS message, event.link,
      event.verdict, event.reason
    FROM tracking_events event LEFT JOIN messages ON messages.id = event.message_id
    WHERE true ${ofMessage} ${later}
    ORDER BY event.at, event.event_id LIMIT ${limit}`)
  return rows.map((row) => ({ ...row, at: new Date(row.at) }))
}
