import { canonicalAddress, isInNetworks, parseNetworks, type Networks } from '#src/lib/networks.ts'

// Link-local (fe80::/10) is not routed: who has such an address is on the same cable.
const LOCAL_NETWORKS = [
  '127.0.0.0/8',
  '::1',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  'fc00::/7',
  'fe80::/10',
]
const MAX_HOPS = 50
const FORWARDING_HEADERS = ['x-forwarded-for', 'x-real-ip', 'forwarded'] as const

export type NetworkRules = { local: Networks; trustedProxies: Networks }

export type Client = {
  /** The peer on the socket, canonical; null when it cannot be told. */
  peer: string | null
  /** Who is behind the trusted proxies, canonical; null when it cannot be told. */
  address: string | null
  /** On the local network, by the socket and by every header a trusted proxy passed on. */
  local: boolean
  /** An address outside that the peer speaks for although it is not a trusted proxy. */
  undeclaredProxy: boolean
  /** The browser speaks https to a trusted proxy. */
  https: boolean
  /** The Host the browser asked for, as a trusted proxy tells it. */
  forwardedHost: string | null
}

const parsed = (list: readonly string[]): Networks => {
  const networks = parseNetworks(list)
  if (!networks.ok) throw new Error(networks.problem.message)
  return networks.value
}

/** The rules of RESTRICT_TO_LOCAL_NETWORK: loopback, RFC 1918, fc00::/7 and link-local, plus ALLOWED_NETWORKS. */
export const networkRules = (config: {
  ALLOWED_NETWORKS: string[]
  TRUSTED_PROXIES: string[]
}): NetworkRules => ({
  local: parsed([...LOCAL_NETWORKS, ...config.ALLOWED_NETWORKS]),
  trustedProxies: parsed(config.TRUSTED_PROXIES),
})

/** `1.2.3.4:80`, `"[2001:db8::1]:80"`, `for=…;proto=…` → the canonical address; null for anything else. */
const addressOf = (entry: string): string | null => {
  const text = entry.trim().replace(/^"(.*)"$/, '$1')
  const bare = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(text)?.[1] ?? /^([\d.]+):\d{1,5}$/.exec(text)?.[1] ?? text
  return canonicalAddress(bare)
}

const hopsOf = (name: string, value: string): (string | null)[] => {
  const entries = value.split(',').filter((entry) => entry.trim() !== '')
  if (name !== 'forwarded') return entries.map(addressOf)
  return entries.map((entry) => {
    const [pair, ...others] = entry.split(';').filter((part) => /^\s*for\s*=/i.test(part))
    return pair && others.length === 0 ? addressOf(pair.slice(pair.indexOf('=') + 1)) : null
  })
}

/** Right to left, past the trusted proxies. Null when a hop that matters is no address. */
const walk = (hops: (string | null)[], trusted: Networks): string | null => {
  for (const hop of hops.slice(-MAX_HOPS).toReversed())
    if (hop === null || !isInNetworks(hop, trusted)) return hop
  return hops.length > MAX_HOPS ? null : (hops[0] ?? null)
}

const lastToken = (value: string | undefined): string => value?.split(',').at(-1)?.trim() ?? ''

/** Who is asking. Decided from the socket address; forwarded headers are read only from trusted proxies, right
 *  to left, and all of them must agree that the client is local: a proxy passes on what it does not know, so
 *  one header alone could be the client's own. From anyone else they can only take rights away. */
export const resolveClient = (
  socketAddress: string | null,
  header: (name: string) => string | undefined,
  rules: NetworkRules,
): Client => {
  const peer = socketAddress === null ? null : canonicalAddress(socketAddress)
  const isLocal = (address: string | null) => address !== null && isInNetworks(address, rules.local)
  const chains = FORWARDING_HEADERS.flatMap((name) => {
    const value = header(name)
    return value === undefined || value.trim() === '' ? [] : [hopsOf(name, value)]
  })
  const none = { undeclaredProxy: false, https: false, forwardedHost: null }
  if (peer === null) return { peer, address: null, local: false, ...none }

  if (!isInNetworks(peer, rules.trustedProxies)) {
    const undeclaredProxy = chains.some((hops) => hops.some((hop) => !isLocal(hop)))
    return { peer, address: peer, local: isLocal(peer) && !undeclaredProxy, ...none, undeclaredProxy }
  }

  const claims = chains.map((hops) => walk(hops, rules.trustedProxies))
  // A chain of trusted proxies only tells nothing about the client, as long as another header does.
  const telling = claims.filter((claim) => claim === null || !isInNetworks(claim, rules.trustedProxies))
  const decisive = telling.length > 0 ? telling : [claims[0] ?? peer]
  return {
    peer,
    address: decisive[0] ?? null,
    local: decisive.every(isLocal),
    undeclaredProxy: false,
    https: lastToken(header('x-forwarded-proto')).toLowerCase() === 'https',
    forwardedHost: lastToken(header('x-forwarded-host')) || null,
  }
}
