const LINE = 76
const [TAB, LF, CR, SPACE, DOT, EQUALS] = [9, 10, 13, 32, 46, 61]
const HEX = Buffer.from('0123456789ABCDEF')
/** Text of another script than Latin: what is mostly escapes is shorter in base64. */
const MOSTLY_ESCAPES = 0.25

/** By byte: whether it is written as it is. */
const IS_LITERAL = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number((byte >= SPACE && byte < 127 && byte !== EQUALS) || byte === TAB),
)

/** A part of a mail as it stands on the wire, and how it is encoded. It ends with a line break. */
export type Encoded = { encoding: 'quoted-printable' | 'base64'; body: Buffer }

/** Text of any length of line and any script, in 7 bits and short lines (RFC 2045 §6.7, §6.8). */
export const encodeText = (text: string): Encoded => {
  const bytes = Buffer.from(text)
  const body = quotedPrintable(bytes)
  if (body !== null) return { encoding: 'quoted-printable', body }
  return { encoding: 'base64', body: base64Lines(Buffer.from(text.replaceAll(/\r\n|\r|\n/g, '\r\n'))) }
}

/** Bytes in lines of base64. */
export const base64Lines = (bytes: Uint8Array): Buffer => {
  const text = Buffer.from(bytes).toString('base64')
  return Buffer.from(text.replaceAll(/.{1,76}/g, '$&\r\n'), 'latin1')
}

let scratch = Buffer.alloc(65_536)

/** Null when too much of it would be escapes. A dot never begins a line, where SMTP gives it a meaning. */
const quotedPrintable = (bytes: Buffer): Buffer | null => {
  const most = bytes.length * 4 + 16
  if (scratch.length < most) scratch = Buffer.alloc(most)
  const out = scratch
  let [at, column, escapes] = [0, 0, 0]
  for (let i = 0; i < bytes.length; i += 1) {
    // Most of a text stands for itself: as much of it at a time as surely goes on the line.
    const end = column === 0 ? i : Math.min(bytes.length, i + LINE - 3 - column)
    for (; i < end && IS_LITERAL[bytes[i]!] === 1; column += 1) out[at++] = bytes[i++]!
    if (i === bytes.length) break
    const byte = bytes[i]!
    if (byte === LF || byte === CR) {
      if (byte === CR && bytes[i + 1] === LF) continue
      at = endLine(out, at)
      column = 0
      continue
    }
    const literal = IS_LITERAL[byte] === 1 && !(byte === DOT && column === 0)
    // White space may have to be escaped after all, when the line ends with it.
    if (column + (literal && byte > SPACE ? 1 : 3) >= LINE) {
      out[at++] = EQUALS
      out[at++] = CR
      out[at++] = LF
      column = 0
      if (byte === DOT) {
        i -= 1
        continue
      }
    }
    if (literal) {
      out[at++] = byte
      column += 1
      continue
    }
    out[at++] = EQUALS
    out[at++] = HEX[byte >> 4]!
    out[at++] = HEX[byte & 15]!
    column += 3
    if (byte > 127) escapes += 1
  }
  if (escapes > 64 && escapes > bytes.length * MOSTLY_ESCAPES) return null
  if (column > 0) at = endLine(out, at)
  return Buffer.from(out.subarray(0, at))
}

// White space at the end of a line is lost on the way unless it is escaped.
const endLine = (out: Buffer, end: number): number => {
  let at = end
  const last = out[at - 1]
  if (at > 0 && (last === SPACE || last === TAB)) {
    at -= 1
    out[at++] = EQUALS
    out[at++] = HEX[last >> 4]!
    out[at++] = HEX[last & 15]!
  }
  out[at++] = CR
  out[at++] = LF
  return at
}
