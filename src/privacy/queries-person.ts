import { sql } from 'drizzle-orm'
import { intArray, textArray } from '#src/db/arrays.ts'
import type { Db } from '#src/db/open.ts'
import { spellingsOf } from '#src/lib/mail-address.ts'

/** Somebody whose data is kept: by address, or a person of whom no address is known. */
export type PersonKey = { address: string } | { factId: number }

/** All that one person is known by: addresses in lower case, names as written, the facts and companies they stand in. */
export type Subject = { addresses: string[]; names: string[]; factIds: number[]; companyIds: number[] }

export type FoundPerson = {
  address: string | null
  factId: number | null
  name: string | null
  companyId: number
  company: string
  seenAt: Date
}

const effective = sql`lower(coalesce(correction ->> 'value', value))`
/** Texts as one parameter. */

/** Addresses and people that contain a text, with where they were found; at most `limit`. */
export const searchPeople = async (db: Db, text: string, limit: number): Promise<FoundPerson[]> => {
  const rows = await db.execute<{
    address: string | null
    fact_id: number | null
    name: string | null
    company_id: number
    company: string
    seen_at: string
  }>(sql`
    WITH wanted AS (SELECT fold(${text}) AS words)
    SELECT DISTINCT ON (address, fact_id, company_id) found.*, c.name AS company FROM (
      SELECT ${effective} AS address, NULL::int AS fact_id, data ->> 'person' AS name, company_id, first_seen_at AS seen_at
        FROM facts, wanted WHERE kind IN ('email', 'suggested_email') AND position(words IN ${effective}) > 0
      UNION ALL
      SELECT lower(data ->> 'email'), id, coalesce(correction ->> 'value', value), company_id, first_seen_at
        FROM facts, wanted WHERE kind = 'person' AND position(words IN fold(coalesce(correction ->> 'value', value))) > 0
      UNION ALL
      SELECT lower(email), NULL, contact_name, id, created_at FROM companies, wanted
        WHERE email IS NOT NULL AND (position(words IN lower(email)) > 0 OR position(words IN fold(contact_name)) > 0)
      UNION ALL
      SELECT lower(recipient), NULL, NULL, company_id, created_at FROM messages, wanted
        WHERE company_id IS NOT NULL AND position(words IN lower(recipient)) > 0
    ) AS found JOIN companies c ON c.id = found.company_id
    ORDER BY address, fact_id, company_id, seen_at LIMIT ${limit}`)
  return rows.map((row) => ({
    address: row.address,
    factId: row.fact_id,
    name: row.name,
    companyId: row.company_id,
    company: row.company,
    seenAt: new Date(row.seen_at),
  }))
}

/** Everything the product knows one person by, from one address or one fact. */
export const findSubject = async (db: Db, key: PersonKey): Promise<Subject> => {
  const [first] = 'factId' in key ? await readPerson(db, key.factId) : [null]
  const address = 'address' in key ? key.address.toLowerCase() : first?.email
  const addresses = address ? spellingsOf(address) : []
  const rows = await db.execute<{ id: number; company_id: number; name: string | null }>(sql`
    SELECT id, company_id, CASE WHEN kind = 'person' THEN coalesce(correction ->> 'value', value) END AS name
    FROM facts
    WHERE (kind IN ('email', 'suggested_email') AND ${effective} = ANY (${textArray(addresses)}))
      OR (kind = 'person' AND (lower(data ->> 'email') = ANY (${textArray(addresses)})
        OR id = ${'factId' in key ? key.factId : null}::int))`)
  const companies = await db.execute<{ id: number; name: string | null }>(sql`
    SELECT id, CASE WHEN lower(email) = ANY (${textArray(addresses)}) THEN contact_name END AS name FROM companies
    WHERE lower(email) = ANY (${textArray(addresses)}) OR lower(contact_email) = ANY (${textArray(addresses)})
    UNION SELECT company_id, NULL FROM messages
    WHERE company_id IS NOT NULL AND lower(recipient) = ANY (${textArray(addresses)})`)
  const all = [...rows, ...companies]
  const names = all.flatMap(({ name }) => (name === null || name.trim() === '' ? [] : [name.trim()]))
  return {
    addresses,
    names: [...new Set(names)],
    factIds: rows.map(({ id }) => id),
    companyIds: [...new Set([...rows.map((row) => row.company_id), ...companies.map(({ id }) => id)])],
  }
}

const readPerson = (db: Db, factId: number) =>
  db.execute<{ email: string | null }>(
    sql`SELECT lower(nullif(data ->> 'email', '')) AS email FROM facts WHERE id = ${factId} AND kind = 'person'`,
  )

/** The records of one person, each list as rows of plain values. */
export type Records = Record<
  'contacts' | 'companies' | 'messages' | 'hits' | 'campaigns' | 'received' | 'suppressions' | 'withdrawals',
  Record<string, unknown>[]
>

/** Reads all of it; the words of mails are still compressed. What a rehearsal did never happened to the person. */
export const readRecords = async (db: Db, { addresses, factIds, companyIds }: Subject): Promise<Records> => {
  const list = textArray(addresses)
  const rows = async (query: ReturnType<typeof sql>) => [
    ...(await db.execute<Record<string, unknown>>(query)),
  ]
  return {
    contacts: await rows(sql`
      SELECT f.id, f.kind, coalesce(f.correction ->> 'value', f.value) AS value, f.data, f.page_url, f.method, f.snippet,
        f.confidence, f.verdict, f.first_seen_at, f.last_seen_at, f.company_id, c.name AS company, i.file_name AS import_file
      FROM facts f JOIN companies c ON c.id = f.company_id LEFT JOIN imports i ON i.id = c.import_id
      WHERE f.id = ANY (${intArray(factIds)}) ORDER BY f.id`),
    // What a list gave may be of one person, and the contact that was chosen another.
    companies: await rows(sql`
      SELECT c.id, c.name, CASE WHEN p.given THEN c.email END AS email, CASE WHEN p.given THEN c.contact_name END AS contact_name,
        CASE WHEN p.chosen THEN c.contact_email END AS contact_email,
        CASE WHEN p.chosen THEN c.contact_person END AS contact_person,
        CASE WHEN p.chosen THEN c.contact_role END AS contact_role, c.created_at,
        CASE WHEN p.given THEN i.file_name END AS import_file, CASE WHEN p.given THEN i.created_at END AS imported_at
      FROM companies c LEFT JOIN imports i ON i.id = c.import_id
      CROSS JOIN LATERAL (SELECT coalesce(lower(c.email) = ANY (${list}), false) AS given,
        coalesce(lower(c.contact_email) = ANY (${list}), false) AS chosen) p
      WHERE c.id = ANY (${intArray(companyIds)}) AND (p.given OR p.chosen) ORDER BY c.id`),
    messages: await rows(sql`
      SELECT id, company_id, campaign_id, recipient, subject, html, text, opens, clicks, state, created_at, sent_at
      FROM messages WHERE lower(recipient) = ANY (${list}) AND NOT is_rehearsal(campaign_id) ORDER BY id`),
    hits: await rows(sql`
      SELECT e.type, e.at, e.link, e.facts, e.verdict, e.message_id FROM tracking_events e
      JOIN messages m ON m.id = e.message_id
      WHERE lower(m.recipient) = ANY (${list}) AND NOT is_rehearsal(m.campaign_id) ORDER BY e.at`),
    campaigns: await rows(sql`
      SELECT m.campaign_id, c.name AS campaign, m.address, m.contact_name, m.state, m.reason, m.sent_at, m.bounced_at,
        m.replied_at, m.unsubscribed_at, m.complained_at
      FROM campaign_messages m JOIN campaigns c ON c.id = m.campaign_id
      WHERE m.address = ANY (${list}) AND c.kind = 'real' ORDER BY m.id`),
    received: await rows(sql`
      SELECT i.kind, i.from_address, i.from_name, i.subject, i.text, i.received_at FROM inbound_mails i
      WHERE (lower(i.from_address) = ANY (${list}) OR lower(i.recipient) = ANY (${list}))
        AND NOT EXISTS (SELECT FROM messages r WHERE r.id = i.message_id AND is_rehearsal(r.campaign_id))
      ORDER BY i.received_at`),
    suppressions: await rows(sql`
      SELECT scope, source, reason, at FROM suppressions WHERE address = ANY (${list}) ORDER BY at`),
    withdrawals: await rows(sql`
      SELECT active, at FROM consent_withdrawals WHERE address = ANY (${list})`),
  }
}

/** When each of these people last did something of their own (an answer, a click, a form): the clock of the law runs from
 *  there, else from when the data was first collected. Null: nothing is known of them. */
export const readClock = async (
  db: Db,
  { addresses, factIds }: Subject,
): Promise<{ collectedAt: Date | null; lastActionAt: Date | null }> => {
  const list = textArray(addresses)
  const [row] = await db.execute<{ collected: string | null; acted: string | null }>(sql`
    SELECT (SELECT min(at) FROM (
        SELECT first_seen_at AS at FROM facts WHERE id = ANY (${intArray(factIds)})
        UNION ALL SELECT created_at FROM companies WHERE lower(email) = ANY (${list})
        UNION ALL SELECT created_at FROM messages WHERE lower(recipient) = ANY (${list})
      ) AS seen) AS collected,
      (SELECT max(at) FROM (
        SELECT i.received_at AS at FROM inbound_mails i WHERE lower(i.from_address) = ANY (${list}) AND i.kind = 'reply'
          AND NOT EXISTS (SELECT FROM messages r WHERE r.id = i.message_id AND is_rehearsal(r.campaign_id))
        UNION ALL SELECT e.at FROM tracking_events e JOIN messages m ON m.id = e.message_id
          WHERE lower(m.recipient) = ANY (${list}) AND e.type = 'click' AND e.verdict = 'human'
            AND NOT is_rehearsal(m.campaign_id)
      ) AS own) AS acted`)
  const dateOf = (text: string | null | undefined) => (text == null ? null : new Date(text))
  return { collectedAt: dateOf(row?.collected), lastActionAt: dateOf(row?.acted) }
}
