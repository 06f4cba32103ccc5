import { PUBLISHES } from './merge-people.ts'
import { nameKey } from './names.ts'
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
    director: directorOf(people, publishersOf(pages)),
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
  /(?<!vice-?)(?:g[ée]rant|pr[ée]sident|dirigeant|directeur g[ée]n[ée]ral|directrice g[ée]n[ée]rale|repr[ée]sentant|entrepreneur|propri[ée]taire|exploitant|gesch[äa]ftsf|inhaber|zaakvoerder|eigenaar|titular|titolare|amministrat|administra(?:dor|teur d)|managing (?:director|partner)|owner|proprietor|patron|pdg|p\.-?d\.-?g|^maire$|chef(?:fe)? d['’][ée]tablissement|^direct(?:eur|rice|or|ora|ore)$)/i
/** Of a club beside the company, or of the board above it */
const BESIDE =
  /parents d['’][ée]l[èe]ves|comit[ée](?! de direction| ex[ée]cutif)|conseil de surveillance|ogec|apel|cse|asbl|syndicat|d['’]honneur|ancien|conseil d['’]administration/i
const LIKELY = 1

/** Of several equals the one who answers for what the site says */
const publishersOf = (pages: PageFacts[]): Set<string> =>
  new Set(
    pages
      .flatMap((page) => page.people)
      .filter(({ role }) => PUBLISHES.test(role ?? ''))
      .map(({ name }) => nameKey(name)),
  )

/** Who runs the company: the manager before the director of the publication, both before its founder. */
function directorOf(people: PersonFact[], publishers: Set<string>): Told<string> | null {
  const weigh = (person: PersonFact): number => {
    const role = person.role ?? ''
    if (person.roleKind !== 'owner' && person.roleKind !== 'director' && !/^maire$/i.test(role)) return 0
    const near = `${role} ${person.snippet.slice(Math.max(0, person.snippet.indexOf(person.name) - 70))}`
    const beside =
      BESIDE.test(role) || (person.roleKind === 'owner' && BESIDE.test(near.slice(0, 120))) ? 1.6 : 0
    const rank = PUBLISHES.test(role) ? 2.2 : RUNS_IT.test(role) ? 3 : /fond/i.test(role) ? 1.2 : 1.5
    const publishes = publishers.has(nameKey(person.name)) ? 0.3 : 0
    return rank - beside + publishes + (person.method === 'legal-notice' ? 0.4 : 0) + person.confidence * 0.3
  }
  const ranked = people
    .map((person) => ({ person, weight: weigh(person) }))
    .filter(({ weight }) => weight >= LIKELY)
  const best = ranked.toSorted((a, b) => b.weight - a.weight)[0]?.person
  return best ? toldOf(best, best.name) : null
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
