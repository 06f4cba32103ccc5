import type { Deed } from './fates.ts'
import type { RehearsedMail } from './invent-hits.ts'

const REPLY =
  'Bonjour,\r\n\r\nmerci pour votre message. Pouvez-vous me rappeler jeudi matin ?\r\n\r\nBien à vous'
const AWAY = 'Bonjour,\r\n\r\nje suis absent du bureau jusqu’à lundi et vous répondrai à mon retour.'

/** The mail that would come back, as mail servers and people write it (RFC 3464, 3834, 5965): to be read like any other.
 *  Null for what leaves no mail. */
export const inventMail = (mail: RehearsedMail, deed: Deed, at: Date): Uint8Array | null => {
  if (deed === 'bounce') return bounce(mail, at, '5.1.1', '550 5.1.1 User unknown')
  if (deed === 'full') return bounce(mail, at, '4.2.2', '452 4.2.2 Mailbox full')
  if (deed === 'reply') return answer(mail, at, `Re: ${ascii(mail.subject)}`, REPLY, [])
  if (deed === 'autoreply')
    return answer(mail, at, `Absence : ${ascii(mail.subject)}`, AWAY, ['Auto-Submitted: auto-replied'])
  return deed === 'complaint' ? complaint(mail, at) : null
}

const bytes = (lines: string[]): Uint8Array => new TextEncoder().encode(`${lines.join('\r\n')}\r\n`)
const ascii = (text: string): string => text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 200)
const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1)
const newId = (mail: RehearsedMail, what: string): string =>
  `<rehearsal-${what}-${mail.id}@${domainOf(mail.recipient)}>`

const returnedHeaders = (mail: RehearsedMail): string[] => [
  `Message-ID: ${mail.headerId}`,
  `From: ${mail.sender}`,
  `To: ${mail.recipient}`,
  `Subject: ${ascii(mail.subject)}`,
]

const bounce = (mail: RehearsedMail, at: Date, status: string, diagnostic: string): Uint8Array =>
  bytes([
    'Return-Path: <>',
    `From: Mail Delivery System <MAILER-DAEMON@${domainOf(mail.recipient)}>`,
    `To: ${mail.sender}`,
    'Subject: Undelivered Mail Returned to Sender',
    `Message-ID: ${newId(mail, 'bounce')}`,
    `Date: ${at.toUTCString()}`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="part"',
    '',
    '--part',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'Your message could not be delivered to one or more recipients.',
    '',
    `<${mail.recipient}>: ${diagnostic}`,
    '--part',
    'Content-Type: message/delivery-status',
    '',
    `Reporting-MTA: dns; mx.${domainOf(mail.recipient)}`,
    '',
    `Final-Recipient: rfc822; ${mail.recipient}`,
    'Action: failed',
    `Status: ${status}`,
    `Diagnostic-Code: smtp; ${diagnostic}`,
    '--part',
    'Content-Type: text/rfc822-headers',
    '',
    ...returnedHeaders(mail),
    '--part--',
  ])

const answer = (
  mail: RehearsedMail,
  at: Date,
  subject: string,
  text: string,
  headers: string[],
): Uint8Array =>
  bytes([
    `From: ${mail.recipient}`,
    `To: ${mail.sender}`,
    `Subject: ${subject}`,
    `Message-ID: ${newId(mail, 'answer')}`,
    `In-Reply-To: ${mail.headerId}`,
    `References: ${mail.headerId}`,
    `Date: ${at.toUTCString()}`,
    ...headers,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    '',
    text,
  ])

const complaint = (mail: RehearsedMail, at: Date): Uint8Array =>
  bytes([
    `From: Feedback Loop <fbl@${domainOf(mail.recipient)}>`,
    `To: ${mail.sender}`,
    'Subject: complaint about message from your network',
    `Message-ID: ${newId(mail, 'complaint')}`,
    `Date: ${at.toUTCString()}`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=feedback-report; boundary="part"',
    '',
    '--part',
    'Content-Type: text/plain',
    '',
    'This is an email abuse report.',
    '--part',
    'Content-Type: message/feedback-report',
    '',
    'Feedback-Type: abuse',
    'User-Agent: rehearsal/1.0',
    'Version: 1',
    `Original-Rcpt-To: ${mail.recipient}`,
    '--part',
    'Content-Type: message/rfc822',
    '',
    ...returnedHeaders(mail),
    '',
    '--part--',
  ])
