import { fold, isFirstName, isNoName, nameKey } from './names.ts'
import {
  ABOUT_CREDIT,
  ABOUT_HOST,
  ABOUT_OTHERS,
  IN_FOOTER,
  IN_HEADER,
  IN_NAV,
  IN_QUOTE,
  type Line,
  type PageView,
} from './page-view.ts'
import type { PagePurpose } from './parsed-page.ts'
import { MAX_TITLE_LINE, roleOfLine } from './name-context.ts'
import { registrableDomain } from './site-identity.ts'
import words from './people-words.data.json'
import { siteName } from './whose-contact.ts'

export const FOREIGN = ABOUT_HOST | ABOUT_CREDIT | ABOUT_OTHERS | IN_QUOTE
const OLD_HOUSE =
  /(?:since|depuis|fond[ée]e? en|cr[ée]{2}e? en|seit|founded in|established|est\.|desde|dal)\s(?:1[0-8]\d\d|19[0-4]\d)(?!\d)/i
const TEAM_LINES = 80
const MAX_HOUSES = 12
const SHORTEST_STEM = 5
const MAX_HEADING = 70
const TEAM_PATH = new RegExp(words.places.teamPath, 'iu')
const ABOUT_PATH = new RegExp(words.places.aboutPath, 'iu')
const NEWS_PATH = new RegExp(words.places.newsPath, 'iu')
const TEAM_HEADING = new RegExp(words.places.teamHeading, 'iu')
const OTHERS_HEADING = new RegExp(words.places.othersHeading, 'iu')

/** What a page says of the names on it before any is read. */
export type PeoplePage = {
  view: PageView
  purpose: PagePurpose | 'news'
  /** Per line: 1 under a heading that announces people, -1 under one that announces others, else 0 */
  places: Int8Array
  /** The words of the site's own name, joined */
  label: string
  /** What the site calls itself: og:site_name, organisations of its JSON-LD, folded, between blanks */
  houses: string[]
  /** The house began before anyone now living */
  isOld: boolean
  roleOf: (line: number) => { role: string; roleKind: string } | null
}

/** The header of a page; the header of a card has headings and paragraphs. */
export const isMasthead = (line: Line): boolean =>
  (line.flags & IN_HEADER) !== 0 && !/^(?:h[2-6]|p|figcaption)$/.test(line.tag)

/** Reads where on a page staff, and where others, are presented. */
export function peoplePage(view: PageView, purpose: PagePurpose, organisations: string[]): PeoplePage {
  const roles = new Map<number, ReturnType<PeoplePage['roleOf']>>()
  let isOld: boolean | null = null
  return {
    view,
    purpose: kindOf(view, purpose),
    places: placesOf(view),
    // Few pages name a founder.
    get isOld() {
      isOld ??= OLD_HOUSE.test(view.text)
      return isOld
    },
    houses: [
      ...view.metas.filter(({ name }) => name === 'og:site_name').map(({ content }) => content),
      ...organisations,
    ]
      .slice(0, MAX_HOUSES)
      .map(plainWords),
    label: fold((registrableDomain(view.siteHost) ?? '').split('.')[0]!).replaceAll('-', ''),
    roleOf: (line) => {
      const known = roles.get(line)
      if (known !== undefined) return known
      const found = view.lines[line]
      const role =
        found &&
        !(found.flags & (FOREIGN | IN_NAV)) &&
        !isMasthead(found) &&
        found.text.length <= MAX_TITLE_LINE
          ? roleOfLine(found.text)
          : null
      roles.set(line, role)
      return role
    },
  }
}

function kindOf(view: PageView, purpose: PagePurpose): PeoplePage['purpose'] {
  const path = pathOf(view.url)
  const heading = `${view.h1[0] ?? ''}`
  if (purpose === 'team' || TEAM_PATH.test(path) || TEAM_HEADING.test(heading)) return 'team'
  if (purpose !== 'other') return purpose
  if (NEWS_PATH.test(path)) return 'news'
  return ABOUT_PATH.test(path) ? 'about' : 'other'
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url)
  try {
    return fold(decodeURIComponent(pathname + search))
  } catch {
    return fold(pathname + search)
  }
}

function placesOf(view: PageView): Int8Array {
  const places = new Int8Array(view.lines.length)
  // "Read more" stands under each of them.
  const known = new Map<string, number>()
  let current = 0
  let tag = ''
  let left = 0
  for (const [index, line] of view.lines.entries()) {
    const heading = /^h[1-6]$/.test(line.tag)
    const short = line.text.length <= MAX_HEADING && !(line.flags & IN_NAV)
    if (heading && (line.tag <= tag || tag === '')) left = 0
    // The footer goes on with nothing that a page began.
    if (line.flags & IN_FOOTER && !((view.lines[index - 1]?.flags ?? 0) & IN_FOOTER)) left = 0
    if (short && (heading || line.text.length <= 40)) {
      let found = known.get(line.text)
      if (found === undefined) known.set(line.text, (found = announces(line.text)))
      if (found !== 0 && (heading || line.tag !== 'li')) {
        current = found
        left = TEAM_LINES
        tag = heading ? line.tag : ''
      }
    }
    if (left > 0) {
      places[index] = current
      left--
    }
  }
  return places
}

const announces = (text: string): number => (OTHERS_HEADING.test(text) ? -1 : TEAM_HEADING.test(text) ? 1 : 0)

/** A name that is in the site's own: riou.fr, menuiserie-klein.fr, dj-samir.fr. */
export const isNamesake = (page: PeoplePage, part: string): boolean => {
  const key = fold(part).replace(/[^a-z]/g, '')
  return key.length > 3 && page.label.includes(key)
}

/** The site is called by exactly this name: then it is a brand, too. */
export const isBrand = (page: PeoplePage, name: string): boolean =>
  nameKey(name).split(' ').join('').length === page.label.length &&
  nameKey(name)
    .split(' ')
    .every((word) => page.label.includes(word))

const LOWER_NAME =
  /^(\p{Ll}[\p{Ll}-]+(?: (?:de|du|le|la|van|ben|el))? \p{Ll}[\p{Ll}’'-]+)(?:$|\s?[,|–—:·-]\s(.*))/u
/** "odile garnier" above "gérante", "odile garnier – gérante" where the team is presented: the line with the capitals that
 *  its design took away. A title must stand beside, since two small words may be anything. */
export function lowerName(page: PeoplePage, index: number): string | null {
  if (page.purpose !== 'team' && page.places[index]! <= 0) return null
  const { text } = page.view.lines[index]!
  const [, name = '', rest] = LOWER_NAME.exec(text) ?? []
  const words = name.split(' ')
  if (!isFirstName(words[0]!) || words.some((word) => isNoName(word) && !LINKS.has(word))) return null
  const titled = rest === undefined ? (page.roleOf(index + 1) ?? page.roleOf(index - 1)) : roleOfLine(rest)
  if (!titled) return null
  const written = words.map((word) => (LINKS.has(word) ? word : word.charAt(0).toUpperCase() + word.slice(1)))
  return written.join(' ') + text.slice(name.length)
}
const LINKS = new Set(['de', 'du', 'le', 'la', 'van', 'ben', 'el'])

/** "Photographe : Yann Quéméré", "Notaire : Me Bourdon" under a house that was built: who is called by nothing but a
 *  profession of which the site does not speak works elsewhere. */
const PROFESSION =
  /(?:^\s*|[.;|·•–—(]\s*)(?:notre |votre |le |la )?(photograph|fot[óo]graf|notai|avocat|huissier|expert-comptable|g[ée]om[èe]tre|architect|paysagiste|[ée]conomiste)\p{Ll}*(?: (?:du projet|associ[ée]e?|d['’]int[ée]rieur|conseil))?\s?:\s*(?:(?:M|Mr|Mme|Me|Ma[îi]tre|Dr)\.?\s*)?$/iu
export function isOutsideProfession(
  page: PeoplePage,
  index: number,
  before: string,
  surname: string,
): boolean {
  if (page.purpose === 'team' || page.purpose === 'legal' || page.places[index]! > 0) return false
  const [, stem] = PROFESSION.exec(before) ?? []
  if (stem === undefined || isNamesake(page, surname)) return false
  const key = fold(stem).slice(0, 5)
  return (
    !fold(page.label).includes(key) && !siteName(page.view).includes(key) && !/studio|image/.test(page.label)
  )
}

const plainWords = (text: string): string =>
  ` ${fold(text.slice(0, 120))
    .replace(/[^a-z]+/g, ' ')
    .trim()} `

/** "Charpentes Lestrade" of charpentes-lestrade.com, "Mobalya Mulhouse" of mobalya-montbeliard.fr: a name without a
 *  known given name whose first word, or all words, are in what the site calls itself. */
export const isHouse = (page: PeoplePage, { first, last }: { first: string; last: string }): boolean => {
  const start = squeeze(first)
  const end = squeeze(last)
  if (start.length >= 4 && page.label.includes(start)) return true
  if (page.houses.some((house) => house.includes(plainWords(`${first} ${last}`)))) return true
  return (
    end.length >= 4 &&
    page.label.includes(end) &&
    start.length > SHORTEST_STEM &&
    page.label.includes(start.slice(0, SHORTEST_STEM))
  )
}

/** Whether the site itself is called so: "président de l’ACB" on acb-handball.fr */
export const isOwnBody = (page: PeoplePage, body: string): boolean => {
  const key = squeeze(body)
  return (
    page.label.includes(key) ||
    page.label === squeeze(body.replace(/ France$/, '')) ||
    page.houses.some((house) => house.includes(` ${key} `))
  )
}

const squeeze = (text: string): string => fold(text).replace(/[^a-z]/g, '')
