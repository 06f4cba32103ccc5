import { asc, sql } from 'drizzle-orm'
import { companies } from '#src/companies/schema.ts'
import { readWaysIn } from '#src/crawl/contacts/queries-contact.ts'
import { mailDomains } from '#src/crawl/contacts/schema-mail.ts'
import { intArray, textArray } from '#src/db/arrays.ts'
import type { Db } from '#src/db/open.ts'
import type { AddressSources, CompanyAddress } from './choose-addresses.ts'
import { blockReason, sumUp } from './queries-blocks.ts'
import { companyAddressChanges } from './schema.ts'

// Any constant: one node judges at a time.
const JUDGING_LOCK = 7_301_145

/** Waits until nobody else judges addresses; held until the transaction ends. */
export const holdJudging = async (tx: Db): Promise<void> => {
  await tx.execute(sql`SELECT pg_advisory_xact_lock(${JUDGING_LOCK})`)
}

/** The companies that the oldest notes of changed addresses name, by id. */
export const readChanged = async (db: Db, limit: number): Promise<number[]> => {
  const notes = await db
    .select({ companyId: companyAddressChanges.companyId })
    .from(companyAddressChanges)
    .orderBy(asc(companyAddressChanges.id))
    .limit(limit)
  return [...new Set(notes.map(({ companyId }) => companyId))].toSorted((a, b) => a - b)
}

/** Forgets what is noted of these companies; what is noted from now on stays. */
export const forgetChanges = async (tx: Db, companyIds: number[]): Promise<void> => {
  await tx.execute(sql`DELETE FROM company_address_changes
    WHERE company_id = ANY (${intArray(companyIds)})`)
}

/** What the addresses of these companies are judged by; companies that are gone are left out. */
export const readAddressSources = async (db: Db, companyIds: number[]): Promise<AddressSources[]> => {
  const ways = await readWaysIn(db, companyIds)
  const sites = await db
    .select({ id: companies.id, siteKey: companies.siteKey })
    .from(companies)
    .where(sql`${companies.id} = ANY (${intArray(companyIds)})`)
  const siteKeys = new Map(sites.map(({ id, siteKey }) => [id, siteKey]))
  const guesses = await db.execute<{ id: number; values: string[] }>(sql`
    SELECT company_id AS id, array_agg(value ORDER BY id) AS values FROM facts
    WHERE kind = 'suggested_email' AND verdict IS NULL AND company_id = ANY (${intArray(companyIds)})
    GROUP BY company_id`)
  const guessed = new Map(guesses.map(({ id, values }) => [id, values]))
  return ways.map((way) => ({
    ...way,
    siteKey: siteKeys.get(way.companyId) ?? null,
    guessed: guessed.get(way.companyId) ?? [],
  }))
}

/** What is known of whether these domains take mail. */
export const readMailDomains = async (db: Db, domains: string[]): Promise<Map<string, boolean>> => {
  const rows = await db
    .select({ domain: mailDomains.domain, takesMail: mailDomains.takesMail })
    .from(mailDomains)
    .where(sql`${mailDomains.domain} = ANY (${textArray(domains)})`)
  return new Map(rows.map(({ domain, takesMail }) => [domain, takesMail]))
}

// What was erased is known by its hash only, which takes too long for a count.
const standingUnlessErased = sql`CASE WHEN EXISTS (SELECT FROM suppressions WHERE erased)
  AND EXISTS (SELECT FROM suppressions s WHERE s.erased AND s.scope = 'all'
    AND s.address = ANY (suppression_keys(r ->> 1, (r ->> 0)::int))) THEN 'erased' ELSE r ->> 4 END`

/** Puts these addresses in the place of what was known of the companies. */
export const replaceAddresses = async (
  tx: Db,
  companyIds: number[],
  judged: { companyId: number; addresses: CompanyAddress[] }[],
): Promise<void> => {
  const ids = `{${companyIds.join(',')}}`
  const before = await tx.execute<{ address: string }>(
    sql`DELETE FROM company_addresses WHERE company_id = ANY (${ids}::int[]) RETURNING address`,
  )
  const rows = judged.flatMap(({ companyId, addresses }) =>
    addresses.map(({ address, domain, standing, role, contactName }, rank) => [
      companyId,
      address,
      domain,
      rank,
      standing,
      role,
      contactName,
    ]),
  )
  if (rows.length > 0)
    await tx.execute(sql`
    INSERT INTO company_addresses (company_id, address, domain, rank, standing, role, contact_name, blocked)
    SELECT (r ->> 0)::int, r ->> 1, r ->> 2, (r ->> 3)::smallint, ${standingUnlessErased}, r ->> 5, r ->> 6,
      ${blockReason(sql`(r ->> 1)`, sql`(r ->> 2)`)}
    FROM jsonb_array_elements(${JSON.stringify(rows)}::text::jsonb) AS r
    WHERE EXISTS (SELECT FROM companies WHERE id = (r ->> 0)::int)`)
  const touched = new Set([...before.map(({ address }) => address), ...rows.map((row) => row[1])])
  await markShared(tx, [...touched])
  await sumUp(tx, companyIds)
}

/** Tells of each of these addresses whether several companies have it. How many they are is kept from the planner: it would
 *  read all addresses instead of looking these up. */
const markShared = async (tx: Db, addresses: unknown[]): Promise<void> => {
  await tx.execute(sql`
    UPDATE company_addresses a SET shared = known.many FROM (
      SELECT address, count(*) > 1 AS many FROM company_addresses
      WHERE address = ANY (ARRAY(SELECT jsonb_array_elements_text(${JSON.stringify(addresses)}::text::jsonb)))
      GROUP BY address
    ) AS known WHERE a.address = known.address AND a.shared <> known.many`)
}
