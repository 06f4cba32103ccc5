import addressparser from 'nodemailer/lib/addressparser'

const LOCAL = String.raw`[\p{L}\p{N}.!#$%&'*+/=?^_\x60{|}~-]{1,100}`
const DOMAIN = String.raw`(?:[\p{L}\p{N}](?:[\p{L}\p{N}_-]{0,62})\.){1,10}[\p{L}][\p{L}\p{N}-]{0,62}`
const ADDRESS = new RegExp(String.raw`(?<![\p{L}\p{N}.!#$%&*+/=?^_\x60{|}~-])(${LOCAL})@(${DOMAIN})`, 'gu')

/** Every mail address of a text with where it stands, in lower case. */
export const addressesIn = (text: string): { address: string; at: number }[] =>
  [...text.matchAll(ADDRESS)].flatMap((found) => {
    const address = cleanAddress(found[0])
    return address === null ? [] : [{ address, at: found.index }]
  })

/** An address as it is written in any field of a report, such as `rfc822; <anne@exemple.fr>`; null when it is none. */
export const cleanAddress = (written: string): string | null => {
  const text = written
    .replace(/^\s*(rfc-?822|utf-8|smtp|local|internet|unknown|x-[\w-]+)\s*[;:]\s*/i, '')
    .replaceAll(/[<>"\s\0]/g, '')
    .replace(/^(smtp|mailto|rfc822|e-?mail|addr|to|rcpt)\s*[:=]\s*/i, '')
    .replace(/^[('`[=:]+/, '')
    .replace(/[)'`\].,;:]+$/, '')
  const at = text.lastIndexOf('@')
  if (at < 1 || text.length > 320) return null
  const [local, domain] = [text.slice(0, at), text.slice(at + 1)]
  const isHost = /^(?:[\p{L}\p{N}_-]+\.)*[\p{L}\p{N}_-]+$/u.test(domain) || /^\[[\d.:a-f]+\]?$/i.test(domain)
  if (!isHost || /[@\s,;<>()]/.test(local)) return null
  return text.toLowerCase()
}

export type Named = { name: string; address: string }

/** The addresses of a From, To or Reply-To header. */
export const readAddresses = (header: string): Named[] =>
  addressparser(header.slice(0, 10_000), { flatten: true }).flatMap(({ name, address }) => {
    const clean = cleanAddress(address)
    if (clean !== null) return [{ name: name.trim(), address: clean }]
    // A header that is not written by the rules often has its address all the same.
    const [inName] = addressesIn(name)
    return inName ? [{ name: '', address: inName.address }] : []
  })
