import { hasServerReply, isBounceSubject, saysFailure, senderKind } from './bounce-signs.ts'
import { addressesIn, readAddresses, type Named } from './find-addresses.ts'
import { decodeWords } from './decode-text.ts'
import { headerOf, wordsOf, type Head, type Part } from './read-mail.ts'
import type { Report } from './split-report.ts'

const MAX_LOOKED_AT = 20_000
/** A report is about one mail; what names more addresses is a log or a list of them. */
const MAX_ADDRESSES = 25
/** From a program that is no mail system. */
const MAX_OF_MACHINE = 4

const REPLY_OR_FORWARD =
  /^\s*(\[[^\]]*\]\s*)?(re|aw|sv|antw|odp|vs|ynt|r|rif|res|ref|fw|fwd|tr|wg|rv|enc|i|doorst|vb|vl|pd|转发|回复)\s*(\[\d+\]|\(\d+\))?\s*[:：]/i

/** How a subject begins that answers or passes on another mail. */
export const isAnswerSubject = (subject: string): boolean => REPLY_OR_FORWARD.test(subject)

/** Post to many: lists, newsletters. */
export const isBulk = (headers: Head): boolean =>
  headers.some(({ name }) =>
    /^list-(id|post|unsubscribe|subscribe|archive)$|^x-(mailing-list|campaign\w*|mailchimp\S*|listname)$|^feedback-id$/.test(
      name,
    ),
  ) || /\b(list|bulk|junk)\b/i.test(headerOf(headers, 'precedence'))

export const isList = (headers: Head): boolean =>
  headers.some(({ name }) => /^list-(id|post)$|^x-mailing-list$/.test(name)) ||
  /\blist\b/i.test(headerOf(headers, 'precedence'))

/** No address to answer to: reports must have none, so that they never answer one another (RFC 5321 §4.5.5). */
export const hasNoSender = (headers: Head): boolean =>
  headers.some(
    ({ name, value }) =>
      /^(return-path|x-envelope-from|x-return-path|from)$/.test(name) && /^<?\s*>?$/.test(value.trim()),
  )

/** Whether a mail without machine-readable fields reports that one was not delivered. Two signs of different kinds are
 *  needed, and one of them is that no person wrote it: people quote reports, and parcels are "not delivered" too. */
export const isWordedBounce = (mail: Part, report: Report): boolean => {
  const { headers } = mail
  const subject = wordsOf(headers, 'subject')
  const from = senderOf(headers)
  const sender = senderKind(from)
  const nobody = hasNoSender(headers)
  if (isAnswerSubject(subject) && !(sender === 'daemon' && (nobody || isAutomatic(headers)))) return false
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
  const namesMail =
    nobody || replied || report.returned !== null || [...addresses].some((one) => !own.has(one))
  if (sender === 'daemon')
    return (
      namesMail &&
      ((worded && (titled || sentBack || (nobody && (replied || ALONE.test(text))))) ||
        (titled && (replied || sentBack || nobody)) ||
        (replied && sentBack))
    )
  if (isVacation(headers)) return false
  if (nobody) return (titled && (worded || replied || sentBack)) || (worded && replied && sentBack)
  const isMachine =
    sender === 'machine' || isAutomatic(headers) || isReturnedToItsAuthor(headers, report.returned, from)
  const isOfOne = replied && addresses.size > 0 && addresses.size <= MAX_OF_MACHINE
  return isMachine && titled && worded && (isOfOne || sentBack) && !hasMailProgram(headers)
}

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
export const isReturnedToItsAuthor = (headers: Head, returned: Head | null, from: Named | null): boolean => {
  if (!returned) return false
  const authors = addressesOf(returned, ['from', 'return-path', 'sender'])
  const to = addressesOf(headers, ['to'])
  return authors.some((one) => to.includes(one)) && (!from || !authors.includes(from.address))
}
