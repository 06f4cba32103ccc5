import { domainToASCII } from 'node:url'
import { isDisposableDomain } from '#src/crawl/contacts/disposable-mail.ts'
import { rankAddresses } from '#src/crawl/contacts/choose-contact.ts'
import { isFreeMail } from '#src/crawl/contacts/free-mail.ts'
import type { WaysIn } from '#src/crawl/contacts/queries-contact.ts'
import { isUnread } from '#src/crawl/contacts/rate-emails.ts'
import { isPlaceholder } from '#src/crawl/extract/emails.ts'
import { relationToSite } from '#src/crawl/extract/site-identity.ts'
import { readAddress } from '#src/mail/mailbox.ts'
import type { RecipientRole, Standing } from './standings.ts'

const MAX_ADDRESSES = 60
const MAX_NAME = 200

export type CompanyAddress = {
  /** Lower case, the domain in letters, as everywhere where somebody may say no. */
  address: string
  /** In ASCII. */
  domain: string
  standing: Standing
  role: RecipientRole
  contactName: string | null
}

/** What the addresses of one company are judged by. */
export type AddressSources = WaysIn & {
  siteKey: string | null
  /** Addresses made of a person's name that nobody confirmed. */
  guessed: string[]
}

/** Every address of the company once, the best contact first, with what it is good for in a mail to many. `takesMail`
 *  tells of a domain whether it takes mail; null: not known, which is no reason to leave it out. */
export const chooseAddresses = (
  { facts, known, siteKey, guessed }: AddressSources,
  takesMail: (domain: string) => boolean | null,
): CompanyAddress[] => {
  const seen = new Map(facts.emails.map((email) => [email.value.toLowerCase(), email]))
  const byHand = known.editedFields.includes('contactEmail') ? known.contactEmail?.toLowerCase() : undefined
  const ranked = rankAddresses(facts, known)
  const rest = [...seen.keys(), ...(known.email ? [known.email] : [])]
  const all = [...ranked, ...rest.map((value) => ({ value, person: null, roleKind: null }))]

  const standingOf = (value: string, domain: string): Standing => {
    const fact = seen.get(value.toLowerCase())
    const host = siteKey?.split('/')[0] ?? ''
    if (fact?.kind === 'agency' || fact?.kind === 'thirdparty') return 'foreign'
    if (isDisposableDomain(domain)) return 'disposable'
    if (isPlaceholder(value.slice(0, value.lastIndexOf('@')).toLowerCase(), domain, host))
      return 'placeholder'
    if (isUnread(value.toLowerCase())) return 'unread'
    if ((takesMail(domain) ?? fact?.mx ?? null) === false) return 'no_mail'
    const isPublished = fact !== undefined && fact.pageUrl !== ''
    if (isFreeMail(domain)) return isPublished ? 'published' : 'free'
    if (host === '' || ['own', 'unknown'].includes(relationToSite(domain, host))) return 'own'
    if (isPublished) return 'published'
    return fact?.confirmed || value.toLowerCase() === byHand ? 'kept' : 'other'
  }

  const chosen = new Map<string, CompanyAddress>()
  const add = (value: string, judge: (domain: string) => Omit<CompanyAddress, 'address' | 'domain'>) => {
    const parts = partsOf(value)
    if (parts && !chosen.has(parts.address)) chosen.set(parts.address, { ...parts, ...judge(parts.domain) })
  }
  for (const { value, person, roleKind } of all)
    add(value, (domain) => ({
      standing: standingOf(value, domain),
      role: roleOf(roleKind, seen.get(value.toLowerCase())?.kind),
      contactName: person?.slice(0, MAX_NAME) ?? null,
    }))
  for (const value of guessed) add(value, () => ({ standing: 'guessed', role: 'other', contactName: null }))
  return [...chosen.values()].slice(0, MAX_ADDRESSES)
}

const roleOf = (roleKind: string | null, kind: string | undefined): RecipientRole =>
  (roleKind as RecipientRole | null) ?? (kind === 'person' ? 'other' : 'shared')

const partsOf = (value: string): { address: string; domain: string } | null => {
  const address = readAddress(value)?.address.toLowerCase()
  if (address === undefined) return null
  const at = address.lastIndexOf('@')
  const domain = domainToASCII(address.slice(at + 1))
  return domain === '' ? null : { address, domain }
}
