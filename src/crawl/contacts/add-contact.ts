import type { Db } from '#src/db/open.ts'
import { patternOf } from '../extract/email-patterns.ts'
import { applyCorrection, keyOfValue } from './apply-correction.ts'
import { decide } from './decide.ts'
import { groupContacts, type PersonGroup } from './group-contacts.ts'
import { insertFact, type Fact } from './queries-facts.ts'
import { readFactForm, type FactProblems, type WritableKind } from './read-fact-form.ts'

const KEPT_BY_HAND = 200

type Added = { ok: true; fact: Fact } | { ok: false; problems: FactProblems }

/** Adds a contact that somebody knows; crawls keep it, and where they find it too they bring its source. `person`
 *  is the key of the person it belongs to. Null when the company is gone. */
export const addContact = (
  db: Db,
  added: {
    companyId: number
    userId: number | null
    at: Date
    kind: WritableKind
    values: Record<string, string>
  },
): Promise<Added | null> =>
  decide<Added>(db, added, async (tx, { company, facts }) => {
    const { companyId, userId, at, kind, values } = added
    const refused = (problems: FactProblems) => ({ result: { ok: false as const, problems }, change: null })
    const read = readFactForm(kind, values, company.country)
    if (!read.ok) return refused(read.problems)
    const { value, fields } = read.written
    const key = keyOfValue(value)
    const doubles = facts.filter((one) => one.kind === kind)
    if (doubles.some((one) => one.key === key || keyOfValue(applyCorrection(one).value) === key))
      return refused({ value: 'already_known' })
    if (doubles.filter(({ method }) => method === 'manual').length >= KEPT_BY_HAND)
      return refused({ value: 'too_many' })
    const { people } = groupContacts(facts)
    const personKey = values['person'] || (fields.kind === 'person' ? namedIn(value, people) : undefined)
    const isKnown = people.some(({ person, merged }) =>
      [person, ...merged].some((one) => one.key === personKey),
    )
    if (personKey !== undefined && !isKnown) return refused({ person: 'gone' })
    const data = kind === 'email' ? { kind: 'role', ...fields } : fields
    const result = await insertFact(tx, {
      companyId,
      kind,
      key,
      value,
      data,
      // Also where a crawl finds it and brings fields of its own.
      correction: { ...data, ...(personKey === undefined ? {} : { personKey }) },
      pageUrl: '',
      method: 'manual',
      snippet: '',
      confidence: 1,
      verdict: 'confirmed',
      judgedBy: userId,
      judgedAt: at,
      firstSeenAt: at,
      lastSeenAt: at,
    })
    return { result: { ok: true as const, fact: result }, change: { action: 'added', fact: kind, value } }
  })

/** Who an address names, where it can be only one of them: `claire.martin@` with Claire Martin on the page. */
const namedIn = (address: string, people: readonly PersonGroup<Fact>[]): string | undefined => {
  const local = address.split('@')[0] ?? ''
  const named = people.filter(({ person }) => patternOf(local, person.value) !== null)
  return named.length === 1 ? named[0]!.person.key : undefined
}
