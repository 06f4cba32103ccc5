import type { Db } from '#src/db/open.ts'
import { applyCorrection } from './apply-correction.ts'
import { decide, type FactAction } from './decide.ts'
import { decideOnFact, deleteFact, type Fact } from './queries-facts.ts'

export type Verdict = 'confirmed' | 'rejected' | null

type Which = { companyId: number; factId: number; userId: number | null }

/** Notes a person's verdict on a fact and chooses the company's contact anew. Null when there is no such fact. */
export const judgeFact = (db: Db, judged: Which & { verdict: Verdict }): Promise<Fact | null> =>
  decide(db, judged, async (tx, { facts }) => {
    const fact = facts.find(({ id }) => id === judged.factId)
    if (!fact) return null
    const { verdict, userId } = judged
    if (fact.verdict === verdict) return { result: fact, change: null }
    const result = await decideOnFact(tx, fact, { verdict }, userId)
    return { result, change: { action: actionOf(fact, verdict), fact: fact.kind, value: valueOf(fact) } }
  })

const actionOf = (fact: Fact, verdict: Verdict): FactAction => {
  if (verdict === null) return 'undone'
  return verdict === 'confirmed' && fact.kind === 'suggested_email' ? 'suggestion_confirmed' : verdict
}

/** Takes away a contact that somebody wrote and no crawl has seen. Null when there is no such fact. */
export const removeContact = (db: Db, which: Which): Promise<Fact | null> =>
  decide(db, which, async (tx, { facts }) => {
    const fact = facts.find(({ id, method }) => id === which.factId && method === 'manual')
    if (!fact) return null
    await deleteFact(tx, fact.id)
    return { result: fact, change: { action: 'removed', fact: fact.kind, value: valueOf(fact) } }
  })

const valueOf = (fact: Fact): string => applyCorrection(fact).value
