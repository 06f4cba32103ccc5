import type { PersonFact } from '../site-record.ts'
import { fold, nameKey } from './names.ts'

const CORROBORATION = 0.02
const MOST_CORROBORATION = 0.06
const SUREST = 0.99
const LEADS = new Set(['owner', 'director'])

/** Each person once: the same words in any order, initials and shortened surnames counted to the only full name they can
 *  stand for ("J.-P. Martin", "Coralie Bonnafous" for "Coralie Bonnafous-Nebot"). Surer with every page that agrees. */
export function mergePeople(people: PersonFact[]): PersonFact[] {
  const full = new Map<string, string>()
  const names = [...new Map(people.map((person) => [nameKey(person.name), person.name])).entries()]
  for (const [key, name] of names) {
    const longer = names.filter(([other, written]) => other !== key && standsFor(name, written))
    if (longer.length === 1) full.set(key, longer[0]![0])
  }
  const keyOf = (person: PersonFact): string => {
    const key = nameKey(person.name)
    return full.get(full.get(key) ?? key) ?? full.get(key) ?? key
  }
  return [...Map.groupBy(people, keyOf)].map(([key, group]) => mergeGroup(key, group))
}

function mergeGroup(key: string, group: PersonFact[]): PersonFact {
  const ranked = group.toSorted((a, b) => b.confidence - a.confidence)
  const best = { ...(ranked.find((fact) => nameKey(fact.name) === key) ?? ranked[0]!) }
  // Who runs the house is told by one page, what they do by all others.
  const told =
    ranked.find((fact) => fact.role && LEADS.has(fact.roleKind ?? '') && fact.confidence >= 0.7) ??
    ranked.find((fact) => fact.role && fact.roleKind !== 'other') ??
    ranked.find((fact) => fact.role)
  const otherPages = new Set(group.map((fact) => fact.pageUrl)).size - 1
  const raised = ranked[0]!.confidence + Math.min(MOST_CORROBORATION, otherPages * CORROBORATION)
  return {
    ...best,
    confidence: Math.round(Math.min(SUREST, raised) * 100) / 100,
    role: told?.role ?? null,
    roleKind: told?.roleKind ?? null,
    email: ranked.find((fact) => fact.email)?.email ?? null,
    phone: ranked.find((fact) => fact.phone)?.phone ?? null,
    linkedin: ranked.find((fact) => fact.linkedin)?.linkedin ?? null,
  }
}

/** "J.-P. Martin" for "Jean-Pierre Martin", "Jean Martin" for "Jean Martin-Roux". */
function standsFor(short: string, long: string): boolean {
  const [first = '', ...last] = fold(short).split(' ')
  const [given = '', ...family] = fold(long).split(' ')
  const surname = family.join(' ')
  if (/^(?:[a-z]\.-?)+$/.test(first)) {
    const initials = first.replace(/[^a-z]/g, '')
    const parts = given.split('-').map((part) => part[0] ?? '')
    return !given.includes('.') && parts.join('').startsWith(initials) && last.join(' ') === surname
  }
  if (first !== given) return false
  const words = surname.split(/[ -]/)
  const said = last.join(' ').split(/[ -]/)
  return (
    said.length < words.length &&
    (said.every((word, at) => words[at] === word) || said.join() === words.slice(-said.length).join())
  )
}
