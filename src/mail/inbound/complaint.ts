import { cleanAddress, readAddresses } from './find-addresses.ts'
import { headerOf, innerMail, leavesOf, textOf, wordsOf, type Head, type Part } from './read-mail.ts'
import { splitReport } from './split-report.ts'

const MAX_TEXT = 5_000

export type Complaint = {
  recipients: string[]
  feedback: string
  returned: Head | null
  /** Whom a report in its proper form names, itself or by the mail that comes with it; null of the other forms. */
  named: string[] | null
}

/** Kinds of feedback by which a person says "not this" (RFC 5965 §7.3). The others tell of forged mails (DMARC) or that
 *  something is no spam. */
const COMPLAINS = /^(abuse|fraud|virus|miscategorized|opt-out|opt-out-list|other|complaint)$/

/** A complaint about a mail (ARF, RFC 5965; and what Hotmail and others send in its place); null when it is none. */
export const readComplaint = (mail: Part): Complaint | null => {
  const leaves = leavesOf(mail)
  const part = leaves.find(({ type }) => type === 'message/feedback-report')
  const carried = leaves.find(({ type }) =>
    /^message\/rfc822$|^text\/(rfc822|rfc822-headers)$|^message\/rfc822-headers$/.test(type),
  )
  const returned = carried ? innerMail(carried).headers : null
  if (part) {
    const fields = fieldsOf(textOf(part))
    const feedback = (fields.get('feedback-type')?.[0] ?? 'abuse').toLowerCase().split(/[\s;]/)[0] ?? 'abuse'
    const recipients = recipientsOf(fields, returned)
    return COMPLAINS.test(feedback) ? { recipients, feedback, returned, named: recipients } : null
  }
  return readOldForm(mail, returned)
}

const SENDERS =
  /staff@hotmail\.com|@[\w.-]*spamcop\.net|\b(scomp|fbl|jmrp|feedback-?loop|complaints?|abuse(-?reports?|-?desk)?|spam-?reports?)[^\s@]*@|feedback loop/i
const WORDS =
  /complaint|abuse|feedback|\bspam|client tos|\bjunk|reported (as|this)|offending message|signal[eé] .{0,30}(ind[eé]sirable|spam)/i

/** Complaints in no form of their own: the mail they are about comes with them, and a program says so. */
const readOldForm = (mail: Part, attached: Head | null): Complaint | null => {
  const from = wordsOf(mail.headers, 'from')
  if (!SENDERS.test(from)) return null
  const report = splitReport(mail)
  const returned = attached ?? (report.isWhole ? report.returned : null)
  const isSaid = WORDS.test(wordsOf(mail.headers, 'subject')) || WORDS.test(report.text.slice(0, MAX_TEXT))
  return returned && isSaid
    ? { recipients: recipientsOf(new Map(), returned), feedback: 'abuse', returned, named: null }
    : null
}

const fieldsOf = (text: string): Map<string, string[]> => {
  const fields = new Map<string, string[]>()
  for (const line of text.split('\n')) {
    const [, name, value = ''] = /^([\w-]+)[ \t]*:[ \t]*(.*)$/.exec(line) ?? []
    if (name === undefined) continue
    const key = name.toLowerCase()
    fields.set(key, [...(fields.get(key) ?? []), value.trim()])
  }
  return fields
}

const recipientsOf = (fields: Map<string, string[]>, returned: Head | null): string[] => {
  const named = ['original-rcpt-to', 'removal-recipient', 'original-recipient', 'x-hmxmroriginalrecipient']
    .flatMap((name) => fields.get(name) ?? [])
    .flatMap((value) => cleanAddress(value) ?? [])
  const hotmail = cleanAddress(headerOf(returned ?? [], 'x-hmxmroriginalrecipient'))
  const to = ['to', 'x-original-to', 'delivered-to'].flatMap((name) =>
    readAddresses(headerOf(returned ?? [], name)).map(({ address }) => address),
  )
  const all = [...named, ...(hotmail === null ? [] : [hotmail]), ...to]
  return [...new Set(all.filter((address) => !/redacted|undisclosed|^x+@/i.test(address)))]
}
