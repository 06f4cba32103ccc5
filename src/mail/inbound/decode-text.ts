const WORD = /=\?([^?\s]{1,60})\?([bq])\?([^?]*)\?=/gi
const BETWEEN_WORDS = /(=\?[^?\s]{1,60}\?[bq]\?[^?]*\?=)\s+(?==\?[^?\s]{1,60}\?[bq]\?)/gi
const UTF7_RUN = /\+([A-Za-z0-9+/]*)-?/g

/** Bytes as text in the character set they claim; where that is unknown or wrong, UTF-8 when they are, else Western. */
export const decodeBytes = (bytes: Uint8Array, charset = ''): string => {
  const label = charset.toLowerCase().replaceAll(/['"\s]/g, '')
  if (label === 'utf-7' || label === 'unicode-1-1-utf-7')
    return fromUtf7(Buffer.from(bytes).toString('latin1'))
  const decoder = decoderOf(label)
  if (decoder && decoder.encoding !== 'utf-8' && decoder.encoding !== 'windows-1252')
    return decoder.decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder(label === 'utf-8' && !hasManyOdd(bytes) ? 'utf-8' : 'windows-1252').decode(bytes)
  }
}

const decoderOf = (label: string): TextDecoder | null => {
  if (label === '') return null
  // What mail programs write besides the names of the WHATWG list.
  const name = label.replace(/^cp-?(\d+)$/, 'windows-$1').replace(/^iso-?8859-?(\d+)(-[ei])?$/, 'iso-8859-$1')
  try {
    return new TextDecoder(name as 'utf-8')
  } catch {
    return null
  }
}

/** A text cut in the middle of a letter is still UTF-8; one with an odd byte every few letters is not. */
const hasManyOdd = (bytes: Uint8Array): boolean =>
  (new TextDecoder('utf-8').decode(bytes).match(/\uFFFD/g)?.length ?? 0) > 2

const fromUtf7 = (text: string): string =>
  text.replaceAll(UTF7_RUN, (_, run: string) =>
    run === '' ? '+' : new TextDecoder('utf-16be').decode(Buffer.from(run, 'base64')),
  )

/** A header's words as they are read (RFC 2047), also where they are broken in the middle of a letter. */
export const decodeWords = (value: string): string => {
  if (!value.includes('=?')) return value
  const joined = value.replaceAll(BETWEEN_WORDS, '$1')
  return joined.replaceAll(WORD, (_, charset: string, way: string, text: string) =>
    decodeBytes(wordBytes(way, text), charset.replace(/\*.*$/, '')),
  )
}

const wordBytes = (way: string, text: string): Buffer =>
  way.toLowerCase() === 'b'
    ? Buffer.from(text, 'base64')
    : quotedBytes(text.replaceAll('_', '=20')).subarray(0, -1)

/** Quoted-printable text, read leniently: what is no escape stays as it stands. */
export const quotedBytes = (text: string): Buffer =>
  Buffer.from(
    text
      .split('\n')
      // Spaces at the end of a line were added on the way.
      .map((line) => line.trimEnd())
      .map((line) => (line.endsWith('=') ? line.slice(0, -1) : `${line}\n`))
      .join('')
      .replaceAll(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  )
