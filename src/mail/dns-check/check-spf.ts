import { parse } from 'tldts'
import type { Ask } from './ask.ts'
import { doubtful, fine, unclear, wrong, type DnsFinding, type DnsRecord } from './finding.ts'
import {
  followSpf,
  judgeAddress,
  MAX_LOOKUPS,
  MAX_VOID_LOOKUPS,
  nodesOf,
  type SpfTree,
} from './follow-spf.ts'
import { isSpf, withEnd, withMechanism, withoutTerms } from './read-spf.ts'
import type { SendingProvider } from './sending-provider.ts'

const COSTS_SHOWN = 6

export type SpfQuestion = {
  domain: string
  host: string
  provider: SendingProvider | null
  /** Public addresses of the host, from which mails leave where it is one's own; null when they could not be asked. */
  addresses: string[] | null
}

/** SPF of a sender's domain (RFC 7208): one record that can be read, that costs at most ten lookups, and that lets the
 *  mail server send. */
export const checkSpf = async (ask: Ask, question: SpfQuestion): Promise<DnsFinding> => {
  const { domain } = question
  const texts = await ask.txt(domain)
  if (texts === null) return unclear('unanswered', { values: { name: domain } })
  const found = texts.filter(isSpf)
  const record = found[0]
  const add = (value: string): { found: string[]; records: DnsRecord[] } => ({
    found,
    records: [{ name: domain, type: 'TXT', value, replaces: found }],
  })
  const mechanism = mechanismOf(question)
  if (record === undefined)
    return wrong('spf_missing', { values: { domain }, ...add(`v=spf1 ${mechanism ?? 'ip4:<IP>'} ~all`) })
  if (found.length > 1) return wrong('spf_several', { values: { domain }, ...add(merged(found)) })
  const tree = await followSpf(ask, domain)
  const broken = judgeRecord(tree, found, add)
  if (broken) return broken
  return judgePermission(tree, question, mechanism, found, add)
}

type Add = (value: string) => { found: string[]; records: DnsRecord[] }

/** What lets this server send; null when that cannot be told from its name. */
const mechanismOf = ({ provider, addresses, host }: SpfQuestion): string | null => {
  if (provider) return `include:${provider.includes[0]}`
  return addresses !== null && addresses.length > 0 ? `a:${host}` : null
}

const merged = (records: string[]): string => {
  const words = new Set(
    records
      .flatMap((record) => record.split(/ +/).slice(1))
      .filter((word) => !/^$|^[+~?-]?all$|^redirect=/i.test(word)),
  )
  return ['v=spf1', ...words, '~all'].join(' ')
}

/** What makes the record of no use to anybody, whoever sends; null when nothing does. */
const judgeRecord = (tree: SpfTree, found: string[], add: Add): DnsFinding | null => {
  const { root, lookups, voids } = tree
  const record = root.record ?? ''
  if (root.problem === 'syntax' && root.bad !== null)
    return wrong('spf_syntax', { values: { term: root.bad }, ...add(mended(record, root.bad)) })
  for (const term of root.terms) {
    if (!term.child) continue
    const bad = [...nodesOf(term.child)].find(({ problem }) => problem !== null && problem !== 'unanswered')
    if (!bad) continue
    // What is wrong further down is only to be mended by whoever it belongs to.
    const isOurs = bad === term.child && ['none', 'circle'].includes(bad.problem ?? '')
    const values = { domain: bad.domain, term: term.source }
    return wrong('spf_broken_include', {
      values,
      ...(isOurs ? add(withoutTerms(record, [term.source])) : { found }),
    })
  }
  const values = { lookups, limit: MAX_LOOKUPS, costs: costsOf(tree) }
  if (lookups > MAX_LOOKUPS) {
    const shorter = flattened(tree)
    return wrong('spf_lookups', { values, ...(shorter ? add(shorter) : { found }) })
  }
  if (voids > MAX_VOID_LOOKUPS) {
    const empty = root.terms.filter(({ state }) => state === 'void').map(({ source }) => source)
    return wrong('spf_voids', {
      values: { voids, limit: MAX_VOID_LOOKUPS },
      ...(empty.length > 0 ? add(withoutTerms(record, empty)) : { found }),
    })
  }
  if (root.terms.some(({ kind, qualifier }) => kind === 'all' && qualifier === '+'))
    return wrong('spf_all', add(withEnd(record, '~all')))
  return null
}

/** The usual slips of the pen; what cannot be guessed is left out. */
const mended = (record: string, bad: string): string => {
  const right = bad
    .replace(/^([+~?-]?)ipv([46]):/i, '$1ip$2:')
    .replace(/^([+~?-]?)(include|ip4|ip6|a|mx|exists)[=;]/i, '$1$2:')
    .replace(/^([+~?-]?)ip:(?=[\d.]+)/i, '$1ip4:')
  return right === bad ? withoutTerms(record, [bad]) : record.replace(bad, () => right)
}

const costsOf = ({ root }: SpfTree): string =>
  root.terms
    .filter(({ cost }) => cost > 0)
    .toSorted((one, other) => other.cost - one.cost)
    .slice(0, COSTS_SHOWN)
    .map(({ source, cost }) => `${source} (${cost})`)
    .join(', ')

/** The same permission at fewer lookups: what leads nowhere or nobody may use goes, one's own names become addresses.
 *  Null when that is not enough: then an include has to go, and which one is for the owner to say. */
const flattened = ({ root, lookups }: SpfTree): string | null => {
  let left = lookups
  const words = root.terms.flatMap((term): string[] => {
    if (term.kind === 'ptr' || term.state === 'void') {
      left -= term.cost
      return []
    }
    if ((term.kind !== 'a' && term.kind !== 'mx') || term.state !== 'ok') return [term.source]
    left -= term.cost
    return term.networks.map(([address, bits]) => {
      const isFour = address.kind() === 'ipv4'
      const sign = term.qualifier === '+' ? '' : term.qualifier
      return `${sign}${isFour ? 'ip4' : 'ip6'}:${address.toString()}${bits === (isFour ? 32 : 128) ? '' : `/${bits}`}`
    })
  })
  return left <= MAX_LOOKUPS ? ['v=spf1', ...new Set(words)].join(' ') : null
}

/** Whether the record lets this server send. */
const judgePermission = (
  tree: SpfTree,
  { domain, host, provider, addresses }: SpfQuestion,
  mechanism: string | null,
  found: string[],
  add: Add,
): DnsFinding => {
  const { root, lookups } = tree
  const record = root.record ?? ''
  const nodes = [...nodesOf(root)]
  const isOpen = !hasEnd(tree)
  const values = { lookups, limit: MAX_LOOKUPS, host, domain, provider: provider?.name ?? host }
  const isIncluded =
    provider?.includes.some((one) => nodes.some((node) => node.domain === one && node.problem === null)) ===
    true
  const verdicts = (addresses ?? []).map((address) => ({ address, verdict: judgeAddress(root, address) }))
  const refused = verdicts.find(({ verdict }) => verdict !== 'pass' && verdict !== 'maybe')
  const isAllowed =
    isIncluded ||
    (provider === null && verdicts.length > 0 && verdicts.every(({ verdict }) => verdict === 'pass'))
  if (isAllowed)
    return isOpen
      ? doubtful('spf_open', { values, ...add(withEnd(record, '~all')) })
      : fine('spf_ok', { values, found })
  if (nodes.some(({ problem }) => problem === 'unanswered'))
    return unclear('spf_unanswered', { values, found })
  const wanted = mechanism === null ? { found } : add(withMechanism(record, mechanism))
  if (provider)
    return provider.ownReturnPath
      ? doubtful('spf_own_return', { values, ...wanted })
      : wrong('spf_not_included', { values, ...wanted })
  if (addresses === null || addresses.length === 0) return unclear('spf_host_unknown', { values, found })
  if (!refused || isSameOwner(host, nodes.map((node) => node.domain).slice(1)))
    return unclear('spf_host_unclear', { values, found })
  const isPartly = verdicts.some(({ verdict }) => verdict === 'pass')
  const told = { values: { ...values, address: refused.address }, ...wanted }
  return isPartly ? doubtful('spf_partly', told) : wrong('spf_not_allowed', told)
}

const hasEnd = ({ root }: SpfTree): boolean =>
  root.terms.some(
    ({ kind, qualifier }) => kind === 'redirect' || (kind === 'all' && '-~'.includes(qualifier)),
  )

/** A hosting firm takes mails in at one machine and sends them from others, which its include names. */
const isSameOwner = (host: string, domains: string[]): boolean => {
  const owner = parse(host).domain
  return owner !== null && domains.some((domain) => parse(domain).domain === owner)
}
