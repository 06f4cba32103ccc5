import { sql, type SQL } from 'drizzle-orm'
import { intArray } from '#src/db/arrays.ts'
import type { Db } from '#src/db/open.ts'
import { neverReason, reasonNames } from './queries-reasons.ts'

/** Addresses below so many domains are looked for by each; below more, each address says what it is below. */
const FEW = 100

/** Whether an entry or a bounce is noted that no company was looked at for. */
export const hasBlockChanges = async (db: Db): Promise<boolean> => {
  const [row] = await db.execute<{ some: boolean }>(
    sql`SELECT EXISTS (SELECT FROM company_block_changes) AS some`,
  )
  return row?.some === true
}

/** The companies that what is noted of entries and bounces is about; forgets it. Notes are few beside companies, each is
 *  looked up by index. */
export const takeBlockChanges = async (tx: Db): Promise<number[]> => {
  const [row] = await tx.execute<{ ids: number[] | null }>(sql`
    WITH gone AS (DELETE FROM company_block_changes RETURNING kind, key),
      noted AS MATERIALIZED (SELECT DISTINCT kind, key FROM gone)
    SELECT array_agg(DISTINCT id) AS ids FROM (
      ${about('address', sql`SELECT company_id AS id FROM company_addresses WHERE address = key`)}
      UNION ALL ${about('domain', sql`SELECT company_id FROM company_addresses WHERE domain = substr(key, 2)`)}
      UNION ALL ${about(
        'domain',
        sql`SELECT company_id FROM company_addresses WHERE ${domains} <= ${FEW}
        AND domain LIKE '%.%.%' AND domain LIKE '%.' || substr(key, 2)`,
      )}
      UNION ALL SELECT company_id FROM company_addresses CROSS JOIN LATERAL unnest(domain_keys(domain)) AS above
        WHERE ${domains} > ${FEW} AND domain LIKE '%.%.%' AND above IN (SELECT key FROM noted WHERE kind = 'domain')
      UNION ALL ${about('company', sql`SELECT id FROM companies WHERE key LIKE 'site:%' AND site_key = substr(key, 6)`)}
      UNION ALL ${about('company', sql`SELECT id FROM companies WHERE key LIKE 'siren:%' AND coalesce(siren, left(siret, 9)) = substr(key, 7)`)}
      UNION ALL ${about('company', sql`SELECT id FROM companies WHERE key LIKE 'name:%' AND name_key = substr(key, 6)`)}
    ) AS found`)
  return row?.ids ?? []
}

const domains = sql`(SELECT count(*) FROM noted WHERE kind = 'domain')`

const about = (kind: 'address' | 'domain' | 'company', companies: SQL): SQL =>
  sql`SELECT c.* FROM noted CROSS JOIN LATERAL (${companies} OFFSET 0) AS c WHERE noted.kind = ${kind}`

/** Why an address with its domain is not written to by any campaign: it said no, or bounced for good and nobody took that
 *  back since; else null. */
export const blockReason = (address: SQL, domain: SQL): SQL => sql`CASE
  WHEN EXISTS (${entryOf('address')} s.address = ${address}) THEN 'suppressed'
  WHEN EXISTS (${entryOf('domain')} s.address = '@' || ${domain}) THEN 'suppressed'
  WHEN ${domain} LIKE '%.%.%' AND EXISTS (${entryOf('domain')} s.address = ANY (domain_keys(${domain}))) THEN 'suppressed'
  WHEN EXISTS (SELECT FROM campaign_messages m WHERE m.address = ${address} AND m.bounce_kind = 'hard'
    AND NOT m.rehearsed AND NOT EXISTS (SELECT FROM suppression_removals r
      WHERE r.address = m.address AND r.source = 'bounce' AND r.at > coalesce(m.bounced_at, '-infinity'))) THEN 'bounced' END`

const entryOf = (kind: 'address' | 'domain'): SQL =>
  sql`SELECT FROM suppressions s WHERE s.scope = 'all' AND s.kind = ${kind} AND`

/** Tells of each address of these companies whether it is blocked. */
export const markBlocked = async (tx: Db, companyIds: readonly number[]): Promise<void> => {
  await tx.execute(sql`
    UPDATE company_addresses a SET blocked = known.reason FROM (
      SELECT b.company_id, b.address, ${blockReason(sql`b.address`, sql`b.domain`)} AS reason
      FROM company_addresses b WHERE b.company_id = ANY (${intArray(companyIds)}) OFFSET 0
    ) AS known WHERE a.company_id = known.company_id AND a.address = known.address
      AND a.blocked IS DISTINCT FROM known.reason`)
}

/** Counts the addresses of these companies by what they are good for, and says which of the companies are barred. */
export const sumUp = async (tx: Db, companyIds: readonly number[]): Promise<void> => {
  const ids = intArray(companyIds)
  await tx.execute(sql`DELETE FROM company_reach WHERE company_id = ANY (${ids})`)
  await tx.execute(sql`
    INSERT INTO company_reach (company_id, sure, other, free, never, barred)
    SELECT coalesce(summed.company_id, barred.company_id), coalesce(sure, 0), coalesce(other, 0), coalesce(free, 0), never,
      barred.company_id IS NOT NULL
    FROM (
      SELECT company_id, count(*) FILTER (WHERE standing IN ('own', 'published', 'kept') AND blocked IS NULL) AS sure,
        count(*) FILTER (WHERE standing = 'other' AND blocked IS NULL) AS other,
        count(*) FILTER (WHERE standing = 'free' AND blocked IS NULL) AS free,
        (${reasonNames})[min(array_position(${reasonNames}, coalesce(${neverReason}, blocked)))] AS never
      FROM company_addresses a WHERE company_id = ANY (${ids}) GROUP BY company_id
    ) AS summed FULL JOIN (
      SELECT c.id AS company_id FROM companies c WHERE c.id = ANY (${ids}) AND EXISTS (
        SELECT FROM suppressions s WHERE s.kind = 'company' AND s.scope = 'all'
          AND s.address = ANY (company_suppression_keys(c)))
    ) AS barred ON barred.company_id = summed.company_id`)
}
