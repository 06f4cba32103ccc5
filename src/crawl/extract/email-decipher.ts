import { decodeCloudflare, decodeTypo3, reverseText, rot13 } from './email-ciphers.ts'
import { decodeBase64, decoded } from './string-expressions.ts'
import { spelledOut } from './email-spelled.ts'
import { percentDecode } from './percent-decode.ts'

const MAX_CIPHER = 400
const MAX_SHIFT = 30
const LEAST = 8
const WHOLE = /^(?:mailto:)?[\w.+-]{1,64}@[a-z\d-]+(?:\.[a-z\d-]+)*\.[a-z]{2,}$/i
const HEX = /^(?:[\da-f]{2}){8,}$/i
const NUMBERS = /^\d{2,3}(?:[ ,;:|._-]{1,2}\d{2,3}){6,}$/
const BASE64 = /^[\w+/-]{12,}={0,2}$/
/** Endings that addresses in France mostly have, rotated by 13. */
const ROTATED_SUFFIX = /\.(?:se|pbz|arg|bet|rh|or|yh|pu|qr|ovm|vasb)$/i

export const isWholeAddress = (text: string): boolean => WHOLE.test(text)

/** The one address that a text hides, by whichever of the usual ciphers yields one: percent signs, spelled out,
 *  base64, hex, character numbers, Cloudflare's and TYPO3's, reversed, rotated, shifted by a constant. Null when
 *  none does. For texts that are said to hide an address. */
export function decipherAddress(text: string): string | null {
  const plain = percentDecode(text).trim()
  if (plain.length < LEAST || plain.length > MAX_CIPHER) return null
  for (const reading of readings(plain)) {
    const address = reading.replace(/^mailto:/i, '').split('?')[0]!
    if (WHOLE.test(address)) return address
  }
  return null
}

function* readings(text: string): Generator<string> {
  yield text
  const spelled = spelledOut(text)
  if (spelled) yield spelled
  if (HEX.test(text)) {
    yield hexText(text)
    yield decodeCloudflare(text) ?? ''
  }
  if (NUMBERS.test(text)) yield* shifted((text.match(/\d+/g) ?? []).map(Number))
  if (BASE64.test(text)) {
    const inner = percentDecode(decoded(decodeBase64(text)))
    yield inner
    yield reverseText(inner)
    yield percentDecode(decoded(decodeBase64(reverseText(text))))
  }
  yield decodeTypo3(text) ?? ''
  yield reverseText(text)
  if (ROTATED_SUFFIX.test(text)) yield rot13(text)
  if (/\s/.test(text) || WHOLE.test(text)) return
  yield rot47(text)
  yield saltedPairs(text)
  yield* shifted([...text].map((letter) => letter.charCodeAt(0)))
}

/** The readings of a list of character codes, as they are or moved by a constant, that are an address. */
export function* shifted(codes: number[], xored = false): Generator<string> {
  if (codes.length > 200) return
  for (let shift = -MAX_SHIFT; shift <= MAX_SHIFT; shift++) {
    const text = String.fromCharCode(...codes.map((code) => (code + shift) & 0xffff))
    if (WHOLE.test(text)) yield text
  }
  if (!xored) return
  for (let key = 1; key < 256; key++) {
    const text = String.fromCharCode(...codes.map((code) => code ^ key))
    if (WHOLE.test(text)) yield text
  }
}

/** The text of pairs of hexadecimal digits. */
export const hexText = (hex: string): string =>
  String.fromCharCode(...(hex.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16)))

const rot47 = (text: string): string =>
  text.replace(/[!-~]/g, (sign) => String.fromCharCode(33 + ((sign.charCodeAt(0) - 33 + 47) % 94)))

/** CryptX (WordPress): before each character a digit, by which the character has been moved up. */
function saltedPairs(text: string): string {
  if (text.length % 2 === 1 || !/^\d.\d.\d/.test(text)) return ''
  let plain = ''
  for (let at = 0; at < text.length; at += 2)
    plain += String.fromCharCode(text.charCodeAt(at + 1) - Number(text[at]))
  return plain
}
