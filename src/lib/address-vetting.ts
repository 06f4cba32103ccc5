import { lookup } from 'node:dns/promises'
import ipaddr from 'ipaddr.js'
import { failed, ok, type Result } from './errors.ts'
import { isInNetworks, parseAddress, type Networks } from './networks.ts'

const DNS_DEADLINE_MS = 3_000
const MAX_URL_LENGTH = 8_000
const OUTSIDE_PORTS = new Set([80, 443, 8080, 8443])

/** All addresses of a name, as the system resolves it (hosts file included). Rejects when there are none. */
export type Resolve = (name: string) => Promise<string[]>

/** `allow`: networks that may be reached though not public, on any port. `deny`: public addresses that must not
 *  be reached, such as the server's own. `deadlineMs`: for the name, 3 s at most. */
export type Vetting = { allow?: Networks; deny?: Networks; resolve?: Resolve; deadlineMs?: number }

type VettingProblem = { code: 'refused_address' | 'dns' | 'bad_url'; message: string }

export const resolveBySystem: Resolve = async (name) =>
  (await lookup(name, { all: true })).map((answer) => answer.address)

// ISATAP (RFC 5214 §6.1) hides an IPv4 address behind any /64.
const isIsatap = (parts: number[]): boolean => (parts[4] === 0 || parts[4] === 0x0200) && parts[5] === 0x5efe

// IANA gives out global unicast from 2000::/3 only; ipaddr.js calls whatever it has no name for unicast.
const isPublicIpv6 = (address: ipaddr.IPv6): boolean =>
  address.range() === 'unicast' && ((address.parts[0] ?? 0) & 0xe000) === 0x2000 && !isIsatap(address.parts)

/** True for an address of the public Internet: not private, loopback, link-local, carrier NAT, multicast,
 *  documentation, reserved, nor IPv4 wrapped in IPv6 (NAT64, 6to4, Teredo, ISATAP). Mapped IPv4 counts as IPv4. */
export const isPublicAddress = (text: string): boolean => {
  const address = parseAddress(text)
  if (!address) return false
  return address.kind() === 'ipv4' ? address.range() === 'unicast' : isPublicIpv6(address as ipaddr.IPv6)
}

const withDeadline = async (name: string, resolve: Resolve, deadlineMs: number): Promise<string[]> => {
  let timer: Timer | undefined
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${deadlineMs} ms`)), deadlineMs)
  })
  return Promise.race([resolve(name), deadline]).finally(() => clearTimeout(timer))
}

const addressesOf = async (host: string, vetting: Vetting): Promise<Result<string[], VettingProblem>> => {
  if (parseAddress(host)) return ok([host.replace(/^\[|\]$/g, '')])
  try {
    const deadlineMs = Math.min(vetting.deadlineMs ?? DNS_DEADLINE_MS, DNS_DEADLINE_MS)
    const addresses = await withDeadline(host, vetting.resolve ?? resolveBySystem, deadlineMs)
    return addresses.length > 0 ? ok(addresses) : failed('dns', `${host} has no address.`)
  } catch (error) {
    const code = (error as { code?: string }).code
    const reason = code === 'ENOTFOUND' || code === 'ENODATA' ? 'does not exist' : 'could not be resolved'
    return failed('dns', `The name ${host} ${reason}.`)
  }
}

const refusalOf = (address: string, port: number, vetting: Vetting): string | null => {
  if (isInNetworks(address, vetting.allow ?? [])) return null
  if (!isPublicAddress(address)) return 'is not an address of the public Internet'
  if (isInNetworks(address, vetting.deny ?? [])) return 'is an address of this server'
  return OUTSIDE_PORTS.has(port) ? null : `may not be asked on port ${port}`
}

/** Resolves a host and vets every address it has. One address that is not public refuses the whole name, unless
 *  another one is in `allow`: then only the passing ones are used. Result: canonical addresses, IPv4 first, to
 *  which the connection must be pinned.
 *  @param host name or literal address, as `URL.hostname` gives it */
export const vetHost = async (
  host: string,
  port: number,
  vetting: Vetting,
): Promise<Result<string[], VettingProblem>> => {
  const found = await addressesOf(host, vetting)
  if (!found.ok) return found
  return vetAddresses(host, found.value, port, vetting)
}

/** The second half of vetHost, for addresses that are already known. */
export const vetAddresses = (
  host: string,
  addresses: readonly string[],
  port: number,
  vetting: Vetting,
): Result<string[], VettingProblem> => {
  const refusals = addresses.map((address) => refusalOf(address, port, vetting))
  const passing = addresses.filter((_, index) => refusals[index] === null)
  const anyAllowed = passing.some((address) => isInNetworks(address, vetting.allow ?? []))
  const worst = refusals.findIndex((refusal) => refusal !== null)
  if (worst !== -1 && !anyAllowed)
    return failed('refused_address', `${host} was refused: ${addresses[worst]} ${refusals[worst]}.`)
  const canonical = [...new Set(passing.map((address) => parseAddress(address)?.toString() ?? address))]
  return ok(canonical.sort((a, b) => Number(a.includes(':')) - Number(b.includes(':'))))
}

/** Reads a URL that is to be fetched: http or https, no user name, no password, at most 8,000 characters. */
export const parseOutsideUrl = (text: string, base?: URL): Result<URL, VettingProblem> => {
  if (text.length > MAX_URL_LENGTH) return failed('bad_url', 'The URL is too long.')
  const url = URL.parse(text, base)
  if (!url) return failed('bad_url', 'The URL cannot be read.')
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return failed('bad_url', `Only http and https are fetched, not ${url.protocol.slice(0, 20)}`)
  if (url.username !== '' || url.password !== '')
    return failed('bad_url', 'A URL with a user name or password is not fetched.')
  url.hash = ''
  return ok(url)
}

/** The port a URL asks for, the scheme's own when it names none. */
export const portOf = (url: URL): number => Number(url.port) || (url.protocol === 'https:' ? 443 : 80)
