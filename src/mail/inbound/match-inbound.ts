import { domainToASCII, domainToUnicode } from 'node:url'
import type { Db } from '#src/db/open.ts'
import { readVerp } from '../verp.ts'
import type { InboundClass } from './classify-inbound.ts'
import { findByMessageId, findByRecipient, findByToken, type SentMail } from './queries-match.ts'

const DAY_MS = 86_400_000
/** No server keeps a mail longer before it sends it back. */
const BOUNCES_WITHIN_DAYS = 15
const ANSWERS_WITHIN_DAYS = 90

export type MatchedBy = 'verp' | 'message_id' | 'recipient'
export type Match = { mail: SentMail; by: MatchedBy }

/** The mail that one that came in is about: by the token of its envelope, else by Message-IDs, else by whom it was for.
 *  Null when it is about none. */
export const matchInbound = async (
  db: Db,
  found: InboundClass,
  at: { accountId: number | null; now: Date; rehearsed: boolean },
): Promise<Match | null> => {
  const tokens = found.envelopeTo.flatMap((address) => readVerp(address) ?? [])
  const [byToken] = await findByToken(db, tokens)
  if (byToken && byToken.rehearsed === at.rehearsed) return { mail: byToken, by: 'verp' }
  const byId = (await findByMessageId(db, found.messageIds)).find((mail) => mail.rehearsed === at.rehearsed)
  if (byId) return { mail: byId, by: 'message_id' }
  const addresses = addressesOf(found)
  const days = found.isBounce ? BOUNCES_WITHIN_DAYS : ANSWERS_WITHIN_DAYS
  const since = new Date(at.now.getTime() - days * DAY_MS)
  const { accountId, rehearsed } = at
  const [byRecipient] = await findByRecipient(db, { addresses, accountId, since, rehearsed })
  return byRecipient ? { mail: byRecipient, by: 'recipient' } : null
}

/** A mail that says nothing of itself is an answer when somebody wrote it who was written to. */
const addressesOf = (found: InboundClass): string[] => {
  const named =
    found.kind === 'none' && found.isPersonal && found.from ? [found.from.address] : found.recipients
  return named.flatMap(bothSpellings)
}

/** A domain stands in either script in reports and in what was sent. */
const bothSpellings = (address: string): string[] => {
  const at = address.lastIndexOf('@')
  const domain = address.slice(at + 1)
  const other = domain.includes('xn--') ? domainToUnicode(domain) : domainToASCII(domain)
  return other && other !== domain ? [address, `${address.slice(0, at)}@${other}`] : [address]
}
