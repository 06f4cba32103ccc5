import type { EmailFact, FormFact, PersonFact, PhoneFact } from '#src/crawl/site-record.ts'
import { isPersonal } from '#src/analysis/rules/transport.ts'
import freeMail from './free-mail.data.json'

/** Best first: `owner` and `person` have an address at the company's own domain. */
export const contactKinds = ['owner', 'person', 'role', 'free', 'phone', 'form', 'none'] as const
export type ContactKind = (typeof contactKinds)[number]

/** Every way in that is known, from the crawl, the import and by hand. */
export type ContactFacts = {
  emails: Pick<EmailFact, 'value' | 'kind'>[]
  people: Pick<PersonFact, 'name' | 'role' | 'roleKind' | 'email'>[]
  phones: Pick<PhoneFact, 'value' | 'type' | 'kind'>[]
  forms: Pick<FormFact, 'fields' | 'hasPassword' | 'pageUrl'>[]
}

export type BestContact = { kind: ContactKind; evidence: string; phone: string | null }

const UNREAD_ADDRESS = /^(no-?reply|do-?not-?reply|ne-?pas-?repondre|postmaster|abuse|mailer-daemon)@/i
const DECIDERS = new Set(['owner', 'director'])
const DECIDER_ROLE =
  /g[ée]rant|dirigeant|fondat(eur|rice)|pr[ée]sident|propri[ée]taire|patron|directeur|directrice|associ[ée]|owner|founder|managing|director|ceo\b|chief executive/i

const freeLabels = new Set(freeMail.anyEnding.split(' '))
const freeDomains = new Set(freeMail.domains.split(' '))

/** The surest way to someone who decides. Addresses of the site's maker or of third parties, addresses nobody
 *  reads, faxes and premium numbers are no way in. */
export const bestContact = (facts: ContactFacts): BestContact => {
  const phone = facts.phones.find(isUsable)?.value ?? null
  const rank = (kind: ContactKind) => contactKinds.indexOf(kind)
  const email = facts.emails
    .flatMap((one) => {
      const kind = kindOfEmail(one, facts.people)
      return kind ? [{ kind, evidence: describe(one.value, kind, facts.people) }] : []
    })
    .toSorted((a, b) => rank(a.kind) - rank(b.kind))[0]
  if (email) return { ...email, phone }
  if (phone) return { kind: 'phone', evidence: phone, phone }
  const form = facts.forms.find((one) => !one.hasPassword && isPersonal(one))
  if (form) return { kind: 'form', evidence: `contact form on ${form.pageUrl}`, phone }
  return { kind: 'none', evidence: 'no address, number or form known', phone }
}

/** True for an address at a provider of free mailboxes. */
export const isFreeMail = (email: string): boolean => {
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase()
  const labels = domain.split('.')
  const isShort = labels.length === 2 || (labels.length === 3 && labels[1] === 'co')
  return freeDomains.has(domain) || (isShort && freeLabels.has(labels[0] ?? ''))
}

const kindOfEmail = (
  email: ContactFacts['emails'][number],
  people: ContactFacts['people'],
): ContactKind | null => {
  if (email.kind === 'agency' || email.kind === 'thirdparty' || UNREAD_ADDRESS.test(email.value)) return null
  if (isFreeMail(email.value)) return 'free'
  const holder = holderOf(email.value, people)
  if (holder && isDecider(holder)) return 'owner'
  return email.kind === 'person' || holder ? 'person' : 'role'
}

const describe = (email: string, kind: ContactKind, people: ContactFacts['people']): string => {
  const holder = kind === 'role' ? undefined : holderOf(email, people)
  return holder ? `${email} (${[holder.name, holder.role].filter(Boolean).join(', ')})` : email
}

const holderOf = (email: string, people: ContactFacts['people']) =>
  people
    .filter((person) => person.email?.toLowerCase() === email.toLowerCase())
    .toSorted((a, b) => Number(isDecider(b)) - Number(isDecider(a)))[0]

const isDecider = (person: ContactFacts['people'][number]): boolean =>
  DECIDERS.has(person.roleKind ?? '') || (person.roleKind === null && DECIDER_ROLE.test(person.role ?? ''))

const isUsable = (phone: ContactFacts['phones'][number]): boolean =>
  phone.kind === undefined && phone.type !== 'fax' && phone.type !== 'premium'
