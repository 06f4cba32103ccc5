import { messageKeyIn } from '#src/tracking/token.ts'
import { readAddresses } from './find-addresses.ts'
import { headerOf, wordsOf, type Head } from './read-mail.ts'

const MAX_HEADER = 8_000

/** What a report in the form of its RFC says for programs: whom it is about, and which mail, by what stands in the headers
 *  of the mail sent back. */
export type FormalReport = {
  /** As the report's own fields name them. */
  addresses: string[]
  /** Of bounces: given up (Action: failed), with a permanent status (RFC 3464 §2.3.3, 2.3.4). True of complaints. */
  isFinal: boolean
  from: string
  subject: string
  sentAt: Date
}

/** Null where the mail sent back does not say who wrote it, of what and when. */
export const formalReport = (
  returned: Head | null,
  said: Pick<FormalReport, 'addresses' | 'isFinal'>,
): FormalReport | null => {
  const head = returned ?? []
  const from = readAddresses(headerOf(head, 'from'))[0]?.address
  const subject = tidy(wordsOf(head, 'subject'))
  const sentAt = new Date(headerOf(head, 'date'))
  return from === undefined || subject === '' || Number.isNaN(sentAt.getTime())
    ? null
    : { ...said, from, subject, sentAt }
}

/** Keys of messages in the link to unsubscribe by that the mail sent back has in its headers. */
export const returnedKeys = (returned: Head | null): string[] =>
  headerOf(returned ?? [], 'list-unsubscribe')
    .slice(0, MAX_HEADER)
    .split(/[<>,\s]+/)
    .flatMap((url) => messageKeyIn(url) ?? [])

/** A subject, however its lines were broken on the way. */
export const tidy = (subject: string): string => subject.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim()
