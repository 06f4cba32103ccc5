import { patternOf } from '../extract/email-patterns.ts'
import { isFreeMail } from './free-mail.ts'
import { isPersonal } from './personal-form.ts'
import type { EmailFact, FormFact, PersonFact, PhoneFact } from '../site-record.ts'

/** Best first: `owner` and `person` have an address at the company's own domain. */
export const contactKinds = ['owner', 'person', 'role', 'free', 'phone', 'form', 'none'] as const
export type ContactKind = (typeof contactKinds)[number]

type Judged = { confidence?: number; confirmed?: boolean }

/** What is known of the ways in to a company, without what a person judged wrong. */
export type ContactFacts = {
  emails: (Pick<EmailFact, 'value' | 'kind'> & Judged)[]
  people: (Pick<PersonFact, 'name' | 'role' | 'roleKind' | 'email'> & { phone?: string | null } & Judged)[]
  phones: (Pick<PhoneFact, 'value' | 'type' | 'kind'> & Judged)[]
  forms: Pick<FormFact, 'fields' | 'hasPassword' | 'pageUrl'>[]
}

/** What the company's row says besides the facts: the import, and what was edited by hand. */
export type KnownContact = {
  email: string | null
  phone: string | null
  contactName: string | null
  editedFields: readonly string[]
  contactEmail: string | null
  contactPerson: string | null
  contactRole: string | null
  contactPhone: string | null
}

/** The best way in to a company. `emailKind` says whom the address belongs to; `form` is the page of a form, when
 *  the site has one. */
export type Contact = {
  kind: ContactKind
  email: string | null
  emailKind: 'person' | 'role' | null
  person: string | null
  role: string | null
  phone: string | null
  form: string | null
}

const UNREAD_ADDRESS = /^(no-?reply|do-?not-?reply|ne-?pas-?repondre|postmaster|abuse|mailer-daemon)@/i
// Who decides about a website, best first; a role nobody named comes last.
const ROLE_VALUE: Record<string, number> = {
  owner: 40,
  director: 36,
  manager: 28,
  marketing: 26,
  sales: 18,
  technical: 14,
  hr: 6,
  accounting: 6,
}
const ROLE_UNKNOWN = 8
const DECIDERS = new Set(['owner', 'director'])
const DECIDER_ROLE =
  /g[ée]rant|dirigeant|fondat(eur|rice)|pr[ée]sident|propri[ée]taire|patron|directeur|directrice|associ[ée]|owner|founder|managing|director|ceo\b|chief executive/i
// Named by legal notices for what they do for the site or the law, not for the company.
const OUTSIDER_ROLE =
  /h[ée]berge|hosting|webma(?:ster|stre)|(?:conception|r[ée]alisation|cr[ée]ation|d[ée]veloppement)\b.{0,20}\b(?:site|web)|\bdpo\b|protection des donn[ée]es/i
const PHONE_VALUE: Record<string, number> = { fixed: 10, mobile: 8, tollfree: 4, other: 3 }

/** The one choice of a company's contact, for the list and for the score. Best first: a decision-maker's own
 *  address, another person's, the company's, one at a free provider, a phone, a form. What was edited by hand wins,
 *  then what a person confirmed. Addresses and people of the site's maker, its host and third parties are never
 *  chosen, nor addresses nobody reads, faxes and premium numbers. */
export const chooseContact = (facts: ContactFacts, known: KnownContact = nothingKnown): Contact => {
  const people = peopleOf(facts, known)
  const best = bestEmail(facts, known, people)
  const holder = best && best.kind !== 'role' ? holderOf(best.value, people) : undefined
  const shown = personOf(best, holder, people, known)
  const phone = phoneOf(facts, known, {
    ofPerson: shown?.phone ?? null,
    ofOthers: shown ? numbersOfOthers(people, shown.name) : new Set(),
  })
  const form = facts.forms.find((one) => !one.hasPassword && isPersonal(one))
  return {
    kind: best?.kind ?? (phone ? 'phone' : form ? 'form' : 'none'),
    email: best?.value ?? null,
    emailKind: best?.emailKind ?? null,
    person: shown?.name ?? null,
    role: shown?.role ?? null,
    phone,
    form: form?.pageUrl ?? null,
  }
}

const nothingKnown: KnownContact = {
  email: null,
  phone: null,
  contactName: null,
  editedFields: [],
  contactEmail: null,
  contactPerson: null,
  contactRole: null,
  contactPhone: null,
}

type Person = ContactFacts['people'][number]

/** Those who belong to the company; the name of the import is one of them when an address is made of it. */
const peopleOf = (facts: ContactFacts, known: KnownContact): Person[] => {
  const foreign = new Set(
    facts.emails.filter(({ kind }) => isForeign(kind)).map(({ value }) => value.toLowerCase()),
  )
  const foreignPhones = new Set(facts.phones.filter(({ kind }) => kind).map(({ value }) => value))
  const own = facts.people.filter(
    (person) =>
      !foreign.has(person.email?.toLowerCase() ?? '') &&
      !foreignPhones.has(person.phone ?? '') &&
      !OUTSIDER_ROLE.test(person.role ?? ''),
  )
  const names = [
    ...(known.editedFields.includes('contactPerson')
      ? [{ name: known.contactPerson, role: known.contactRole }]
      : []),
    { name: known.contactName, role: null },
  ]
  const told = names.flatMap(({ name, role }): Person[] => {
    const email = name && addressesOf(facts, known).find((value) => isMadeOf(value, name))
    return name && email && !own.some((one) => one.name === name)
      ? [{ name, role, roleKind: null, email }]
      : []
  })
  return [...own, ...told]
}

// What was chosen before is no reason to choose it again; what a person wrote is.
const addressesOf = (facts: ContactFacts, known: KnownContact): string[] =>
  [
    known.editedFields.includes('contactEmail') ? known.contactEmail : null,
    known.email,
    ...facts.emails.map(({ value }) => value),
  ].filter((value) => value !== null)

const isMadeOf = (email: string, name: string): boolean =>
  patternOf(email.slice(0, email.lastIndexOf('@')), name) !== null

type Address = { value: string; kind: ContactKind; emailKind: 'person' | 'role' | null; rank: number[] }

const bestEmail = (facts: ContactFacts, known: KnownContact, people: Person[]): Address | undefined => {
  if (known.editedFields.includes('contactEmail')) {
    if (known.contactEmail === null) return undefined
    return addressOf({ value: known.contactEmail, kind: 'role' }, people, null)
  }
  return rankEmails(facts, known, people)[0]
}

/** Every address that may be written to, in the order of `chooseContact`; the one edited by hand is not among them. */
const rankEmails = (facts: ContactFacts, known: KnownContact, people: Person[]): Address[] => {
  const imported = facts.emails.some(({ value }) => value.toLowerCase() === known.email?.toLowerCase())
  const all = [
    ...facts.emails,
    ...(known.email && !imported ? [{ value: known.email, kind: 'role' as const, confidence: 0 }] : []),
  ]
  return all
    .filter(({ value, kind }) => !isForeign(kind) && !UNREAD_ADDRESS.test(value))
    .map((email) => addressOf(email, people))
    .toSorted(byRank)
}

/** All addresses of the company with whose they are, the best contact first: that of `chooseContact` is the first. */
export const rankAddresses = (
  facts: ContactFacts,
  known: KnownContact,
): { value: string; person: string | null; roleKind: string | null }[] => {
  const people = peopleOf(facts, known)
  const best = bestEmail(facts, known, people)
  const others = rankEmails(facts, known, people).filter(({ value }) => value !== best?.value)
  return [...(best ? [best] : []), ...others].map(({ value }) => {
    const holder = holderOf(value, people)
    return { value, person: holder?.name ?? null, roleKind: holder ? roleKindOf(holder) : null }
  })
}

const roleKindOf = (person: Person): string => person.roleKind ?? (isDecider(person) ? 'director' : 'other')

const addressOf = (email: ContactFacts['emails'][number], people: Person[], shownKind?: null): Address => {
  const holder = holderOf(email.value, people)
  const personal = email.kind === 'person' || holder !== undefined
  const kind = isFreeMail(email.value)
    ? 'free'
    : holder && isDecider(holder)
      ? 'owner'
      : personal
        ? 'person'
        : 'role'
  return {
    value: email.value,
    kind,
    emailKind: shownKind === null ? null : personal ? 'person' : 'role',
    rank: [
      email.confirmed ? 0 : 1,
      contactKinds.indexOf(kind),
      holder ? -valueOf(holder) : 0,
      -(email.confidence ?? 1),
    ],
  }
}

const personOf = (
  best: Address | undefined,
  holder: Person | undefined,
  people: Person[],
  known: KnownContact,
): { name: string; role: string | null; phone?: string | null } | null => {
  if (known.editedFields.includes('contactPerson'))
    return known.contactPerson ? { name: known.contactPerson, role: known.contactRole } : null
  if (holder) return holder
  if (best && (best.kind === 'owner' || best.kind === 'person')) return null
  const ranked = people.toSorted((a, b) =>
    byRank(
      { rank: [a.confirmed ? 0 : 1, -valueOf(a), -(a.confidence ?? 1)] },
      { rank: [b.confirmed ? 0 : 1, -valueOf(b), -(b.confidence ?? 1)] },
    ),
  )
  const decider = ranked.find((person) => person.confirmed || isDecider(person))
  const told = known.contactName ? { name: known.contactName, role: null } : null
  return decider ?? told ?? ranked[0] ?? null
}

// One number beside several people is the company's.
const numbersOfOthers = (people: Person[], shown: string): Set<string> => {
  const holders = Map.groupBy(people, ({ phone }) => phone ?? '')
  return new Set(
    [...holders]
      .filter(([, all]) => new Set(all.map(({ name }) => name)).size === 1 && all[0]?.name !== shown)
      .map(([phone]) => phone),
  )
}

// Somebody else's number stands beside a name only where there is no other.
const phoneOf = (
  facts: ContactFacts,
  known: KnownContact,
  { ofPerson, ofOthers }: { ofPerson: string | null; ofOthers: ReadonlySet<string> },
): string | null => {
  if (known.editedFields.includes('contactPhone')) return known.contactPhone
  const [best] = facts.phones
    .filter(({ kind, type }) => !kind && type !== 'fax' && type !== 'premium')
    .map((phone) => ({
      ...phone,
      rank: [
        ofOthers.has(phone.value) && phone.value !== ofPerson ? 1 : 0,
        phone.confirmed ? 0 : 1,
        phone.value === ofPerson ? 0 : 1,
        -(PHONE_VALUE[phone.type] ?? 0) - (phone.confidence ?? 1) * 10,
      ],
    }))
    .toSorted(byRank)
  return best?.value ?? known.phone
}

const isForeign = (kind: EmailFact['kind']): boolean => kind === 'agency' || kind === 'thirdparty'

const holderOf = (email: string, people: Person[]): Person | undefined =>
  people
    .filter((person) => person.email?.toLowerCase() === email.toLowerCase())
    .toSorted((a, b) => Number(isDecider(b)) - Number(isDecider(a)))[0]

/** Someone who decides for the company. */
export const isDecider = (person: Pick<Person, 'role' | 'roleKind'>): boolean =>
  DECIDERS.has(person.roleKind ?? '') || (person.roleKind === null && DECIDER_ROLE.test(person.role ?? ''))

/** How much someone of this role has to say about a website. */
export const valueOf = (person: Pick<Person, 'roleKind'>): number =>
  ROLE_VALUE[person.roleKind ?? ''] ?? ROLE_UNKNOWN

const byRank = (a: { rank: number[] }, b: { rank: number[] }): number =>
  a.rank.map((value, index) => value - (b.rank[index] ?? 0)).find((difference) => difference !== 0) ?? 0
