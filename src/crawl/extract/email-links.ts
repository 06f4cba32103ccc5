import { addressesOfMailto, decodeCloudflare } from './email-ciphers.ts'
import { decodeBase64 } from './string-expressions.ts'
import { percentDecode } from './percent-decode.ts'

const MAX_CARD = 20_000
/** mailto as people mistype it, and with a scheme of the web put before it. */
const MAIL_SCHEME =
  /^\s*(?:https?:\/\/)?(?:mailto|mail|e-?mail|malito|mialto|mailo|maito|mailt|milto|mailtp)\s*[:;=]/i
const BARE = /^\s*(?:https?:\/\/)?([\w.+-]{1,64}(?:@|%40)[a-z\d-]+(?:\.[a-z\d-]+)+)\/?(?:\?.*)?$/i
const WEBMAIL =
  /^https:\/\/(?:mail\.google\.com|outlook\.(?:office|office365|live)\.com|compose\.mail\.yahoo\.com)\/[^#]{0,200}?[?&]to=([^&#]+)/i
const CARD = /^\s*data:text\/(?:x-)?vcard[^,]{0,40},/i
const CLOUDFLARE = '/cdn-cgi/l/email-protection#'
/** SPIP's mailcrypt: `#contact#mc#site.fr#`. */
const SPIP = /^#([\w.+-]{1,64})#mc#([\w-]+(?:\.[\w-]+)+)#$/

/** The addresses that a link stands for: mailto in all its spellings, bare addresses, webmail that is asked to write,
 *  business cards within the link, Cloudflare's and SPIP's ciphers. */
export function emailsOfHref(href: string): { value: string; method: string }[] {
  if (MAIL_SCHEME.test(href)) {
    const list = addressesOfMailto(href.replace(MAIL_SCHEME, 'mailto:'))
    return list.map((value) => ({ value, method: 'mailto' }))
  }
  const hash = href.indexOf(CLOUDFLARE)
  if (hash >= 0) return listed(decodeCloudflare(href.slice(hash + CLOUDFLARE.length)), 'cfemail')
  if (href.charCodeAt(0) === 35) {
    const parts = SPIP.exec(href)
    return parts ? [{ value: `${parts[1]}@${parts[2]}`, method: 'attribute' }] : []
  }
  if (CARD.test(href)) return cardIn(href)
  if (!href.includes('@') && !href.includes('%40')) return []
  const address = BARE.exec(href)?.[1] ?? WEBMAIL.exec(href)?.[1]
  return listed(address ? percentDecode(address) : null, 'mailto')
}

const listed = (value: string | null, method: string): { value: string; method: string }[] =>
  value ? [{ value, method }] : []

function cardIn(href: string): { value: string; method: string }[] {
  const [head = '', ...rest] = href.slice(0, MAX_CARD).split(',')
  const body = rest.join(',')
  const card = /;base64/i.test(head) ? decodeBase64(body) : percentDecode(body)
  return [...card.matchAll(/^(?:item\d+\.)?EMAIL[^:\n]{0,80}:\s*(\S+@\S+)/gim)].map((match) => ({
    value: match[1]!,
    method: 'vcard',
  }))
}
