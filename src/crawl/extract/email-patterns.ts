import type { EmailFact, PersonFact } from '../site-record.ts'
import { fold, isFirstName } from './names.ts'

const MAX_SUGGESTIONS = 30
const SHORTEST_PART = 4
const ONE_PROOF = 0.5
const MORE_PROOFS = 0.65

type Parts = { first: string; last: string }

/** How companies make an address from a name, most telling first. */
const PATTERNS: Record<string, (parts: Parts) => string> = {
  'first.last': ({ first, last }) => `${first}.${last}`,
  'first-last': ({ first, last }) => `${first}-${last}`,
  first_last: ({ first, last }) => `${first}_${last}`,
  firstlast: ({ first, last }) => `${first}${last}`,
  'f.last': ({ first, last }) => `${first[0]}.${last}`,
  flast: ({ first, last }) => `${first[0]}${last}`,
  'last.first': ({ first, last }) => `${last}.${first}`,
  lastfirst: ({ first, last }) => `${last}${first}`,
  'last.f': ({ first, last }) => `${last}.${first[0]}`,
  lastf: ({ first, last }) => `${last}${first[0]}`,
  first: ({ first }) => first,
  last: ({ last }) => last,
}

/** The ways a name is written in an address: compound given names with and without their hyphen, by initials
 *  (jm), surnames joined. */
function writings(name: string): Parts[] {
  const [given = '', ...rest] = fold(name).split(' ')
  const last = rest.join('').replace(/[^a-z]/g, '')
  if (given.length < 2 || last.length < 2) return []
  const first = given.replace(/[^a-z-]/g, '')
  const found = [{ first, last }]
  if (first.includes('-')) {
    found.push({ first: first.replaceAll('-', ''), last })
    found.push({
      first: first
        .split('-')
        .map((part) => part[0] ?? '')
        .join(''),
      last,
    })
  }
  const hyphened = rest.join('-').replace(/[^a-z-]/g, '')
  if (hyphened !== last) found.push({ first, last: hyphened })
  return [...found, ...partialWritings(first, rest)]
}

/** c.andrieu for Capucine Andrieu de Fontanges, gb.rossi for Gian Battista Rossi: one part of a long surname, two given
 *  names without a hyphen. */
function partialWritings(first: string, rest: string[]): Parts[] {
  const found: Parts[] = []
  const surnames = rest.flatMap((word) => word.split('-')).map((word) => word.replace(/[^a-z]/g, ''))
  if (surnames.length < 2) return found
  for (const part of new Set([surnames[0]!, surnames.at(-1)!]))
    if (part.length >= SHORTEST_PART) found.push({ first, last: part })
  const second = surnames[0]!
  if (isFirstName(second) && !first.includes('-')) {
    const last = surnames.slice(1).join('')
    found.push({ first: `${first[0]}${second[0]}`, last }, { first: `${first}${second}`, last })
    found.push({ first: `${first}-${second}`, last })
  }
  return found
}

/** The pattern by which a local part is made of a name, or null. */
export function patternOf(local: string, name: string): string | null {
  const plain = local.toLowerCase().replace(/\d+$/, '')
  for (const parts of writings(name)) {
    for (const pattern in PATTERNS) if (PATTERNS[pattern]!(parts) === plain) return pattern
  }
  return null
}

/** Addresses that people without one probably have, when the domain's pattern is proven by another's. Never
 *  facts: they carry the proof in their snippet and are sent to only after confirmation. */
export function suggestEmails(
  people: PersonFact[],
  emails: EmailFact[],
  ownDomains: Set<string>,
): EmailFact[] {
  const proofs = new Map<string, { domain: string; pattern: string; proof: EmailFact[] }>()
  for (const email of emails) {
    const [local = '', domain = ''] = email.value.split('@')
    if (!ownDomains.has(domain) || email.kind === 'agency' || email.kind === 'thirdparty') continue
    for (const { name } of people) {
      const pattern = patternOf(local, name)
      if (!pattern) continue
      const key = `${domain} ${pattern}`
      const known = proofs.get(key) ?? { domain, pattern, proof: [] }
      known.proof.push(email)
      proofs.set(key, known)
    }
  }
  const best = [...proofs.values()].sort((a, b) => b.proof.length - a.proof.length)[0]
  if (!best) return []
  const taken = new Set(emails.map((email) => email.value))
  const suggestions: EmailFact[] = []
  for (const person of people) {
    const parts = writings(person.name)[0]
    if (person.email || !parts || suggestions.length >= MAX_SUGGESTIONS) continue
    const value = `${PATTERNS[best.pattern]!(parts)}@${best.domain}`
    if (taken.has(value)) continue
    taken.add(value)
    suggestions.push({
      value,
      kind: 'person',
      pageUrl: person.pageUrl,
      method: `pattern ${best.pattern}`,
      snippet: `${person.name}; ${best.proof[0]!.value}`.slice(0, 200),
      confidence: best.proof.length > 1 ? MORE_PROOFS : ONE_PROOF,
    })
  }
  return suggestions
}
