import { isInNetworks, parseNetwork, type Network } from '#src/lib/networks.ts'
import type { Ask } from './ask.ts'
import { isSpf, readSpf, type SpfTerm } from './read-spf.ts'

/** RFC 7208 §4.6.4. */
export const MAX_LOOKUPS = 10
export const MAX_VOID_LOOKUPS = 2
/** A record that leads on and on is not followed for ever. */
const STOP_AFTER = 40
const MAX_MX = 10

/** A term and what it leads to. void: there is nothing. unanswered: it could not be asked. dynamic: it depends on the
 *  sender (macros, ptr), so that nobody can say from outside. */
export type FollowedTerm = SpfTerm & {
  networks: Network[]
  child: SpfNode | null
  state: 'ok' | 'void' | 'unanswered' | 'dynamic'
  /** Lookups that it costs, all that it leads to included. */
  cost: number
}

export type SpfNode = {
  domain: string
  record: string | null
  terms: FollowedTerm[]
  /** Why receivers cannot use it; `bad` is the term that is meant. */
  problem: 'none' | 'several' | 'syntax' | 'unanswered' | 'circle' | null
  bad: string | null
}

export type SpfTree = { root: SpfNode; lookups: number; voids: number }

type Walk = { ask: Ask; lookups: number; voids: number }

/** Reads the SPF record of a domain and of everything it leads to, counting lookups as receivers do. */
export const followSpf = async (ask: Ask, domain: string): Promise<SpfTree> => {
  const walk = { ask, lookups: 0, voids: 0 }
  const root = await follow(walk, domain, [])
  return { root, lookups: walk.lookups, voids: walk.voids }
}

const follow = async (walk: Walk, domain: string, path: string[]): Promise<SpfNode> => {
  const node = { domain, record: null, terms: [], bad: null }
  if (path.includes(domain)) return { ...node, problem: 'circle' }
  const texts = await walk.ask.txt(domain)
  if (texts === null) return { ...node, problem: 'unanswered' }
  const [record, ...others] = texts.filter(isSpf)
  if (record === undefined) return { ...node, problem: 'none' }
  const { terms: read, bad } = readSpf(record)
  const terms: FollowedTerm[] = []
  for (const term of read) terms.push(await followTerm(walk, domain, term, [...path, domain]))
  const problem = others.length > 0 ? 'several' : bad === null ? null : 'syntax'
  return { domain, record, terms, problem, bad }
}

const followTerm = async (
  walk: Walk,
  domain: string,
  term: SpfTerm,
  path: string[],
): Promise<FollowedTerm> => {
  const { kind, target } = term
  const nothing = { ...term, networks: [], child: null, state: 'ok' as const, cost: 0 }
  if (kind === 'all') return nothing
  if (kind === 'ip4' || kind === 'ip6') {
    const network = parseNetwork(target ?? '')
    return { ...nothing, networks: network ? [network] : [] }
  }
  const before = walk.lookups
  walk.lookups += 1
  const name = (target ?? domain).toLowerCase().replace(/\.$/, '')
  if (kind === 'ptr' || name.includes('%') || walk.lookups > STOP_AFTER)
    return { ...nothing, state: 'dynamic', cost: 1 }
  if (kind === 'include' || kind === 'redirect') {
    const child = await follow(walk, name, path)
    if (child.problem === 'none') walk.voids += 1
    const state = child.problem === 'unanswered' ? 'unanswered' : child.problem === 'none' ? 'void' : 'ok'
    return { ...nothing, child, state, cost: walk.lookups - before }
  }
  const addresses = await (kind === 'mx' ? addressesOfMx(walk.ask, name) : walk.ask.addresses(name))
  if (addresses === null) return { ...nothing, state: 'unanswered', cost: 1 }
  if (addresses.length === 0) walk.voids += 1
  const networks = addresses.flatMap((address) => {
    const bits = address.includes(':') ? term.bits[1] : term.bits[0]
    const network = parseNetwork(kind === 'exists' ? '0.0.0.0/0' : `${address}/${bits}`)
    return network ? [network] : []
  })
  return { ...nothing, networks, state: addresses.length === 0 ? 'void' : 'ok', cost: 1 }
}

const addressesOfMx = async (ask: Ask, name: string): Promise<string[] | null> => {
  const exchanges = await ask.mx(name)
  if (exchanges === null) return null
  const found = await Promise.all(
    exchanges
      .filter(({ exchange }) => exchange !== '')
      .slice(0, MAX_MX)
      .map(({ exchange }) => ask.addresses(exchange)),
  )
  return found.includes(null) ? null : found.flatMap((addresses) => addresses ?? [])
}

/** What receivers make of a mail from this address (RFC 7208 §2.6); maybe: it depends on what could not be asked. */
export type SpfVerdict = 'pass' | 'fail' | 'softfail' | 'neutral' | 'maybe'
const VERDICTS: Record<string, SpfVerdict> = { '+': 'pass', '-': 'fail', '~': 'softfail', '?': 'neutral' }

export const judgeAddress = (node: SpfNode, address: string): SpfVerdict => {
  let isSure = true
  let mayPass = true
  for (const term of node.terms) {
    if (term.kind === 'redirect') return term.child ? judgeAddress(term.child, address) : 'maybe'
    const inside = term.kind === 'include' && term.child ? judgeAddress(term.child, address) : null
    const matches =
      term.kind === 'all' ||
      inside === 'pass' ||
      (term.networks.length > 0 && isInNetworks(address, term.networks))
    if (matches)
      return isSure || (mayPass && term.qualifier === '+') ? (VERDICTS[term.qualifier] ?? 'neutral') : 'maybe'
    if (inside === 'maybe' || term.state === 'unanswered' || term.state === 'dynamic') {
      isSure = false
      mayPass &&= term.qualifier === '+'
    }
  }
  return isSure ? 'neutral' : 'maybe'
}

/** Every record of the tree. */
export function* nodesOf(node: SpfNode): Generator<SpfNode> {
  yield node
  for (const { child } of node.terms) if (child) yield* nodesOf(child)
}
