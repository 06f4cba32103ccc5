import { sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'

const GONE = '[effacé]'

/** A contact's name that a list or a person gave for a company, and no page of its site. `address`: the company's only
 *  address is that person's own, and no page gives it either. */
export type GivenName = { companyId: number; name: string; address: string | null }

/** Names that were given, and of whose company nobody has been heard since, before this moment. The clock runs from the import
 *  or the change that gave the name, or the person's own address; those that a page of the site gives have that page's
 *  (queries-erase.ts). */
export const findExpiredNames = async (db: Db, before: Date, limit: number): Promise<GivenName[]> => {
  const since = sql`${before.toISOString()}::timestamptz`
  const rows = await db.execute<{ id: number; name: string; address: string | null }>(sql`
    SELECT c.id, c.contact_name AS name,
      CASE WHEN c.contact_email_kind = 'person' AND lower(c.contact_email) = lower(c.email) AND NOT EXISTS (
        SELECT FROM facts f WHERE f.company_id = c.id AND f.kind IN ('email', 'suggested_email')
          AND lower(coalesce(f.correction ->> 'value', f.value)) = lower(c.email)) THEN lower(c.email) END AS address
    FROM companies c
    WHERE c.contact_name IS NOT NULL AND c.created_at < ${since}
      AND NOT EXISTS (SELECT FROM company_changes ch WHERE ch.company_id = c.id AND ch.at >= ${since}
        AND ch.kind IN ('edited', 'imported', 'merged') AND (ch.detail::text LIKE '%contactName%'
          OR c.contact_email_kind = 'person' AND ch.detail::text LIKE '%"email"%'))
      AND NOT EXISTS (SELECT FROM import_rows r JOIN imports i ON i.id = r.import_id
        WHERE r.company_id = c.id AND i.created_at >= ${since}
          AND (r.changes ? 'contactName' OR c.contact_email_kind = 'person' AND r.changes ? 'email'))
      AND NOT EXISTS (SELECT FROM facts f WHERE f.company_id = c.id AND f.kind = 'person'
        AND lower(coalesce(f.correction ->> 'value', f.value)) = lower(c.contact_name))
      AND NOT EXISTS (SELECT FROM inbound_mails i WHERE i.company_id = c.id AND i.kind = 'reply' AND i.received_at >= ${since}
        AND NOT EXISTS (SELECT FROM messages r WHERE r.id = i.message_id AND is_rehearsal(r.campaign_id)))
      AND NOT EXISTS (SELECT FROM messages m JOIN tracking_events e ON e.message_id = m.id
        WHERE m.company_id = c.id AND e.type = 'click' AND e.verdict = 'human' AND e.at >= ${since}
          AND NOT is_rehearsal(m.campaign_id))
    ORDER BY c.id LIMIT ${limit}`)
  return rows.map(({ id, name, address }) => ({ companyId: id, name, address }))
}

/** Takes a given name out of its company and of what is kept of it. Returns how much it was. */
export const eraseName = async (tx: Db, { companyId, name }: GivenName): Promise<Record<string, number>> => {
  const count = async (query: ReturnType<typeof sql>) => (await tx.execute(query)).count
  // As a value of its own within JSON.
  const [written, gone] = [JSON.stringify(name), JSON.stringify(GONE)]
  const without = (column: string) => sql`replace(${sql.raw(column)}::text, ${written}, ${gone})::jsonb`
  await tx.execute(sql`DELETE FROM campaign_results WHERE campaign_id IN (
    SELECT campaign_id FROM campaign_messages WHERE company_id = ${companyId} AND contact_name = ${name})`)
  const campaigns = await count(sql`
    UPDATE campaign_messages SET contact_name = NULL WHERE company_id = ${companyId} AND contact_name = ${name}`)
  await tx.execute(sql`
    UPDATE company_changes SET detail = ${without('detail')}
    WHERE company_id = ${companyId} AND position(${written} IN detail::text) > 0`)
  await tx.execute(sql`
    UPDATE import_rows SET changes = ${without('changes')}, cells = ${without('cells')} WHERE company_id = ${companyId}
      AND (position(${written} IN changes::text) > 0 OR position(${written} IN cells::text) > 0)`)
  await tx.execute(sql`
    UPDATE imports SET sample = ${without('sample')}
    WHERE id IN (SELECT import_id FROM companies WHERE id = ${companyId}) AND position(${written} IN sample::text) > 0`)
  const companies = await count(sql`
    UPDATE companies SET contact_name = NULL,
      contact_role = CASE WHEN contact_person = ${name} THEN NULL ELSE contact_role END,
      contact_person = CASE WHEN contact_person = ${name} THEN NULL ELSE contact_person END, updated_at = now()
    WHERE id = ${companyId} AND contact_name = ${name}`)
  return { companies, campaigns }
}
