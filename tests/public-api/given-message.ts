import { randomBytes } from 'node:crypto'
import type { Sql } from '#src/db/open.ts'

type Row = Record<string, unknown>

/** A mail straight in the table; sent unless told otherwise. */
export const givenMessage = async (sql: Sql, values: Row = {}): Promise<number> => {
  const row = {
    token: randomBytes(16).toString('base64url'),
    recipient: 'claire@exemple.example',
    subject: 'Votre site',
    opens: 'individual',
    clicks: 'individual',
    state: 'sent',
    ...values,
  }
  const [made] = await sql`INSERT INTO messages ${sql(row)} RETURNING id`
  return made!.id
}

/** A hit straight among the events. */
export const givenHit = async (sql: Sql, values: Row & { detail?: unknown }): Promise<void> => {
  const { detail, ...rest } = values
  const row = { event_id: crypto.randomUUID(), at: new Date().toISOString(), ...rest }
  await sql`INSERT INTO tracking_events ${sql({ ...row, facts: '{}' })}`
  if (detail !== undefined)
    await sql`UPDATE tracking_events SET detail = ${JSON.stringify(detail)}::text::jsonb WHERE event_id = ${row.event_id}`
}
