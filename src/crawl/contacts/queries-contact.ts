import { asc, inArray, sql } from 'drizzle-orm'
import { companies } from '#src/companies/schema.ts'
import { intArray } from '#src/db/arrays.ts'
import type { Db } from '#src/db/open.ts'
import { applyCorrection, wrongValues, type Correctable, type Judged } from './apply-correction.ts'
import type { Contact, ContactFacts, KnownContact } from './choose-contact.ts'
import { groupContacts, type PersonGroup } from './group-contacts.ts'
import { facts } from '../schema.ts'
import type { EmailFact, FormFact, PhoneFact } from '../site-record.ts'

/** An address with what was found out of it when it was seen; `pageUrl` is '' where no page gives it. */
type SeenEmail = ContactFacts['emails'][number] & Pick<EmailFact, 'pageUrl' | 'mx'>
export type WaysIn = {
  companyId: number
  facts: Omit<ContactFacts, 'emails'> & { emails: SeenEmail[] }
  known: KnownContact
}

const FOREIGN = new Set(['agency', 'thirdparty'])
const kinds = ['email', 'suggested_email', 'phone', 'person', 'form'] as const

/** What is known of the ways in to each of these companies, without what a person judged wrong. The rows are held
 *  until the transaction ends. */
export const loadWaysIn = async (tx: Db, companyIds: readonly number[]): Promise<WaysIn[]> => {
  if (companyIds.length === 0) return []
  await tx
    .select({ id: companies.id })
    .from(companies)
    .where(inArray(companies.id, [...companyIds]))
    .orderBy(asc(companies.id))
    .for('update')
  return readWaysIn(tx, companyIds)
}

/** The same for whoever changes nothing of them. */
export const readWaysIn = async (db: Db, companyIds: readonly number[]): Promise<WaysIn[]> => {
  if (companyIds.length === 0) return []
  // One value, however many they are.
  const ids = intArray(companyIds)
  const rows = await db
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
    .where(sql`${companies.id} = ANY (${ids})`)
    .orderBy(asc(companies.id))
  const all = await db
    .select({
      companyId: facts.companyId,
      id: facts.id,
      kind: facts.kind,
      key: facts.key,
      value: facts.value,
      data: facts.data,
      pageUrl: facts.pageUrl,
      confidence: facts.confidence,
      verdict: facts.verdict,
      correction: facts.correction,
      mergedIntoId: facts.mergedIntoId,
    })
    .from(facts)
    .where(sql`${facts.companyId} = ANY (${ids}) AND ${inArray(facts.kind, [...kinds])}`)
    .orderBy(asc(facts.id))
  const byCompany = Map.groupBy(all, (fact) => fact.companyId)
  return rows.map(({ id, ...known }) => waysIn(id, known, byCompany.get(id) ?? []))
}

type FactRow = Correctable & { pageUrl: string }

const waysIn = (companyId: number, known: KnownContact, all: FactRow[]): WaysIn => {
  const wrong = wrongValues(all)
  const grouped = groupContacts(all)
  const of = <T>({ value, data, pageUrl, confidence, sure }: Judged<FactRow>) => ({
    ...({ ...data, value, pageUrl } as T),
    confidence,
    confirmed: sure,
  })
  const unless = (value: string | null) => (value && wrong.has(value.toLowerCase()) ? null : value)
  const every = (kind: 'email' | 'phone') => [
    ...(kind === 'email' ? grouped.emails : grouped.phones),
    ...grouped.people.flatMap((group) => (kind === 'email' ? group.emails : group.phones)),
    ...grouped.foreign.filter((fact) => fact.kind === kind),
  ]
  return {
    companyId,
    facts: {
      emails: every('email').map((fact) => of<EmailFact>(fact)),
      people: grouped.people.flatMap((group) => peopleOf(group, all)),
      phones: every('phone').map((fact) => of<PhoneFact>(fact)),
      forms: all
        .filter(({ kind, verdict }) => kind === 'form' && verdict !== 'rejected')
        .map((fact) => of<FormFact>(applyCorrection(fact))),
    },
    known: {
      ...known,
      email: unless(known.email),
      phone: unless(known.phone),
      contactName: unless(known.contactName),
    },
  }
}

/** The person once for each address that is theirs. */
const peopleOf = (
  { person, merged, emails, phones }: PersonGroup<FactRow>,
  all: FactRow[],
): ContactFacts['people'] => {
  const everybody = [person, ...merged]
  // What the site gives beside the name counts too, unless it is a fact of its own, judged by itself.
  const beside = (field: 'email' | 'phone') =>
    everybody
      .map(({ saidData }) => saidData[field])
      .filter((value): value is string => typeof value === 'string')
      .filter((value) => !all.some((fact) => fact.kind === field && sameText(fact.value, value)))
  const one = {
    name: person.value,
    role: textOf(person.data['role']) ?? textOf(merged[0]?.data['role']),
    roleKind: textOf(person.data['roleKind']) ?? textOf(merged[0]?.data['roleKind']),
    confidence: person.confidence,
    confirmed: person.sure,
    phone: phones[0]?.value ?? beside('phone')[0] ?? shared(everybody, all),
  }
  const addresses = [...new Set([...emails.map(({ value }) => value), ...beside('email')])]
  return addresses.length > 0
    ? addresses.map((email) => ({ ...one, email }))
    : [{ ...one, email: foreignOf(everybody, all) }]
}

// An address or number that is not theirs still says whose they are: choose-contact leaves the agency's people out.
const foreignOf = (everybody: Judged<FactRow>[], all: FactRow[]): string | null =>
  everybody
    .map(({ saidData }) => textOf(saidData['email']))
    .find((value) => all.some((fact) => isForeignFact(fact, 'email', value))) ?? null

const shared = (everybody: Judged<FactRow>[], all: FactRow[]): string | null =>
  everybody
    .map(({ saidData }) => textOf(saidData['phone']))
    .find((value) =>
      all.some(
        (fact) =>
          isForeignFact(fact, 'phone', value) || (fact.kind === 'phone' && sameText(fact.value, value)),
      ),
    ) ?? null

const isForeignFact = (fact: FactRow, kind: 'email' | 'phone', value: string | null): boolean =>
  fact.kind === kind && sameText(fact.value, value) && FOREIGN.has(String(fact.data['kind']))

const sameText = (a: string, b: string | null): boolean => a.toLowerCase() === b?.toLowerCase()
const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)

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
