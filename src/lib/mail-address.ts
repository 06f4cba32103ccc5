import { domainToASCII, domainToUnicode } from 'node:url'

/** An address or a domain with its domain in letters (`café.fr`, not `xn--caf-dma.fr`): one way to write it, so that who
 *  said no is found in either. Mail servers get the other (mail/compose-mail.ts). */
export const inLetters = (address: string): string => {
  const at = address.lastIndexOf('@') + 1
  const domain = address.slice(at)
  return domain.includes('xn--') ? address.slice(0, at) + (domainToUnicode(domain) || domain) : address
}

/** An address in either spelling of its domain, as it stands first. */
export const spellingsOf = (address: string): string[] => {
  const at = address.lastIndexOf('@') + 1
  return [...new Set([address, inLetters(address), address.slice(0, at) + inAscii(address.slice(at))])]
}

/** A domain as name servers know it; as it is when it is none. */
export const inAscii = (domain: string): string => domainToASCII(domain) || domain
