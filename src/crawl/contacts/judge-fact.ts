import type { Db } from '#src/db/open.ts'
import { lockCompany, recordChange } from '#src/companies/queries-edit.ts'
import { setVerdict, type Fact } from './queries-facts.ts'
import { refreshContacts } from './refresh-contacts.ts'

export type Verdict = 'confirmed' | 'rejected' | null

/** Notes a person's verdict on a fact and chooses the company's contact anew. Null when there is no such fact. */
export const judgeFact = (
  db: Db,
  judged: { companyId: number; factId: number; verdict: Verdict; userId: number | null },
): Promise<Fact | null> =>
  db.transaction(async (tx) => {
    const { companyId, factId, verdict, userId } = judged
    const company = await lockCompany(tx, companyId)
    const fact = company && (await setVerdict(tx, companyId, factId, verdict))
    if (!fact) return null
    await refreshContacts(tx, [companyId])
    const detail = { value: fact.value, verdict: verdict ?? 'none' }
    await recordChange(tx, { companyId, userId, kind: 'fact', detail })
    return fact
  })
