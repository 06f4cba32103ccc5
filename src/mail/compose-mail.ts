import { randomBytes } from 'node:crypto'
import { domainToASCII } from 'node:url'
import { encodeWords, foldLines } from 'nodemailer/lib/mime-funcs'
import type { Envelope } from './deliver-mail.ts'
import type { Mailbox } from './mailbox.ts'
import { encodeText } from './transfer-encoding.ts'

/** RFC 2047 §2, with room for the fold. */
const MAX_ENCODED_WORD = 52
const MAX_LINE = 76
/** A thread's References grow with every mail; the first and the last ones are what readers go by (RFC 5322 §3.6.4). */
const MAX_REFERENCES = 20

/** The Message-ID of a new mail: random, of the sender's domain. */
export const newMessageId = (sender: Mailbox): string =>
  `<${randomBytes(16).toString('hex')}@${domainToASCII(domainOf(sender.address)) || 'localhost'}>`

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1)

/** A picture inside the mail, named by the HTML as `cid:…`; `body` is base64 in lines (transfer-encoding.ts). */
export type InlineImage = { cid: string; type: string; fileName: string; body: Buffer }

export type Mail = {
  from: Mailbox
  to: Mailbox
  subject: string
  html: string
  text: string
  messageId: string
  /** Null: a mail to oneself or an answer in a conversation, which nobody unsubscribes from. */
  unsubscribeUrl: string | null
  at: Date
  replyTo?: Mailbox | null
  /** The mail of the thread that this one follows, and all before it, oldest first. */
  inReplyTo?: string | null
  references?: readonly string[]
  /** Where returned mail goes; without it, to the sender. */
  envelopeFrom?: string
  images?: readonly InlineImage[]
}

/** The mail as it goes over the wire: text and HTML, and the two headers by which a mail program offers to unsubscribe
 *  with one click (RFC 2369, RFC 8058). No value of a header can begin another line. */
export const composeMail = (mail: Mail): { envelope: Envelope; message: Buffer } => {
  const { from, to, images = [] } = mail
  // In encoded text an equals sign is followed by something else: no line of it can be a boundary.
  const boundary = `=_${randomBytes(12).toString('hex')}`
  const text = partOf('text/plain; charset=utf-8', encodeText(mail.text))
  const html = partOf('text/html; charset=utf-8', encodeText(mail.html))
  const message = multipart('alternative', boundary, headersOf(mail), [
    text,
    images.length === 0 ? html : related(`${boundary}r`, html, images),
  ])
  return {
    envelope: {
      from: mail.envelopeFrom ?? asciiDomain(from.address),
      to: [asciiDomain(to.address)],
      size: message.length,
    },
    message,
  }
}

const headersOf = (mail: Mail): string => {
  const { replyTo, inReplyTo, references = [] } = mail
  const thread = [...references.slice(0, 1), ...references.slice(1).slice(-MAX_REFERENCES)]
  const lines = [
    header('From', mailbox(mail.from)),
    header('To', mailbox(mail.to)),
    ...(replyTo ? [header('Reply-To', mailbox(replyTo))] : []),
    header('Subject', words(mail.subject)),
    header('Message-ID', mail.messageId),
    ...(inReplyTo ? [header('In-Reply-To', inReplyTo)] : []),
    ...(thread.length > 0 ? [header('References', thread.join(' '))] : []),
    header('Date', mail.at.toUTCString().replace('GMT', '+0000')),
    // Folded, the address would no longer be one to every reader of it.
    ...(mail.unsubscribeUrl === null
      ? []
      : [
          `List-Unsubscribe: <${oneLine(mail.unsubscribeUrl)}>`,
          'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
        ]),
    'MIME-Version: 1.0',
  ]
  return `${lines.join('\r\n')}\r\n`
}

const header = (name: string, value: string): string => {
  const line = `${name}: ${oneLine(value)}`
  return line.length > MAX_LINE ? foldLines(line, MAX_LINE) : line
}

const oneLine = (value: string): string => value.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')

const isAscii = (text: string): boolean => /^[\x20-\x7e]*$/.test(text)

const words = (text: string): string =>
  isAscii(text) && !text.includes('=?') ? text : encodeWords(oneLine(text), 'Q', MAX_ENCODED_WORD, true)

const mailbox = ({ name, address }: Mailbox): string => {
  const written = asciiDomain(address)
  if (name.trim() === '') return written
  const said = isAscii(name) && !name.includes('=?') ? `"${name.replaceAll(/["\\]/g, '\\$&')}"` : words(name)
  return `${said} <${written}>`
}

/** An address as mail servers know it: the domain in ASCII (RFC 5890). */
export const asciiDomain = (address: string): string => {
  if (isAscii(address)) return address
  const domain = domainOf(address)
  return `${address.slice(0, address.length - domain.length)}${domainToASCII(domain) || domain}`
}

const partOf = (
  type: string,
  { encoding, body }: { encoding: string; body: Buffer },
  more = '',
): Buffer[] => [
  Buffer.from(`Content-Type: ${type}\r\nContent-Transfer-Encoding: ${encoding}\r\n${more}\r\n`, 'latin1'),
  body,
]

const related = (boundary: string, html: Buffer[], images: readonly InlineImage[]): Buffer[] => [
  multipart('related', boundary, '', [
    html,
    ...images.map(({ cid, type, fileName, body }) =>
      partOf(
        oneLine(type),
        { encoding: 'base64', body },
        `Content-ID: <${oneLine(cid)}>\r\nContent-Disposition: inline; filename="${fileName.replaceAll(/[^\w.-]/g, '_')}"\r\n`,
      ),
    ),
  ]),
]

const multipart = (kind: string, boundary: string, headers: string, parts: Buffer[][]): Buffer => {
  const type = kind === 'related' ? 'multipart/related; type="text/html"' : `multipart/${kind}`
  const begin = `${headers}Content-Type: ${type};\r\n boundary="${boundary}"\r\n\r\n`
  return Buffer.concat([
    Buffer.from(begin),
    ...parts.flatMap((part) => [Buffer.from(`--${boundary}\r\n`, 'latin1'), ...part]),
    Buffer.from(`--${boundary}--\r\n`, 'latin1'),
  ])
}
