import type { Sql } from '#src/db/open.ts'
import { emailsVersionOf } from '../numbers/queries-versions.ts'
import { idsOfPage, type Page, type PageRead } from '../queries-page.ts'

// `id + 0`: the planner would else walk all ids in search of the first that matches.

export type EmailRow = {
  id: number
  entreprise_id: number
  entreprise_nom: string
  email: string
  type: string | null
  nom: string | null
  free: boolean | null
  mx: boolean | null
  quality: number | null
  page_url: string
  date_scraping: string
  analyzed_at: string
}

export type PhoneRow = {
  id: number
  entreprise_id: number
  phone: string
  phone_e164: string
  line_type: string | null
  page_url: string
  date_found: string
  analyzed_at: string
}

/** What is known of a company's own addresses and numbers: its main ones, then as they were given. */
export type MainContacts = {
  id: number
  email_principal: string | null
  own_email: string | null
  telephone: string | null
  telephone_e164: string | null
  own_e164: string | null
}

const emailColumns = (
  sql: Sql,
) => sql`e.id, e.entreprise_id, e.entreprise_nom, e.email, e.type, e.nom, e.free, e.mx,
  e.quality, e.page_url, e.date_scraping, e.analyzed_at`

export const findMainContacts = async (sql: Sql, companyId: number): Promise<MainContacts | null> => {
  const [row] = await sql<MainContacts[]>`
    SELECT id, email_principal, own_email, telephone, telephone_e164, own_e164
    FROM api_companies WHERE id = ${companyId}`
  return row ?? null
}

/** Addresses found on the company's site, surest first. */
export const listEmailsOf = (sql: Sql, companyId: number): Promise<EmailRow[]> =>
  sql<EmailRow[]>`SELECT ${emailColumns(sql)} FROM api_emails e WHERE e.entreprise_id = ${companyId}
    ORDER BY e.confidence DESC, e.id`

export type ListedEmail = Pick<
  EmailRow,
  'email' | 'nom' | 'page_url' | 'date_scraping' | 'type' | 'entreprise_id' | 'entreprise_nom'
>

/** Addresses found on all sites, newest first. Only those of the page are put into words. */
export const listEmails = async (
  sql: Sql,
  companyId: number | null,
  page: Page,
): Promise<PageRead & { rows: ListedEmail[] }> => {
  const ids = sql`SELECT e.id FROM api_emails e
    WHERE ${companyId === null ? sql`true` : sql`e.entreprise_id = ${companyId}`}
      ${page.before === undefined ? sql`` : sql`AND e.id < ${page.before}`}
    ORDER BY e.id DESC`
  const rows = await sql<(ListedEmail & { id?: number; list_version?: string })[]>`
    SELECT e.email, e.nom, e.page_url, e.date_scraping, e.type, e.entreprise_id, e.entreprise_nom, e.id, list.list_version
    FROM (SELECT ${emailsVersionOf(sql)} AS list_version, ARRAY(${idsOfPage(sql, ids, page)}) AS ids) list
    LEFT JOIN LATERAL unnest(list.ids) AS at (id) ON true
    LEFT JOIN LATERAL (SELECT * FROM api_emails one WHERE one.id = at.id OFFSET 0) e ON true ORDER BY at.id DESC`
  const version = rows[0]?.list_version ?? ''
  // There is always one row, be it of no address.
  const found = rows.filter(({ id }) => id !== null)
  const foundIds = found.map(({ id }) => id!)
  for (const email of found) email.id = email.list_version = undefined
  return { rows: found, ids: foundIds, version }
}

/** The oldest finding of this address on a site, whatever its case. */
export const findEmail = async (sql: Sql, email: string): Promise<EmailRow | null> => {
  const [row] = await sql<EmailRow[]>`
    SELECT ${emailColumns(sql)} FROM api_emails e WHERE e.email_key = lower(${email}) ORDER BY e.id + 0 LIMIT 1`
  return row ?? null
}

/** The oldest company whose own address this is. */
export const findByMainEmail = async (
  sql: Sql,
  email: string,
): Promise<{ id: number; email: string } | null> => {
  const [row] = await sql<{ id: number; email: string }[]>`
    SELECT c.id, CASE WHEN lower(c.contact_email) = lower(${email}) THEN c.contact_email ELSE c.own_email END AS email
    FROM api_companies c WHERE lower(c.own_email) = lower(${email}::text) OR lower(c.contact_email) = lower(${email}::text)
    ORDER BY c.id + 0 LIMIT 1`
  return row ?? null
}

/** Numbers found on the company's site, surest first. */
export const listPhonesOf = (sql: Sql, companyId: number): Promise<PhoneRow[]> =>
  sql<PhoneRow[]>`SELECT id, entreprise_id, phone, phone_e164, line_type, page_url, date_found, analyzed_at
    FROM api_phones WHERE entreprise_id = ${companyId} ORDER BY confidence DESC, id`

/** The oldest finding of one of these numbers (E.164) on a site. */
export const findPhone = async (sql: Sql, numbers: readonly string[]): Promise<PhoneRow | null> => {
  const [row] = await sql<PhoneRow[]>`
    SELECT id, entreprise_id, phone, phone_e164, line_type, page_url, date_found, analyzed_at
    FROM api_phones WHERE phone_key = ANY (${numbers}::text[]) ORDER BY id + 0 LIMIT 1`
  return row ?? null
}

/** The oldest company with one of these numbers of its own, as it is known, else digit by digit as it was written. */
export const findByMainPhone = async (
  sql: Sql,
  { e164, digits }: { e164: readonly string[]; digits: readonly string[] },
): Promise<number | null> => {
  const [row] = await sql<{ id: number }[]>`
    SELECT c.id FROM api_companies c WHERE c.own_e164 = ANY (${e164}::text[]) OR c.contact_phone = ANY (${e164}::text[])
    ORDER BY c.id + 0 LIMIT 1`
  if (row) return row.id
  const [other] = await sql<{ id: number }[]>`
    SELECT c.id FROM api_companies c
    WHERE c.own_phone IS NOT NULL AND c.phone_digits = ANY (${digits}::text[])
    ORDER BY c.id + 0 LIMIT 1`
  return other?.id ?? null
}
