import type { PageFacts, ProfileHint } from './parsed-page.ts'
import type {
  CompanyProfile,
  FeatureFact,
  FeatureName,
  PersonFact,
  Provenance,
  Told,
} from '../site-record.ts'

const MAX_HOURS = 14
/** Pages that French law asks of every company's site; whether a shop needs terms of sale is for the analysis. */
const ASKED_FOR: FeatureName[] = ['legal_notice', 'privacy_policy']

/** What the pages of a site together say of the company: the surest answer, the one most pages agree on. */
export function mergeProfile(pages: PageFacts[], people: PersonFact[]): CompanyProfile {
  const hints = pages.flatMap((page) => page.profile)
  const capital = best(hints, 'capital')
  return {
    legalForm: best(hints, 'legalForm'),
    capital: capital && { ...capital, value: Number(capital.value) },
    director: directorOf(people),
    host: best(hints, 'host'),
    openingHours: hoursOf(hints),
    languages: ranked(hints, 'language'),
  }
}

function ranked(hints: ProfileHint[], kind: ProfileHint['kind']): Told<string>[] {
  const groups = Map.groupBy(
    hints.filter((hint) => hint.kind === kind),
    (hint) => hint.value,
  )
  return [...groups.values()]
    .map((group) => ({
      fact: group.reduce((a, b) => (b.confidence > a.confidence ? b : a)),
      count: group.length,
    }))
    .toSorted((a, b) => b.count - a.count || b.fact.confidence - a.fact.confidence)
    .map(({ fact }) => toldOf(fact, fact.value))
}

function best(hints: ProfileHint[], kind: ProfileHint['kind']): Told<string> | null {
  const all = ranked(hints, kind)
  return all.toSorted((a, b) => b.confidence - a.confidence)[0] ?? null
}

const toldOf = <T>({ pageUrl, method, snippet, confidence }: Provenance, value: T): Told<T> => ({
  value,
  pageUrl,
  method,
  snippet,
  confidence,
})

/** Hours of one source only, the surest: a footer and a contact page may say the same in two ways. */
function hoursOf(hints: ProfileHint[]): Told<string>[] {
  const hours = hints.filter((hint) => hint.kind === 'openingHours')
  const top = hours.toSorted((a, b) => b.confidence - a.confidence)[0]
  if (!top) return []
  const values = new Map<string, Told<string>>()
  for (const hint of hours)
    if (hint.pageUrl === top.pageUrl && hint.method === top.method && values.size < MAX_HOURS)
      values.set(hint.value, toldOf(hint, hint.value))
  return [...values.values()]
}

const RUNS_IT =
  /g[ée]rant|pr[ée]sident|dirigeant|directeur g[ée]n[ée]ral|directrice g[ée]n[ée]rale|repr[ée]sentant|entrepreneur|propri[ée]taire|exploitant/i

/** Who runs the company, by the legal notice: the manager before the director of the publication. */
function directorOf(people: PersonFact[]): Told<string> | null {
  const named = people.filter((person) => person.roleKind === 'owner' && person.role)
  const legal = named.filter((person) => person.method === 'legal-notice')
  const found =
    legal.find((person) => RUNS_IT.test(person.role!)) ??
    legal[0] ??
    named.find((person) => RUNS_IT.test(person.role!))
  return found ? toldOf(found, found.name) : null
}

/** Each feature once with its best evidence, the newest post of all pages, and the legal pages that are missing. */
export function mergeFeatures(pages: PageFacts[], homeUrl: string): FeatureFact[] {
  const found = new Map<FeatureName, FeatureFact>()
  for (const fact of pages.flatMap((page) => page.features)) {
    const known = found.get(fact.name)
    const better =
      fact.name === 'last_post'
        ? (fact.value ?? '') > (known?.value ?? '')
        : fact.confidence > (known?.confidence ?? 0)
    if (!known || better) found.set(fact.name, fact)
  }
  const missing = ASKED_FOR.filter((name) => !found.has(name)).map((name) => ({
    name,
    present: false,
    value: null,
    pageUrl: homeUrl,
    method: 'links',
    snippet: '',
    // The more pages were read, the surer that none leads there.
    confidence: pages.length > 3 ? 0.9 : 0.6,
  }))
  return [...found.values(), ...missing]
}
