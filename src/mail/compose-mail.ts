import { randomBytes } from 'node:crypto'
import { domainToASCII } from 'node:url'
import MailComposer from 'nodemailer/lib/mail-composer'
import type { Envelope } from './deliver-mail.ts'
import type { Mailbox } from './mailbox.ts'

/** The Message-ID of a new mail: random, of the sender's domain. */
export const newMessageId = (sender: Mailbox): string =>
  `<${randomBytes(16).toString('hex')}@${domainToASCII(domainOf(sender)) || 'localhost'}>`

const domainOf = ({ address }: Mailbox): string => address.slice(address.lastIndexOf('@') + 1)

export type Mail = {
  from: Mailbox
  to: Mailbox
  subject: string
  html: string
  text: string
  messageId: string
  unsubscribeUrl: string
  at: Date
}

/** The mail as it goes over the wire: text and HTML, and the two headers by which a mail program offers to unsubscribe
 *  with one click (RFC 2369, RFC 8058). */
export const composeMail = async (mail: Mail): Promise<{ envelope: Envelope; message: Buffer }> => {
  const { from, to, subject, html, text, messageId, unsubscribeUrl, at } = mail
  const node = new MailComposer({
    from,
    to,
    subject,
    html,
    text,
    messageId,
    date: at,
    disableFileAccess: true,
    disableUrlAccess: true,
    headers: {
      // Folded, the address would no longer be one to every reader of it.
      'List-Unsubscribe': { prepared: true, foldLines: false, value: `<${unsubscribeUrl}>` },
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    },
  }).compile()
  const message = await node.build()
  const envelope = node.getEnvelope()
  return { envelope: { from: envelope.from || from.address, to: envelope.to, size: message.length }, message }
}
