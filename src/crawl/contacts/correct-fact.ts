import { companyKey } from '#src/companies/company-key.ts'
import { updateCompany, type Company, type CompanyValues } from '#src/companies/queries-edit.ts'
import type { Db } from '#src/db/open.ts'
import { applyCorrection, keyOfValue, type Correction, type Judged } from './apply-correction.ts'
import { decide, type FactChange } from './decide.ts'
import { groupContacts } from './group-contacts.ts'
import { decideOnFact, restoreEvidence, type Fact } from './queries-facts.ts'
import {
  readFactForm,
  writableKinds,
  type FactProblems,
  type WritableKind,
  type Written,
} from './read-fact-form.ts'

type Which = { companyId: number; factId: number; userId: number | null }
export type Corrected = { ok: true; fact: Fact } | { ok: false; problems: FactProblems }

/** Puts a fact right by a submitted form (read-fact-form.ts; `person` is the key of the person it belongs to, empty
 *  for nobody). What a crawl reads from now on does not undo it. Null when there is no such fact. */
export const correctFact = (
  db: Db,
  which: Which & { values: Record<string, string> },
): Promise<Corrected | null> =>
  decide<Corrected>(db, which, async (tx, { company, facts }) => {
    const fact = facts.find(({ id }) => id === which.factId)
    if (!fact || !isWritable(fact)) return null
    const read = readFactForm(writableKind(fact), which.values, company.country)
    const refused = (problems: FactProblems) => ({ result: { ok: false as const, problems }, change: null })
    if (!read.ok) return refused(read.problems)
    if (facts.some((one) => one.id !== fact.id && isSame(one, fact, read.written.value)))
      return refused({ value: 'already_known' })
    const link = linkOf(fact, facts, which.values['person'])
    if (link === 'gone') return refused({ person: 'gone' })

    const before = applyCorrection(fact)
    const correction = correctionOf(fact, read.written, link)
    const verdict = fact.verdict === 'rejected' ? null : fact.verdict
    const result = await decideOnFact(tx, fact, { correction, verdict }, which.userId)
    const after = applyCorrection(result)
    if (fact.kind === 'address') await followAddress(tx, company, before, after)
    const changes = changesBetween(before, after, facts)
    const change: FactChange = { action: 'corrected', fact: fact.kind, value: after.value, changes }
    return {
      result: { ok: true as const, fact: result },
      change: Object.keys(changes).length > 0 ? change : null,
    }
  })

/** Takes a correction back: the fact reads again as the site has it. Null when there is none. */
export const restoreFact = (db: Db, which: Which): Promise<Fact | null> =>
  decide(db, which, async (tx, { company, facts }) => {
    const fact = facts.find(({ id, correction }) => id === which.factId && correction !== null)
    // What somebody wrote has nothing to go back to.
    if (!fact || fact.method === 'manual') return null
    await restoreEvidence(tx, fact)
    const result = await decideOnFact(tx, fact, { correction: null }, which.userId)
    const [before, after] = [applyCorrection(fact), applyCorrection(result)]
    if (fact.kind === 'address') await followAddress(tx, company, before, after)
    const changes = changesBetween(before, after, facts)
    return { result, change: { action: 'restored', fact: fact.kind, value: after.value, changes } }
  })

/** Whether a form can change it; a guessed address is an address like others once it is confirmed. */
export const isWritable = (fact: Pick<Fact, 'kind'>): boolean =>
  (writableKinds as readonly string[]).includes(writableKind(fact))

const writableKind = ({ kind }: Pick<Fact, 'kind'>): WritableKind =>
  (kind === 'suggested_email' ? 'email' : kind) as WritableKind

// What a correction replaced is free again.
const isSame = (other: Fact, fact: Fact, value: string): boolean =>
  other.kind === fact.kind &&
  other.mergedIntoId === null &&
  keyOfValue(applyCorrection(other).value) === keyOfValue(value)

/** The key of the person chosen; undefined when the choice is the one that holds already. */
const linkOf = (
  fact: Fact,
  facts: Fact[],
  chosen: string | undefined,
): string | null | undefined | 'gone' => {
  if (chosen === undefined || fact.kind === 'person' || fact.kind === 'address') return undefined
  const { people } = groupContacts(facts)
  const has = (key: string) =>
    people.find(({ person, merged }) => [person, ...merged].some((one) => one.key === key))
  if (chosen !== '' && !has(chosen)) return 'gone'
  const holder = people.find(({ emails, phones }) => [...emails, ...phones].some(({ id }) => id === fact.id))
  const holds = holder?.person.key ?? ''
  if (chosen === holds || (holder && has(chosen) === holder)) return undefined
  return chosen === '' ? null : chosen
}

/** Only what differs from what the site says; null when nothing does. */
const correctionOf = (
  fact: Fact,
  { value, fields }: Written,
  link: string | null | undefined,
): Record<string, unknown> | null => {
  const old: Correction = fact.correction ?? {}
  const isManual = fact.method === 'manual'
  const personKey = link === undefined ? old.personKey : link
  const changed = Object.entries(fields).filter(
    ([field, now]) => isManual || (now ?? null) !== (fact.data[field] ?? null),
  )
  const isValueKept = keyOfValue(value) === keyOfValue(fact.value) && value === fact.value
  const kept = changed.filter(([field]) => field !== 'raw' || !isValueKept)
  const correction = {
    ...(isValueKept ? {} : { value }),
    ...(personKey === undefined ? {} : { personKey }),
    ...Object.fromEntries(kept),
  }
  return Object.keys(correction).length > 0 ? correction : null
}

const SHOWN = ['kind', 'type', 'role', 'roleKind'] as const

const changesBetween = (
  before: Judged<Fact>,
  after: Judged<Fact>,
  facts: Fact[],
): Record<string, [unknown, unknown]> => {
  const nameOf = ({ id }: Fact, all: Fact[]) =>
    groupContacts(all).people.find(({ emails, phones }) =>
      [...emails, ...phones].some((one) => one.id === id),
    )?.person.value ?? null
  const changed = facts.map((one) => (one.id === after.id ? { ...one, ...rawOf(after) } : one))
  const pairs: [string, unknown, unknown][] = [
    ['value', before.value, after.value],
    ...SHOWN.map((field): [string, unknown, unknown] => [
      field,
      before.data[field] ?? null,
      after.data[field] ?? null,
    ]),
    ['person', nameOf(before, facts), nameOf(after, changed)],
  ]
  return Object.fromEntries(
    pairs.filter(([, old, now]) => old !== now).map(([field, old, now]) => [field, [old, now]]),
  )
}

const rawOf = ({ said, saidData, correction, verdict }: Judged<Fact>) => ({
  value: said,
  data: saidData,
  correction,
  verdict,
})

/** The record that a crawl filled from this address follows it, but for what was edited by hand. */
const followAddress = async (
  tx: Db,
  company: Company,
  before: Judged<Fact>,
  after: Judged<Fact>,
): Promise<void> => {
  const fields = { address1: 'street', postalCode: 'postalCode', city: 'city' } as const
  const follows: CompanyValues = {}
  for (const [field, part] of Object.entries(fields) as [keyof typeof fields, string][]) {
    const [old, now] = [before.data[part] ?? null, after.data[part] ?? null]
    if (old === now || company[field] !== old || company.editedFields.includes(field)) continue
    follows[field] = typeof now === 'string' ? now : null
  }
  if (Object.keys(follows).length === 0) return
  await updateCompany(tx, company.id, { ...follows, nameKey: companyKey({ ...company, ...follows }) })
}
