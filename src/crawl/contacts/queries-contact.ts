import { asc, inArray, sql } from 'drizzle-orm'
import { companies } from '#src/companies/schema.ts'
import type { Db } from '#src/db/open.ts'
import type { Contact, ContactFacts, KnownContact } from './choose-contact.ts'
import { facts } from '../schema.ts'
import type { EmailFact, FormFact, PersonFact, PhoneFact } from '../site-record.ts'

export type WaysIn = { companyId: number; facts: ContactFacts; known: KnownContact }

const kinds = ['email', 'suggested_email', 'phone', 'person', 'form'] as const

/** What is known of the ways in to each of these companies, without what a person judged wrong. The rows are held
 *  until the transaction ends. */
export const loadWaysIn = async (tx: Db, companyIds: readonly number[]): Promise<WaysIn[]> => {
  if (companyIds.length === 0) return []
  const ids = [...companyIds]
  const rows = await tx
    .select({
      id: companies.id,
      email: companies.email,
      phone: sql<string | null>`coalesce(${companies.phoneE164}, ${companies.phone})`,
      contactName: companies.contactName,
      editedFields: companies.editedFields,
      contactEmail: companies.contactEmail,
      contactPerson: companies.contactPerson,
      contactRole: companies.contactRole,
      contactPhone: companies.contactPhone,
    })
    .from(companies)
    .where(inArray(companies.id, ids))
    .orderBy(asc(companies.id))
    .for('update')
  const all = await tx
    .select({
      companyId: facts.companyId,
      kind: facts.kind,
      value: facts.value,
      data: facts.data,
      pageUrl: facts.pageUrl,
      confidence: facts.confidence,
      verdict: facts.verdict,
    })
    .from(facts)
    .where(sql`${inArray(facts.companyId, ids)} AND ${inArray(facts.kind, [...kinds])}`)
    .orderBy(asc(facts.id))
  const byCompany = Map.groupBy(all, (fact) => fact.companyId)
  return rows.map(({ id, ...known }) => waysIn(id, known, byCompany.get(id) ?? []))
}

type FactRow = {
  kind: string
  value: string
  data: Record<string, unknown>
  pageUrl: string
  confidence: number
  verdict: 'confirmed' | 'rejected' | null
}

const waysIn = (companyId: number, known: KnownContact, all: FactRow[]): WaysIn => {
  const rejected = new Set(
    all.filter(({ verdict }) => verdict === 'rejected').map(({ value }) => value.toLowerCase()),
  )
  const kept = all.filter(({ value }) => !rejected.has(value.toLowerCase()))
  const of = <T>(kind: (typeof kinds)[number]): (T & { confidence: number; confirmed: boolean })[] =>
    kept
      .filter((fact) => fact.kind === kind)
      .map(({ value, data, pageUrl, confidence, verdict }) => ({
        ...({ value, ...data, pageUrl } as T),
        confidence,
        confirmed: verdict === 'confirmed',
      }))
  const unless = (value: string | null) => (value && rejected.has(value.toLowerCase()) ? null : value)
  return {
    companyId,
    facts: {
      // A guessed address counts once somebody has confirmed it.
      emails: [
        ...of<EmailFact>('email'),
        ...of<EmailFact>('suggested_email').filter(({ confirmed }) => confirmed),
      ],
      people: of<PersonFact>('person'),
      phones: of<PhoneFact>('phone'),
      forms: of<FormFact>('form'),
    },
    known: {
      ...known,
      email: unless(known.email),
      phone: unless(known.phone),
      contactName: unless(known.contactName),
    },
  }
}

/** Stores the chosen contacts for the list; fields edited by hand are left alone. */
export const saveContacts = async (
  tx: Db,
  chosen: readonly { companyId: number; contact: Contact }[],
): Promise<void> => {
  if (chosen.length === 0) return
  const rows = chosen.map(({ companyId, contact: { email, emailKind, person, role, phone } }) => ({
    id: companyId,
    email,
    kind: emailKind,
    person,
    role,
    phone,
  }))
  const unlessEdited = (field: string, column: string, value: string) =>
    sql.raw(`${column} = CASE WHEN '${field}' = ANY(edited_fields) THEN ${column} ELSE ${value} END`)
  await tx.execute(sql`
    UPDATE companies SET
      ${unlessEdited('contactEmail', 'contact_email', 'new.email')},
      ${unlessEdited('contactEmail', 'contact_email_kind', 'new.kind')},
      ${unlessEdited('contactPerson', 'contact_person', 'new.person')},
      ${unlessEdited('contactPerson', 'contact_role', 'new.role')},
      ${unlessEdited('contactPhone', 'contact_phone', 'new.phone')}
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
      AS new(id int, email text, kind text, person text, role text, phone text)
    WHERE companies.id = new.id
      AND (contact_email, contact_email_kind, contact_person, contact_role, contact_phone)
        IS DISTINCT FROM (new.email, new.kind, new.person, new.role, new.phone)`)
}
