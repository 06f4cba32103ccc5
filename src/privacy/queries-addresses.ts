import { sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'

/** An address that a list or a person gave, or that was written to, and no page of a site gives. `host`: the site of its
 *  company. `ofPerson`: it was found to be somebody's own when the contact was chosen. */
export type GivenAddress = { id: number; address: string; host: string | null; ofPerson: boolean }

/** Of what is from before a moment, a part: what comes after an id. */
type Part = { before: Date; after: number; limit: number }

// Of `known.address`: nobody gave it anew, no page has it, and who reads it was not heard of.
const unheardSince = (since: ReturnType<typeof sql>) => sql`
  NOT EXISTS (SELECT FROM facts f WHERE f.kind = 'email'
    AND lower(coalesce(f.correction ->> 'value', f.value)) = known.address)
  AND NOT EXISTS (SELECT FROM companies o WHERE lower(o.email) = known.address AND o.deleted_at IS NULL AND o.created_at >= ${since})
  AND NOT EXISTS (SELECT FROM inbound_mails i WHERE i.kind = 'reply' AND lower(i.from_address) = known.address
    AND i.received_at >= ${since}
    AND NOT EXISTS (SELECT FROM messages r WHERE r.id = i.message_id AND is_rehearsal(r.campaign_id)))
  AND NOT EXISTS (SELECT FROM messages m JOIN inbound_mails i ON i.message_id = m.id
    WHERE lower(m.recipient) = known.address AND i.kind = 'reply' AND i.received_at >= ${since}
      AND NOT is_rehearsal(m.campaign_id))
  AND NOT EXISTS (SELECT FROM messages m JOIN tracking_events e ON e.message_id = m.id
    WHERE lower(m.recipient) = known.address AND e.type = 'click' AND e.verdict = 'human' AND e.at >= ${since}
      AND NOT is_rehearsal(m.campaign_id))`

/** Addresses of companies that were given before this moment, of companies after this one. The clock runs from the import or
 *  the change that gave the address; beside a given name it is that of the name (queries-names.ts). Whether it is a person's
 *  is for the caller to say: contact@… is not. */
export const findOldAddresses = async (db: Db, { before, after, limit }: Part): Promise<GivenAddress[]> => {
  const since = sql`${before.toISOString()}::timestamptz`
  const rows = await db.execute<{ id: number; address: string; host: string | null; of_person: boolean }>(sql`
    SELECT known.* FROM (
      SELECT c.id, v.address, split_part(c.site_key, '/', 1) AS host,
        c.contact_email_kind IS NOT DISTINCT FROM 'person' AND lower(c.contact_email) = v.address AS of_person
      FROM companies c
      CROSS JOIN LATERAL (SELECT CASE WHEN c.contact_name IS NULL THEN lower(c.email) END AS address
        UNION SELECT CASE WHEN c.contact_name IS NULL OR lower(c.contact_email) <> lower(c.email)
          THEN lower(c.contact_email) END) AS v
      WHERE c.id > ${after} AND c.created_at < ${since} AND v.address IS NOT NULL) AS known
    WHERE NOT EXISTS (SELECT FROM facts f WHERE f.company_id = known.id AND (
        f.kind = 'suggested_email' AND lower(coalesce(f.correction ->> 'value', f.value)) = known.address
        OR f.kind = 'person' AND lower(f.data ->> 'email') = known.address))
      AND NOT EXISTS (SELECT FROM company_changes ch WHERE ch.company_id = known.id AND ch.at >= ${since}
        AND ch.kind IN ('edited', 'imported', 'merged')
        AND position(to_json(known.address)::text IN lower(ch.detail::text)) > 0)
      AND NOT EXISTS (SELECT FROM import_rows r JOIN imports i ON i.id = r.import_id
        WHERE r.company_id = known.id AND i.created_at >= ${since} AND lower(r.changes -> 'email' ->> 1) = known.address)
      AND ${unheardSince(since)}
    ORDER BY known.id, known.address LIMIT ${limit}`)
  return rows.map(({ of_person: ofPerson, ...row }) => ({ ...row, ofPerson }))
}

const ofNoCompany = sql`
  NOT EXISTS (SELECT FROM companies c WHERE lower(c.email) = known.address AND c.deleted_at IS NULL)
  AND NOT EXISTS (SELECT FROM companies c WHERE lower(c.contact_email) = known.address AND c.deleted_at IS NULL)`

/** Addresses that were first written to before this moment and that no company has (any more), of mails after this one. */
export const findOldRecipients = async (db: Db, { before, after, limit }: Part): Promise<GivenAddress[]> => {
  const since = sql`${before.toISOString()}::timestamptz`
  const rows = await db.execute<{ id: number; address: string }>(sql`
    SELECT known.* FROM (
      SELECT id, lower(recipient) AS address FROM messages
      WHERE id > ${after} AND created_at < ${since} AND recipient NOT LIKE '%@erased.invalid') AS known
    WHERE ${ofNoCompany} AND ${unheardSince(since)}
    ORDER BY known.id LIMIT ${limit}`)
  return rows.map((row) => ({ ...row, host: null, ofPerson: false }))
}

/** Addresses that only the history of a company holds, from before this moment, of changes after this one. */
export const findOldMentions = async (db: Db, { before, after, limit }: Part): Promise<GivenAddress[]> => {
  const since = sql`${before.toISOString()}::timestamptz`
  const rows = await db.execute<{ id: number; address: string }>(sql`
    SELECT known.* FROM (
      SELECT ch.id, lower(v.address) AS address FROM company_changes ch
      CROSS JOIN LATERAL (VALUES (ch.detail #>> '{email,0}'), (ch.detail #>> '{email,1}'),
        (ch.detail #>> '{contactEmail,0}'), (ch.detail #>> '{contactEmail,1}')) AS v (address)
      WHERE ch.id > ${after} AND ch.at < ${since} AND position('@' IN v.address) > 0) AS known
    WHERE ${ofNoCompany} AND ${unheardSince(since)}
    ORDER BY known.id LIMIT ${limit}`)
  return rows.map((row) => ({ ...row, host: null, ofPerson: false }))
}

/** Forgets what lists from before this moment held: rows that became no company, and the first ones as an example. */
export const forgetOldRows = async (db: Db, before: Date): Promise<void> => {
  const old = sql`created_at < ${before.toISOString()}::timestamptz`
  await db.execute(sql`
    UPDATE import_rows SET cells = NULL
    WHERE cells IS NOT NULL AND import_id IN (SELECT id FROM imports WHERE ${old})`)
  await db.execute(sql`UPDATE imports SET sample = '[]' WHERE ${old} AND sample <> '[]'`)
}
