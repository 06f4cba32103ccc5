import { randomBytes } from 'node:crypto'
import type { Sql } from '#src/db/open.ts'

type Row = Record<string, unknown>

/** A company straight in the table, with a site nobody else has; columns as the table names them. */
export const givenCompany = async (sql: Sql, values: Row = {}): Promise<number> => {
  const key = `site-${randomBytes(6).toString('hex')}.example`
  const row = { name: 'Garage Léger', website: `https://${key}`, site_key: key, ...values }
  const [made] = await sql`INSERT INTO companies ${sql(row)} RETURNING id`
  return made!.id
}

type Found = { kind: string; value: string; data?: Row; verdict?: string; correction?: Row; pageUrl?: string }

/** Something found on the company's site. */
export const givenFact = async (sql: Sql, companyId: number, found: Found): Promise<number> => {
  const { kind, value, data = {}, verdict = null, correction, pageUrl = 'https://x.example/contact' } = found
  const [made] = await sql`
    INSERT INTO facts (company_id, kind, key, value, data, page_url, method, snippet, confidence, verdict, correction)
    VALUES (${companyId}, ${kind}, ${value.toLowerCase()}, ${value}, ${JSON.stringify(data)}::text::jsonb, ${pageUrl}, 'text', '',
      0.9, ${verdict}, ${correction ? JSON.stringify(correction) : null}::text::jsonb)
    RETURNING id`
  return made!.id
}
