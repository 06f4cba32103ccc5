import firstNameData from './first-names.data.json'
import foreignNameData from './foreign-names.data.json'
import words from './people-words.data.json'
import { roleKindOf } from './roles.ts'

// oxlint-disable-next-line no-control-regex -- all of ASCII
const PLAIN = /^[\u0000-\u007f]*$/
const FIRST_NAMES = new Set([...firstNameData.names.split(' '), ...foreignNameData.names.split(' ')])
// Nguyễn, Zhang, Kim: families whose name stands first.
const FAMILY_FIRST = new Set(words.familyFirst.split(' '))
const NOT_NAMES = new Set(words.notNames.split(' ').map(fold))
/** What stands after a name for what its bearer has learnt: Tom Ridsdale BVSc MRCVS */
const DEGREES = new Set(words.degrees.split(' '))
const isDegree = (key: string, token: string): boolean =>
  DEGREES.has(key) && /\p{Lu}\P{Lu}*\p{Lu}/u.test(token)
// Ordinary words that are surnames too (Petit, Grand): a known given name must stand beside them.
const WEAK_WORDS = new Set(words.weakWords.split(' ').map(fold))
const PARTICLES = new Set(words.particles.split(' '))
const LOWER_PARTICLES = new Set(
  "de du des d' von van der den della di da dos das do y e i ap ferch zu zum".split(' '),
)
const PLACE_START = /^(?:saint|sainte|st|ste|hameau|rue|route|chemin|ferme|villa)(?:$|-)/
const HONORIFIC = new RegExp(String.raw`^(?:${words.honorifics})\s+(?=\S)`, 'iu')
const TOKEN =
  /^(?:\p{Lu}[\p{Ll}’']+(?:[-’'](?:\p{Lu}[’'])?\p{L}[\p{Ll}]+)*|\p{Lu}{2,}(?:[-’'’]\p{Lu}+)*|(?:\p{Lu}|[dl])[’']\p{L}+|(?:el|al|ben)-\p{Lu}\p{L}+|Mc\p{Lu}\p{Ll}+|\p{Lu}\p{Ll}+\p{Lu}\p{Ll}+|\p{Lu}\p{L}*(?:-\p{L}+)+|(?:\p{Lu}\.-?){1,2}|Mª|(?:Ph|Th|Ch|Chr|Fr|Cl|Gh|Al|Ant|Dom)\.|[ÓÉ]|['’]t)$/u

/** Lower case without accents, apostrophes made plain: the key names are compared by. */
export function fold(text: string): string {
  if (PLAIN.test(text)) return text.toLowerCase()
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/œ/g, 'oe')
    .replace(/æ/g, 'ae')
    .replace(/ı/g, 'i')
    .replace(/ł/g, 'l')
    .replace(/ø/g, 'o')
    .replace(/đ/g, 'd')
    .replace(/ß/g, 'ss')
    .replace(/’/g, "'")
}

export function isFirstName(token: string): boolean {
  const key = fold(token)
  if (FIRST_NAMES.has(key)) return true
  const parts = key.split('-')
  return parts.length === 2 && parts.every((part) => FIRST_NAMES.has(part))
}

// Pâtissière, Fondatrice; but Rivière is a surname.
const FEMALE_TRADE = /(?:[a-zéèù]{3}(?:ière|atrice|euse|icienne))$/
const GERMAN_TRADE = /(?:chef|meister|leiter)(?:in)?$/
const isTrade = (token: string): boolean =>
  (FEMALE_TRADE.test(token) || GERMAN_TRADE.test(token)) && roleKindOf(token) !== null
const COUPLE = /^(\p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’-]+){0,2}) (?:et|&|and) (\p{Lu}[\p{L}'’. -]+)$/u

/** A word that is never part of a name. */
export const isNoName = (token: string): boolean => {
  const key = fold(token)
  // Lê is a surname, le is none; Iban and Greta are given, IBAN and GRETA are none.
  if ((key === 'iban' || key === 'greta') && !isUpper(token)) return false
  return (
    (NOT_NAMES.has(key) && !(key.length < 4 && key !== token.toLowerCase())) ||
    isDegree(key, token) ||
    OF_COMPANY.test(key) ||
    isWorkshop(key)
  )
}
/** Verwaltungs-GmbH */
const OF_COMPANY = /-(?:gmbh|kg|ag|sarl|sas|ltd|holding)$/
/** Maroquinerie, Sellerie, Schreinerei, Zahnarztpraxis; but Valérie. */
const isWorkshop = (key: string): boolean => WORKSHOP.test(key) && !FIRST_NAMES.has(key) && !SURNAMES.has(key)
/** Surnames that end as a workshop does */
const SURNAMES = new Set(words.workshopLike.split(' '))
const WORKSHOP =
  /[a-z]{3}(?:erie|eria|erei|praxis|therapie|kanzlei|technik|gemeinschaft|betrieb|gericht|kammer)$|[a-z]{4}(?<!cl)ement$|^[a-z]{3,}iste$/

const TWO_CAPITALS = /\p{Lu}[\p{L}\p{M}.’'-]* (?:[\p{Ll}’']{1,4} ){0,3}\p{Lu}|\p{Ll}\p{Lu}/u
const CAPITAL_INSIDE = /[^][A-ZÀ-Þ\u0100-\uffff]/
/** Whether a name can be in a text at all; the cheap question first. */
export const isTwoCapitals = (text: string): boolean => CAPITAL_INSIDE.test(text) && TWO_CAPITALS.test(text)

/** LE MOIGNE Anne-Gaëlle, DE LA TOUR Jean: a surname in capitals may begin with its small word. */
const beginsWithParticle = (tokens: string[]): boolean =>
  tokens.length > 2 &&
  isUpper(tokens[0]!) &&
  PARTICLES.has(fold(tokens[0]!)) &&
  !isUpper(tokens.at(-1)!) &&
  isFirstName(tokens.at(-1)!)

// Cheap refusal before anything costly: digits, signs, or no capital at the start.
const NO_NAME = /[\d@?!:;/€%&+=<>«»"(]|^\P{Lu}/u

export type PersonName = {
  /** Given name first, surname in ordinary capitals: Jean-Marc de La Tour */
  name: string
  first: string
  last: string
  /** The given name is on the Insee list */
  known: boolean
  honorific: boolean
}

/** Reads a stretch of text as the name of one person, or says it is none. The shape decides (two to five
 *  capitalised words, particles between); words that are never part of a name refuse it; the list of first
 *  names only tells which word is the given name and how sure we are. */
export function readName(raw: string): PersonName | null {
  let text = raw.trim()
  if (text.length < 4 || text.length > 60 || NO_NAME.test(text) || !text.includes(' ')) return null
  text = text.replace(/\s+/g, ' ')
  const bare = text.replace(HONORIFIC, '')
  const honorific = bare !== text
  text = bare.replace(HONORIFIC, '').replace(/[\s,;:.–-]+$/, '')
  if (/[^\p{L}\s.'’-]/u.test(text)) return null
  const tokens = text.split(' ')
  if (tokens.length < 2 || tokens.length > 6) return null
  if (PLACE_START.test(fold(tokens[0]!))) return null
  const particleFirst = beginsWithParticle(tokens)
  let significant = 0
  let weak = false
  let given = false
  for (const [index, token] of tokens.entries()) {
    const key = fold(token)
    if ((index > 0 || particleFirst) && index < tokens.length - 1 && PARTICLES.has(key)) continue
    if (isNoName(token) || !TOKEN.test(token) || isTrade(token)) return null
    if (WEAK_WORDS.has(key)) weak = true
    else if (isFirstName(token)) given = true
    significant++
  }
  // REA IM, RCS: an abbreviation, no name.
  if (!given && tokens.every((token) => token.length < 5 && isUpper(token))) return null
  if (significant < 2 || significant > 4 || (weak && !given)) return null
  // "Robe Sophie Martin": a thing with a name on it.
  const [start = '', second = ''] = tokens
  const thing = tokens.length > 2 && !honorific && !isFirstName(start) && isFirstName(second)
  if (
    thing &&
    !isUpper(start) &&
    !PARTICLES.has(fold(start)) &&
    !FAMILY_FIRST.has(fold(start)) &&
    !start.endsWith('.')
  )
    return null
  // "Leiter Produktion", "De La Brosse": a trade or a small word leads no name.
  if (!given && !honorific && (roleKindOf(start) !== null || NO_START.test(start))) return null
  return arrange(tokens, honorific)
}

const NO_START = /^(?:de|du|des|la|le|les|en|au|aux|sur|sous|im|am|auf|zum|zur)$/i

const isUpper = (token: string): boolean => token === token.toUpperCase()

/** One name, or the two of "Sophie et Marc Lambert", "Jean Dupont & Marie Martin". */
export function readNames(raw: string): PersonName[] {
  const single = readName(raw)
  if (single) return [single]
  const pair = raw.length <= 60 && / (?:et|&|and) /.test(raw) ? COUPLE.exec(raw.trim()) : null
  if (!pair) return []
  const second = readName(pair[2]!)
  if (!second?.known) return []
  const first = readName(pair[1]!) ?? (isFirstName(pair[1]!) ? readName(`${pair[1]} ${second.last}`) : null)
  return first?.known ? [first, second] : []
}

/** Kowalczyk Anna, Da Conceição Nunes Fernanda */
function isSurnameFirst(tokens: string[], known: boolean[], sameCase: boolean): boolean {
  if (known[0] || !known.at(-1) || !sameCase) return false
  return tokens.length === 2 || (PARTICLES.has(fold(tokens[0]!)) && known.filter(Boolean).length === 1)
}

function arrange(tokens: string[], honorific: boolean): PersonName | null {
  const upper = tokens.map(
    (token) => token.length > 1 && token === token.toUpperCase() && !/[.ª]$/.test(token),
  )
  const allUpper = upper.every(Boolean)
  const known = tokens.map((token) => isFirstName(token))
  let first: string[]
  let last: string[]
  const leadingUpper = upper.findIndex((value) => !value)
  const isParticle = (token: string): boolean => PARTICLES.has(fold(token))
  if (!allUpper && upper[0] && leadingUpper > 0 && !isParticle(tokens[leadingUpper]!)) {
    // DUPONT Jean
    last = tokens.slice(0, leadingUpper)
    first = tokens.slice(leadingUpper)
  } else if (isSurnameFirst(tokens, known, allUpper || !upper.at(-1))) {
    last = tokens.slice(0, -1)
    first = tokens.slice(-1)
  } else {
    let split = 1
    while (split < tokens.length - 1 && !upper[split] && known[split] && !isParticle(tokens[split]!)) split++
    first = tokens.slice(0, split)
    last = tokens.slice(split)
  }
  if (first.join('').replace(/\./g, '').length < 2 && !honorific && last.length < 1) return null
  if (last.every((token) => token.replace('.', '').length < 2)) return null
  const firstName = first.map(ordinaryCase).join(' ')
  const lastName = last
    .map((token) => (isParticle(token) ? particleCase(token) : ordinaryCase(token)))
    .join(' ')
  return {
    name: `${firstName} ${lastName}`,
    first: firstName,
    last: lastName,
    known: first.some((token) => isFirstName(token)) || isFamilyFirst(tokens),
    honorific,
  }
}

/** Nguyễn Văn Hùng, Zhang Wei: such a surname says person as much as a given name does. */
const isFamilyFirst = (tokens: string[]): boolean =>
  FAMILY_FIRST.has(fold(tokens[0]!)) || (tokens.length === 2 && FAMILY_FIRST.has(fold(tokens[1]!)))

/** Le Goff, Ben Salah but de, du, von; as written unless all capitals. */
function particleCase(token: string): string {
  if (token !== token.toUpperCase()) return token
  return LOWER_PARTICLES.has(fold(token)) ? token.toLowerCase() : ordinaryCase(token)
}

/** DUPONT-LÉVY → Dupont-Lévy; mixed case stays as written. */
function ordinaryCase(token: string): string {
  if (token.length < 2 || token !== token.toUpperCase() || token.endsWith('.')) return token
  return token.toLowerCase().replace(/(^|[-'’])(\p{L})/gu, (_, before: string, letter: string) => {
    return before + letter.toUpperCase()
  })
}

/** True for two writings of one person: same folded words in any order. */
export const nameKey = (name: string): string =>
  fold(name)
    .replace(/[^a-z ]+/g, ' ')
    .split(/\s+/)
    .filter(Boolean)
    .sort()
    .join(' ')
