import type { Db } from '#src/db/open.ts'
import { applyCorrection } from './apply-correction.ts'
import { decide } from './decide.ts'
import { decideOnFact, type Fact } from './queries-facts.ts'
import type { FactProblem } from './read-fact-form.ts'

type Which = { companyId: number; factId: number; userId: number | null }
export type MergedPeople = { ok: true; kept: Fact } | { ok: false; problem: FactProblem }

/** Says that two persons are one: `factId` goes into `intoId`, and its addresses and numbers follow. It holds as
 *  long as the site writes the names as it does; a name written otherwise is somebody new. Null when `factId` is
 *  no person of the company. */
export const mergePeople = (db: Db, merge: Which & { intoId: number }): Promise<MergedPeople | null> =>
  decide<MergedPeople>(db, merge, async (tx, { facts }) => {
    const people = facts.filter(({ kind }) => kind === 'person')
    const person = people.find(({ id }) => id === merge.factId)
    if (!person) return null
    const refused = (problem: FactProblem) => ({ result: { ok: false as const, problem }, change: null })
    const into = rootOf(people, merge.intoId)
    if (!into || into.verdict === 'rejected') return refused('gone')
    const other = rootOf(people, person.id) ?? person
    if (into.id === other.id) return refused('same')
    const gone = await decideOnFact(tx, other, { mergedIntoId: into.id }, merge.userId)
    const [name, kept] = [applyCorrection(gone).value, applyCorrection(into).value]
    const changes = { value: [name, kept] as [string, string] }
    return {
      result: { ok: true as const, kept: into },
      change: { action: 'merged', fact: 'person', value: kept, changes },
    }
  })

const rootOf = (people: Fact[], id: number): Fact | undefined => {
  const seen = new Set<number>()
  let person = people.find((one) => one.id === id)
  while (person?.mergedIntoId && !seen.has(person.id)) {
    seen.add(person.id)
    const next = people.find((one) => one.id === person!.mergedIntoId)
    if (!next) break
    person = next
  }
  return person
}

/** Takes a merge back: two persons again. Null when this one is not merged. */
export const splitPerson = (db: Db, which: Which): Promise<Fact | null> =>
  decide(db, which, async (tx, { facts }) => {
    const person = facts.find(({ id, mergedIntoId }) => id === which.factId && mergedIntoId !== null)
    if (!person) return null
    const result = await decideOnFact(tx, person, { mergedIntoId: null }, which.userId)
    return { result, change: { action: 'split', fact: 'person', value: applyCorrection(person).value } }
  })
