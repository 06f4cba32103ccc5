import type { Db } from '#src/db/open.ts'
import { recordChange } from '#src/companies/queries-edit.ts'
import { chooseContact } from './choose-contact.ts'
import { listFacts, lockContactOf, setVerdict, updateContact, type Fact } from './queries-facts.ts'
import type { EmailFact, PersonFact, PhoneFact } from './site-record.ts'

export type Verdict = 'confirmed' | 'rejected' | null

// A confirmed fact is certain, whatever the extractor thought of it.
const CERTAIN = 1

/** Notes a person's verdict on a fact and chooses the company's contact anew. Null when there is no such fact. */
export const judgeFact = (
  db: Db,
  judged: { companyId: number; factId: number; verdict: Verdict; userId: number | null },
): Promise<Fact | null> =>
  db.transaction(async (tx) => {
    const { companyId, factId, verdict, userId } = judged
    const company = await lockContactOf(tx, companyId)
    const fact = company && (await setVerdict(tx, companyId, factId, verdict))
    if (!fact) return null
    await chooseAgain(tx, companyId, company)
    const detail = { value: fact.value, verdict: verdict ?? 'none' }
    await recordChange(tx, { companyId, userId, kind: 'fact', detail })
    return fact
  })

type Imported = NonNullable<Awaited<ReturnType<typeof lockContactOf>>>

const chooseAgain = async (tx: Db, companyId: number, company: Imported): Promise<void> => {
  const known = await listFacts(tx, companyId, ['email', 'phone', 'person'])
  const of = <T>(kind: Fact['kind']): T[] =>
    known
      .filter((fact) => fact.kind === kind)
      .map(
        ({ value, data, pageUrl, method, snippet, confidence, verdict }) =>
          ({
            value,
            ...data,
            pageUrl,
            method,
            snippet,
            confidence: verdict === 'confirmed' ? CERTAIN : confidence,
          }) as T,
      )
  const rejected = new Set(known.filter((fact) => fact.verdict === 'rejected').map((fact) => fact.value))
  const site = {
    emails: of<EmailFact>('email'),
    phones: of<PhoneFact>('phone'),
    people: of<PersonFact>('person'),
  }
  const chosen = chooseContact(site, company, rejected)
  const contact = {
    contactEmail: chosen.email,
    contactEmailKind: chosen.emailKind,
    contactPerson: chosen.person,
    contactRole: chosen.role,
    contactPhone: chosen.phone,
  }
  const kept = Object.entries(contact).filter(([field]) => !company.editedFields.includes(field))
  await updateContact(tx, companyId, Object.fromEntries(kept))
}
