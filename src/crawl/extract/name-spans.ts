import { fold, isFirstName, isNoName, type PersonName, readName } from './names.ts'
import { roleKindOf } from './roles.ts'
import words from './people-words.data.json'

const MAX_RUN_WORDS = 14
const LONGEST_NAME = 6

const CAPITAL = String.raw`(?:[dlDL][’']|(?:el|al)-)?\p{Lu}[\p{L}\p{M}’'-]*(?:\.-?\p{Lu})*\.?`
const LINK = String.raw`(?:de|du|des|d|la|le|les|von|van|der|den|del|della|di|da|dos|das|do|el|al|ben|bin|ter|ten|y|e|i|ap|ab|ferch|zu|zum|zur|af|av|['’][ts])`
/** Two and more capitalised words in a row, with the small words of names between them. */
const RUN = new RegExp(
  String.raw`(?<![\p{L}\d@.’'_-])${CAPITAL}(?: (?:${LINK} ){0,3}${CAPITAL})+(?![\p{L}\d@_])`,
  'gu',
)
const HONORIFIC = new RegExp(String.raw`^(?:${words.honorifics})$`, 'iu')
/** "Alain et Brigitte Duchemin": the one who lends the surname is still to come. */
const SHARES_SURNAME =
  /(?<![\p{L}’'-])(\p{Lu}[\p{Ll}\p{M}’'-]+(?:[ -]\p{Lu}[\p{Ll}-]+)?),? (?:et|&|and|und|y|e|en|i) (?:son épouse |sa femme |her |his )?$/u
const PARTICLES = new Set(words.particles.split(' '))
const INITIAL = /^\p{Lu}\.$/u

/** Text of one line in which a seam of two elements (`<b>Lucas Oberlé</b><i>Cofondateur</i>`) is a bullet. */
export function withSeams(raw: string): string {
  const text = NICKNAME.test(raw) ? raw.replace(NICKNAME, ' ') : raw
  return SEAM.test(text) ? text.replace(SEAMS, '$1 · $2') : text
}
/** Jean-Guy « Ti-Guy » Flageol */
const NICKNAME =
  /(?<=\p{Lu}[\p{L}-]{1,20}) (?:«\s?[^»]{2,20}\s?»|“[^”]{2,20}”|"[^"]{2,20}"|\(«?\p{L}{2,12}»?\)) (?=\p{Lu}\p{L})/u
const SEAM = /\p{Ll}\p{Lu}\p{Ll}/u
const SEAMS =
  /(?<=\p{Lu}\p{L}{1,30})(?<!(?:^|[ (’'-])(?:Mc|Ma(?=c)|Fit(?=z)|Va(?=n)|Le|La|De|Du|Di|Da|O’|O'))(?<!Linke|What|Yo|Ti|Wor|Fac|Gi|Pa|Jav|Air)(\p{Ll})(\p{Lu}\p{Ll})/gu

export type NameSpan = {
  name: PersonName
  /** Positions in the text */
  start: number
  end: number
  /** The end of the name that lends its surname, else `end` */
  until: number
  /** A capitalised word that is no title stands directly before: "Robe Sophie Martin" */
  trailing: boolean
}

/** The names in a text, in order. What stands around them is judged elsewhere. */
export function nameSpans(text: string): NameSpan[] {
  const spans: NameSpan[] = []
  for (const match of text.matchAll(RUN)) {
    const tokens = match[0].split(' ')
    if (tokens.length > MAX_RUN_WORDS) continue
    let at = 0
    let position = match.index
    let lead = ''
    while (at < tokens.length) {
      const found = longestName(tokens, at)
      const next = found?.count ?? 1
      const length = tokens.slice(at, at + next).join(' ').length
      if (found) {
        const end = position + length
        spans.push({ name: found.name, start: position, end, until: end, trailing: isThing(lead) })
        const sharing = SHARES_SURNAME.exec(text.slice(Math.max(0, position - 40), position))
        const first =
          sharing && isFirstName(sharing[1]!) ? readName(`${sharing[1]} ${found.name.last}`) : null
        if (first)
          spans.push({
            name: first,
            start: position - sharing![0].length,
            end: position - sharing![0].length + sharing![1]!.length,
            until: end,
            trailing: false,
          })
      }
      lead = tokens[at + next - 1]!
      position += length + 1
      at += next
    }
  }
  return spans
}

const isThing = (lead: string): boolean =>
  lead !== '' &&
  !lead.endsWith('.') &&
  !/^\p{Ll}/u.test(lead) &&
  !HONORIFIC.test(lead) &&
  !isNoName(lead) &&
  !/^\p{Lu}+$/u.test(lead) &&
  roleKindOf(lead) === null

/** A small word inside a name ("Ruiz de la Torre") does not end it. */
const endsName = (token: string): boolean => !PARTICLES.has(fold(token)) && isNoName(token)

/** "Dr LE MOIGNE Anne-Gaëlle" */
const startsInCapitals = (tokens: string[], from: number): boolean =>
  /^(?:LE|LA|DE|DU|DES|D['’]|VAN|VON)$/.test(tokens[from]!) && /^\p{Lu}{2}/u.test(tokens[from + 1] ?? '')

/** The longest name that begins at a word; a title before it belongs to it. */
function longestName(tokens: string[], at: number): { name: PersonName; count: number } | null {
  let from = at
  while (from < tokens.length - 2 && HONORIFIC.test(tokens[from]!)) from++
  const title = from > at ? `${tokens[at]} ` : ''
  // "P. Jean-Baptiste Nguema": a father's title, not an initial.
  if (INITIAL.test(tokens[from]!) && tokens.length - from > 2 && isFirstName(tokens[from + 1]!)) from++
  if (isNoName(tokens[from]!) && !startsInCapitals(tokens, from)) return null
  let until = from
  while (until < tokens.length && until - from < LONGEST_NAME && !endsName(tokens[until]!)) until++
  for (let end = until; end - from >= 2; end--) {
    const text = tokens.slice(from, end).join(' ')
    const name = readName(title + text) ?? readName(text)
    if (name) return { name, count: end - at }
  }
  return null
}
