import type { PersonFact } from '../site-record.ts'
import { isForeignPath, type JsonLdNode, textOf, textsOf } from './json-ld.ts'
import { type PersonName, fold, isFirstName, nameKey, readName } from './names.ts'
import { oneLine, type PageView } from './page-view.ts'
import type { PagePurpose } from './parsed-page.ts'
import { peopleInLines } from './people-lines.ts'
import { peopleInImages } from './people-in-images.ts'
import { peopleInScripts } from './people-in-scripts.ts'
import { FOREIGN, peoplePage } from './people-page.ts'
import { person } from './person-fact.ts'
import { roleKindOf } from './roles.ts'
import { registrableDomain } from './site-identity.ts'
import { socialProfile } from './socials.ts'

const MAX_PEOPLE = 100

/** People named on a page: JSON-LD, microdata (`structured`), names in its lines with what stands around them, LinkedIn
 *  profiles, the data of scripts, the words for pictures. Testimonials, the host and the agency are left out. */
export function extractPeople(
  view: PageView,
  jsonLd: JsonLdNode[],
  structured: PersonFact[],
  purpose: PagePurpose,
): PersonFact[] {
  const people: PersonFact[] = []
  for (const fact of fromJsonLd(view, jsonLd)) merge(people, fact)
  for (const fact of structured) merge(people, fact)
  const page = peoplePage(view, purpose, organisations(jsonLd))
  for (const fact of peopleInLines(page)) merge(people, fact)
  for (const fact of fromLinkedIn(view)) merge(people, fact)
  for (const fact of peopleInScripts(view)) merge(people, fact)
  for (const fact of peopleInImages(page)) merge(people, fact)
  const site = fold(registrableDomain(view.siteHost) ?? '')
  return people.filter(({ name, role }) => role !== null || !isSiteItself(name, site))
}

/** Cornouaille Habitat on agence-cornouaille-habitat.fr; who has a first name or a role gave the site his name. */
function isSiteItself(name: string, site: string): boolean {
  const words = fold(name).split(/[^a-z]+/)
  return !name.split(/[ -]/).some(isFirstName) && words.every((word) => site.includes(word))
}

const ORGANISATION =
  /^(?:Organization|Corporation|LocalBusiness|WebSite|Store|\p{L}*(?:Business|Store|Service|Agency|Club|Hotel|Restaurant))$/u

const organisations = (nodes: JsonLdNode[]): string[] =>
  nodes
    .filter(({ types, path }) => !isForeignPath(path) && types.some((type) => ORGANISATION.test(type)))
    .map(({ value }) => textOf(value.name) ?? '')

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
