import type { Db } from '#src/db/open.ts'
import { spellingsOf } from '#src/lib/mail-address.ts'
import { readVerp } from '../verp.ts'
import type { InboundClass } from './classify-inbound.ts'
import {
  findByMessageId,
  findByRecipient,
  findByToken,
  findWritten,
  type SentMail,
  type WrittenMail,
} from './queries-match.ts'
import { tidy, type FormalReport } from './returned-mail.ts'

const DAY_MS = 86_400_000
/** No server keeps a mail longer before it sends it back. */
const BOUNCES_WITHIN_DAYS = 15
const ANSWERS_WITHIN_DAYS = 90
const REPORTS_WITHIN_DAYS = 30
/** A mail is dated when it is made, and sent when the server has said that it has it. */
const DATED_BEFORE_MS = 15 * 60_000
const CLOCKS_DIFFER_MS = 60_000

/** verp, message_id, link: the mail itself names one of ours by what is known from it alone. report: it does not, but fits
 *  one (`fits`). recipient: it names somebody who was written to. */
export type MatchedBy = 'verp' | 'message_id' | 'link' | 'report' | 'recipient'
export type Match = { mail: SentMail; by: MatchedBy }

/** The mail that one that came in is about: by the token of its envelope, else by Message-IDs, else by the link to
 *  unsubscribe by in the mail sent back (some relays write Message-IDs anew), else by a report that fits, else by whom it
 *  was for. Null when it is about none. */
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
  const byLink = (await findByToken(db, found.messageKeys)).find((mail) => mail.rehearsed === at.rehearsed)
  if (byLink) return { mail: byLink, by: 'link' }
  const byReport = await findReported(db, found, at)
  if (byReport) return { mail: byReport, by: 'report' }
  const addresses = addressesOf(found)
  const days = found.isBounce ? BOUNCES_WITHIN_DAYS : ANSWERS_WITHIN_DAYS
  const since = new Date(at.now.getTime() - days * DAY_MS)
  const { accountId, rehearsed } = at
  const [byRecipient] = await findByRecipient(db, { addresses, accountId, since, rehearsed })
  return byRecipient ? { mail: byRecipient, by: 'recipient' } : null
}

const findReported = async (
  db: Db,
  { report, kind }: InboundClass,
  { accountId, now, rehearsed }: { accountId: number | null; now: Date; rehearsed: boolean },
): Promise<SentMail | null> => {
  if (!report || (kind !== 'hard' && kind !== 'complaint')) return null
  const addresses = report.addresses.flatMap(spellingsOf)
  const since = new Date(now.getTime() - REPORTS_WITHIN_DAYS * DAY_MS)
  const written = await findWritten(db, { addresses, accountId, since, rehearsed })
  return written.find((mail) => fits(mail, report, kind)) ?? null
}

/** Whether a report in its proper form, which names no mail of ours, is all the same about this one. Anybody can write such a
 *  report and name an address in it; who forges one to have somebody else suppressed would also have to know that this
 *  account wrote to that address, under which subject and when. So the mail sent back has to show our sender, the very
 *  subject and the minutes of the sending, and a bounce must be final. What was sent with an envelope of its own comes
 *  back to that: a bounce that came otherwise is not from a server that had the mail. Who got another mail of the same
 *  campaign may still know as much: therefore it suppresses one address and counts against no account. */
const fits = (mail: WrittenMail, report: FormalReport, kind: 'hard' | 'complaint'): boolean => {
  const before = mail.writtenAt.getTime() - report.sentAt.getTime()
  return (
    report.isFinal &&
    !(kind === 'hard' && mail.hasOwnEnvelope) &&
    spellingsOf(report.from).includes(mail.sender) &&
    report.subject === tidy(mail.subject) &&
    before <= DATED_BEFORE_MS &&
    before >= -CLOCKS_DIFFER_MS
  )
}

/** A mail that says nothing of itself is an answer when somebody wrote it who was written to. */
const addressesOf = (found: InboundClass): string[] => {
  const named =
    found.kind === 'none' && found.isPersonal && found.from ? [found.from.address] : found.recipients
  return named.flatMap(spellingsOf)
}
