import type { Ask } from './ask.ts'
import { reverseName } from './ask.ts'
import { doubtful, fine, unclear, wrong, type DnsFinding, type DnsRecord } from './finding.ts'
import type { SendingProvider } from './sending-provider.ts'

type Place = { address: string; state: 'ok' | 'generic' | 'none' | 'astray' | 'unanswered'; name: string }

/** Whether the addresses mails leave from have a name that leads back to them (FCrDNS; RFC 1912 §2.1): large receivers
 *  refuse those that have none. A provider's machines are the provider's to name. */
export const checkPtr = async (
  ask: Ask,
  question: { host: string; provider: SendingProvider | null; addresses: string[] | null },
): Promise<DnsFinding> => {
  const { host, provider, addresses } = question
  if (provider) return unclear('ptr_provider', { values: { provider: provider.name } })
  if (addresses === null) return unclear('unanswered', { values: { name: host } })
  if (addresses.length === 0) return unclear('ptr_host_unknown', { values: { host } })
  const places = await Promise.all(addresses.map((address) => place(ask, address)))
  const found = places.filter(({ name }) => name !== '').map(({ address, name }) => `${address} → ${name}`)
  const bad = places.filter(({ state }) => state === 'none' || state === 'astray')
  const worst = bad[0]
  if (worst) {
    const records = bad.map(({ address }): DnsRecord => ({
      name: reverseName(address),
      type: 'PTR',
      value: host,
      replaces: [],
    }))
    const values = { address: worst.address, name: worst.name, host }
    const judge = places.some(({ state }) => state === 'ok') ? doubtful : wrong
    return judge(worst.state === 'none' ? 'ptr_missing' : 'ptr_astray', { values, found, records })
  }
  const silent = places.find(({ state }) => state === 'unanswered')
  if (silent) return unclear('unanswered', { values: { name: reverseName(silent.address) }, found })
  const generic = places.find(({ state }) => state === 'generic')
  if (generic) {
    const { address, name } = generic
    const records: DnsRecord[] = [{ name: reverseName(address), type: 'PTR', value: host, replaces: [name] }]
    return doubtful('ptr_generic', { values: { address, name, host }, found, records })
  }
  return fine('ptr_ok', { values: { host }, found })
}

const place = async (ask: Ask, address: string): Promise<Place> => {
  const names = await ask.names(address)
  if (names === null) return { address, state: 'unanswered', name: '' }
  const [first = ''] = names
  if (first === '') return { address, state: 'none', name: '' }
  const back = await Promise.all(names.map(async (name) => ({ name, to: await ask.addresses(name) })))
  const right = back.find(({ to }) => to?.includes(address))
  if (right) return { address, state: isGeneric(right.name, address) ? 'generic' : 'ok', name: right.name }
  return { address, state: back.some(({ to }) => to === null) ? 'unanswered' : 'astray', name: first }
}

/** A name made of the number, as providers give to machines that nobody has named. */
const isGeneric = (name: string, address: string): boolean => {
  const numbers = address.split('.')
  const inName: readonly string[] = name.match(/\d+/g) ?? []
  return (
    (numbers.length === 4 && numbers.every((number) => inName.includes(number))) ||
    /(^|[.-])(dyn|dynamic|dsl|adsl|dhcp|pool|ppp|dial|broadband|cust|customer)([.\d-]|$)/i.test(name)
  )
}
