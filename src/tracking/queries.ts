import type { Sql } from '#src/db/open.ts'

// What the edge may ask of the database: no table is read here, so that its role needs no more than INSERT on the
// inbox and EXECUTE on track_link.

/** Inserts events (JSON of `Hit` each) in one statement. An event that is sent twice is sorted out when the inbox is
 *  emptied. */
export const insertHits = async (sql: Sql, hits: readonly string[]): Promise<void> => {
  await sql`
    INSERT INTO tracking_inbox (event_id, type, at, message, campaign_id, link, facts, detail, verdict, reason)
    SELECT event_id, type, at, message, campaign_id, link, facts, detail, verdict, reason
    FROM json_to_recordset(${`[${hits.join(',')}]`}::text::json) AS hit(event_id uuid, type text, at timestamptz,
      message text, campaign_id int, link text, facts jsonb, detail jsonb, verdict text, reason text)`
}

/** The link as stored when one of these URLs stands in the message with this token. */
export const findOldLink = async (sql: Sql, token: string, urls: string[]): Promise<string | null> => {
  const [row] = await sql<{ target: string | null }[]>`SELECT track_link(${token}, ${urls}) AS target`
  return row?.target ?? null
}
