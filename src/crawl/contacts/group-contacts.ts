import { fold } from '../extract/names.ts'
import { applyCorrection, wrongValues, type Correctable, type Judged } from './apply-correction.ts'
import { isDecider, valueOf } from './choose-contact.ts'

/** One person with everything by which they can be reached. `merged`: the others that somebody said are the same. */
export type PersonGroup<T> = {
  person: Judged<T>
  merged: Judged<T>[]
  emails: Judged<T>[]
  phones: Judged<T>[]
}

/** The contacts of a company as a reader looks for them; facts of other kinds are left out. */
export type GroupedContacts<T> = {
  people: PersonGroup<T>[]
  /** Nobody's in particular */
  emails: Judged<T>[]
  phones: Judged<T>[]
  /** Guessed, and not confirmed by anybody */
  suggested: Judged<T>[]
  /** Addresses and phones of the site's maker, its host, its customers */
  foreign: Judged<T>[]
  rejected: Judged<T>[]
}

const MAX_CHAIN = 20

/** Groups e-mails and phones by the person they belong to: by somebody's decision, else because the site gives them
 *  together. What a person rejected stands apart; a guessed address counts once somebody confirmed it. */
export const groupContacts = <T extends Correctable>(all: readonly T[]): GroupedContacts<T> => {
  const wrong = wrongValues(all)
  const judged = all.map(applyCorrection)
  const kept = withoutDoubles(
    judged.filter(({ verdict, value }) => verdict !== 'rejected' && !wrong.has(value.toLowerCase())),
  )
  const groups = groupPeople(kept.filter(({ kind }) => kind === 'person'))
  const contacts = kept.filter(({ kind }) => kind === 'email' || kind === 'phone')
  const foreign = contacts.filter(isForeign)
  const emails: Judged<T>[] = []
  const phones: Judged<T>[] = []
  for (const fact of contacts.filter((one) => !isForeign(one)).toSorted(bySureness)) {
    const group = groupOf(fact, groups)
    const isEmail = fact.kind === 'email'
    if (group) (isEmail ? group.emails : group.phones).push(fact)
    else (isEmail ? emails : phones).push(fact)
  }
  return {
    people: groups.toSorted(byWeight),
    emails,
    phones,
    // Nobody's any more once the person is rejected.
    suggested: kept.filter(
      ({ kind, data }) =>
        kind === 'suggested_email' && !wrong.has(String(data['person'] ?? '').toLowerCase()),
    ),
    foreign,
    rejected: judged.filter(({ verdict }) => verdict === 'rejected'),
  }
}

// A guess that somebody confirmed is an address like any other; one that the site gives is no guess any more.
const withoutDoubles = <T extends Correctable>(kept: Judged<T>[]): Judged<T>[] => {
  const byValue = new Map<string, Judged<T>>()
  const usable = kept.map((fact) =>
    fact.kind === 'suggested_email' && fact.verdict === 'confirmed'
      ? { ...fact, kind: 'email' as const, data: { ...fact.data, kind: 'person' } }
      : fact,
  )
  for (const fact of usable.toSorted((a, b) => weightOf(b) - weightOf(a))) {
    const kind = fact.kind === 'suggested_email' ? 'email' : fact.kind
    const name = `${kind} ${fact.kind === 'person' ? fact.key : fact.value.toLowerCase()}`
    if (!byValue.has(name)) byValue.set(name, fact)
  }
  const chosen = new Set([...byValue.values()].map(({ id }) => id))
  return usable.filter(({ id }) => chosen.has(id))
}

const weightOf = (fact: Judged<Correctable>): number =>
  (fact.kind === 'suggested_email' ? -10 : 0) + (fact.correction ? 2 : 0) + (fact.sure ? 1 : 0)

const groupPeople = <T extends Correctable>(people: Judged<T>[]): PersonGroup<T>[] => {
  const byId = new Map(people.map((person) => [person.id, person]))
  const groups = new Map<number, PersonGroup<T>>()
  const groupFor = (person: Judged<T>): PersonGroup<T> => {
    const group = groups.get(person.id) ?? { person, merged: [], emails: [], phones: [] }
    groups.set(person.id, group)
    return group
  }
  for (const person of people) {
    const root = rootOf(person, byId)
    const group = groupFor(root)
    if (root.id !== person.id) group.merged.push(person)
  }
  return [...groups.values()]
}

/** The person that remains after every merge; a circle ends where it was entered. */
const rootOf = <T extends Correctable>(person: Judged<T>, byId: Map<number, Judged<T>>): Judged<T> => {
  let root = person
  for (let step = 0; step < MAX_CHAIN && root.mergedIntoId !== null; step++) {
    const next = byId.get(root.mergedIntoId)
    if (!next || next.id === person.id) break
    root = next
  }
  return root
}

const groupOf = <T extends Correctable>(
  fact: Judged<T>,
  groups: PersonGroup<T>[],
): PersonGroup<T> | undefined => {
  const everybody = (group: PersonGroup<T>) => [group.person, ...group.merged]
  const correction = fact.correction as { personKey?: string | null } | null
  if (correction?.personKey !== undefined)
    return groups.find((group) => everybody(group).some(({ key }) => key === correction.personKey))
  const field = fact.kind === 'email' ? 'email' : 'phone'
  const values = new Set([fact.said.toLowerCase(), fact.value.toLowerCase()])
  const owners = groups.filter((group) =>
    everybody(group).some(({ saidData }) => values.has(String(saidData[field] ?? '').toLowerCase())),
  )
  // One number beside several people is the company's.
  if (field === 'phone') return owners.length === 1 ? owners[0] : undefined
  if (owners.length > 0) return owners.toSorted(byWeight)[0]
  const name = fact.data['person']
  if (typeof name !== 'string' || name === '') return undefined
  return groups.find((group) =>
    everybody(group).some(({ said, value }) => [said, value].some((one) => fold(one) === fold(name))),
  )
}

const isForeign = ({ data }: Judged<Correctable>): boolean =>
  data['kind'] === 'agency' || data['kind'] === 'thirdparty'

const bySureness = (a: Judged<Correctable>, b: Judged<Correctable>): number =>
  Number(b.sure) - Number(a.sure) || qualityOf(b) - qualityOf(a) || b.confidence - a.confidence

const qualityOf = ({ data }: Judged<Correctable>): number =>
  typeof data['quality'] === 'number' ? data['quality'] : 0

const byWeight = (a: PersonGroup<Correctable>, b: PersonGroup<Correctable>): number =>
  Number(b.person.sure) - Number(a.person.sure) ||
  Number(isDecider(roleOf(b))) - Number(isDecider(roleOf(a))) ||
  valueOf(roleOf(b)) - valueOf(roleOf(a)) ||
  b.person.confidence - a.person.confidence

const roleOf = ({ person: { data } }: PersonGroup<Correctable>) => ({
  role: typeof data['role'] === 'string' ? data['role'] : null,
  roleKind: typeof data['roleKind'] === 'string' ? data['roleKind'] : null,
})
