import { relationToSite } from '../extract/site-identity.ts'
import type { MxCheck } from './check-mx.ts'
import { isDisposableDomain } from './disposable-mail.ts'
import { isFreeMail } from './free-mail.ts'
import type { EmailFact, PersonFact } from '../site-record.ts'

const MAX_DOMAINS_ASKED = 12
const UNREAD =
  /^(?:no-?reply|do-?not-?reply|ne-?pas-?repondre|postmaster|hostmaster|abuse|mailer-daemon|bounces?)(?:[+.@-]|$)/
const DECIDERS = new Set(['owner', 'director'])
const CLEAR_METHODS = new Set(['mailto', 'text', 'json-ld', 'microdata', 'cfemail', 'vcard'])
const FOREIGN_MOST = 10
const DEAD_MOST = 5
const SUGGESTED_MOST = 45

/** Why an address is worth what it is worth, by code; texts in messages.ts. */
export const emailReasons = [
  'own_domain',
  'free_provider',
  'other_domain',
  'decider',
  'linked_person',
  'person_address',
  'role_address',
  'clear_source',
  'hidden_source',
  'mx_ok',
  'mx_missing',
  'mx_unchecked',
  'disposable',
  'unread',
  'agency',
  'third_party',
  'suggested',
] as const
export type EmailReason = (typeof emailReasons)[number]

const POINTS: Partial<Record<EmailReason, number>> = {
  own_domain: 25,
  free_provider: 12,
  decider: 20,
  linked_person: 15,
  person_address: 10,
  role_address: 6,
  clear_source: 5,
  mx_ok: 10,
}

/** An address nobody reads. */
export const isUnread = (address: string): boolean => UNREAD.test(address)

/** The same addresses with what is known of each: free or disposable provider, whether its domain takes mail, the
 *  person it belongs to, and a quality 0–100 with its reasons. Each domain is asked once; nothing is sent. */
export const rateEmails = async (
  site: { emails: EmailFact[]; suggestedEmails: EmailFact[]; people: PersonFact[] },
  siteHost: string,
  checkMx: MxCheck | undefined,
): Promise<{ emails: EmailFact[]; suggestedEmails: EmailFact[] }> => {
  const mx = await askDomains([...site.emails, ...site.suggestedEmails], checkMx)
  const rate = (email: EmailFact, suggested: boolean): EmailFact => {
    const domain = domainOf(email)
    const owner = site.people.find((person) => person.email?.toLowerCase() === email.value)
    const free = isFreeMail(email.value)
    const disposable = isDisposableDomain(domain.toLowerCase())
    const known = { free, disposable, mx: mx.get(domain) ?? null, person: owner?.name ?? null }
    const reasons = reasonsOf({ ...email, ...known }, owner, siteHost, suggested)
    return { ...email, ...known, quality: qualityOf(email, reasons), reasons }
  }
  return {
    emails: site.emails.map((email) => rate(email, false)),
    suggestedEmails: site.suggestedEmails.map((email) => rate(email, true)),
  }
}

const domainOf = (email: EmailFact): string => email.value.slice(email.value.lastIndexOf('@') + 1)

const askDomains = async (emails: EmailFact[], checkMx?: MxCheck): Promise<Map<string, boolean | null>> => {
  const own = emails.filter(({ kind }) => kind === 'role' || kind === 'person')
  const domains = checkMx ? [...new Set(own.map(domainOf))].slice(0, MAX_DOMAINS_ASKED) : []
  return new Map(await Promise.all(domains.map(async (domain) => [domain, await checkMx!(domain)] as const)))
}

const reasonsOf = (
  email: EmailFact,
  owner: PersonFact | undefined,
  siteHost: string,
  suggested: boolean,
): EmailReason[] => {
  const reasons: EmailReason[] = []
  if (email.kind === 'agency') reasons.push('agency')
  if (email.kind === 'thirdparty') reasons.push('third_party')
  const own = relationToSite(domainOf(email), siteHost) === 'own'
  reasons.push(own ? 'own_domain' : email.free ? 'free_provider' : 'other_domain')
  if (isUnread(email.value)) reasons.push('unread')
  else if (owner) reasons.push(DECIDERS.has(owner.roleKind ?? '') ? 'decider' : 'linked_person')
  else reasons.push(email.kind === 'person' ? 'person_address' : 'role_address')
  if (suggested) reasons.push('suggested')
  else reasons.push(CLEAR_METHODS.has(email.method) ? 'clear_source' : 'hidden_source')
  reasons.push(email.mx === true ? 'mx_ok' : email.mx === false ? 'mx_missing' : 'mx_unchecked')
  if (email.disposable) reasons.push('disposable')
  return reasons
}

const qualityOf = (email: EmailFact, reasons: EmailReason[]): number => {
  const sum = 40 * email.confidence + reasons.reduce((total, reason) => total + (POINTS[reason] ?? 0), 0)
  const has = (reason: EmailReason): boolean => reasons.includes(reason)
  let most = 100
  if (has('suggested')) most = SUGGESTED_MOST
  if (has('agency') || has('third_party') || has('unread')) most = Math.min(most, FOREIGN_MOST)
  if (has('mx_missing') || has('disposable')) most = Math.min(most, DEAD_MOST)
  return Math.round(Math.max(0, Math.min(most, sum)))
}
