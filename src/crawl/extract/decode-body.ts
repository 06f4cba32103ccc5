const SNIFFED_BYTES = 2048

/** Decodes a response body to text and names the charset used. Order: byte order mark, Content-Type,
 *  `<meta charset>` in the first bytes, strict UTF-8, windows-1252 (the HTML standard's fallback). A declared
 *  UTF-8 that does not decode is read as windows-1252: such pages declare what their editor wrote, not
 *  what the server sends. */
export function decodeBody(body: Uint8Array, contentType: string | null): { text: string; charset: string } {
  const declared = fromByteOrderMark(body) ?? fromContentType(contentType) ?? fromMeta(body)
  if (declared && declared !== 'utf-8') {
    const decoder = decoderFor(declared)
    if (decoder) return { text: decoder.decode(body), charset: decoder.encoding }
  }
  const narrow = fromLatin1(body)
  if (narrow !== null) return { text: narrow, charset: 'utf-8' }
  try {
    return {
      text: new TextDecoder('utf-8', { fatal: true }).decode(withoutPartialEnd(body)),
      charset: 'utf-8',
    }
  } catch {
    if (declared === 'utf-8' && isMostlyUtf8(body)) {
      return { text: new TextDecoder('utf-8').decode(body), charset: 'utf-8' }
    }
    return { text: new TextDecoder('windows-1252').decode(body), charset: 'windows-1252' }
  }
}

function fromByteOrderMark(body: Uint8Array): string | null {
  if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf) return 'utf-8'
  if (body[0] === 0xff && body[1] === 0xfe) return 'utf-16le'
  if (body[0] === 0xfe && body[1] === 0xff) return 'utf-16be'
  return null
}

function fromContentType(contentType: string | null): string | null {
  const match = /charset\s*=\s*["']?([\w.:-]+)/i.exec(contentType ?? '')
  return match ? match[1]!.toLowerCase().replace(/^utf8$/, 'utf-8') : null
}

function fromMeta(body: Uint8Array): string | null {
  const start = new TextDecoder('windows-1252').decode(body.subarray(0, SNIFFED_BYTES))
  const match = /<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)/i.exec(start)
  if (!match) return null
  const label = match[1]!.toLowerCase().replace(/^utf8$/, 'utf-8')
  // A meta read as bytes cannot be UTF-16 (HTML standard, prescan).
  return label.startsWith('utf-16') ? 'utf-8' : label
}

function decoderFor(label: string): { decode(body: Uint8Array): string; encoding: string } | null {
  try {
    return new TextDecoder(label as 'utf-8')
  } catch {
    return null
  }
}

/** The text of UTF-8 that has no character beyond Latin-1, else null. Such a text takes half the memory of any other,
 *  and every pattern is quicker on it; most others are told from it by their first kilobytes. */
function fromLatin1(body: Uint8Array): string | null {
  const narrow = Buffer.allocUnsafeSlow(body.length)
  const length = narrowed(body, narrow)
  const text = length < 0 ? null : narrow.toString('latin1', 0, length)
  narrow.buffer.transfer(0)
  return text
}

/** Fills `narrow` with one byte for each character of `body`; their number, or -1 where one needs more. */
function narrowed(body: Uint8Array, narrow: Uint8Array): number {
  let length = 0
  for (let at = 0; at < body.length; at++) {
    const byte = body[at]!
    if (byte < 0x80) narrow[length++] = byte
    else {
      const next = body[++at] ?? 0
      if ((byte !== 0xc2 && byte !== 0xc3) || (next & 0xc0) !== 0x80) return -1
      narrow[length++] = ((byte & 3) << 6) | (next & 0x3f)
    }
  }
  return length
}

/** A body cut at the size cap may end inside a character. */
function withoutPartialEnd(body: Uint8Array): Uint8Array {
  let end = body.length
  for (let back = 1; back <= 3 && back <= body.length; back++) {
    const byte = body[body.length - back]!
    if (byte < 0x80) break
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
      if (length > back) end = body.length - back
      break
    }
  }
  return end === body.length ? body : body.subarray(0, end)
}

/** True when broken sequences are rare: one bad byte must not turn every accent of a page to rubbish. */
function isMostlyUtf8(body: Uint8Array): boolean {
  const text = new TextDecoder('utf-8').decode(body)
  let broken = 0
  let whole = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 0xfffd) broken++
    else if (code > 0x7f) whole++
  }
  return whole > broken * 4
}
