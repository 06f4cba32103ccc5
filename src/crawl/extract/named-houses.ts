// Whether a proper name that is no person's, town's or part's of the site stands before a number. That alone is no
// proof: what the other pages say of the number decides (merge-phones.ts).
import { fold, isFirstName } from './names.ts'
import { isLabelOfHouse, sharesName } from './other-houses.ts'
import words from './others-words.data.json'
import { signSeeker } from './own-signs.ts'
import { isOfOthers, purposeOfPage } from './page-purpose.ts'
import { IN_FOOTER, IN_HEADER, IN_NAV, isIn, lineAt, type PageView } from './page-view.ts'
import { clauseBefore, saysSomething, siteName } from './whose-contact.ts'

const LINES_BACK = 2
const FEW_WORDS = 2
const MAX_LABEL = 90
const MAX_ASKED = 60
const MAX_OWN_LABEL_WORDS = 4
const OUTSIDE = IN_HEADER | IN_FOOTER | IN_NAV
const CAPITAL = String.raw`(?:[LD]['’])?\p{Lu}[\p{L}\p{M}’'&-]*`
const LINK = String.raw`(?:(?:de|du|des|d|la|le|les|&|sur|of|the|von|di|del|della) ){0,2}(?:[ld]['’])?`
/** "Western Tow", "La Strada et Cie": two words with capitals and more */
const NAME = new RegExp(
  String.raw`(?<![\p{L}\d@.’'_-])${CAPITAL}(?: ${LINK}${CAPITAL})*(?: (?:et|&|and|und) (?:Cie|Fils|Co|Associés|Partners|Söhne))?(?![\p{L}\d@_])`,
  'gu',
)
const SEAMS = /[,;()«»"“”]|\s[–—-]\s|\s\/\s/
const FIGURES = /\d{3}|^\d+(?: bis| ter)?,? \p{Lu}/u
const STREET = new RegExp(
  String.raw`(?:${words.streetEnds})(?![a-z])|(?<![a-z])(?:${words.streetsAbroad}|${words.streets})(?![a-z])`,
)
const NO_HOUSE = new RegExp(`^(?:${words.noHouse}|${words.noNames})(?![a-z])`)
const PERSON_TITLE =
  /(?:^|[^\p{L}])(?:MM?|Mr|Mrs|Ms|Mmes?|Mlle|Dre?|Drs|Me|[Mm]aître|[Dd]octeur|Pr|Herrn?|Hr|Frau|Sig|Dott|Mgr|Père|Abbé)\.? ?$/u
/** "Réservez votre Bûche Royale au " */
const OURS = /(?<![a-zà-ÿ])(?:notre|nos|votre|vos|mon|ma|mes|our|your|unser\p{L}*|ihr\p{L}*) (?:\p{Ll}+ )?$/iu
/** "Dijon Centre", "Peugeot Toulouse Nord": a house tells its branches apart so. */
const OF_BRANCH = / (?:nord|sud|est|ouest|centre|ville|gare|north|south|east|west|town|city|mitte|centro)$/
const ARTICLE = /^(?:l[ae]s? |l'|the )/
const WITH_PARTNERS = / (?:et|&|and|und) /
const ACRONYM = /^\p{Lu}{3,6}$/u
const OWN_ACRONYM = new RegExp(`^(?:${words.ownAcronyms})$`)
const KINDS_OF_HOUSES = fold(`${words.otherHouses}|${words.houses}|${words.publicHouses}`)
const KIND_OF_HOUSE = new RegExp(`^(?:${KINDS_OF_HOUSES})$`)
const GENERIC = new Set(KINDS_OF_HOUSES.split(/[^a-z]+/).flatMap((word) => [word, word.replace(/s$/, '')]))
/** "BERTHOLET AUTOMATION GmbH", "PolyAl" */
const TOLD_BY_FORM = /\p{Ll}\p{Lu}|(?<!\p{L})\p{Lu}{3,}/u
/** What leads up to a name that is not of the house */
const LEADS = new RegExp(`(?<![a-zà-ÿ])(?:${words.leads}) $`, 'iu')
const HELPLINE = /^ (?:helpline|hotline)/
const NOTHING_MORE = /^\s*(?:au|aux|on|at|sur le|helpline|hotline)?\s*$/iu
/** "Imagerie Médicale : ": a part of the house */
const LABEL_ALONE = /:\s*$/
/** "Verre Luisant", "Saint-Dizier", "Jardin d’Éden" */
const CAPITALS = new RegExp(String.raw`(?<![\p{L}\d])${CAPITAL}(?:[ -]${LINK}${CAPITAL})+`, 'u')
const DAYS =
  /(?<![a-z])(?:lundis?|mardis?|mercredis?|jeudis?|vendredis?|samedis?|dimanches?|monday|tuesday|wednesday|thursday|friday|saturday|sunday|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)(?![a-z])/
const TOWNS = /(?<!\d)\d{4,5} (\p{Lu}[\p{L}’' -]{2,40})/gu
const WITH_POSTCODE = /(?<!\d)\d{4,5} \p{Lu}\p{L}/u

/** Tells of a position in a page whether the name of a house unlike the site's stands before it. `isAddress`: what
 *  begins there is an address. */
export function houseNamer(view: PageView): (position: number, isAddress?: boolean) => boolean {
  const parsed = URL.parse(view.url)
  const purpose = parsed === null || parsed.pathname === '/' ? 'home' : purposeOfPage(view)
  const hasSign = signSeeker(view)
  let known: Known | null = null
  const about = (): Known =>
    (known ??= { identity: siteName(view), towns: townsOf(view), isWord: wordsOf(view) })
  return (position, isAddress = false) => {
    // A legal notice names its company otherwise than the site does.
    if (purpose === 'legal' || isIn(view.ofHouse, position)) return false
    const index = lineAt(view, position)
    const line = view.lines[index]
    if (!line || line.flags & OUTSIDE) return false
    const clause = clauseBefore(line.text.slice(0, position - line.start))
    const isDeep = purpose === 'other'
    if (saysSomething(clause) && namesHouse(clause, about(), isDeep, isAddress)) return true
    if (isDeep && !isAddress) {
      const naming = saysSomething(clause) ? clause : lineAbove(view, index)
      if ((isOfOthers(view) || isBesideName(naming, about())) && !hasSign(position)) return true
    }
    return isDeep && clause.trim().split(' ').length <= FEW_WORDS && isUnderAddress(view, index, about())
  }
}

type Known = { identity: string; towns: string; isWord: (token: string) => boolean }

const townsOf = (view: PageView): string =>
  [...view.text.matchAll(TOWNS)].map((match) => `${fold(match[1]!)} `).join('|')

/** "Devis Express : " is no name on a page that writes "devis" and "express", too. */
function wordsOf({ text }: PageView): Known['isWord'] {
  const asked = new Map<string, boolean>()
  return (token) => {
    const key = token.toLowerCase()
    if (asked.size >= MAX_ASKED) return false
    let is = asked.get(key)
    if (is === undefined) asked.set(key, (is = text.includes(` ${key}`)))
    return is
  }
}

/** A name right before a number is another house's where something says that it is a house's: "Clinique Atlantia, ",
 *  "MECAPLAST SUD (", an address after it, "Transporteur : Géodis Oyonnax, ", "with Western Tow: ". `alone`: it needs no
 *  label or word that leads up to it. */
function namesHouse(clause: string, known: Known, alone: boolean, isAddress = false): boolean {
  const said = clause.replace(/[\s:(,–-]+$/, '')
  const colon = said.lastIndexOf(':')
  const label = said.slice(0, Math.max(0, colon)).trim()
  if (isOwnLabel(label, known)) return false
  if (alone && isAnothersAcronym(label, said.slice(colon + 1), known)) return true
  const parts = said.slice(colon + 1).split(SEAMS)
  const at = parts.findLastIndex((part) => !isBetween(part))
  const part = (parts[at] ?? '').trim()
  const match = [...part.matchAll(NAME)].at(-1)
  const after = match ? part.slice(match.index + match[0].length) : ''
  if (!match || !NOTHING_MORE.test(after)) return false
  const [name] = match
  const before = part.slice(0, match.index)
  const isKind = KIND_OF_HOUSE.test(fold(name.split(' ')[0]!))
  if (!isHouse(name, before, known) || (!isKind && isName(parts[at - 1] ?? ''))) return false
  const led = LEADS.test(before) || HELPLINE.test(after) || (label !== '' && before === '')
  if (!alone && !led && before === '') return false
  const isAddressed =
    isAddress || parts.slice(at + 1).some((one) => STREET.test(fold(one)) || WITH_POSTCODE.test(one))
  return led || isAddressed || TOLD_BY_FORM.test(name) || isKind
}

/** "Fleurs : Au Jardin d’Éden, ": several capitals that are none of the site's, of a person's, a day's, a service's. Told
 *  only where nothing says that the number is the house's (own-signs.ts). */
function isBesideName(clause: string, { identity, towns, isWord }: Known): boolean {
  if (LABEL_ALONE.test(clause)) return false
  const naming = clause.slice(clause.lastIndexOf(':') + 1)
  const name = CAPITALS.exec(naming)
  if (!name || DAYS.test(fold(naming)) || sharesName(fold(naming), identity)) return false
  const key = fold(name[0])
  if (STREET.test(key) || NO_HOUSE.test(key.replace(ARTICLE, '').replace(/^aux? /, ''))) return false
  if (PERSON_TITLE.test(naming.slice(0, name.index)) || towns.includes(`${key} `)) return false
  return !key.split(/[^a-z]+/).every((word) => word.length < 3 || isWord(word))
}

const lineAbove = (view: PageView, index: number): string => {
  const above = view.lines[index - 1]
  return above && !(above.flags & OUTSIDE) && above.text.length <= MAX_LABEL ? above.text : ''
}

/** What may stand between a house and its number: an address, a person, a town */
const isBetween = (raw: string): boolean => {
  const part = raw.trim()
  if (FIGURES.test(part) || STREET.test(fold(part)) || !saysSomething(part)) return true
  return (
    /^(?:MM?|Mr|Mrs|Ms|Mme|Mlle|Dre?|Me|Herr|Frau|Sig)\.? |^\p{Lu}[\p{L}’'-]+$/u.test(part) ||
    isFirstName(part.split(' ')[0]!)
  )
}

/** "Saint-Amand, Bois Joli, Petite-Forêt : ": of several names none is a house's. */
const isName = (part: string): boolean =>
  /^\p{Lu}[\p{L}\p{M}’'-]*(?: \p{Lu}[\p{L}\p{M}’'-]*)*$/u.test(part.trim())

/** Whether what stands before the colon is of the house: a part of it, or what the site says it is */
const isOwnLabel = (raw: string, { identity }: Known): boolean => {
  const label = fold(raw)
  if (label === '' || label.split(' ').length > MAX_OWN_LABEL_WORDS) return false
  return isLabelOfHouse(label) || sharesName(label, identity)
}

function isHouse(name: string, before: string, { identity, towns, isWord }: Known): boolean {
  const key = fold(name).replace(ARTICLE, '')
  if (
    PERSON_TITLE.test(before) ||
    (OURS.test(before) && !LEADS.test(before)) ||
    NO_HOUSE.test(key) ||
    (OF_BRANCH.test(key) && !TOLD_BY_FORM.test(name))
  )
    return false
  if (towns.includes(`${key} `)) return false
  const tokens = name.split(/[\s-]+/).filter((token) => /^\p{Lu}/u.test(token) && token.length > 2)
  if (tokens.length < 2 && !WITH_PARTNERS.test(name)) return false
  if (!KIND_OF_HOUSE.test(fold(tokens[0]!)) && tokens.some((token) => isFirstName(token))) return false
  if (tokens.every(isWord)) return false
  const telling = key.split(/[^a-z]+/).filter((word) => word.length > 2 && !GENERIC.has(word))
  return telling.length > 0 && !sharesName(telling.join(' '), identity)
}

/** "LADO: Karen Lewsey, ", but not "SDI: M5UXCR1 – fax " */
const isAnothersAcronym = (label: string, after: string, { identity, towns }: Known): boolean =>
  ACRONYM.test(label) &&
  saysSomething(after) &&
  !OWN_ACRONYM.test(fold(label)) &&
  ![identity, towns].some((own) => own.includes(fold(label))) &&
  !/\d/.test(after)

/** "Salle Jacques Brel, 70200 Lure" in the cell or line above "Réservations 03 80 …" */
function isUnderAddress(view: PageView, index: number, known: Known): boolean {
  for (let back = 1; back <= LINES_BACK && index >= back; back++) {
    const { text, flags } = view.lines[index - back]!
    if (flags & OUTSIDE || text.length > MAX_LABEL) return false
    if (WITH_POSTCODE.test(text)) return namesHouse(text, known, true)
  }
  return false
}
