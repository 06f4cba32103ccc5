import { getDomain } from 'tldts'
import table from './providers.data.json' with { type: 'json' }

const byHost = suffixes(table.hosts)
const byDomain = suffixes(table.domains)

/** Who takes in the mail of a domain: the name of a known provider (google, microsoft, ovh, …) by its MX hosts in order
 *  of preference, else the registrable domain of the first host. Without MX hosts (null or none) the well-known mail
 *  domains are recognised by name, any other domain is its own provider. Lower case; the domain in ASCII. */
export const providerOf = (domain: string, mxHosts: readonly string[] | null): string => {
  const name = domain.toLowerCase().replace(/\.$/, '')
  const hosts = (mxHosts ?? []).map((host) => host.toLowerCase().replace(/\.$/, '')).filter(Boolean)
  for (const host of hosts) {
    const known = lookUp(byHost, host)
    if (known) return known
  }
  const [first] = hosts
  if (first === undefined) return byDomain.get(name) ?? name
  return getDomain(first, { allowPrivateDomains: false }) ?? first
}

/** The providers that have a name here, for lists of choices. */
export const KNOWN_PROVIDERS: readonly string[] = Object.keys(table.hosts)

function suffixes(names: Record<string, string[]>): Map<string, string> {
  return new Map(
    Object.entries(names).flatMap(([name, list]) => list.map((suffix) => [suffix, name] as const)),
  )
}

const lookUp = (known: Map<string, string>, host: string): string | undefined => {
  for (let rest = host; rest !== ''; rest = rest.slice(rest.indexOf('.') + 1)) {
    const found = known.get(rest)
    if (found) return found
    if (!rest.includes('.')) return undefined
  }
  return undefined
}
