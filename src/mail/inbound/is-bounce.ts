import {
  hasServerReply,
  isBounceSubject,
  lures,
  saysFailure,
  saysSuccess,
  senderKind,
  speaksOfIncoming,
} from './bounce-signs.ts'
import { addressesIn, readAddresses, type Named } from './find-addresses.ts'
import { ownWords } from './asks-to-stop.ts'
import { decodeWords } from './decode-text.ts'
import { headerOf, wordsOf, type Head, type Part } from './read-mail.ts'
import type { Report } from './split-report.ts'

const MAX_LOOKED_AT = 20_000
/** A report is about one mail; what names more addresses is a log or a list of them. */
const MAX_ADDRESSES = 25
/** From a program that is no mail system. */
const MAX_OF_MACHINE = 3

const REPLY_OR_FORWARD =
  /^\s*(\[[^\]]*\]\s*)?(re|aw|sv|antw|odp|vs|ynt|r|rif|res|ref|fw|fwd|tr|wg|rv|enc|i|doorst|vb|vl|pd|转发|回复)\s*(\[\d+\]|\(\d+\))?\s*[:：]/i

/** How a subject begins that answers or passes on another mail. */
export const isAnswerSubject = (subject: string): boolean => REPLY_OR_FORWARD.test(subject)

/** Post to many: lists, newsletters. */
export const isBulk = (headers: Head): boolean =>
  isSubscribed(headers) || hasPrecedence(headers, /\b(list|bulk|junk)\b/i)

/** Post to those who are on a list, by what only such post has. */
export const isSubscribed = (headers: Head): boolean =>
  headers.some(({ name }) =>
    /^list-(id|post|unsubscribe|subscribe|archive)$|^x-(mailing-list|campaign\w*|mailchimp\S*|listname)$|^feedback-id$/.test(
      name,
    ),
  )

export const isList = (headers: Head): boolean =>
  headers.some(({ name }) => /^list-(id|post)$|^x-mailing-list$/.test(name)) ||
  hasPrecedence(headers, /\blist\b/i)

/** Not of an answer: some gateways give every mail that goes out such a header. */
const hasPrecedence = (headers: Head, pattern: RegExp): boolean =>
  pattern.test(headerOf(headers, 'precedence')) &&
  !(headerOf(headers, 'in-reply-to') !== '' && isAnswerSubject(wordsOf(headers, 'subject')))

/** Sent so that nothing comes back (RFC 5321 §4.5.5, RFC 3834 §3.3). */
export const hasNullPath = (headers: Head): boolean =>
  headers.some(
    ({ name, value }) =>
      /^(return-path|x-envelope-from|x-return-path)$/.test(name) && /^<?\s*>?$/.test(value.trim()),
  )

/** No address to answer to: reports must have none, so that they never answer one another (RFC 5321 §4.5.5). */
export const hasNoSender = (headers: Head): boolean =>
  hasNullPath(headers) || headers.some(({ name, value }) => name === 'from' && /^<?\s*>?$/.test(value.trim()))

/** Whether a mail without machine-readable fields reports that one was not delivered. Two signs of different kinds are
 *  needed, and one of them is that no person wrote it: people quote reports, and parcels are "not delivered" too. */
export const isWordedBounce = (mail: Part, report: Report): boolean => {
  const { headers } = mail
  const subject = wordsOf(headers, 'subject')
  const from = senderOf(headers)
  const sender = senderKind(from)
  const nobody = hasNoSender(headers)
  if (isAnswerSubject(subject) && !(sender === 'daemon' && (nobody || isAutomatic(headers)))) return false
  if (TO_OPERATORS.test(subject)) return false
  // The person who looks after the mail system writes under its name too.
  if (!nobody && !isAutomatic(headers) && isByHand(headers, report)) return false
  if (headers.some(({ name }) => name === 'x-failed-recipients')) return !isList(headers)
  if (isList(headers) || headers.some(({ name }) => name === 'list-unsubscribe')) return false
  const text = report.text.slice(0, MAX_LOOKED_AT)
  const addresses = new Set(addressesIn(text).map(({ address }) => address))
  if (addresses.size > MAX_ADDRESSES) return false
  const titled = isBounceSubject(subject)
  const worded = saysFailure(text.replaceAll(/\s+/g, ' '))
  const replied = hasServerReply(text)
  const sentBack = report.returned !== null && report.isWhole
  if (report.returned && isToUs(headers, report.returned)) return false
  // "You have undelivered mails, click here" names nobody but whom it came to.
  const own = new Set(addressesOf(headers, ['to', 'from', 'reply-to']))
  const others = [...addresses].filter((one) => !own.has(one) && !isHelpOf(from, one)).length
  const namesMail = replied || report.returned !== null || others > 0
  if (!replied && saysSuccess(subject, text)) return false
  if (!replied && !sentBack && (lures(`${subject} ${text}`) || speaksOfIncoming(text))) return false
  const isOfYours = others > 0 && others <= MAX_OF_MACHINE && YOURS.test(text)
  if (sender === 'daemon') {
    // Those who run mail systems write to all about mails that are refused; a report is about one of them.
    if (
      !nobody &&
      !isAutomatic(headers) &&
      report.returned === null &&
      others === 0 &&
      !(replied && OF_ONE.test(text))
    )
      return false
    return (
      (worded && titled && (namesMail || nobody)) ||
      (worded && sentBack) ||
      (worded && nobody && (replied || (isOfYours && ALONE.test(text)))) ||
      (titled && (replied || sentBack || (nobody && namesMail))) ||
      (replied && sentBack)
    )
  }
  if (isVacation(headers)) return false
  if (nobody)
    return namesMail && ((titled && (worded || replied || sentBack)) || (worded && replied && sentBack))
  const isMachine =
    sender === 'machine' || isAutomatic(headers) || isReturnedToItsAuthor(headers, report.returned, from)
  return isMachine && titled && worded && ((replied && isOfYours) || sentBack) && !hasMailProgram(headers)
}

const PROGRAMS =
  /outlook|thunderbird|apple mail|i(phone|pad) mail|k-9|android|evolution|kmail|mutt|roundcube|foxmail|the bat|claws|airmail|spark/i

/** From a mail program, or below its words what it answers. */
export const isByHand = (headers: Head, { text }: Report): boolean =>
  headers.some(({ name, value }) => /^(user-agent|x-mailer)$/.test(name) && PROGRAMS.test(value)) ||
  (headerOf(headers, 'in-reply-to') !== '' && ownWords(text) !== text.trim())

/** A report speaks to whoever sent the mail; a summary or an alert speaks of mails. */
const YOURS =
  /\b(your|you (have )?sent)\b.{0,60}\b(message|e-?mail|mail)|message (that )?you|\b(votre|vos|ihre?|tu|su|il (suo|tuo)|la (sua|tua)|uw|(o |a )?(seu|sua))\b.{0,40}(message|courriel|courrier|mail|nachricht|mensaje|correo|messaggio|bericht|mensagem)|vous avez envoy|sie (haben )?gesendet/i

/** What became of one mail, as against what may become of any. */
const OF_ONE =
  /\b(your|the|this|following) (e-?mail|mail|message)\b.{0,80}(could not|couldn['’]t|was not|has not|cannot|was (rejected|refused|returned))|(n['’]a pas (pu|été)|konnte nicht|wurde nicht|no (se )?(ha )?p(udo|odido)|non (è stato|può)|kon niet|n[aã]o (pôde|foi))/i

/** Notices of mail systems to those who run them. */
const TO_OPERATORS =
  /^(postfix (smtp server|smtpd?|lmtp)|smtp server|.{0,30}log(watch| summar)|cron <|.{0,40}(daily|weekly) (report|summary|digest))/i

/** Where the sender himself can be asked. */
const isHelpOf = (from: Named | null, address: string): boolean =>
  from !== null &&
  domainOf(from.address) === domainOf(address) &&
  /^(postmaster|abuse|help\w*|support|service\w*|customer\w*|kundenservice|clientes|assistance)@/.test(
    address,
  )

/** An address on a line of its own. */
const ALONE = /^[ \t<"'*-]{0,20}[^\s<>@"']{1,100}@[^\s<>@"']{3,200}[ \t>"':;.]{0,20}$/m

/** Who wrote a mail, the name as it is read; also where a name stands without an address. */
export const senderOf = (headers: Head): Named | null => {
  const [from = null] = readAddresses(headerOf(headers, 'from'))
  return from ? { ...from, name: decodeWords(from.name) } : nameOnly(headers)
}

/** A mail that somebody else sent here and that was held back: nothing of ours. */
const isToUs = (headers: Head, returned: Head): boolean => {
  const us = addressesOf(headers, ['to'])
  const authors = addressesOf(returned, ['from', 'return-path', 'sender'])
  const isOurs = authors.some((one) => us.some((own) => domainOf(own) === domainOf(one)))
  return !isOurs && authors.length > 0 && addressesOf(returned, ['to']).some((one) => us.includes(one))
}

const addressesOf = (head: Head, names: readonly string[]): string[] =>
  names.flatMap((name) => readAddresses(headerOf(head, name)).map(({ address }) => address))

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1)

const nameOnly = (headers: Head): Named | null => {
  const name = wordsOf(headers, 'from')
  return name.replaceAll(/[<>\s"]/g, '') === '' ? null : { name, address: `${name.replaceAll(/\s/g, '')}@` }
}

/** Written by a program, by its own word. */
export const isAutomatic = (headers: Head): boolean =>
  /^auto-(generated|replied)/i.test(headerOf(headers, 'auto-submitted')) ||
  headers.some(({ name }) => name === 'x-auto-response-suppress')

const isVacation = (headers: Head): boolean =>
  headers.some(({ name }) => /^x-(auto-?repl(y|ied)|auto-?respon[ds]e?r?|vacation)/.test(name)) ||
  /vacation/i.test(headerOf(headers, 'auto-submitted'))

const hasMailProgram = (headers: Head): boolean =>
  headers.some(({ name }) => name === 'user-agent' || name === 'x-mailer') &&
  headerOf(headers, 'in-reply-to') !== ''

/** What comes back was written by whom it comes back to, and not by whoever sends it now. */
const isReturnedToItsAuthor = (headers: Head, returned: Head | null, from: Named | null): boolean => {
  if (!returned) return false
  const authors = addressesOf(returned, ['from', 'return-path', 'sender'])
  const to = addressesOf(headers, ['to'])
  return authors.some((one) => to.includes(one)) && (!from || !authors.includes(from.address))
}
