import { sameAddress } from './addresses.ts'
import { patternOf, suggestEmails } from './email-patterns.ts'
import { kindOfLocal } from './emails.ts'
import { isSharedDomain } from './email-whose.ts'
import { corroborated, CORROBORATION, SUREST } from './corroborate.ts'
import { creditDomains } from './links.ts'
import { saysSite } from './whose-contact.ts'
import { mergePeople } from './merge-people.ts'
import { mergePhones } from './merge-phones.ts'
import type { PageAddress, PageFacts } from './parsed-page.ts'
import { registrableDomain, relationToSite } from './site-identity.ts'
import { mergeFeatures, mergeProfile } from './merge-profile.ts'
import type {
  AddressFact,
  CompanyProfile,
  EmailFact,
  OpenGraphFact,
  PersonFact,
  PhoneFact,
  TechnologyFact,
} from '../site-record.ts'

const MAX_OPEN_GRAPH = 1_000
const MAX_IMAGES = 2_000
const MAX_EXTERNAL_LINKS = 450
const MAX_FORMS = 100

export type SiteFacts = Omit<PageFacts, 'profile' | 'phones' | 'addresses'> & {
  phones: PhoneFact[]
  addresses: AddressFact[]
  suggestedEmails: EmailFact[]
  company: CompanyProfile
}

/** The facts of one site from those of its pages (in the order they were read): each fact once with its best
 *  provenance, surer when several pages agree; people linked to their addresses; agency told from own. */
export function mergeFacts(
  pages: PageFacts[],
  siteHost: string,
  homeUrl = `https://${siteHost}/`,
): SiteFacts {
  const externalLinks = byKey(
    pages.flatMap((page) => page.externalLinks),
    (link) => link.url,
    (known, link) => {
      known.credit ||= link.credit
    },
  ).slice(0, MAX_EXTERNAL_LINKS)
  const emails = mergeEmails(pages, siteHost, creditDomains(externalLinks))
  const people = mergePeople(pages.flatMap((page) => page.people))
  linkPeopleToEmails(people, emails, siteHost)
  const ownDomains = new Set(
    emails
      .map((email) => email.value.split('@')[1]!)
      .filter((domain) => {
        const relation = relationToSite(domain, siteHost)
        return relation === 'own' || relation === 'unknown'
      }),
  )
  return {
    emails: emails.sort((a, b) => rankOfKind(a) - rankOfKind(b) || b.confidence - a.confidence),
    suggestedEmails: suggestEmails(people, emails, ownDomains),
    phones: mergePhones(pages.flatMap((page) => page.phones)),
    people,
    addresses: mergeAddresses(pages.flatMap((page) => page.addresses)),
    companyIds: corroborated(
      pages.flatMap((page) => page.companyIds),
      (fact) => `${fact.kind} ${fact.value}`,
    ),
    socials: corroborated(
      pages.flatMap((page) => page.socials),
      (fact) => fact.url.toLowerCase(),
    ),
    technologies: mergeTechnologies(pages.flatMap((page) => page.technologies)),
    openGraph: mergeOpenGraph(pages.flatMap((page) => page.openGraph)),
    forms: byKey(
      pages.flatMap((page) => page.forms),
      (form) => `${form.formMethod} ${form.action} ${form.fields.map((field) => field.name).join(' ')}`,
    ).slice(0, MAX_FORMS),
    images: byKey(
      pages.flatMap((page) => page.images),
      (image) => image.src,
    ).slice(0, MAX_IMAGES),
    externalLinks,
    company: mergeProfile(pages, people),
    features: mergeFeatures(pages, homeUrl),
  }
}

/** First of each key; `absorb` takes what later ones add. */
function byKey<T extends object>(
  items: T[],
  keyOf: (item: T) => string,
  absorb?: (known: T, item: T) => void,
): T[] {
  const found = new Map<string, T>()
  for (const item of items) {
    const key = keyOf(item)
    const known = found.get(key)
    if (!known) found.set(key, { ...item })
    else absorb?.(known, item)
  }
  return [...found.values()]
}

function mergeEmails(pages: PageFacts[], siteHost: string, credited: Set<string>): EmailFact[] {
  const all = pages.flatMap((page) => page.emails)
  // A mail domain akin to the site's that one page gives as the house's is its on all pages.
  const ours = new Set(
    all
      .filter(({ kind, value }) => (kind === 'role' || kind === 'person') && isAkin(value, siteHost))
      .map(({ value }) => value.split('@')[1]!),
  )
  const believed = all.map((fact) => {
    const [local = '', domain = ''] = fact.value.split('@')
    return fact.kind === 'thirdparty' && ours.has(domain)
      ? { ...fact, kind: kindOfLocal(local, siteHost) }
      : fact
  })
  return corroborated(
    believed,
    (fact) => fact.value,
    (best, all) => {
      const domain = best.value.split('@')[1]!
      const own = relationToSite(domain, siteHost) === 'own'
      const agency =
        all.some((fact) => fact.kind === 'agency') || credited.has(registrableDomain(domain) ?? domain)
      const mine = all.find((fact) => fact.kind === 'role' || fact.kind === 'person')
      if (agency && !own) best.kind = 'agency'
      else if (mine && best.kind === 'thirdparty') Object.assign(best, mine)
    },
  )
}

/** gites-auvergne.fr for les-gites-auvergne.com */
function isAkin(value: string, siteHost: string): boolean {
  const domain = value.split('@')[1]!
  return (
    relationToSite(domain, siteHost) === 'other' &&
    !isSharedDomain(domain) &&
    saysSite(domain.split('.')[0]!, siteHost)
  )
}

const KIND_ORDER: EmailFact['kind'][] = ['person', 'role', 'agency', 'thirdparty']
const rankOfKind = (email: EmailFact): number =>
  KIND_ORDER.indexOf(email.kind) >= 2 ? KIND_ORDER.indexOf(email.kind) : 0

/** A person's own address is the one beside the name, else the only one made of the name. */
function linkPeopleToEmails(people: PersonFact[], emails: EmailFact[], siteHost: string): void {
  const siteLabel = (registrableDomain(siteHost) ?? '').split('.')[0]!.replaceAll('-', '')
  const byValue = new Map(emails.map((email) => [email.value, email]))
  // Beside a name may stand the address of the host or of a mediator.
  for (const person of people) {
    const kind = person.email ? byValue.get(person.email)?.kind : undefined
    const apart = kind === 'agency' || kind === 'thirdparty'
    if (!kind || (apart && !patternOf(person.email!.split('@')[0]!, person.name))) person.email = null
  }
  for (const email of emails) {
    if (email.kind === 'agency' || email.kind === 'thirdparty') continue
    const local = email.value.split('@')[0]!
    const matching = people.filter((person) => patternOf(local, person.name))
    const owner = matching.length === 1 ? matching[0]! : null
    if (!owner || local.replace(/[^a-z]/g, '') === siteLabel) continue
    email.kind = 'person'
    owner.email ??= email.value
  }
}

/** Doubted addresses count only where no other is the house's. */
function mergeAddresses(all: PageAddress[]): AddressFact[] {
  const sure = all.filter(({ doubted }) => !doubted)
  const addresses = (sure.length > 0 ? sure : all).map((fact) => {
    const { doubted: _, ...plain } = fact
    return plain
  })
  const merged: AddressFact[] = []
  for (const fact of addresses) {
    const known = merged.find((other) => sameAddress(other, fact))
    if (!known) merged.push({ ...fact })
    else {
      const raised = Math.min(SUREST, Math.max(known.confidence, fact.confidence) + CORROBORATION)
      if (
        (fact.street && !known.street) ||
        (fact.confidence > known.confidence && (fact.street || !known.street))
      ) {
        Object.assign(known, fact)
      }
      if (fact.pageUrl !== known.pageUrl) known.confidence = Math.round(raised * 100) / 100
    }
  }
  return merged.filter(
    (fact) => fact.street || !merged.some((other) => other.street && other.postalCode === fact.postalCode),
  )
}

function mergeTechnologies(technologies: TechnologyFact[]): TechnologyFact[] {
  return corroborated(
    technologies,
    (fact) => fact.name,
    (best, all) => {
      const versions = all.map((fact) => fact.version).filter((version) => version !== null)
      best.version = best.version ?? versions.sort((a, b) => b.length - a.length)[0] ?? null
    },
  )
}

function mergeOpenGraph(facts: OpenGraphFact[]): OpenGraphFact[] {
  return byKey(facts, (fact) => `${fact.pageUrl} ${fact.property} ${fact.value}`).slice(0, MAX_OPEN_GRAPH)
}
