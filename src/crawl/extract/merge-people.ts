import type { PersonFact } from '../site-record.ts'
import { fold, nameKey } from './names.ts'
import { registrableDomain } from './site-identity.ts'

const CORROBORATION = 0.02
const MOST_CORROBORATION = 0.06
const SUREST = 0.99
/** What one who works alone may be called */
const TRADES = new Set(['technical', 'other'])
const SHORTEST_BRAND = 4
/** What the law asks to be told of whoever it is: a title of the company says more. */
export const PUBLISHES = /publication|r[ée]daction|[ée]ditorial/i
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
  const merged = [...Map.groupBy(people, keyOf)].map(([key, group]) => mergeGroup(key, group))
  markOwner(merged)
  return merged
}

/** Where nobody is said to lead, the only person whose surname the site bears does: Hélène Moreau, céramiste, of
 *  atelier-moreau.com. */
function markOwner(people: PersonFact[]): void {
  if (people.some((person) => LEADS.has(person.roleKind ?? ''))) return
  const wholly = people.filter((person) => bearsSite(person, person.name, true))
  const named =
    wholly.length > 0 ? wholly : people.filter((person) => bearsSite(person, surnameOf(person), false))
  const given = people.filter((person) => bearsSite(person, givenOf(person), true))
  const [one] = named.length > 0 ? named : given
  if ((named.length || given.length) === 1 && one && (one.roleKind === null || TRADES.has(one.roleKind)))
    one.roleKind = 'owner'
}

const givenOf = (person: PersonFact): string => person.name.split(' ')[0]!
const surnameOf = (person: PersonFact): string => person.name.split(' ').slice(1).join(' ')

/** Whether the site's domain holds a name: `all` of its words, or a longer one. */
function bearsSite(person: PersonFact, name: string, all: boolean): boolean {
  const host = URL.canParse(person.pageUrl) ? new URL(person.pageUrl).hostname : ''
  const label = (registrableDomain(host) ?? '').split('.')[0]!.replaceAll('-', '')
  const words = fold(name)
    .split(/[^a-z]+/)
    .filter(Boolean)
  const held = words.filter((word) => label.includes(word))
  if (all && held.length < words.length) return false
  return held.some((word) => word.length >= SHORTEST_BRAND)
}

function mergeGroup(key: string, group: PersonFact[]): PersonFact {
  const ranked = group.toSorted((a, b) => b.confidence - a.confidence)
  const best = { ...(ranked.find((fact) => nameKey(fact.name) === key) ?? ranked[0]!) }
  // Who runs the house is told by one page, what they do by all others.
  const leading = ranked.filter(
    (fact) =>
      fact.role &&
      LEADS.has(fact.roleKind ?? '') &&
      (fact.confidence >= 0.7 || fact.method === 'legal-notice'),
  )
  const told =
    leading.find((fact) => !PUBLISHES.test(fact.role!)) ??
    leading[0] ??
    ranked.find((fact) => fact.role && fact.roleKind !== 'other') ??
    ranked.find((fact) => fact.role)
  const otherPages = new Set(group.map((fact) => fact.pageUrl)).size - 1
  const raised = ranked[0]!.confidence + Math.min(MOST_CORROBORATION, otherPages * CORROBORATION)
  // Yılmaz on one page, Yilmaz on another: the fuller writing is the right one.
  const alike = ranked.filter((fact) => nameKey(fact.name) === nameKey(best.name)).map((fact) => fact.name)
  const accents = (name: string): number => name.replace(/[\x20-\x7e]/g, '').length
  best.name = alike.reduce((a, b) => (accents(b) > accents(a) ? b : a), best.name)
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
