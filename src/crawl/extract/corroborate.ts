import type { Provenance } from '../site-record.ts'

/** How much surer a fact is for every further page that says it */
export const CORROBORATION = 0.02
const MOST_CORROBORATION = 0.06
export const SUREST = 0.99

/** Best of each key, its confidence raised a little for every further page that says the same. */
export function corroborated<T extends Provenance>(
  facts: T[],
  keyOf: (fact: T) => string,
  absorb?: (best: T, all: T[]) => void,
): T[] {
  const groups = Map.groupBy(facts, keyOf)
  return [...groups.values()].map((group) => {
    const best = { ...group.reduce((a, b) => (b.confidence > a.confidence ? b : a)) }
    const otherPages = new Set(group.map((fact) => fact.pageUrl)).size - 1
    const raised = best.confidence + Math.min(MOST_CORROBORATION, otherPages * CORROBORATION)
    best.confidence = Math.round(Math.min(SUREST, raised) * 100) / 100
    absorb?.(best, group)
    return best
  })
}
