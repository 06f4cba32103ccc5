import type { PersonFact } from '../site-record.ts'
import { patternOf } from './email-patterns.ts'
import {
  evidenceAfter,
  evidenceBefore,
  isByline,
  isClosing,
  isForeignAfter,
  isForeignBefore,
  isForeignSentence,
  isOutsider,
  isPlace,
  isPlural,
  otherBody,
  type Said,
} from './name-context.ts'
import { type NameSpan, nameSpans, withSeams } from './name-spans.ts'
import { fold, isTwoCapitals, type PersonName } from './names.ts'
import { IN_FOOTER, IN_NAV, type Line, flagsAt, snippetAround, snippetOfLine } from './page-view.ts'
import {
  FOREIGN,
  isBrand,
  isHouse,
  isMasthead,
  isNamesake,
  isOwnBody,
  isOutsideProfession,
  lowerName,
  type PeoplePage,
} from './people-page.ts'
import words from './people-words.data.json'
import { person } from './person-fact.ts'
import { pageWays, type Ways, waysOf } from './person-ways.ts'
import { looseRole } from './roles.ts'

/** Who stands in the templates of builders */
const DEMO = new Set(words.demoPeople.split('|'))
const MAX_CANDIDATES = 1_500
const MAX_LINE = 4_000
/** Evidence that makes a name a fact; a known given name is worth 1.2, a title beside it 2 */
const ENOUGH = 3
const PLAUSIBLE = 1.2
const KNOWN = 1.2
const HONORIFIC = 1
const ALONE = 0.5
const NEAR_SIBLING = 14
const MAX_SENTENCE = 200
/** What was before is another time. */
const TODAY =
  /aujourd['’]hui|actuellement|désormais|maintenant|de nos jours|depuis (?=19[6-9]|20)|today|nowadays|heute|oggi|hoy/iu
const AFTER_NICKNAME = /[»”")] \p{Lu}/u
const QUOTED = /^[«“"”]|[»"”]\s*$|★|⭐/
const JOINED =
  /^\s*(?:,|;|·|•|&|\/|,? et|,? and|,? und|,? y|,? e|,? en|,? i)?\s*(?:avec )?(?:(?:M|Mr|Mme|Mlle|Dr|Me|Mrs|Ms)\.?|Monsieur|Madame|Herr|Frau)?\s*$/iu
/** … et sa sœur Élise Rollin */
const WITH_KIN =
  /^,? (?:et|and|und|e|y|en) (?:son|sa|ses|seine?|ihre?|his|her|their|la|il|su|zijn|haar) \p{L}+,? $/iu
const BY_AND = /(?:et|&|and|und|y|e|en|i)\s/iu
const NOT_WORDS = /(?:M|Mr|Mme|Mlle|Dr|Me|et|and|und|y|e|en|i|FH|PhD|Dipl|Ing|Prof)(?!\p{L})|[^\p{L}]/giu
const DEGREES = new RegExp(`\\b(?:${words.degrees.replaceAll(' ', '|')})\\b`, 'gi')
const OLD_YEAR =
  /(?<!\d|loi (?:de )?|\d \p{L}{3,9} |\()(?!(?<=, |^|[A-Z]-)\d{4} \p{Lu}\p{L}{2})(?:1[0-8]\d\d|19[0-5]\d)(?!\d)/u
const PLACE_WEIGHT: Record<PeoplePage['purpose'], number> = {
  team: 0.8,
  about: 0.5,
  contact: 0.5,
  legal: 0.4,
  other: 0,
  news: -0.9,
}

type Candidate = {
  name: PersonName
  line: number
  /** Where it stands in the page's text, roughly */
  position: number
  score: number
  /** What the words beside it weigh */
  evidence: number
  said: Said | null
  method: string
  /** The line holds names and nothing else */
  alone: boolean
  /** It begins the line, a sign or a title follows; or a label stands before it; or neither */
  form: 'alone' | 'start' | 'label' | 'prose'
  ways: Ways
}

/** People told by lines of text. Every name-shaped stretch is a candidate; what stands before, after, above and under
 *  it, where on which page it stands and how its neighbours fared is weighed; only those with enough are facts. */
export function* peopleInLines(page: PeoplePage): Generator<PersonFact> {
  const { view } = page
  const candidates: Candidate[] = []
  for (const [index, line] of view.lines.entries()) {
    if (candidates.length >= MAX_CANDIDATES) break
    if (
      line.flags & IN_NAV ||
      isMasthead(line) ||
      line.text.length < 5 ||
      line.text.length > MAX_LINE ||
      !(isTwoCapitals(line.text) || AFTER_NICKNAME.test(line.text) || lowerName(page, index) !== null)
    )
      continue
    candidates.push(...candidatesIn(page, line, index))
  }
  if (candidates.length === 0) return
  weighNeighbours(page, candidates)
  weighWays(page, candidates)
  weighSiblings(page, candidates)
  for (const one of candidates) {
    if (one.score < ENOUGH) continue
    const confidence = Math.min(0.93, Math.max(0.6, 0.62 + (one.score - ENOUGH) * 0.1))
    const line = view.lines[one.line]!
    const snippet =
      line.text.length > 120
        ? snippetAround(view, one.position, one.position + one.name.name.length)
        : snippetOfLine(view, one.line)
    yield person(view, one.name, one.method, confidence, snippet, { ...one.said, ...one.ways })
  }
}

function candidatesIn(page: PeoplePage, line: Line, index: number): Candidate[] {
  const text = lowerName(page, index) ?? withSeams(line.text)
  const spans = nameSpans(text)
  if (spans.length === 0) return []
  spans.sort((a, b) => a.start - b.start)
  const rest = spans.reduceRight((left, { start, end }) => left.slice(0, start) + left.slice(end), text)
  const plain = rest.length < text.length && /[A-Z]{2}/.test(rest) ? rest.replace(DEGREES, '') : rest
  const alone = plain.replace(NOT_WORDS, '') === ''
  const found = spans.map((span, at) => candidateOf(page, line, index, text, spans, at, alone))
  inherit(text, spans, found)
  return found.filter((one): one is Candidate => one !== null)
}

function candidateOf(
  page: PeoplePage,
  line: Line,
  index: number,
  text: string,
  spans: NameSpan[],
  at: number,
  alone: boolean,
): Candidate | null {
  const { name, start, end, trailing } = spans[at]!
  if (DEMO.has(fold(name.name))) return null
  const position = line.start + Math.min(start, line.text.length - 1)
  if (flagsAt(page.view, position) & FOREIGN) return null
  const before = text.slice(Math.max(spans[at - 1]?.end ?? 0, start - 110), start)
  const { until } = spans[at]!
  const next = spans.find((other) => other.start >= until)
  const after = text.slice(until, Math.min(next?.start ?? text.length, until + 120))
  if (isForeignBefore(before) || isTheirPublisher(page, index, before)) return null
  if (isByline(before, after) || isOutsideProfession(page, index, before, name.last)) return null
  const sentence = sentenceBefore(text, start)
  if (isForeignSentence(sentence)) return null
  const said = evidenceBefore(before)
  if (isOutsider(text.slice(end, end + 30))) return null
  if (said.weight < 1.9 && isForeignAfter(text.slice(end, end + 60))) return null
  const body = otherBody(after)
  if (body !== null && !isOwnBody(page, body)) return null
  const house = !name.known && !name.honorific && isHouse(page, name)
  if (house && !(said.role && said.weight >= 1.9)) return null
  const then = evidenceAfter(after, name.known)
  const named = then.role && then.weight >= said.weight ? then.role.role : ''
  if (at === 0 && spans.length === 1 && isPlural(named)) return null
  const first = said.weight >= then.weight ? said : then
  let score = Math.max(said.weight, then.weight, 0) + Math.min(said.weight, then.weight, 0)
  score += (name.known ? KNOWN : 0) + (name.honorific ? HONORIFIC : 0) + (alone ? ALONE : 0)
  score += PLACE_WEIGHT[page.purpose]
  const place = page.places[index]!
  if (place > 0) score += alone || said.weight > 0 || then.role ? 1.2 : 0.5
  if (place < 0) score -= 2
  const brand = isBrand(page, name.name)
  if (brand && !name.known && !name.honorific) return null
  if (index > 0 && alone && isClosing(page.view.lines[index - 1]!.text)) score += 2
  if (isAfterQuote(page, index, start)) score -= 3
  const person = name.known || name.honorific || (first.role !== null && first.weight > 1)
  if (
    (person && isNamesake(page, name.last)) ||
    (name.known && name.first.length > 4 && isNamesake(page, name.first))
  )
    score += brand && !first.role ? -0.5 : 1
  if (trailing) score -= 2
  const near = sentence.split(TODAY).at(-1)! + text.slice(start, end + 30).split(/(?<=\p{Ll})\. /u)[0]!
  const founder = first.role?.role === 'Fondateur'
  if (OLD_YEAR.test(near) || (founder && (page.isOld || /(?<!\d)196[0-5](?!\d)/.test(near)))) score -= 4
  if (/^\p{Lu}\./u.test(name.first) && !first.role) score -= 0.5
  return {
    name,
    line: index,
    position,
    score,
    evidence: Math.max(said.weight, then.weight, 0),
    said: said.role && (said.weight >= 2 || said.weight > then.weight) ? said.role : (then.role ?? said.role),
    method: first.method,
    alone,
    form: alone
      ? 'alone'
      : (said.weight > 0 && said.role) || said.weight >= 1.8
        ? 'label'
        : start < 6 && text.length < 110
          ? 'start'
          : 'prose',
    ways: { email: null, phone: null, linkedin: null },
  }
}

/** "Directeur de la publication de Solocal : …" under who made or hosts the site */
const isTheirPublisher = (page: PeoplePage, index: number, before: string): boolean =>
  /publication d(?:e |['’])\p{Lu}[^:]*:\s*$/u.test(before) &&
  ((page.view.lines[index - 1]?.flags ?? 0) & FOREIGN) !== 0

/** What of a sentence stands before a name. */
const sentenceBefore = (text: string, start: number): string =>
  text
    .slice(Math.max(0, start - MAX_SENTENCE), start)
    .split(/(?<=[\p{Ll}\d)»])[.!?] (?=\p{Lu})/u)
    .at(-1)!

/** "« Un regard juste. »" above "Jean Royer, directeur de site": the voice of a customer. */
function isAfterQuote(page: PeoplePage, index: number, start: number): boolean {
  const line = page.view.lines[index]!
  if (start > 5 || index === 0 || /^h[1-6]$/.test(line.tag)) return false
  if (page.places[index]! > 0 || page.purpose === 'team') return false
  const above = page.view.lines[index - 1]!.text
  // "— Caroline Masson, directrice" under a sentence signs it; in a list of dashes it does not.
  if (/^\s*[—–]/.test(line.text) && /[.!?…]\s*$/.test(above) && !/^\s*[—–-]/.test(above)) return true
  return /^\s*[«“"„].{8,}[»”"“]\s*$/u.test(above.slice(0, 600))
}

/** "Conseillers : Erwan Guyot, Sabrina Petit"; "Gilles et Odette Faucher vous reçoivent": what is said of one of a row
 *  of names is said of all. */
const IN_BRACKETS = /^\s?\([^)]{1,60}\)/
function inherit(text: string, spans: NameSpan[], found: (Candidate | null)[]): void {
  const joins = spans.map((span, at) => (at === 0 ? null : text.slice(spans[at - 1]!.end, span.start)))
  for (let at = 1; at < spans.length; at++) {
    const [one, other] = [found[at - 1], found[at]]
    if (!one || !other || !JOINED.test(joins[at]!.replace(IN_BRACKETS, ''))) continue
    if (one.form !== 'label' && one.method !== 'legal-notice') continue
    other.form = one.form
    if (one.evidence <= other.evidence) continue
    other.score += Math.min(2, one.evidence - other.evidence)
    other.evidence = one.evidence
    other.said ??= one.said
    other.method = one.method
  }
  for (let at = spans.length - 1; at > 0; at--) {
    const [one, other] = [found[at - 1], found[at]]
    if (!one || !other) continue
    const kin = WITH_KIN.test(joins[at]!)
    if (!kin && !(JOINED.test(joins[at]!) && BY_AND.test(joins[at]!))) continue
    if (other.score > one.score && (kin || other.form !== 'label')) {
      one.score = Math.max(one.score, Math.min(other.score, one.score + 2))
      one.said ??= other.said
    }
  }
}

/** Titles on the lines above and under names that stand alone. Tables and lists put them on one side throughout: the
 *  side where more are found counts for all. */
function weighNeighbours(page: PeoplePage, candidates: Candidate[]): void {
  const { lines } = page.view
  const named = new Set(candidates.filter((one) => one.alone).map((one) => one.line))
  const alone = candidates.filter(
    (one) =>
      (one.alone && one.said === null) ||
      (one.form === 'start' && /^(?:dd|td|li)$/.test(lines[one.line]!.tag)),
  )
  const isFree = (line: number): boolean => !named.has(line) && lines[line] !== undefined
  const under = alone.filter((one) => isFree(one.line + 1) && page.roleOf(one.line + 1)).length
  const above = alone.filter((one) => isFree(one.line - 1) && page.roleOf(one.line - 1)).length
  const sides =
    above > under || (above === under && alone.some((one) => lines[one.line]!.tag === 'dd'))
      ? [-1, 1]
      : [1, -1]
  const between = new Set<number>()
  for (const one of alone) {
    for (const [turn, side] of sides.entries()) {
      const at = one.line + side
      if (!isFree(at) || between.has(at)) continue
      const { text } = lines[at]!
      // Another line of the same house, or the label of what follows in it.
      if (text.includes(one.name.last) || /^[^:]{2,40} ?: ?\S/.test(text)) continue
      const tag = lines[one.line]!.tag
      // A title over a name heads it; a heading under a name begins something else.
      if (side > 0 && /^h[1-6]$/.test(lines[at]!.tag) && !(/^h[1-6]$/.test(tag) && lines[at]!.tag > tag))
        continue
      const team = page.places[one.line]! > 0 || page.purpose === 'team'
      if (side < 0 && lines[at]!.tag === 'h1') continue
      // A line that goes on after the name has a title only in the cell before it.
      if (!one.alone && (side > 0 || !/^(?:dt|th|td)$/.test(lines[at]!.tag))) continue
      if (isElsewhere(page, one.line, text)) continue
      const role = page.roleOf(at) ?? (side > 0 && turn === 0 && team ? loose(page, at) : null)
      if (!role || isQuotedNear(lines, one.line)) continue
      one.said = role as Said
      one.score += (page.roleOf(at) ? 2 : 1) - turn * 0.3
      one.method = 'name-and-role'
      for (const same of candidates)
        if (same.line === one.line && same.alone && same.said === null) {
          same.said = role as Said
          same.score += 2 - turn * 0.3
          same.method = 'name-and-role'
        }
      between.add(at)
      break
    }
    if (one.method === 'text' && (page.places[one.line]! > 0 || page.purpose === 'team'))
      one.method = 'team-list'
  }
}

/** "Marie Colin" above "Gérante de La Cave" on a page of no team: a customer and her house. */
const LEADS_HOUSE =
  /^(?:co-?)?(?:g[ée]rante?|direct(?:eur|rice)|pr[ée]sidente?|fondat(?:eur|rice)|propri[ée]taire|responsable|owner|manager|director|ceo|inhaber(?:in)?|gesch[äa]ftsf[üu]hrer(?:in)?)(?: g[ée]n[ée]rale?)?,? (?:de |du |des |chez |d['’]|of |at |@ ?|bei |von |der )?(?:la |l['’]|les )?(\p{Lu}[\p{L}’'-]+)/u
function isElsewhere(page: PeoplePage, index: number, role: string): boolean {
  if (page.purpose !== 'other' || page.places[index]! > 0) return false
  const house = LEADS_HOUSE.exec(role.charAt(0).toLowerCase() + role.slice(1))?.[1]
  return house !== undefined && !isOwnBody(page, house)
}

function loose(page: PeoplePage, at: number): { role: string; roleKind: string } | null {
  const line = page.view.lines[at]!
  if (line.flags & (FOREIGN | IN_NAV | IN_FOOTER) || isPlace(line.text)) return null
  return looseRole(line.text)
}

function weighWays(page: PeoplePage, candidates: Candidate[]): void {
  const ways = pageWays(page.view)
  const lines = candidates.map((one) => one.line)
  for (const [at, one] of candidates.entries()) {
    const shared = lines[at - 1] === one.line || lines[at + 1] === one.line
    const next = lines.slice(at + 1).find((line) => line > one.line) ?? page.view.lines.length
    const found = waysOf(page.view, ways, one.name, one.line, shared ? one.line + 1 : next)
    one.ways = found.ways
    if (found.elsewhere) one.score -= 3
    one.score += shared && !found.proven ? Math.min(found.weight, 0.3) : found.weight
    if (!found.proven) {
      const local = ways.locals.find(
        (mail) => sharesLetters(mail, one.name) && patternOf(mail, one.name.name),
      )
      if (local !== undefined && !isNamesake(page, local)) one.score += 1.3
    }
  }
}

/** Cheaper than to write the name in every way that addresses are made. */
const sharesLetters = (local: string, name: PersonName): boolean =>
  [name.last, name.first].some((part) =>
    local.includes(
      fold(part)
        .replace(/[^a-z]/g, '')
        .slice(0, 3),
    ),
  )

/** Names in the same place of the same structure as others that are people are people, too. */
function weighSiblings(page: PeoplePage, candidates: Candidate[]): void {
  // A bare list of names where the team is presented; a single name there may be a street's.
  const bare = candidates.filter(
    (one) => one.alone && one.name.known && (page.purpose === 'team' || page.places[one.line]! > 0),
  )
  if (bare.length > 1) for (const one of bare) one.score += 0.6
  const sure = Map.groupBy(
    candidates.filter((one) => one.score >= ENOUGH),
    (one) => one.form,
  )
  for (const one of candidates) {
    if (one.score >= ENOUGH || one.score < PLAUSIBLE || one.form === 'prose') continue
    if (!one.name.known && !one.name.honorific && one.said === null) continue
    const like = (sure.get(one.form) ?? []).filter(
      (other) => other.name !== one.name && Math.abs(other.line - one.line) <= NEAR_SIBLING,
    )
    if (like.length >= 2) one.score += 1.5
    else if (like.length === 1) one.score += 0.8
  }
}

/** « … » or stars around: a customer signs with name and trade too. */
function isQuotedNear(lines: Line[], index: number): boolean {
  for (let near = Math.max(0, index - 2); near <= Math.min(lines.length - 1, index + 2); near++)
    if (QUOTED.test(lines[near]!.text)) return true
  return false
}
