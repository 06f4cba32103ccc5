import { sql } from 'drizzle-orm'
import { intArray, textArray } from '#src/db/arrays.ts'
import type { Db } from '#src/db/open.ts'
import type { Subject } from './queries-person.ts'
import { privacyLog } from './schema.ts'

/** What stands where a name or an address stood. */
const GONE = '[effacé]'
/** Named in drizzle/objects/60_suppression.sql too: nothing is ever sent there. */
const NOBODY = 'erased.invalid'

/** Whether entries can be kept hashed over this connection (db/connect.ts). */
export const canHash = async (db: Db): Promise<boolean> => {
  const [row] = await db.execute<{ hash: string | null }>(sql`SELECT suppression_hash('') AS hash`)
  return row?.hash != null
}

/** Keeps of each address, and of each person of a site, only a keyed hash: they are not written to, nor taken in, again. */
export const hashEntries = async (tx: Db, { addresses, factIds }: Subject, at: Date): Promise<void> => {
  await tx.execute(sql`
    INSERT INTO suppressions (kind, address, scope, source, reason, erased, at)
    SELECT 'address', suppression_hash(t), 'all', 'erasure', '', true, ${at.toISOString()}::timestamptz
    FROM unnest(${textArray(addresses)}) AS t
    UNION ALL
    SELECT DISTINCT 'person', suppression_hash('person:' || c.site_key || ':' || f.key), 'all', 'erasure', '', true,
      ${at.toISOString()}::timestamptz
    FROM facts f JOIN companies c ON c.id = f.company_id
    WHERE f.id = ANY (${intArray(factIds)}) AND f.kind = 'person' AND c.site_key IS NOT NULL
    ON CONFLICT DO NOTHING`)
}

/** Takes people out of everything, each out of their own companies: who has the same name in another one stays there. The
 *  ledger keeps its rows, so that campaigns still add up. Returns how much it was. */
export const eraseRecords = async (tx: Db, people: readonly Subject[]): Promise<Record<string, number>> => {
  const addresses = people.flatMap((one) => one.addresses)
  const factIds = people.flatMap((one) => one.factIds)
  const companyIds = people.flatMap((one) => one.companyIds)
  const list = textArray(addresses)
  const count = async (query: ReturnType<typeof sql>) => (await tx.execute(query)).count
  const counts: Record<string, number> = {}
  counts['contacts'] = await count(sql`DELETE FROM facts WHERE id = ANY (${intArray(factIds)})`)
  counts['received'] = await count(sql`
    DELETE FROM inbound_mails WHERE lower(from_address) = ANY (${list}) OR lower(recipient) = ANY (${list})`)
  counts['hits'] = await count(sql`
    UPDATE tracking_events SET facts = '{}', detail = NULL
    WHERE message_id IN (SELECT id FROM messages WHERE lower(recipient) = ANY (${list}))`)
  // Who is to be called first stands among the numbers; they are counted anew when they are looked at.
  await tx.execute(sql`DELETE FROM campaign_results WHERE campaign_id IN (
    SELECT campaign_id FROM campaign_messages WHERE address = ANY (${list}))`)
  counts['campaigns'] = await count(sql`
    UPDATE campaign_messages SET address = 'erased-' || id || ${`@${NOBODY}`}, contact_name = NULL, reply = NULL,
      state = CASE WHEN state IN ('planned', 'held', 'claimed') THEN 'skipped' ELSE state END,
      reason = CASE WHEN state IN ('planned', 'held', 'claimed') THEN 'suppressed' ELSE reason END,
      claimed_by = CASE WHEN state = 'claimed' THEN NULL ELSE claimed_by END
    WHERE address = ANY (${list})`)
  counts['messages'] = await count(sql`
    UPDATE messages SET recipient = 'erased-' || id || ${`@${NOBODY}`}, subject = ${GONE}, html = NULL, text = NULL,
      evidence = NULL, smtp_reply = NULL
    WHERE lower(recipient) = ANY (${list})`)
  counts['companies'] = 0
  for (const person of people) counts['companies'] += await eraseFromCompanies(tx, person)
  await tx.execute(sql`DELETE FROM consent_withdrawals WHERE address = ANY (${list})`)
  await tx.execute(sql`DELETE FROM company_addresses WHERE address = ANY (${list})`)
  await tx.execute(sql`
    UPDATE suppressions SET address = suppression_hash(address), erased = true, reason = '', message_id = NULL, label = NULL
    WHERE address = ANY (${list}) AND NOT EXISTS (
      SELECT FROM suppressions known WHERE known.address = suppression_hash(suppressions.address)
        AND known.scope = suppressions.scope)`)
  await tx.execute(sql`DELETE FROM suppressions WHERE address = ANY (${list})`)
  await tx.execute(sql`DELETE FROM suppression_removals WHERE address = ANY (${list})`)
  // Pages as they were read before; the next visit reads them again.
  await tx.execute(sql`DELETE FROM kept_pages WHERE company_id = ANY (${intArray(companyIds)})`)
  const [mentions] = await tx.execute<{ changed: number }>(
    sql`SELECT erase_texts(${list}, ${GONE}, ${intArray(companyIds)}) AS changed`,
  )
  counts['mentions'] = mentions?.changed ?? 0
  return counts
}

const eraseFromCompanies = async (tx: Db, { addresses, names, companyIds }: Subject): Promise<number> => {
  const list = textArray(addresses)
  const { count } = await tx.execute(sql`
    UPDATE companies SET
      email = CASE WHEN lower(email) = ANY (${list}) THEN NULL ELSE email END,
      contact_name = CASE WHEN contact_name = ANY (${textArray(names)}) THEN NULL ELSE contact_name END,
      contact_role = CASE WHEN contact_person = ANY (${textArray(names)}) THEN NULL ELSE contact_role END,
      contact_person = CASE WHEN contact_person = ANY (${textArray(names)}) THEN NULL ELSE contact_person END,
      contact_email_kind = CASE WHEN lower(contact_email) = ANY (${list}) THEN NULL ELSE contact_email_kind END,
      contact_email = CASE WHEN lower(contact_email) = ANY (${list}) THEN NULL ELSE contact_email END,
      updated_at = now()
    WHERE id = ANY (${intArray(companyIds)})
      AND (lower(email) = ANY (${list}) OR lower(contact_email) = ANY (${list})
        OR contact_name = ANY (${textArray(names)}) OR contact_person = ANY (${textArray(names)}))`)
  return count
}

/** Contacts of people that were collected, and last heard of, before this moment: facts by company. Shared addresses of a
 *  company (contact@…) are not about a person. */
export const findExpired = async (
  db: Db,
  before: Date,
  limit: number,
): Promise<{ factId: number; address: string | null }[]> => {
  const rows = await db.execute<{ fact_id: number; address: string | null }>(sql`
    SELECT f.id AS fact_id, owned.address FROM facts f
    CROSS JOIN LATERAL (SELECT lower(CASE WHEN f.kind = 'person' THEN nullif(f.data ->> 'email', '')
      ELSE coalesce(f.correction ->> 'value', f.value) END) AS address) AS owned
    WHERE f.first_seen_at < ${before.toISOString()}::timestamptz
      AND (f.kind IN ('person', 'suggested_email')
        OR (f.kind = 'email' AND coalesce(f.correction ->> 'kind', f.data ->> 'kind') = 'person'))
      AND NOT EXISTS (SELECT FROM inbound_mails i WHERE i.kind = 'reply' AND lower(i.from_address) = owned.address
        AND i.received_at >= ${before.toISOString()}::timestamptz
        AND NOT EXISTS (SELECT FROM messages r WHERE r.id = i.message_id AND is_rehearsal(r.campaign_id)))
      AND NOT EXISTS (SELECT FROM messages m JOIN tracking_events e ON e.message_id = m.id
        WHERE lower(m.recipient) = owned.address AND e.type = 'click' AND e.verdict = 'human'
          AND e.at >= ${before.toISOString()}::timestamptz AND NOT is_rehearsal(m.campaign_id))
    ORDER BY f.id LIMIT ${limit}`)
  return rows.map((row) => ({ factId: row.fact_id, address: row.address }))
}

export const noteInLog = async (tx: Db, entry: typeof privacyLog.$inferInsert): Promise<void> => {
  await tx.insert(privacyLog).values(entry)
}

export const listLog = (db: Db, limit: number) =>
  db
    .select()
    .from(privacyLog)
    .orderBy(sql`${privacyLog.at} DESC, ${privacyLog.id} DESC`)
    .limit(limit)
