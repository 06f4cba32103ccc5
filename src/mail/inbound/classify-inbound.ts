import { autoReplyKind, type AutoReplyKind } from './auto-reply.ts'
import { hasServerReply, saysDelay, senderKind } from './bounce-signs.ts'
import { isBare, refusedAt } from './bare-refusal.ts'
import { readComplaint } from './complaint.ts'
import { readRecipients, statusIn, type Action, type RecipientStatus } from './delivery-status.ts'
import { failureReason, isForNow, severityOf, type FailureReason } from './failure-reason.ts'
import { findFailed } from './failed-recipient.ts'
import { cleanAddress, readAddresses, type Named } from './find-addresses.ts'
import { isReplySubject, isThreaded, isWordedReceipt, quotesUs } from './is-answer.ts'
import {
  hasNoSender,
  isAnswerSubject,
  isByHand,
  isAutomatic,
  isBulk,
  isList,
  isSubscribed,
  isWordedBounce,
  senderOf,
} from './is-bounce.ts'
import {
  headerOf,
  innerMail,
  leavesOf,
  readMail,
  textOf,
  wordsOf,
  type Head,
  type Part,
} from './read-mail.ts'
import { formalReport, returnedKeys, type FormalReport } from './returned-mail.ts'
import { splitReport, type Report } from './split-report.ts'

const MAX_IDS = 50
const MAX_REASON_WORDS = 2000
/** Of reports that carry a report. */
const MAX_CARRIED = 3
const OF_PROGRAMS =
  /^(mailer-daemon|postmaster|no-?_?reply|do-?_?not-?_?reply|ne-?_?pas-?_?repondre|no-?_?respond(er|a)|nicht-?_?antworten|non-?_?rispondere|niet-?_?(be)?antwoorden|nao-?_?respond(a|er))\b/

export type InboundKind = 'hard' | 'soft' | 'autoreply' | 'complaint' | 'reply' | 'none'

/** A code of messages.ts. */
export type InboundReason =
  | FailureReason
  | AutoReplyKind
  | 'complaint'
  | 'answer'
  /** An answer that asks for no more mail (asks-to-stop.ts). */
  | 'stop'
  | 'delivered'
  | 'read_receipt'
  | 'list'
  | 'other'

/** What a mail that came in is. Addresses are in lower case, Message-IDs keep their brackets. */
export type InboundClass = {
  /** hard, soft: a bounce, and whether the address is worth another try. none: everything that is not about a mail of ours. */
  kind: InboundKind
  isBounce: boolean
  /** Whom the mail was for that it is about; of answers, who answered. */
  recipient: string | null
  /** All it may be, the most likely first. */
  recipients: string[]
  /** RFC 3463. */
  status: string | null
  /** What the mail server said, on one line. */
  diagnostic: string | null
  reason: InboundReason
  /** Of reports: what became of the mail. */
  action: Action | null
  /** The mails it may be about: of the mail sent back, else what it answers; the nearest first. */
  messageIds: string[]
  /** Keys of messages (tracking/token.ts) that only the mail sent back can have told. */
  messageKeys: string[]
  /** Of bounces and complaints in their proper form. */
  report: FormalReport | null
  /** Whom the envelope named: where VERP leaves its token. */
  envelopeTo: string[]
  from: Named | null
  subject: string
  /** Its own. */
  mailId: string | null
  references: string | null
  /** What a person or a program wrote, whole; '' for bounces and complaints. */
  text: string
  /** A person's mail, as far as anybody can tell: not from a list, a newsletter or a program. */
  isPersonal: boolean
}

/** Tells what a mail is: a bounce (RFC 3464 and what mail systems wrote before and beside it), an automatic answer
 *  (RFC 3834), a complaint (RFC 5965), an answer, or none of these. Takes any bytes and never throws. */
export const classifyInbound = (raw: Uint8Array): InboundClass => classify(readMail(raw), 0)

const classify = (mail: Part, depth: number): InboundClass => {
  const complaint = readComplaint(mail)
  const base = describe(mail)
  if (complaint) {
    const { recipients, returned, feedback, named } = complaint
    return {
      ...base,
      kind: 'complaint',
      recipient: recipients[0] ?? null,
      recipients,
      reason: 'complaint',
      diagnostic: feedback,
      messageIds: [...idsOf(returned), ...base.messageIds],
      messageKeys: returnedKeys(returned),
      report: named && formalReport(returned, { addresses: named, isFinal: true }),
      text: '',
    }
  }
  const carried = depth < MAX_CARRIED && isByProgram(mail) ? carriedBounce(mail, depth) : null
  if (carried) {
    const { envelopeTo, from, mailId, references, subject } = base
    return { ...carried, envelopeTo, from, mailId, references, subject }
  }
  const report = splitReport(mail)
  const statuses = statusesOf(mail, report)
  const undelivered = statuses.filter(({ action }) => action === 'failed' || action === 'delayed')
  if (undelivered.length > 0 && isReport(mail)) return bounce(mail, base, report, statuses)
  if (undelivered.length === 0 && statuses.length > 0) return delivered(base, report, statuses)
  if (isReceipt(mail) && !isRejection(mail, report)) return receipt(mail, base)
  if (isReceipt(mail) || isWordedBounce(mail, report)) {
    const quoted = statuses.length > 0 ? statuses : readRecipients(report.text)
    return bounce(mail, base, report, quoted)
  }
  return answerOrOther(mail, base, report)
}

const isByProgram = ({ headers }: Part): boolean =>
  !isList(headers) &&
  !isAnswerSubject(wordsOf(headers, 'subject')) &&
  (hasNoSender(headers) || isAutomatic(headers))

/** A report that could not be handed over, or is passed on by a program: what it tells is what counts. */
const carriedBounce = (mail: Part, depth: number): InboundClass | null => {
  const part = leavesOf(mail).find(({ type }) => type === 'message/rfc822' || type === 'message/global')
  if (!part) return null
  const inner = innerMail(part)
  if (senderKind(senderOf(inner.headers)) !== 'daemon' && inner.type !== 'multipart/report') return null
  const found = classify(inner, depth + 1)
  return found.isBounce && found.recipient !== null ? found : null
}

const describe = (mail: Part): InboundClass => {
  const { headers } = mail
  const from = senderOf(headers)
  return {
    kind: 'none',
    isBounce: false,
    recipient: null,
    recipients: [],
    status: null,
    diagnostic: null,
    reason: 'other',
    action: null,
    messageIds: [
      ...ids(headerOf(headers, 'in-reply-to')),
      ...ids(headerOf(headers, 'references')).reverse(),
    ].slice(0, MAX_IDS),
    messageKeys: [],
    report: null,
    envelopeTo: envelopeTo(headers),
    from: from?.address.endsWith('@') ? null : from,
    subject: wordsOf(headers, 'subject')
      .replaceAll(/\p{Cc}+/gu, ' ')
      .slice(0, 500)
      .toWellFormed(),
    mailId: ids(headerOf(headers, 'message-id'))[0] ?? null,
    references: ids(headerOf(headers, 'references')).slice(-MAX_IDS).join(' ') || null,
    text: '',
    isPersonal: false,
  }
}

const ids = (header: string): string[] => header.slice(0, 20_000).match(/<[^<>\s]{3,990}>/g) ?? []

const envelopeTo = (headers: Head): string[] => {
  const named = headers.filter(({ name }) =>
    /^(delivered-to|x-original-to|envelope-to|x-envelope-to|x-rcpt-to|to|x-delivered-to|original-recipient)$/.test(
      name,
    ),
  )
  return [...new Set(named.flatMap(({ value }) => readAddresses(value).map(({ address }) => address)))].slice(
    0,
    20,
  )
}

const idsOf = (head: Head | null): string[] => ids(headerOf(head ?? [], 'message-id'))

/** The machine-readable recipients of a report, wherever they stand. */
const statusesOf = (mail: Part, report: Report): RecipientStatus[] => {
  const fields = readRecipients(report.fields)
  if (fields.length > 0) return fields
  // Gateways turn the part into a text or an attachment of another type.
  const odd = leavesOf(mail).filter(
    (part) =>
      /^application\/octet-stream$|^text\/plain$|^message\/delivery/.test(part.type) &&
      (/details?\.txt|\.dsn$|att\d+(\.(dat|txt))?$|delivery/i.test(part.params['name'] ?? '') ||
        (part.disposition === 'attachment' && /^\s*reporting-mta[ \t]*:/i.test(textOf(part)))),
  )
  return odd.flatMap((part) => readRecipients(textOf(part)))
}

/** A report as such, and not one that somebody passes on. */
const isReport = (mail: Part): boolean => {
  const { headers } = mail
  if (isList(headers)) return false
  if (mail.type === 'multipart/report' || hasNoSender(headers)) return true
  const isBySomebody = senderKind(senderOf(headers)) === 'person' && !isAutomatic(headers)
  return !isBySomebody && !isAnswerSubject(wordsOf(headers, 'subject'))
}

const isReceipt = (mail: Part): boolean =>
  mail.type === 'multipart/report' &&
  leavesOf(mail).some(({ type }) => type === 'message/disposition-notification')

/** Sieve refuses mails in the form of a receipt (RFC 5429 §2.1.2). */
const isRejection = (mail: Part, report: Report): boolean =>
  /automatically rejected|rejected|refused|quota|mailbox (is )?full|rejet|abgelehnt|rechazad|rifiutat|geweigerd/i.test(
    report.text.slice(0, 2000),
  ) && !/displayed/i.test(leavesOf(mail).map(dispositionOf).join(' '))

const dispositionOf = (part: Part): string =>
  part.type === 'message/disposition-notification' ? textOf(part) : ''

const bounce = (
  mail: Part,
  base: InboundClass,
  report: Report,
  statuses: readonly RecipientStatus[],
): InboundClass => {
  const { headers } = mail
  const own = [
    base.from?.address ?? '',
    ...readAddresses(headerOf(headers, 'to')).map(({ address }) => address),
  ]
  const named = headers
    .filter(({ name }) => name === 'x-failed-recipients')
    .flatMap(({ value }) => value.split(','))
    .flatMap((value) => cleanAddress(value) ?? [])
  const { candidates, diagnostic } = findFailed({
    statuses,
    named,
    text: report.text,
    returned: report.returned,
    own,
  })
  const chief = statuses.find(({ action }) => action === 'failed') ?? statuses[0]
  const isWarning = chief?.action ? chief.action === 'delayed' : saysDelay(base.subject, report.text)
  const words = (diagnostic ?? report.text).slice(0, MAX_REASON_WORDS)
  const status = bestStatus(chief?.status ?? null, diagnostic ?? '', report.text)
  const isPassing = isWarning || isPassingAnswer(status, words)
  const isCoded = status !== null || hasServerReply(words)
  const beside = failureReason(`${words} ${status ?? ''}`, status, isPassing)
  // The reason may stand elsewhere in a report than beside the address.
  const said =
    beside === 'refused' && !isCoded
      ? failureReason(report.text.slice(0, MAX_REASON_WORDS), status, isPassing)
      : beside
  // Google gives up on names that do not exist with 4.0.0.
  const isGone = said === 'domain_unknown' && chief?.action === 'failed' && /\bnxdomain\b/i.test(words)
  const at = said === 'refused' ? refusedAt(`${diagnostic ?? ''}\n${report.text}`) : null
  const reason = at === 'mail' ? 'content' : said
  // What gives neither a reason nor a code, or none that is read here, says nothing certain of the address.
  const isUnsure = said === 'refused' && (!isCoded || (at === null && isBare(words)))
  const kind = isUnsure
    ? 'soft'
    : severityOf(reason, status, isForNow(diagnostic ?? '') || (isPassing && !isGone))
  return {
    ...base,
    kind,
    isBounce: true,
    recipient: candidates[0] ?? null,
    recipients: candidates,
    status,
    diagnostic,
    reason: isWarning ? 'delayed' : reason,
    action: isWarning ? 'delayed' : 'failed',
    messageIds: [...new Set([...idsOf(report.returned), ...base.messageIds])],
    messageKeys: returnedKeys(report.returned),
    report: isFormal(mail, report) ? formalReport(report.returned, namedBy(statuses)) : null,
  }
}

const isFormal = (mail: Part, { fields }: Report): boolean =>
  mail.type === 'multipart/report' && readRecipients(fields).length > 0

const namedBy = (statuses: readonly RecipientStatus[]): Pick<FormalReport, 'addresses' | 'isFinal'> => ({
  addresses: statuses.flatMap(({ original, final }) => [original, final]).filter((one) => one !== null),
  isFinal: statuses.every(({ action, status }) => action === 'failed' && (status?.startsWith('5.') ?? false)),
})

/** A status that says more than "failed" is taken from wherever it stands. */
const bestStatus = (given: string | null, diagnostic: string, text: string): string | null => {
  if (given !== null && !given.endsWith('.0.0')) return given
  const inDiagnostic = statusIn(diagnostic)
  if (inDiagnostic !== null) return inDiagnostic
  return given ?? statusIn(text)
}

const isPassingAnswer = (status: string | null, words: string): boolean => {
  if (status !== null) return status.startsWith('4')
  const code = /(?:^|[\s:>("'<])([45])\d\d[ -]/.exec(words)?.[1]
  return code === '4'
}

const delivered = (
  base: InboundClass,
  report: Report,
  statuses: readonly RecipientStatus[],
): InboundClass => {
  const recipients = statuses.flatMap(({ original, final }) => original ?? final ?? [])
  return {
    ...base,
    recipient: recipients[0] ?? null,
    recipients,
    status: statuses[0]?.status ?? null,
    action: statuses[0]?.action ?? 'delivered',
    reason: 'delivered',
    messageIds: [...new Set([...idsOf(report.returned), ...base.messageIds])],
    messageKeys: returnedKeys(report.returned),
  }
}

/** Whoever confirms that he has read a mail has received it. */
const receipt = (mail: Part, base: InboundClass): InboundClass => {
  const about = leavesOf(mail)
    .filter(({ type }) => type === 'message/disposition-notification')
    .flatMap((part) => /^original-message-id[ \t]*:[ \t]*(.+)$/im.exec(textOf(part))?.[1] ?? [])
    .flatMap(ids)
  return {
    ...base,
    ...answered(base),
    action: 'delivered',
    reason: 'read_receipt',
    messageIds: [...new Set([...about, ...base.messageIds])],
  }
}

const answered = ({ from }: InboundClass): Pick<InboundClass, 'recipient' | 'recipients'> => ({
  recipient: from?.address ?? null,
  recipients: from ? [from.address] : [],
})

const answerOrOther = (mail: Part, base: InboundClass, report: Report): InboundClass => {
  const { headers } = mail
  if (isList(headers)) return { ...base, reason: 'list' }
  if (isWordedReceipt(headers, report.text)) return receipt(mail, base)
  const automatic = autoReplyKind(headers, report.text)
  // Newsletters too tell of holidays and thank; who answers by the rules says so, whatever else he says.
  const isSaid = /^auto-replied/i.test(headerOf(headers, 'auto-submitted'))
  const isNews = automatic !== 'challenge' && !isSaid && isSubscribed(headers) && base.messageIds.length === 0
  if (automatic !== null && !isNews)
    return { ...base, ...answered(base), kind: 'autoreply', reason: automatic, text: report.text }
  // Programs that firms write to their customers with add to each mail how to unsubscribe.
  const threaded = isThreaded(headers)
  if (isBulk(headers) && !threaded) return { ...base, reason: 'list' }
  const isPersonal =
    base.from !== null &&
    // Small firms have no other mailbox than that of whoever looks after it, or that their shop writes from.
    (!OF_PROGRAMS.test(base.from.address) ||
      isByHand(headers, report) ||
      (threaded && !hasNoSender(headers) && !isAutomatic(headers))) &&
    (threaded || !/^auto-/i.test(headerOf(headers, 'auto-submitted'))) &&
    !leavesOf(mail).some(({ type }) => type === 'text/calendar')
  const answers = base.messageIds.length > 0 || isReplySubject(base.subject) || quotesUs(headers, report.text)
  if (!isPersonal) return base
  return answers
    ? { ...base, ...answered(base), kind: 'reply', reason: 'answer', text: report.text, isPersonal }
    : { ...base, text: report.text, isPersonal }
}
