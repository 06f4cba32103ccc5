import { moveStatus } from '#src/companies/move-status.ts'
import type { Db } from '#src/db/open.ts'
import { inAscii, inLetters } from '#src/lib/mail-address.ts'
import { findCompaniesOfNoUse, insertEntry, suppressCompanyEntries } from './queries-suppress.ts'

/** page, one-click: the recipient, by the link of a mail. reply: in words. bounce: the address takes no mail. */
export type SuppressionSource =
  | 'page'
  | 'one-click'
  | 'reply'
  | 'bounce'
  | 'complaint'
  | 'hand'
  | 'api'
  | 'import'

/** Who is no longer written to: one address, everybody of a domain, or a company under whatever address. */
export type SuppressionTarget = { address: string } | { domain: string } | { companyId: number }

export type NewSuppression = SuppressionTarget & {
  source: SuppressionSource
  /** What was said, or a code. */
  reason?: string
  /** The mail that led to it. */
  messageId?: number | null
  /** The company that was written to at this address: its status follows. */
  ofCompanyId?: number | null
  createdBy?: number | null
}

/** Enters somebody into the suppression list, which every send asks, and moves the status of the company: a complaint and an
 *  unsubscribe at once, a bounce when no address it was written to is left. False when there was such an entry already. */
export const suppress = async (tx: Db, entry: NewSuppression, now: Date): Promise<boolean> => {
  const { source, reason = '', messageId = null, createdBy = null, ofCompanyId = null } = entry
  const rest = { source, reason, messageId, createdBy, at: now }
  let made = false
  if ('companyId' in entry) made = await suppressCompanyEntries(tx, entry.companyId, rest)
  else
    for (const key of keysOf(entry))
      made = (await insertEntry(tx, { ...key, ...rest, companyId: ofCompanyId })) || made
  const companyIds = 'companyId' in entry ? [entry.companyId] : ofCompanyId === null ? [] : [ofCompanyId]
  await followWithStatus(tx, companyIds, source)
  return made
}

// Addresses are written in letters, their domains are known to name servers in ASCII: a domain is listed as both.
const keysOf = (entry: { address: string } | { domain: string }) => {
  if ('address' in entry) return [{ kind: 'address' as const, key: inLetters(entry.address.toLowerCase()) }]
  const domain = entry.domain.toLowerCase().replace(/^@/, '')
  return [...new Set([inAscii(domain), inLetters(domain)])].map((spelling) => ({
    kind: 'domain' as const,
    key: `@${spelling}`,
  }))
}

const followWithStatus = async (tx: Db, companyIds: number[], source: SuppressionSource): Promise<void> => {
  if (source === 'complaint') await moveStatus(tx, { companyIds, trigger: 'complained' })
  if (source === 'page' || source === 'one-click' || source === 'reply')
    await moveStatus(tx, { companyIds, trigger: 'unsubscribed' })
  if (source === 'bounce')
    await moveStatus(tx, { companyIds: await findCompaniesOfNoUse(tx, companyIds), trigger: 'bounced' })
}
