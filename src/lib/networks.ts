import ipaddr from 'ipaddr.js'
import { failed, ok, type Result } from './errors.ts'

type Address = ipaddr.IPv4 | ipaddr.IPv6

/** A parsed CIDR block. */
export type Network = readonly [Address, number]
export type Networks = readonly Network[]

const MAPPED_BITS = 96

/** An address in one canonical form: brackets and zone removed, IPv4-mapped IPv6 turned into IPv4, IPv4 only as
 *  four decimal parts (`0177.0.0.1` and `127.1` are nobody's notation for a socket address). Null for the rest. */
export const parseAddress = (text: string): Address | null => {
  const bare = text.replace(/^\[(.*)\]$/, '$1').replace(/%.*$/, '')
  if (!bare.includes(':')) return ipaddr.IPv4.isValidFourPartDecimal(bare) ? ipaddr.IPv4.parse(bare) : null
  return ipaddr.IPv6.isValid(bare) ? ipaddr.process(bare) : null
}

/** The canonical text of an address (`::ffff:10.0.0.1` → `10.0.0.1`), or null when it is none. */
export const canonicalAddress = (text: string): string | null => parseAddress(text)?.toString() ?? null

/** One CIDR block or single address, IPv4-mapped blocks as IPv4; null for anything else. */
export const parseNetwork = (text: string): Network | null => {
  const [base = '', bits, ...rest] = text.split('/')
  if (rest.length > 0 || base.includes('%')) return null
  const plain = base.includes(':') ? ipaddr.IPv6.isValid(base) : ipaddr.IPv4.isValidFourPartDecimal(base)
  if (!plain || (bits !== undefined && !/^\d{1,3}$/.test(bits))) return null
  const written = ipaddr.parse(base)
  const length = bits === undefined ? (written.kind() === 'ipv6' ? 128 : 32) : Number(bits)
  if (length > (written.kind() === 'ipv6' ? 128 : 32)) return null
  const address = ipaddr.process(base)
  if (address.kind() === written.kind()) return [address, length]
  // A mapped block shorter than the prefix would mean "IPv4 and much else": nobody means that.
  return length >= MAPPED_BITS ? [address, length - MAPPED_BITS] : null
}

/** Reads a list of CIDR blocks or single addresses; the first wrong one is named. */
export const parseNetworks = (list: readonly string[]): Result<Networks> => {
  const networks: Network[] = []
  for (const text of list) {
    const network = parseNetwork(text.trim())
    if (!network)
      return failed('bad_network', `"${text}" is not a network such as 192.168.0.0/16 or fd00::/8.`)
    networks.push(network)
  }
  return ok(networks)
}

/** True when the address, in its canonical form, lies in one of the networks. False for what is no address. */
export const isInNetworks = (address: string, networks: Networks): boolean => {
  const parsed = parseAddress(address)
  if (!parsed) return false
  return networks.some(([base, bits]) => base.kind() === parsed.kind() && parsed.match(base, bits))
}
