import type { RawAttributes } from './scan-html.ts'
import { addressesOfMailto, decodeTypo3, reverseText, rot13 } from './email-ciphers.ts'
import { decipherAddress, isWholeAddress } from './email-decipher.ts'
import { spelledOut } from './email-spelled.ts'
import { emailsInBase64, emailsInScript } from './email-scripts.ts'
import { percentDecode } from './percent-decode.ts'
import { isRoleLocal } from './emails.ts'
import { registrableDomain, relationToSite } from './site-identity.ts'
import { decodeBase64, decoded } from './string-expressions.ts'

const MAX_ATTRIBUTE = 12_000
const MAX_FOUND = 20

const ABOUT_MAIL =
  /mail|cloak|contact|obf|user|local|name|rot|b64|base64|enc|crypt|secret|protect|rev|addr|part|domain|host|hex/
const HIDING_CODE = /crypt|mailto|znvygb|fromCharCode|atob|mail|@|%40|&#64;/i
const HOLDS_TEXT = new Set(['title', 'aria-label', 'alt', 'value', 'content'])
/** `data-u="contact" data-d="site.fr"`: names so short that only a domain in them tells. */
const HALF_NAME = /^data-(?:d|b|dom|after|right|site|server|part-?[2b])$/
const DOMAIN = /^@?[a-z\d-]+(?:\.[a-z\d-]+)*\.[a-z]{2,}$/i
const MAIL_NAME = /mail|contact|cloak|obf|crypt|protect|rot|hex|addr/
const CODED = /^(?:[\da-f]{2}){8,}$|^\d{2,3}(?:[ ,;:|._-]{1,2}\d{2,3}){6,}$/i
/** base64 of mailto:, by where it begins within three bytes */
const MAILTO_64 = /bWFpbHRv|1haWx0bz|tYWlsdG86/
/** Where frameworks keep what a component shows: Astro, Alpine, Vue, Livewire, Angular */
const PROPERTIES = /^(?:props$|x-data$|ng-init$|wire:|v-|:)/
const RECIPIENT = /recip|dest|^_?to$|mail_?to|send_?to|email_to|owner/i
const ADDRESS = /(?:^|["'\s:;,<>(])([\w.+-]{1,64}@[a-z\d-]+(?:\.[a-z\d-]+)+)(?=$|["'\s;,<>)?\\])/gi

const JOINS = /['"`]\s*\+\s*['"`]/
const QUOTED_64 = /['"][A-Za-z\d+/]{6,80}={0,2}['"].*['"][A-Za-z\d+/]{8,80}={0,2}['"]/
/** An address that a picture's text spells: "contact arobase site point fr" */
const SPELLED_AT = /arr?oba[sz]|[[({] ?(?:at|à|a) ?[\])}]|\sat\s.{2,60}\sdot\s/i
const MAIL_LABEL = /^\s*(?:(?:e-?|adresse (?:e-?)?)?mail|courriel|adresse|contact)\s*:\s*/i

/** A cheap look at one attribute: whether `emailsInAttributes` is worth calling for its element. */
export function mayHideEmail(name: string, value: string, ownLabel = ''): boolean {
  const own = ownLabel.length > 3 && value.length < 400 && value.toLowerCase().includes(ownLabel)
  if (name === 'href') {
    const first = value.charCodeAt(0) | 32
    return (first === 106 && /^javascript:/i.test(value)) || (first === 122 && /^znvygb:/i.test(value))
  }
  if (!name.startsWith('data-')) {
    if (HOLDS_TEXT.has(name)) return value.includes('@') || (value.length < 120 && SPELLED_AT.test(value))
    if (PROPERTIES.test(name)) return value.includes('@') || QUOTED_64.test(value)
    return name.startsWith('on') && (own || HIDING_CODE.test(value))
  }
  return (
    own ||
    value.includes('@') ||
    value.includes('%40') ||
    value.includes('&#64;') ||
    ABOUT_MAIL.test(name) ||
    (HALF_NAME.test(name) && DOMAIN.test(value)) ||
    (value.length > 20 && MAILTO_64.test(value))
  )
}

type Found = { value: string; method: string }

/** Addresses that themes and plugins keep in attributes instead of the text. */
export function emailsInAttributes(tag: string, attributes: RawAttributes, siteHost: string): Found[] {
  const found: Found[] = []
  const add = (method: string, ...values: string[]): void => {
    for (const value of values) if (value && found.length < MAX_FOUND) found.push({ value, method })
  }
  for (const name in attributes) {
    const raw = attributes[name]!
    if (raw.length < 6 || raw.length > MAX_ATTRIBUTE) continue
    if (name === 'data-mailto-token') add('typo3', decodeTypo3(decoded(raw)) ?? '')
    else if (name === 'href' || name.startsWith('on')) {
      if (name !== 'href' || mayHideEmail(name, raw))
        for (const one of fromCode(decoded(raw), siteHost)) add(one.method, one.value)
    } else if (name === 'data-enc-email') {
      add(
        'rot13',
        spelledOut(rot13(decoded(raw).replace(/\[at\]/i, '@'))) ??
          rot13(decoded(raw).replace(/\[at\]/i, '@')),
      )
    } else if (name === 'data-cfemail') continue
    else if (name.startsWith('data-')) add('data-attribute', ...fromDataAttribute(name, raw))
    else if (PROPERTIES.test(name)) {
      const plain = decoded(raw)
      add('data-attribute', ...addressesIn(plain), ...fromCodedParts(quotedIn(plain), siteHost))
      // Data in a component may be put together like code: { mail: 'info' + '@' + 'site.fr' }
      if (JOINS.test(plain))
        add('data-attribute', ...emailsInScript(`data = ${plain}`, siteHost).map(({ value }) => value))
    } else if (name === 'action' && tag === 'form') add('form-action', fromAction(decoded(raw)))
    else if (name === 'value' && tag === 'input') {
      if (isRecipient(attributes)) add('form-field', ...addressesIn(decoded(raw)))
    } else if (name === 'content' && tag !== 'meta' && attributes.itemprop === 'email')
      add('microdata', decoded(raw).replace(/^mailto:/i, ''))
    else if (name === 'title' || name === 'aria-label' || (name === 'alt' && tag === 'img'))
      add('attribute', ...addressesIn(decoded(raw)), spelledOut(decoded(raw).replace(MAIL_LABEL, '')) ?? '')
  }
  if (tag === 'joomla-hidden-mail') add('data-attribute', ...fromJoomla(attributes))
  add('data-attribute', ...fromParts(attributes, siteHost))
  return found
}

/** The addresses written plainly in a text. */
export const addressesIn = (text: string): string[] =>
  text.includes('@') ? [...text.matchAll(ADDRESS)].map((match) => match[1]!) : []

const ONE_ARGUMENT =
  /\b\w*(?:crypt|decode|decipher|unobfus|deobfus|mail|spam|rot)\w*\(\s*(['"])(.{8,400}?)\1\s*[,)]/i
const TWO_ARGUMENTS = /\(\s*(['"])([\w.+-]{2,40})\1\s*,\s*\1@?([a-z\d-]+(?:\.[a-z\d-]+)+)\1/i

function fromCode(raw: string, siteHost: string): Found[] {
  if (/^znvygb:/i.test(raw)) return addressesOfMailto(rot13(raw)).map((value) => ({ value, method: 'rot13' }))
  const code = percentDecode(raw)
  const quoted = /(?:Crypt\w*|decryptCharcode)\(\s*['"](.+?)['"]\s*[,)]/.exec(code)?.[1]
  const email = quoted ? decodeTypo3(quoted) : null
  if (email) return [{ value: email, method: 'typo3' }]
  const found = emailsInScript(code.replace(/^javascript:/i, ''), siteHost).map(({ value }) => value)
  const argument = found.length === 0 ? ONE_ARGUMENT.exec(code)?.[2] : undefined
  const deciphered = argument ? decipherAddress(argument) : null
  const [, , local = '', domain = ''] = TWO_ARGUMENTS.exec(code) ?? []
  if (deciphered) found.push(deciphered)
  else if (domain !== '' && relationToSite(domain.toLowerCase(), siteHost) === 'own')
    found.push(`${local}@${domain}`)
  return found.map((value) => ({ value, method: 'script' }))
}

/** Joomla 4 and 5: both halves in base64, as attributes of an element of its own. */
function fromJoomla({ first = '', last = '', text = '' }: RawAttributes): string[] {
  const whole = `${decodeBase64(first)}@${decodeBase64(last)}`
  return isWholeAddress(whole) ? [whole] : emailsInBase64(text)
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
  if (!ABOUT_MAIL.test(name) && !MAILTO_64.test(value)) return []
  const plain = [value, ...(value.startsWith('{') ? quotedIn(value) : [])].flatMap(emailsInBase64)
  if (plain.length > 0) return plain
  const address = MAIL_NAME.test(name) || CODED.test(value) ? decipherAddress(value) : null
  return address ? [address] : []
}

const LOCAL_NAMES =
  'user username u name local localpart local-part part1 part-1 part-a mail1 mail-1 email1 mailbox before left account login nom n m email-user mail-user email-name mail-name email-local mail-local a'.split(
    ' ',
  )
const DOMAIN_NAMES =
  'domain domaine domain-name dom d host part2 part-2 part-b mail2 mail-2 email2 after right site server email-domain mail-domain email-host mail-host b'.split(
    ' ',
  )
const SUFFIX_NAMES = 'tld ext extension t part3 part-3 mail3 email3 suffix c'.split(' ')

/** `data-user="contact" data-domain="site" data-tld="fr"`; by other names only where the site's own domain stands
 *  beside the name of a function. */
function fromParts(attributes: RawAttributes, siteHost: string): string[] {
  const first = (names: string[]): string | undefined =>
    names.map((name) => attributes[`data-${name}`]).find((value) => value !== undefined && value !== '')
  const domain = first(DOMAIN_NAMES)
  const user = domain && first(LOCAL_NAMES)
  if (!user || !domain || !/^[\w.+-]{1,64}$/.test(user) || !/^@?[\w-]+(?:\.[\w-]+)*$/.test(domain))
    return fromUnnamedParts(attributes, siteHost)
  const suffix = first(SUFFIX_NAMES)
  const whole = (suffix ? `${domain}.${suffix.replace(/^\./, '')}` : domain).replace(/^@/, '')
  if (relationToSite(reverseText(whole).toLowerCase(), siteHost) === 'own')
    return [`${reverseText(user)}@${reverseText(whole)}`]
  return whole.includes('.') ? [`${user}@${whole}`] : []
}

const PLAIN_NAME =
  /^data-(?:id|type|action|target|toggle|name|category|page|section|role|slug|post|component|module|controller|key|label|event|nav|tab|menu)$/

/** Literals in a component's data */
const quotedIn = (code: string): string[] =>
  [...code.slice(0, MAX_ATTRIBUTE).matchAll(/['"]([A-Za-z\d+/]{4,80}={0,2})['"]/g)]
    .slice(0, 12)
    .map((one) => one[1]!)

/** Both halves in base64: `{ u: 'Y29udGFjdA==', d: 'c2l0ZS5mcg==' }`. */
function fromCodedParts(values: string[], siteHost: string): string[] {
  const plain = values.flatMap((value) => (value.length % 4 === 0 ? [decodeBase64(value)] : []))
  const domain = plain
    .map((text) => text.replace(/^@/, '').toLowerCase())
    .find((text) => /^[a-z\d-]+(?:\.[a-z\d-]+)+$/.test(text) && relationToSite(text, siteHost) === 'own')
  const local =
    domain && plain.find((text) => /^[\w.+-]{2,40}@?$/.test(text) && text.toLowerCase() !== domain)
  return local ? [`${local.replace('@', '')}@${domain}`] : []
}

function fromUnnamedParts(attributes: RawAttributes, siteHost: string): string[] {
  const names = Object.keys(attributes).filter((name) => name.startsWith('data-') && !PLAIN_NAME.test(name))
  const coded =
    names.length >= 2
      ? fromCodedParts(
          names.map((name) => attributes[name]!),
          siteHost,
        )
      : []
  if (coded.length > 0) return coded
  const values = names.map((name) => attributes[name]!.toLowerCase())
  for (const way of [values, values.map(reverseText)]) {
    const domain = way.find((value) => /^@?[a-z\d-]+(?:\.[a-z\d-]+)+$/.test(value))?.replace('@', '')
    const local = way.find((value) => isRoleLocal(value))
    if (domain && local && relationToSite(domain, siteHost) === 'own') return [`${local}@${domain}`]
  }
  // data-n="pauline" data-h="site" data-t="fr": two are the site's own, the third is who.
  const own = registrableDomain(siteHost) ?? ''
  const [label = '', suffix = ''] = [own.slice(0, own.indexOf('.')), own.slice(own.indexOf('.') + 1)]
  if (label !== '' && values.includes(label)) {
    const others = values.filter((value) => value !== label && value.replace(/^\./, '') !== suffix)
    if (others.length === 1 && others.length === values.length - 2 && /^[a-z][\w.+-]{1,40}$/.test(others[0]!))
      return [`${others[0]}@${own}`]
  }
  return []
}
