import { lockCompany, recordChange, type Company } from '#src/companies/queries-edit.ts'
import type { Db } from '#src/db/open.ts'
import { listFacts, type Fact } from './queries-facts.ts'
import { refreshContacts } from './refresh-contacts.ts'

export type FactAction =
  | 'confirmed'
  | 'suggestion_confirmed'
  | 'rejected'
  | 'undone'
  | 'corrected'
  | 'restored'
  | 'merged'
  | 'split'
  | 'added'
  | 'removed'

/** What the history keeps of a decision (`detail` of a change of kind `fact`). `value` is what was decided upon;
 *  the rest are fields before and after. */
export type FactChange = {
  action: FactAction
  fact: Fact['kind']
  value: string
  changes?: Record<string, [unknown, unknown]>
}

type Who = { companyId: number; userId: number | null }
export const judgedKinds = [
  'email',
  'suggested_email',
  'phone',
  'person',
  'address',
  'company_id',
  'social',
] as const satisfies Fact['kind'][]

/** Runs a person's decision on a company's facts while nobody else changes them, chooses the contact anew and keeps
 *  the decision in the history. Null when the company is gone or `decide` finds nothing to decide on. */
export const decide = <T>(
  db: Db,
  { companyId, userId }: Who,
  decide: (
    tx: Db,
    known: { company: Company; facts: Fact[] },
  ) => Promise<{ result: T; change: FactChange | null } | null>,
): Promise<T | null> =>
  db.transaction(async (tx) => {
    const company = await lockCompany(tx, companyId)
    if (!company) return null
    const decided = await decide(tx, { company, facts: await listFacts(tx, companyId, [...judgedKinds]) })
    if (!decided) return null
    if (decided.change) {
      await refreshContacts(tx, [companyId])
      await recordChange(tx, { companyId, userId, kind: 'fact', detail: decided.change })
    }
    return decided.result
  })
