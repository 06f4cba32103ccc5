import { parseAddress } from '#src/lib/networks.ts'
import type { Ask } from './ask.ts'
import { doubtful, fine, unclear, wrong, type DnsFinding, type DnsRecord } from './finding.ts'
import type { SendingProvider } from './sending-provider.ts'

/** Whether a domain takes mail: without it answers, bounces and complaints are lost, and many receivers refuse the sender
 *  (RFC 5321 §5.1, RFC 7505). */
export const checkMx = async (
  ask: Ask,
  question: { domain: string; host: string; provider: SendingProvider | null; addresses: string[] | null },
): Promise<DnsFinding> => {
  const { domain, host, provider, addresses: own } = question
  const records = await ask.mx(domain)
  if (records === null) return unclear('unanswered', { values: { name: domain } })
  const found = records
    .toSorted((one, other) => one.priority - other.priority)
    .map(({ priority, exchange }) => `${priority} ${exchange || '.'}`)
  const isReachable = parseAddress(host) === null && own !== null && own.length > 0
  const suggested = provider ? provider.mx : [isReachable ? `10 ${host}` : '10 <HOST>']
  const add = (replaces: string[]): DnsRecord[] =>
    suggested.map((value) => ({ name: domain, type: 'MX', value, replaces }))
  if (records.length === 0) {
    const addresses = await ask.addresses(domain)
    if (addresses === null) return unclear('unanswered', { values: { name: domain } })
    const code = addresses.length > 0 ? ('mx_implicit' as const) : ('mx_missing' as const)
    const judge = addresses.length > 0 ? doubtful : wrong
    return judge(code, { values: { domain }, records: add([]) })
  }
  const exchanges = records.map(({ exchange }) => exchange).filter((exchange) => exchange !== '')
  if (exchanges.length === 0) return wrong('mx_refuses', { values: { domain }, found, records: add(found) })
  const numeric = exchanges.find((exchange) => parseAddress(exchange.replace(/\.$/, '')) !== null)
  if (numeric !== undefined) return wrong('mx_address', { values: { domain, exchange: numeric }, found })
  const places = await Promise.all(
    exchanges.map(async (exchange) => ({ exchange, addresses: await ask.addresses(exchange) })),
  )
  const silent = places.find(({ addresses }) => addresses === null)
  const lost = places.filter(({ addresses }) => addresses?.length === 0)
  const values = { domain, exchange: (lost[0] ?? silent)?.exchange ?? '', count: exchanges.length }
  if (lost.length === places.length) return wrong('mx_nowhere', { values, found, records: add(found) })
  if (silent && !places.some(({ addresses }) => addresses && addresses.length > 0))
    return unclear('unanswered', { values: { name: silent.exchange }, found })
  return lost.length > 0 ? doubtful('mx_partly', { values, found }) : fine('mx_ok', { values, found })
}
