import type { PersonFact } from '../site-record.ts'
import { isForeignPath, type JsonLdNode, textOf, textsOf } from './json-ld.ts'
import { type PersonName, isFirstName, nameKey, readName, readNames } from './names.ts'
import {
  ABOUT_CREDIT,
  ABOUT_HOST,
  ABOUT_OTHERS,
  flagsAt,
  IN_QUOTE,
  lineAt,
  oneLine,
  type PageView,
  snippetAround,
} from './page-view.ts'
import type { PagePurpose } from './parsed-page.ts'
import { peopleInLines } from './people-lines.ts'
import { person } from './person-fact.ts'
import { readRole, roleKindOf } from './roles.ts'
import { socialProfile } from './socials.ts'
import { hintedMatches, SAYS_ROLE } from './word-spots.ts'

const MAX_PEOPLE = 100
const FOREIGN = ABOUT_HOST | ABOUT_CREDIT | ABOUT_OTHERS | IN_QUOTE

/** "Directeur de la publication : Jean Dupont", "représentée par Mme Anne Petit", "Gérant - J. Dupont". */
const LABELLED = new RegExp(
  String.raw`(?<![\p{L}-])((?:co-?)?(?:directeur|directrice|responsable)s?(?: ?\(?(?:trice|rice|e)?\)?)? (?:de |du )?(?:la )?(?:publication|r[ée]daction)(?: du site)?|(?:co-?)?g[ée]rant(?:e|\(e\))?s?|pr[ée]sident(?:e|\(e\))?(?: directeur g[ée]n[ée]ral)?|directeur g[ée]n[ée]ral|directrice g[ée]n[ée]rale|repr[ée]sentant(?:e)? l[ée]gal(?:e)?|repr[ée]sent[ée]e? (?:l[ée]galement )?par|dirigeant(?:e)?|dirig[ée]e? (?:depuis \d{4} )?par|(?:chef|cheffe) d['’]entreprise|propri[ée]taire|exploitant(?:e)?|fond[ée]e? (?:en \d{4} )?par|[ée]dit[ée]e? par|(?:reprise?|cr[ée]{2}e?|tenue?) (?:en \d{4} )?par|responsable l[ée]gal|[ée]diteur(?: du site)?|entreprise individuelle|EI|responsable (?:du site|[ée]ditorial)|auto-?entrepreneur|micro-?entrepreneur|votre (?:contact|interlocuteur|interlocutrice)|(?:vos|nos) interlocuteurs?|propri[ée]t[ée] (?:exclusive )?de|d[ée]l[ée]gu[ée]e? [àa] la protection des donn[ée]es(?: \(DPO\))?|DPO|contactez|appelez|demandez|s['’]adresser [àa]|je m['’]appelle|je suis|publication director|managing director|owner)\s*(?:du site(?: web| internet)?|de (?:la|l['’])\s?(?:soci[ée]t[ée]|entreprise)|et responsable de la r[ée]daction|(?:de (?:la )?publication))?\s*(?:est|sont)?\s*(?:[:,–—-]|\n|par)?\s*(?:(?:son|sa) (?:fils|fille|gendre|femme|[ée]pouse|mari|fr[èe]re|s[œo]e?ur|petit-fils|petite-fille)\s*,?\s*)?(?:(?:sa|son|le|la|l['’])\s?(?:g[ée]rante?|pr[ée]sidente?|directeur|directrice|dirigeante?)(?: en exercice)?\s*,?\s*)?`,
  'giu',
)
const NAME_START =
  /^\s*((?:(?:M\.|Mr\.?|Mme\.?|Mlle\.?|Monsieur|Madame|Docteur|Dr\.?|Ma[iî]tre|Me)\s+)?[\p{L}.'’-]+(?:[ \u00a0][\p{L}.'’-]+){1,5})/u

/** People named on a page: JSON-LD, labelled lines (legal notices), name and role side by side, LinkedIn
 *  profiles. Cards that need a DOM arrive in `structured`. Testimonials, the host and the agency are left out. */
export function extractPeople(
  view: PageView,
  jsonLd: JsonLdNode[],
  structured: PersonFact[],
  purpose: PagePurpose,
): PersonFact[] {
  const people: PersonFact[] = []
  for (const fact of fromJsonLd(view, jsonLd)) merge(people, fact)
  for (const fact of structured) merge(people, fact)
  for (const fact of fromLabels(view)) merge(people, fact)
  for (const fact of peopleInLines(view, purpose)) merge(people, fact)
  for (const fact of fromLinkedIn(view)) merge(people, fact)
  return people
}

function merge(people: PersonFact[], fact: PersonFact): void {
  const key = nameKey(fact.name)
  const known = people.find((person) => nameKey(person.name) === key)
  if (!known) {
    if (people.length < MAX_PEOPLE) people.push(fact)
    return
  }
  const better = fact.confidence > known.confidence ? fact : known
  const other = better === fact ? known : fact
  Object.assign(known, better, {
    role: better.role ?? other.role,
    roleKind: better.role ? better.roleKind : other.roleKind,
    email: better.email ?? other.email,
    phone: better.phone ?? other.phone,
    linkedin: better.linkedin ?? other.linkedin,
  })
}

function* fromJsonLd(view: PageView, nodes: JsonLdNode[]): Generator<PersonFact> {
  for (const { types, path, value } of nodes) {
    const last = path.at(-1) ?? ''
    const listed =
      /^(?:founder|founders|employee|employees|member|members|owner|contactPoint|ceo|director)$/.test(last)
    if (
      !types.some((type) => /^(?:Person|Physician|Dentist|Attorney|RealEstateAgent)$/.test(type)) &&
      !(listed && types.length === 0)
    )
      continue
    if (isForeignPath(path)) continue
    const name = readName(
      textOf(value.name) ?? [textOf(value.givenName), textOf(value.familyName)].filter(Boolean).join(' '),
    )
    if (!name) continue
    const title = textOf(value.jobTitle) ?? (/^founders?$/.test(last) ? 'Fondateur' : null)
    const hasTie =
      listed ||
      title !== null ||
      value.worksFor !== undefined ||
      value.telephone !== undefined ||
      value.email !== undefined
    // Yoast and others describe the author account of each page as a Person.
    if (!hasTie) continue
    const profile = textsOf(value.sameAs)
      .map(socialProfile)
      .find((found) => found?.network === 'linkedin')
    yield person(view, name, 'json-ld', 0.93, oneLine([name.name, title].filter(Boolean).join(', ')), {
      role: title,
      roleKind: title ? (roleKindOf(title) ?? 'other') : null,
      email:
        textOf(value.email)
          ?.replace(/^mailto:/i, '')
          .toLowerCase() ?? null,
      linkedin: profile?.url ?? null,
    })
  }
}

function* fromLabels(view: PageView): Generator<PersonFact> {
  const { text } = view
  for (const match of hintedMatches(view, SAYS_ROLE, LABELLED)) {
    if (flagsAt(view, match.index) & FOREIGN) continue
    const from = match.index + match[0].length
    const rest = text.slice(from, from + 90).split('\n')[0]!
    const couple = readNames(rest.split(/[,;:(]/)[0]!)
    const name = couple.length === 2 ? couple[0]! : longestName(rest)
    if (!name || belongsAbove(view, match)) continue
    const label = match[1]!.replace(/\s+/g, ' ')
    const role = roleOfLabel(match[0], label, rest, name)
    // Without a known given name only an explicit separator makes "Gérant Machin Truc" a name.
    const explicit = /[:–—-]\s*$/.test(match[0]) || name.honorific || /\b(?:est|par)\s*$/.test(match[0])
    if (!name.known && (!explicit || SPOKEN.test(label))) continue
    const snippet = snippetAround(view, match.index, from + name.name.length)
    for (const one of couple.length === 2 ? couple : [name])
      yield person(view, one, 'legal-notice', (name.known ? 0.92 : 0.8) - (role ? 0 : 0.12), snippet, {
        role: role ? role.charAt(0).toUpperCase() + role.slice(1) : null,
        roleKind: role ? (roleKindOf(role) ?? 'other') : null,
      })
  }
}

/** "Luc Martin ⏎ Gérant ⏎ Ana Sousa": the title stands under its name, not over the next one. */
function belongsAbove(view: PageView, match: RegExpExecArray): boolean {
  if (!match[0].includes('\n') || /[:]\s*$/.test(match[0])) return false
  const index = lineAt(view, match.index)
  return readNames(view.lines[index - 1]?.text ?? '').length > 0
}

const SPOKEN = /^(?:contactez|appelez|demandez|s['’]adresser|je |propri[ée]t[ée]|vos|nos)/i

function roleOfLabel(matched: string, label: string, rest: string, name: PersonName): string | null {
  if (/^je /i.test(label)) return readRole(afterName(rest, name))?.role ?? null
  if (/^propri[ée]t[ée]/i.test(label)) return readRole(afterName(rest, name))?.role ?? 'Propriétaire'
  if (/^(?:contactez|appelez|demandez|s['’]|(?:vos|nos) )/i.test(label))
    return readRole(afterName(rest, name))?.role ?? null
  return /^(?:[ée]diteur|entreprise|EI$|votre|repr[ée]sent[ée]e? |dirig|fond[ée]e? |[ée]dit[ée]|repris|cr[ée]{2}|tenu)/i.test(
    label,
  )
    ? passiveRole(matched, label)
    : label
}

const afterName = (rest: string, name: PersonName): string => {
  const last = name.last.split(' ').at(-1)!
  const at = rest.toLowerCase().indexOf(last.toLowerCase())
  const after = at < 0 ? '' : rest.slice(at + last.length)
  return (/^\s*[,(–-]\s*([^.;)]{3,60})/.exec(after)?.[1] ?? '').split(/ (?:depuis|et|à|au) /)[0]!
}

function passiveRole(matched: string, label: string): string | null {
  const named = /(g[ée]rante?|pr[ée]sidente?|directeur|directrice)(?: en exercice)?\s*,?\s*$/i.exec(matched)
  if (named) return named[1]!
  if (/^(?:fond|cr[ée]{2})/i.test(label)) return 'Fondateur'
  if (/^(?:reprise?|tenue?)/i.test(label)) return 'Gérant'
  if (/^(?:repr|dirig)/i.test(label)) return 'Dirigeant'
  return /^(?:entreprise|EI$)/i.test(label) ? 'Entrepreneur individuel' : null
}

/** The longest stretch from the start that reads as one name: "Jean de La Tour, gérant" → three words. */
export function longestName(text: string): PersonName | null {
  const head = NAME_START.exec(text.split(/[,;:()|/]| - | – | et /)[0]!)?.[1]
  if (!head) return null
  const tokens = head.split(/\s+/)
  for (let count = Math.min(tokens.length, 6); count >= 2; count--) {
    const stretch = tokens
      .slice(0, count)
      .join(' ')
      .replace(/[.,]+$/, '')
    const name = readName(stretch)
    if (name) return name
  }
  return null
}

function* fromLinkedIn(view: PageView): Generator<PersonFact> {
  for (const anchor of view.anchors) {
    if (!/linkedin\.com\/(?:in|pub)\//i.test(anchor.href) || anchor.flags & FOREIGN) continue
    const profile = socialProfile(anchor.href)
    if (!profile) continue
    const slug = /\/(?:in|pub)\/([^/?]+)/.exec(profile.url)![1]!
    const name = readName(anchor.text) ?? nameOfSlug(slug)
    if (name?.known)
      yield person(view, name, 'linkedin', 0.7, `${oneLine(anchor.text)} ${profile.url}`.trim(), {
        linkedin: profile.url,
      })
  }
}

function nameOfSlug(slug: string): PersonName | null {
  const tokens = safeDecode(slug)
    .split('-')
    .filter((token) => !/\d/.test(token))
  if (tokens.length < 2 || tokens.length > 4 || !isFirstName(tokens[0]!)) return null
  return readName(tokens.map((token) => token.charAt(0).toUpperCase() + token.slice(1)).join(' '))
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
