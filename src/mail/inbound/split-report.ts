import { plainText } from '../plain-text.ts'
import { headerOf, innerMail, leavesOf, readMail, textOf, type Head, type Part } from './read-mail.ts'

const MAX_TEXT = 200_000
const MIN_WORDS = 20

/** What a mail system wrote, the fields it wrote for programs, and what it sent back. */
export type Report = {
  text: string
  /** Of delivery-status parts. */
  fields: string
  /** The headers of the mail that is sent back, whole or in part; null when there are none. */
  returned: Head | null
  /** With what only a whole mail has, not just a few lines that tell which one it was. */
  isWhole: boolean
}

const SEPARATOR =
  /^[ \t>]{0,40}[-=_*#~+.]{0,60}[ \t]{0,40}(below (this|the next) line is a copy|this is a copy of (the|your) message|(the )?(original|returned|unsent|undelivered|rejected|your|failed|bounced|transmitted) (message|mail|e-?mail|letter)( (follows|text follows|headers?( follow)?|attached|as follows|contents?|was|included( below)?|is (attached|below)))?|message (headers? follow|text follows|header|contents?)|(possibly )?truncated original message follows|start of returned message|returned (mail|message) follows|included is a copy|copy of (the|your) (original )?(message|mail)|original message (header|details|info)|the header and top \d+ lines|end of (message|transcript)|original mail info|message d['’]origine|texte? original|en-t[eê]tes? (du|de) (message|l['’])|copie du message|(urspr[uü]ngliche|original)-?\s?(nachricht|mail|e-?mail|kopfzeilen)|kopie der nachricht|mensaje original|copia del mensaje|encabezados del mensaje|messaggio originale|copia del messaggio|intestazioni|oorspronkelijk(e)? (bericht|koppen)|berichtkoppen|mensagem original|c[oó]pia da mensagem|cabe[cç]alhos)[^\n]{0,80}$/im
const KNOWN_HEADER =
  /^[ \t>]*(return-path|received|message-id|from|to|subject|date|mime-version|x-mailer|reply-to|content-type|x-[\w-]+|dkim-signature|list-[\w-]+|sender|cc|delivered-to|user-agent)[ \t]*:/i
const TELLING =
  /^[ \t>]*(return-path|received|message-id|mime-version|dkim-signature|x-mailer|content-type)[ \t]*:/i

/** Takes a mail apart as a report. */
export const splitReport = (mail: Part): Report => {
  const leaves = leavesOf(mail)
  const fields = leaves.filter(isStatusPart).map(textOf).join('\n\n')
  const carried = leaves.find(isReturnedPart)
  const readable = leaves.slice(0, carried ? leaves.indexOf(carried) : undefined)
  const whole = textParts(readable.length > 0 ? readable : leaves)
  const { text, returned, isWhole } = cutReturned(whole)
  const attached = carried ? headOfReturned(carried) : null
  return {
    text: text.slice(0, MAX_TEXT),
    fields,
    returned: attached ?? returned,
    isWhole: attached !== null || isWhole,
  }
}

const isStatusPart = ({ type }: Part): boolean =>
  /^message\/(global-)?delivery-status$|^text\/delivery-status$/.test(type)

const isReturnedPart = ({ type, params, headers }: Part): boolean =>
  /^(message\/(rfc822|global|partial|rfc822-headers|global-headers|news)|text\/(rfc822|rfc822-headers|x-rfc822-headers|global-headers))$/.test(
    type,
  ) ||
  (/^application\/octet-stream$|^text\/plain$/.test(type) &&
    /\.(eml|hdr|msg)$/i.test(params['name'] ?? headerOf(headers, 'content-disposition').replaceAll('"', '')))

const headOfReturned = (part: Part): Head | null => {
  const { headers } = innerMail(part)
  if (headers.length > 0) return headers
  // Some put the headers of the mail where those of the part belong.
  return part.headers.some(({ name }) => name === 'received' || name === 'message-id') ? part.headers : null
}

const textParts = (parts: readonly Part[]): string => {
  const of = (type: string) =>
    parts.filter((part) => part.type === type && part.disposition !== 'attachment').map(textOf)
  const plain = of('text/plain').join('\n\n')
  if (plain.replaceAll(/\s+/g, '').length >= MIN_WORDS) return plain
  const html = of('text/html').map((source) => plainText(source))
  const other = parts.filter(({ type }) => type.startsWith('text/') && !/plain|html|calendar/.test(type))
  return [plain, ...html, ...other.map(textOf)].join('\n\n').trim()
}

/** The words before the mail that is sent back within the text, and its headers. */
const cutReturned = (text: string): { text: string; returned: Head | null; isWhole: boolean } => {
  const lines = text.split('\n')
  const start = findHead(lines)
  if (start < 0) return { text, returned: null, isWhole: false }
  const indent = /^[ \t>]*/.exec(lines[start] ?? '')?.[0] ?? ''
  const head = lines
    .slice(start)
    .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line))
    .join('\n')
  const { headers } = readMail(Buffer.from(head))
  const isWhole = lines.slice(start, start + 60).some((line) => TELLING.test(line))
  return { text: isWhole ? lines.slice(0, start).join('\n') : text, returned: headers, isWhole }
}

/** Where headers of a mail begin: three of them in a row, or two behind words that announce it. */
const findHead = (lines: readonly string[]): number => {
  let announced = -100
  for (const [at, line] of lines.entries()) {
    if (SEPARATOR.test(line)) announced = at
    if (!KNOWN_HEADER.test(line)) continue
    let count = 0
    let telling = 0
    for (let next = at; next < Math.min(lines.length, at + 40); next++) {
      const one = lines[next] ?? ''
      if (KNOWN_HEADER.test(one)) count++
      if (TELLING.test(one)) telling++
      if (one.trim() === '' || !/^[ \t>]|^[\w-]+[ \t]*:/.test(one)) break
    }
    if (count >= 3 || (count >= 2 && (telling > 0 || at - announced < 4))) return at
  }
  return -1
}
