import { originOf } from './address-origin.ts'
import { certainVerdict, type Verdict } from './certain-verdict.ts'
import { readAgent } from './read-agent.ts'
import type { Hit, Traffic } from './traffic-document.ts'
import { neighboursOf, weighContext, type Weighed } from './weigh-context.ts'
import { weighHeaders, type Clue } from './weigh-headers.ts'

/** From this weight of clues on, a hit is a machine's. */
const MACHINE_WEIGHT = 4
const KNOWN_MACHINE = 3
const KNOWN_READER = -2

type Own = Weighed & { certain: Verdict | null; clues: Clue[] }

const memoised = <T>(read: (text: string) => T): ((text: string) => T) => {
  const seen = new Map<string, T>()
  return (text) => {
    const known = seen.get(text)
    if (known !== undefined) return known
    const value = read(text)
    seen.set(text, value)
    return value
  }
}

const sum = (clues: readonly Clue[]): number => clues.reduce((total, { weight }) => total + weight, 0)

const weighOwn = (hits: readonly Hit[]): Own[] => {
  const agentOf = memoised(readAgent)
  const origin = memoised(originOf)
  return hits.map((hit) => {
    const agent = agentOf(hit.agent)
    const certain = certainVerdict(hit, agent, origin(hit.ip))
    const clues = certain ? [] : weighHeaders(hit, agent, origin(hit.ip))
    const weight = certain?.verdict === 'machine' ? Infinity : sum(clues)
    return { hit, certain, clues, weight, isCertainHuman: certain?.verdict === 'human' }
  })
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
  const known = new Map<string, Verdict['verdict']>()
  own.forEach((self, position) => {
    const actor = `${self.hit.ip} ${self.hit.agent}`
    const before = known.get(actor)
    const clues = self.certain
      ? []
      : [...self.clues, ...weighContext(self, neighboursOf(own, position), sentAt)]
    if (before === 'machine') clues.push({ reason: 'known_machine', weight: KNOWN_MACHINE })
    if (before === 'human') clues.push({ reason: 'known_reader', weight: KNOWN_READER })
    const verdict = self.certain ?? verdictOf(clues)
    verdicts[self.hit.index] = { ...verdict, clues }
    if (verdict.reason !== 'unsubscribe_post') known.set(actor, verdict.verdict)
  })
  return verdicts
}

/** The verdicts of `weighHits` alone. */
export const classifyHits = (traffic: Traffic): Verdict[] =>
  weighHits(traffic).map(({ verdict, reason }) => ({ verdict, reason }))
