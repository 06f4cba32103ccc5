import { spelledOut } from './email-spelled.ts'
import { percentDecode } from './percent-decode.ts'

/** Cloudflare's e-mail protection: hex bytes, each XORed with the first. */
export function decodeCloudflare(hex: string): string | null {
  if (!/^[0-9a-f]{6,400}$/i.test(hex) || hex.length % 2 === 1) return null
  const key = Number.parseInt(hex.slice(0, 2), 16)
  let encoded = ''
  for (let at = 2; at < hex.length; at += 2) {
    const byte = Number.parseInt(hex.slice(at, at + 2), 16) ^ key
    encoded += `%${byte.toString(16).padStart(2, '0')}`
  }
  const text = percentDecode(encoded)
  return text.includes('@') ? text.split('?')[0]! : null
}

export const reverseText = (text: string): string => [...text].reverse().join('')

export const rot13 = (text: string): string =>
  text.replace(/[a-z]/gi, (letter) => {
    const base = letter <= 'Z' ? 65 : 97
    return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base)
  })

/** The addresses of a `mailto:` URL: percent-encoded list, plus `to`, `cc`, `bcc` of its query. */
export function addressesOfMailto(href: string): string[] {
  const body = href.replace(/^\s*mailto:\/{0,2}/i, '')
  const [list = '', query = ''] = splitOnce(body, '?')
  const parts = percentDecode(list).split(/[,;]/)
  for (const pair of query.split(/&(?:amp;)?/)) {
    const [name = '', value = ''] = splitOnce(pair, '=')
    if (/^(?:to|cc|bcc)$/i.test(name))
      parts.push(...percentDecode(value.replaceAll('+', '%2B')).split(/[,;]/))
  }
  return parts
    .map((part) => (/<([^>]+@[^>]+)>/.exec(part)?.[1] ?? part).trim())
    .map((part) => (part.includes('@') ? part : (spelledOut(part) ?? part)))
}

/** TYPO3's `linkTo_UnCryptMailto('…')`: three character ranges rotated by the site's own offset (1 to 25
 *  either way). The offset that yields `mailto:` is the right one. */
export function decodeTypo3(encrypted: string): string | null {
  const text = percentDecode(encrypted)
  if (text.length > 400) return null
  for (let offset = -26; offset <= 26; offset++) {
    const decoded = [...text].map((letter) => rotateTypo3(letter, offset)).join('')
    if (decoded.toLowerCase().startsWith('mailto:')) return addressesOfMailto(decoded)[0] ?? null
  }
  return null
}

const TYPO3_RANGES: readonly (readonly [number, number])[] = [
  [0x2b, 0x3a],
  [0x40, 0x5a],
  [0x61, 0x7a],
]

function rotateTypo3(letter: string, offset: number): string {
  const code = letter.charCodeAt(0)
  for (const [low, high] of TYPO3_RANGES) {
    if (code < low || code > high) continue
    const size = high - low + 1
    return String.fromCharCode(low + ((((code - low + offset) % size) + size) % size))
  }
  return letter
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}
