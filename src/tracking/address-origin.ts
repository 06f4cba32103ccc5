import { isInNetworks, parseNetworks, type Networks } from '#src/lib/networks.ts'
import data from './cloud-networks.data.json'

export type Origin = 'security' | 'relay' | 'apple' | 'cloud' | null

const networksOf = (list: readonly string[]): Networks => {
  const parsed = parseNetworks(list)
  return parsed.ok ? parsed.value : []
}

const origins: [Exclude<Origin, null>, Networks][] = (['security', 'relay', 'apple', 'cloud'] as const).map(
  (origin) => [origin, networksOf(data[origin])],
)

/** Whose block an address lies in, when it is one of the well-known ones: a hint, for these lists age. */
export const originOf = (address: string): Origin =>
  origins.find(([, networks]) => isInNetworks(address, networks))?.[0] ?? null

/** The neighbourhood of an address: its /24, or its /48 in IPv6. */
export const neighbourhoodOf = (address: string): string =>
  address.includes(':') ? address.split(':').slice(0, 3).join(':') : address.split('.').slice(0, 3).join('.')
