import type { SiteRecord } from './site-record.ts'

/** The best way in to a company. `kind` of the address: `person` or `role`; null without an address. */
export type Contact = {
  email: string | null
  emailKind: 'person' | 'role' | null
  person: string | null
  role: string | null
  phone: string | null
}

type Imported = { email: string | null; phoneE164: string | null; contactName: string | null }

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
const PHONE_VALUE: Record<string, number> = {
  fixed: 10,
  mobile: 8,
  tollfree: 4,
  other: 3,
  fax: -100,
  premium: -20,
}

/** Chooses from what the site publishes and what the import brought: an address beats none, a person's beats a
 *  role's, a decision-maker's beats a colleague's, a better attested one beats a doubtful one. Addresses of the
 *  site's maker and of third parties are never chosen; guessed ones neither. */
export const chooseContact = (
  site: Pick<SiteRecord, 'emails' | 'phones' | 'people'>,
  imported: Imported,
  rejected: ReadonlySet<string> = new Set(),
): Contact => {
  const emails = site.emails
    .filter((email) => (email.kind === 'person' || email.kind === 'role') && !rejected.has(email.value))
    .map((email) => {
      const person = site.people.find((one) => one.email === email.value)
      const value =
        (email.kind === 'person' ? 30 : 20) +
        (person ? (ROLE_VALUE[person.roleKind ?? ''] ?? 8) : 0) +
        email.confidence * 20
      return { email: email.value, kind: email.kind as 'person' | 'role', person, value }
    })
    .sort((a, b) => b.value - a.value)
  const best = emails[0]
  const decider = site.people
    .filter((one) => !rejected.has(one.name))
    .sort((a, b) => personValue(b) - personValue(a))[0]
  const person = best?.person ?? (best?.kind === 'person' ? undefined : decider)
  const phones = site.phones
    .filter((phone) => phone.kind === undefined && phone.type !== 'fax' && !rejected.has(phone.value))
    .sort((a, b) => phoneValue(b) - phoneValue(a))
  return {
    email: best?.email ?? imported.email,
    emailKind: best?.kind ?? (imported.email ? 'role' : null),
    person: person?.name ?? imported.contactName,
    role: person?.role ?? null,
    phone: person?.phone ?? phones[0]?.value ?? imported.phoneE164,
  }
}

const personValue = (person: SiteRecord['people'][number]): number =>
  (ROLE_VALUE[person.roleKind ?? ''] ?? 0) + person.confidence * 10

const phoneValue = (phone: SiteRecord['phones'][number]): number =>
  (PHONE_VALUE[phone.type] ?? 0) + phone.confidence * 10
