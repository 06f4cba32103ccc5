import { decodeBytes, decodeWords, quotedBytes } from './decode-text.ts'

const MAX_DEPTH = 12
const MAX_PARTS = 200
const MAX_HEAD_BYTES = 256 * 1024
/** Of one part that is read as text: more is never needed to tell what a mail is. */
const MAX_TEXT_BYTES = 256 * 1024

/** A mail or a part of one. Bodies are read when asked for, so that a large attachment costs nothing. */
export type Part = {
  headers: Head
  /** Lower case, such as text/plain; what a part without a type is. */
  type: string
  params: Record<string, string>
  disposition: string
  body: Buffer
  parts: Part[]
}

/** Headers in their order: the name in lower case, the value on one line. */
export type Head = readonly { name: string; value: string }[]

/** Any bytes as a mail: never fails, whatever is missing or wrong. */
export const readMail = (raw: Uint8Array): Part => readPart(tidyStart(raw), 'text/plain', { parts: 0 }, 0)

/** What some programs save is not yet a mail: a byte order mark, empty lines, an mbox line, other line ends. */
const tidyStart = (raw: Uint8Array): Buffer => {
  let bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)
  if (bytes[0] === 0xff && bytes[1] === 0xfe) bytes = Buffer.from(bytes.subarray(2).toString('utf16le'))
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) bytes = bytes.subarray(3)
  const head = bytes.subarray(0, MAX_HEAD_BYTES)
  if (head.includes(0x0d) && !head.includes(0x0a))
    bytes = Buffer.from(bytes.toString('latin1').replaceAll('\r', '\n'), 'latin1')
  let start = 0
  while (start < bytes.length && (bytes[start] ?? 33) <= 32) start++
  return bytes.subarray(start)
}

const readPart = (bytes: Buffer, usual: string, seen: { parts: number }, depth: number): Part => {
  const { headers, body } = splitHead(bytes)
  const { value, params } = readParameters(headerOf(headers, 'content-type'))
  const type = /^[\w.+-]+\/[\w.+-]+$/.test(value) ? value : usual
  const disposition = readParameters(headerOf(headers, 'content-disposition')).value
  const part: Part = { headers, type, params, disposition, body, parts: [] }
  if (!type.startsWith('multipart/') || depth >= MAX_DEPTH) return part
  const inner = type === 'multipart/digest' ? 'message/rfc822' : 'text/plain'
  for (const piece of piecesOf(body, params['boundary'] ?? '')) {
    if (seen.parts++ >= MAX_PARTS) break
    part.parts.push(readPart(piece, inner, seen, depth + 1))
  }
  // A multipart without parts was cut or mistyped: what is there is read as text.
  return part.parts.length > 0 ? part : { ...part, type: 'text/plain' }
}

const splitHead = (bytes: Buffer): { headers: Head; body: Buffer } => {
  const headers: { name: string; value: string }[] = []
  let at = 0
  while (at < bytes.length && at < MAX_HEAD_BYTES) {
    const end = bytes.indexOf(0x0a, at)
    const next = end < 0 ? bytes.length : end + 1
    const line = decodeBytes(bytes.subarray(at, next)).replace(/\r?\n$/, '')
    if (line.trim() === '') {
      at = next
      break
    }
    const field = /^([!-9;-~]{1,100})[ \t]*:[ \t]*(.*)$/s.exec(line)
    const last = headers.at(-1)
    if (/^[ \t]/.test(line) && last) last.value += ` ${line.trim()}`
    else if (field) headers.push({ name: (field[1] ?? '').toLowerCase(), value: (field[2] ?? '').trim() })
    else if (!/^>?From /.test(line) && !isHeaderNext(bytes, next)) break
    at = next
  }
  return { headers, body: bytes.subarray(at) }
}

/** A stray line among headers is skipped; without one after it, it is the body, which the empty line is missing before. */
const isHeaderNext = (bytes: Buffer, at: number): boolean =>
  /^[A-Za-z][\w-]{1,60}:[ \t]/.test(bytes.subarray(at, at + 80).toString('latin1'))

/** The first value of that header, '' without one. */
export const headerOf = (headers: Head, name: string): string =>
  headers.find((header) => header.name === name)?.value ?? ''

/** The header as a reader sees it. */
export const wordsOf = (headers: Head, name: string): string => decodeWords(headerOf(headers, name)).trim()

const PARAMETER = /;\s*([\w!#$&+.^`|~*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]*))/g

/** A structured header: its value in lower case and its parameters (RFC 2231 pieces put together). */
export const readParameters = (header: string): { value: string; params: Record<string, string> } => {
  const value = (header.split(';')[0] ?? '')
    .replaceAll(/\([^)]*\)/g, '')
    .trim()
    .toLowerCase()
  const params: Record<string, string> = {}
  for (const [, name = '', quoted, bare = ''] of header.matchAll(PARAMETER)) {
    const key = (name.toLowerCase().split('*')[0] ?? '').trim()
    const text =
      quoted === undefined ? bare.trim().replace(/^["']|["']$/g, '') : quoted.replaceAll(/\\(.)/g, '$1')
    params[key] = /\*\d/.test(name) ? (params[key] ?? '') + text : (params[key] ?? text)
  }
  return { value, params }
}

/** The bytes between the boundary lines; a boundary that does not occur is replaced by the one that does. */
const piecesOf = (body: Buffer, boundary: string): Buffer[] => {
  const found = boundary === '' ? [] : cutAt(body, boundary)
  if (found.length > 0) return found
  const first = /(?:^|\n)--([^\s-][^\r\n]{3,98}?|-*=?_?[^\s][^\r\n]{3,90}?)[ \t]*\r?\n(?=[A-Za-z-]+:)/.exec(
    body.subarray(0, MAX_TEXT_BYTES).toString('latin1'),
  )?.[1]
  return first === undefined ? [] : cutAt(body, first)
}

const cutAt = (body: Buffer, boundary: string): Buffer[] => {
  const mark = Buffer.from(`--${boundary}`, 'latin1')
  const pieces: Buffer[] = []
  let start = -1
  for (let at = body.indexOf(mark); at >= 0; at = body.indexOf(mark, at + mark.length)) {
    if (at > 0 && body[at - 1] !== 0x0a) continue
    const rest = body.subarray(at + mark.length, at + mark.length + 2).toString('latin1')
    // Another boundary may begin with the same characters.
    if (!/^(--|\s|$)/.test(rest)) continue
    if (start >= 0) pieces.push(withoutLastBreak(body.subarray(start, at)))
    const lineEnd = body.indexOf(0x0a, at + mark.length)
    start = lineEnd < 0 ? body.length : lineEnd + 1
    if (rest.startsWith('--')) return pieces
    if (pieces.length > MAX_PARTS) return pieces
  }
  if (start >= 0 && start < body.length) pieces.push(body.subarray(start))
  return pieces
}

const withoutLastBreak = (bytes: Buffer): Buffer => {
  if (bytes.at(-1) !== 0x0a) return bytes
  return bytes.subarray(0, bytes.at(-2) === 0x0d ? -2 : -1)
}

/** The body of a part without its transfer encoding; at most so many bytes of it. */
export const bodyOf = ({ headers, body }: Part, limit = MAX_TEXT_BYTES): Buffer => {
  const encoding = headerOf(headers, 'content-transfer-encoding')
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]/g, '')
  if (encoding === 'base64')
    return Buffer.from(body.subarray(0, Math.ceil(limit * 1.4)).toString('latin1'), 'base64')
  if (encoding === 'quoted-printable')
    return quotedBytes(body.subarray(0, limit * 3).toString('latin1')).subarray(0, limit)
  return body.subarray(0, limit)
}

/** A part as text, its line ends as \n. */
export const textOf = (part: Part): string =>
  decodeBytes(bodyOf(part), part.params['charset']).replaceAll('\r\n', '\n').replaceAll('\r', '\n')

/** The mail that a part carries. */
export const innerMail = (part: Part): Part =>
  readPart(tidyStart(bodyOf(part)), 'text/plain', { parts: 0 }, 1)

/** Every part that is no multipart, in order; mails within the mail are one of them. */
export const leavesOf = (part: Part): Part[] =>
  part.parts.length > 0 ? part.parts.flatMap(leavesOf) : [part]
