import type { RawAttributes } from './scan-html.ts'
import { addressesOfMailto, decodeTypo3, reverseText, rot13 } from './email-ciphers.ts'
import { spelledOut } from './email-spelled.ts'
import { emailsInBase64, emailsInScript } from './email-scripts.ts'
import { percentDecode } from './percent-decode.ts'
import { decoded } from './string-expressions.ts'

const MAX_ATTRIBUTE = 4_000
const MAX_FOUND = 20

const ABOUT_MAIL =
  /mail|cloak|contact|obf|user|local|name|rot|b64|base64|enc|crypt|secret|protect|rev|addr|part|domain|host/
const HIDING_CODE = /crypt|mailto|znvygb|fromCharCode|atob|mail|@|%40|&#64;/i
const HOLDS_TEXT = new Set(['title', 'aria-label', 'alt', 'value', 'content'])
const RECIPIENT = /recip|dest|^_?to$|mail_?to|send_?to|email_to|owner/i
const ADDRESS = /(?:^|["'\s:;,<>(])([\w.+-]{1,64}@[a-z\d-]+(?:\.[a-z\d-]+)+)(?=$|["'\s;,<>)?\\])/gi

/** A cheap look at one attribute: whether `emailsInAttributes` is worth calling for its element. */
export function mayHideEmail(name: string, value: string): boolean {
  if (name === 'href') {
    const first = value.charCodeAt(0) | 32
    return (first === 106 && /^javascript:/i.test(value)) || (first === 122 && /^znvygb:/i.test(value))
  }
  if (!name.startsWith('data-')) {
    if (HOLDS_TEXT.has(name)) return value.includes('@')
    return name.startsWith('on') && HIDING_CODE.test(value)
  }
  return value.includes('@') || value.includes('%40') || value.includes('&#64;') || ABOUT_MAIL.test(name)
}

type Found = { value: string; method: string }

/** Addresses that themes and plugins keep in attributes instead of the text. */
export function emailsInAttributes(tag: string, attributes: RawAttributes): Found[] {
  const found: Found[] = []
  const add = (method: string, ...values: string[]): void => {
    for (const value of values) if (value && found.length < MAX_FOUND) found.push({ value, method })
  }
  for (const name in attributes) {
    const raw = attributes[name]!
    if (raw.length < 6 || raw.length > MAX_ATTRIBUTE) continue
    if (name === 'data-mailto-token') add('typo3', decodeTypo3(decoded(raw)) ?? '')
    else if (name === 'href' || name.startsWith('on')) {
      if (mayHideEmail(name, raw)) for (const one of fromCode(decoded(raw))) add(one.method, one.value)
    } else if (name === 'data-enc-email') {
      add(
        'rot13',
        spelledOut(rot13(decoded(raw).replace(/\[at\]/i, '@'))) ??
          rot13(decoded(raw).replace(/\[at\]/i, '@')),
      )
    } else if (name === 'data-cfemail') continue
    else if (name.startsWith('data-')) add('data-attribute', ...fromDataAttribute(name, raw))
    else if (name === 'action' && tag === 'form') add('form-action', fromAction(decoded(raw)))
    else if (name === 'value' && tag === 'input') {
      if (isRecipient(attributes)) add('form-field', ...addressesIn(decoded(raw)))
    } else if (name === 'content' && tag !== 'meta' && attributes.itemprop === 'email')
      add('microdata', decoded(raw).replace(/^mailto:/i, ''))
    else if (name === 'title' || name === 'aria-label' || (name === 'alt' && tag === 'img'))
      add('attribute', ...addressesIn(decoded(raw)))
  }
  add('data-attribute', ...fromParts(attributes))
  return found
}

const addressesIn = (text: string): string[] =>
  text.includes('@') ? [...text.matchAll(ADDRESS)].map((match) => match[1]!) : []

function fromCode(raw: string): Found[] {
  if (/^znvygb:/i.test(raw)) return addressesOfMailto(rot13(raw)).map((value) => ({ value, method: 'rot13' }))
  const code = percentDecode(raw)
  const quoted = /(?:Crypt\w*|decryptCharcode)\(\s*['"](.+?)['"]\s*[,)]/.exec(code)?.[1]
  const email = quoted ? decodeTypo3(quoted) : null
  if (email) return [{ value: email, method: 'typo3' }]
  return emailsInScript(code.replace(/^javascript:/i, '')).map(({ value }) => ({ value, method: 'script' }))
}

function fromAction(action: string): string {
  if (/^mailto:/i.test(action)) return addressesOfMailto(action)[0] ?? ''
  const relay =
    /^https:\/\/(?:www\.)?(?:formsubmit\.co|formspree\.io|formmail\.io)\/(?:ajax\/)?([^/?#]+@[^/?#]+)/i.exec(
      action,
    )
  const query = /[?&](?:recipient|to|email|dest)=([^&#]+(?:@|%40)[^&#]+)/i.exec(action)
  return percentDecode(relay?.[1] ?? query?.[1] ?? '')
}

/** Hidden fields that tell an old mail script where to send, and fields nobody can change. */
const isRecipient = (attributes: RawAttributes): boolean =>
  attributes.readonly !== undefined ||
  (/^hidden$/i.test(attributes.type ?? '') && RECIPIENT.test(attributes.name ?? ''))

function fromDataAttribute(name: string, raw: string): string[] {
  const value = percentDecode(decoded(raw)).trim()
  if (value.includes('@')) {
    if (/^(?:mailto:)?[^\s@"<>{}]+@[^\s@"<>{}]+$/.test(value)) return [value.replace(/^mailto:/i, '')]
    return addressesIn(value)
  }
  if (!ABOUT_MAIL.test(name)) return []
  const spelled = /mail|contact|cloak|obfus/.test(name) ? spelledOut(value) : null
  if (spelled) return [spelled]
  const plain = emailsInBase64(value)
  return plain.length > 0 ? plain : emailsInBase64(reverseText(value))
}

const LOCAL_NAMES =
  'user username u name local localpart local-part part1 part-1 mailbox before account login nom n email-user mail-user email-name mail-name email-local a'.split(
    ' ',
  )
const DOMAIN_NAMES =
  'domain domaine domain-name d host part2 part-2 after site server email-domain mail-domain email-host mail-host b'.split(
    ' ',
  )
const SUFFIX_NAMES = 'tld ext extension t part3 part-3 suffix c'.split(' ')

/** `data-user="contact" data-domain="site" data-tld="fr"`. */
function fromParts(attributes: RawAttributes): string[] {
  const first = (names: string[]): string | undefined =>
    names.map((name) => attributes[`data-${name}`]).find((value) => value !== undefined && value !== '')
  const domain = first(DOMAIN_NAMES)
  const user = domain && first(LOCAL_NAMES)
  if (!user || !domain || !/^[\w.+-]{1,64}$/.test(user) || !/^@?[\w-]+(?:\.[\w-]+)*$/.test(domain)) return []
  const suffix = first(SUFFIX_NAMES)
  const whole = suffix ? `${domain}.${suffix.replace(/^\./, '')}` : domain
  return whole.includes('.') ? [`${user}@${whole.replace(/^@/, '')}`] : []
}
