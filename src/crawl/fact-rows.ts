import { keyOfValue } from './contacts/apply-correction.ts'
import { seenImage, seenLink } from './crawl-document.ts'
import type { AddressFact, CompanyIdFact, Provenance, SiteRecord } from './site-record.ts'

export type FactKind =
  | 'email'
  | 'suggested_email'
  | 'phone'
  | 'person'
  | 'address'
  | 'company_id'
  | 'social'
  | 'technology'
  | 'open_graph'
  | 'form'
  | 'image'
  | 'external_link'

export type FactRow = Provenance & {
  kind: FactKind
  key: string
  value: string
  data: Record<string, unknown>
}

// What one site may leave behind of each kind: enough to read, too little to fill a disk.
const MAX_PER_KIND = 200
const MAX_LISTED_PER_KIND = 60

/** The facts of a crawl as rows of the table `facts`. `key` tells two facts of one kind apart. */
export const factRows = (site: SiteRecord): FactRow[] => [
  ...rows('email', site.emails, (fact) => fact.value),
  ...rows('suggested_email', site.suggestedEmails, (fact) => fact.value),
  ...rows('phone', site.phones, (fact) => fact.value),
  ...rows('person', site.people, (fact) => fact.name),
  ...rows('address', site.addresses, addressValue),
  ...rows('company_id', site.companyIds, companyIdValue),
  ...rows('social', site.socials, (fact) => fact.url),
  ...rows('technology', site.technologies, (fact) => fact.name),
  ...rows('open_graph', site.openGraph, (fact) => `${fact.property}=${fact.value}`, MAX_LISTED_PER_KIND),
  ...rows('form', site.forms, (fact) => `${fact.formMethod} ${fact.action}`, MAX_LISTED_PER_KIND),
  ...rows('image', site.images.map(seenImage), (fact) => fact.src, MAX_LISTED_PER_KIND),
  ...rows('external_link', site.externalLinks.map(seenLink), (fact) => fact.url, MAX_LISTED_PER_KIND),
]

/** How an address and a company number are stored, and judged by a person. */
export const addressValue = ({
  street,
  postalCode,
  city,
  country,
}: Omit<AddressFact, keyof Provenance>): string =>
  [street, postalCode, city, country].filter(Boolean).join(', ')
export const companyIdValue = ({ kind, value }: CompanyIdFact): string => `${kind}:${value}`

const rows = <T extends Provenance>(
  kind: FactKind,
  facts: T[],
  keyOf: (fact: T) => string,
  most = MAX_PER_KIND,
): FactRow[] => {
  const byKey = new Map<string, FactRow>()
  for (const fact of facts) {
    const { pageUrl, method, snippet, confidence, ...data } = fact
    const value = clean(keyOf(fact)).slice(0, 1_000).toWellFormed()
    const key = keyOfValue(value)
    if (!key || byKey.has(key)) continue
    if (byKey.size >= most) break
    byKey.set(key, {
      kind,
      key,
      value,
      data: cleanDeep(data),
      pageUrl,
      method,
      snippet: clean(snippet),
      confidence,
    })
  }
  return [...byKey.values()]
}

// PostgreSQL refuses U+0000 in text and JSON, and a lone surrogate in JSON.
const clean = (text: string): string => text.replaceAll('\u0000', '').toWellFormed()

// Nearly always there is nothing to clean, and looking costs far less than cleaning.
const cleanDeep = <T extends object>(data: T): T =>
  /\\u(?:0000|d[89a-f])/.test(JSON.stringify(data))
    ? JSON.parse(JSON.stringify(data, (_, value) => (typeof value === 'string' ? clean(value) : value)))
    : data

/** The same cleaning for any JSON a crawl stores. */
export const storable = <T extends object>(value: T): T => cleanDeep(value)
