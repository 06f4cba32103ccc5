import { originOf } from './address-origin.ts'
import { certainVerdict, type Verdict } from './certain-verdict.ts'
import { readAgent } from './read-agent.ts'
import type { Hit, Traffic } from './traffic-document.ts'
import { neighboursOf, SURE_SWEEP, weighContext, weighRevisit, type Weighed } from './weigh-context.ts'
import { weighHeaders, type Clue } from './weigh-headers.ts'

/** From this weight of clues on, a hit is a machine's. */
const MACHINE_WEIGHT = 4
/** An address with its browser, seen before as a machine beyond doubt, or as one by weight. */
const KNOWN_SCANNER = 3
const KNOWN_MACHINE = 2
const KNOWN_READER = -2
/** Up to this weight a hit makes its address and browser a known reader's. */
const CONFIDENT_HUMAN = 1
const MAX_REMEMBERED = 2_000

type Known = 'scanner' | 'machine' | 'human'
type Own = Weighed & { certain: Verdict | null; clues: Clue[] }

/** Agents and addresses come again and again; the oldest half of what is remembered makes room. */
const memoised = <T>(read: (text: string) => T): ((text: string) => T) => {
  let recent = new Map<string, T>()
  let before = new Map<string, T>()
  return (text) => {
    const value = recent.get(text) ?? before.get(text) ?? read(text)
    if (recent.size >= MAX_REMEMBERED) [before, recent] = [recent, new Map()]
    recent.set(text, value)
    return value
  }
}

const agentOf = memoised(readAgent)
// A Map value of null reads as nothing remembered: the origin is wrapped.
const origins = memoised((address) => ({ origin: originOf(address) }))

const sum = (clues: readonly Clue[]): number => clues.reduce((total, { weight }) => total + weight, 0)

// A reader's own browser loads ahead too: that says nothing against the reader.
const isScanner = (certain: Verdict | null): boolean =>
  certain?.verdict === 'machine' && certain.reason !== 'prefetch_header' && certain.reason !== 'apple_privacy'

const weighOwn = (hits: readonly Hit[]): Own[] => {
  return hits.map((hit) => {
    const agent = agentOf(hit.agent)
    const { origin } = origins(hit.ip)
    const certain = certainVerdict(hit, agent, origin)
    const clues = certain ? [] : weighHeaders(hit, agent, origin)
    const weight = certain?.verdict === 'machine' ? Infinity : sum(clues)
    return {
      hit,
      certain,
      clues,
      weight,
      isCertainHuman: certain?.verdict === 'human',
      isScanner: isScanner(certain),
    }
  })
}

/** What an actor's past adds; a complete browser or a past as a reader does not excuse a sure sweep. */
const withPast = (clues: Clue[], past: Known | undefined): Clue[] => {
  const isSure = clues.some(({ reason, weight }) => reason === 'link_sweep' && weight >= SURE_SWEEP)
  if (isSure) return clues.filter(({ weight }) => weight > 0)
  if (past === 'human') return [...clues, { reason: 'known_reader', weight: KNOWN_READER }]
  if (past === undefined) return clues
  return [...clues, { reason: 'known_machine', weight: past === 'scanner' ? KNOWN_SCANNER : KNOWN_MACHINE }]
}

const strongest = (clues: readonly Clue[], sign: 1 | -1): Clue | undefined =>
  clues.filter(({ weight }) => weight * sign > 0).sort((a, b) => (b.weight - a.weight) * sign)[0]

const verdictOf = (clues: readonly Clue[]): Verdict =>
  sum(clues) >= MACHINE_WEIGHT
    ? { verdict: 'machine', reason: strongest(clues, 1)?.reason ?? 'no_evidence' }
    : { verdict: 'human', reason: strongest(clues, -1)?.reason ?? 'no_evidence' }

/** Judges every hit of one message, in the order they were given, with what pointed either way. Pure. Only hits before
 *  one, or within ten seconds after it, bear on its verdict: what comes later never changes it. */
export const weighHits = ({ hits, sentAt }: Traffic): (Verdict & { clues: Clue[] })[] => {
  const own = weighOwn(hits)
  const verdicts: (Verdict & { clues: Clue[] })[] = []
  const known = new Map<string, Known>()
  const lastOf = new Map<string | null, Weighed>()
  own.forEach((self, position) => {
    const actor = `${self.hit.ip} ${self.hit.agent}`
    const around = self.certain ? [] : weighContext(self, neighboursOf(own, position), sentAt)
    const revisit = self.certain ? [] : weighRevisit(self, lastOf.get(self.hit.link))
    const clues = self.certain ? [] : withPast([...self.clues, ...around, ...revisit], known.get(actor))
    const verdict = self.certain ?? verdictOf(clues)
    verdicts[self.hit.index] = { ...verdict, clues }
    if (self.weight <= CONFIDENT_HUMAN) lastOf.set(self.hit.link, self)
    if (self.isScanner) known.set(actor, 'scanner')
    else if (!self.certain && known.get(actor) !== 'scanner') {
      if (verdict.verdict === 'machine') known.set(actor, 'machine')
      else if (sum(clues) <= CONFIDENT_HUMAN) known.set(actor, 'human')
    }
  })
  return verdicts
}

/** The verdicts of `weighHits` alone. */
export const classifyHits = (traffic: Traffic): Verdict[] =>
  weighHits(traffic).map(({ verdict, reason }) => ({ verdict, reason }))
