import { decodeHTML, decodeHTMLAttribute } from 'entities'
import type { RawAttributes } from '../scan-html.ts'

const MAX_ATTRIBUTE = 2_000
const MAX_SCRIPT = 60_000

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

/** Percent-decoding that leaves broken sequences as they are. */
export function percentDecode(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  }
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
  return parts.map((part) => /<([^>]+)>/.exec(part)?.[1] ?? part).map((part) => part.trim())
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

/** A cheap look at one attribute: whether `emailsInAttributes` is worth calling for its element. */
export const mayHideEmail = (name: string, value: string): boolean =>
  name === 'href' || name === 'onclick'
    ? value.includes('Crypt') ||
      value.includes('decryptCharcode') ||
      (name === 'onclick' && value.includes('mailto'))
    : value.includes('@') ||
      value.includes('%40') ||
      value.includes('&#64;') ||
      /mail|cloak|contact|obfus|user|local|name/.test(name)

/** Addresses that themes and plugins keep in attributes instead of the text. */
export function emailsInAttributes(
  tag: string,
  attributes: RawAttributes,
): { value: string; method: string }[] {
  const found: { value: string; method: string }[] = []
  for (const name in attributes) {
    const raw = attributes[name]!
    if (raw.length < 6 || raw.length > MAX_ATTRIBUTE) continue
    if (name === 'href' || name === 'onclick' || name === 'data-mailto-token') {
      if (raw.includes('UnCryptMailto') || raw.includes('decryptCharcode') || name === 'data-mailto-token') {
        const quoted = /\((?:'|%27|"|&#39;|&quot;)(.+?)(?:'|%27|"|&#39;|&quot;)/.exec(raw)?.[1]
        const email = decodeTypo3(decodeHTMLAttribute(quoted ?? raw))
        if (email) found.push({ value: email, method: 'typo3' })
      } else if (name === 'onclick' && /mailto:/i.test(raw)) {
        const value = joinStrings(decodeHTMLAttribute(raw)).match(/mailto:([^'"?&\s]+@[^'"?&\s]+)/i)?.[1]
        if (value) found.push({ value: percentDecode(value), method: 'script' })
      }
    } else if (name === 'data-enc-email') {
      found.push({ value: rot13(decodeHTMLAttribute(raw).replace(/\[at\]/i, '@')), method: 'rot13' })
    } else if (name.startsWith('data-') && name !== 'data-cfemail') {
      const value = fromDataAttribute(name, raw)
      if (value) found.push({ value, method: 'data-attribute' })
    } else if (name === 'action' && tag === 'form') {
      const value = decodeHTMLAttribute(raw)
      if (/^mailto:/i.test(value))
        found.push({ value: addressesOfMailto(value)[0] ?? '', method: 'form-action' })
      const relay = /^https:\/\/formsubmit\.co\/([^/?#]+@[^/?#]+)/i.exec(value)
      if (relay) found.push({ value: percentDecode(relay[1]!), method: 'form-action' })
    }
  }
  const user = attributes['data-user'] ?? attributes['data-name'] ?? attributes['data-local']
  const domain = attributes['data-domain'] ?? attributes['data-host']
  if (user && domain && /^[\w.+-]+$/.test(user) && /^[\w-]+(?:\.[\w-]+)+$/.test(domain)) {
    const tld = attributes['data-tld']
    found.push({ value: `${user}@${domain}${tld ? `.${tld}` : ''}`, method: 'data-attribute' })
  }
  return found
}

function fromDataAttribute(name: string, raw: string): string | null {
  const value = percentDecode(raw.includes('&') ? decodeHTMLAttribute(raw) : raw)
  if (value.includes('@')) {
    return /^[^\s@"<>{}]+@[^\s@"<>{}]+$/.test(value) ? value.replace(/^mailto:/i, '') : null
  }
  if (!/mail|cloak|contact|obfus/.test(name) || !/^[\w+/]{8,}={0,2}$/.test(value)) return null
  try {
    const decoded = atob(value)
    return /^[\w.+-]+@[\w.-]+$/.test(decoded) ? decoded : null
  } catch {
    return null
  }
}

/** Addresses built by an inline script: joined string literals, entities, `atob`, ROT13 and reversed
 *  strings. Only what reads as a whole address between quotes or after `mailto:` comes back. */
export function emailsInScript(script: string): string[] {
  const source = script.slice(0, MAX_SCRIPT)
  const found = new Set<string>()
  for (const match of source.matchAll(/UnCryptMailto\((?:'|")([^'"]{8,300})/g)) {
    const email = decodeTypo3(match[1]!)
    if (email) found.add(email)
  }
  for (const match of source.matchAll(/atob\(\s*['"]([\w+/=]{8,200})['"]/g)) {
    const decoded = decodeBase64(match[1]!)
    if (decoded.includes('@')) collectQuoted(`"${decoded}"`, found)
  }
  if (!/@|&#(?:64|x40);|\\u0040|\\x40|%40/i.test(source)) return [...found]
  const plain = joinStrings(
    decodeHTML(source.replace(/\\u0040|\\x40|%40/gi, '@').replace(/\\u003[ce]|\\x3[ce]/gi, '"')),
  )
  collectQuoted(plain, found)
  collectVariables(plain, found)
  return [...found]
}

function collectQuoted(text: string, found: Set<string>): void {
  for (const match of text.matchAll(/["'>:\s\\]([\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+)(?=["'<?\\\s])/g)) {
    if (found.size < 50) found.add(match[1]!)
  }
}

/** `var user = 'contact', host = 'site.fr'; … user + '@' + host`. */
function collectVariables(source: string, found: Set<string>): void {
  const joins = [...source.matchAll(/\b(\w{1,40})\s?\+\s?["']@["']\s?\+\s?(\w{1,40})\b/g)].slice(0, 20)
  if (joins.length === 0) return
  const values = new Map<string, string>()
  for (const match of source.matchAll(/\b(\w{1,40})\s?=\s?["']([\w.+-]{1,80})["']/g)) {
    if (values.size < 500) values.set(match[1]!, match[2]!)
  }
  for (const [, left = '', right = ''] of joins) {
    const local = values.get(left)
    const domain = values.get(right)
    if (local && domain?.includes('.')) found.add(`${local}@${domain}`)
  }
}

/** `'a' + 'b'` → `'ab'`, and Joomla's `var addy1 = 'a' + '&#64;'; addy1 = addy1 + 'b' + 'fr'`. */
function joinStrings(source: string): string {
  return source
    .replace(/(['"])\s*;\s*(\w+)\s*=\s*\2\s*\+\s*(['"])/g, (_, first: string, __, second: string) =>
      first === second ? '' : `${first}+${second}`,
    )
    .replace(/'\s{0,20}\+\s{0,20}'/g, '')
    .replace(/"\s{0,20}\+\s{0,20}"/g, '')
    .replace(/(['"])\s{0,20}\+\s{0,20}(['"])/g, '')
}

function decodeBase64(text: string): string {
  try {
    return atob(text)
  } catch {
    return ''
  }
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}
