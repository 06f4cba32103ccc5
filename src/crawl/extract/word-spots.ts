import type { Line, PageView } from './page-view.ts'

/** What the words of a line may speak of; a bit set. Only a hint: the pattern that needs one of the words decides. */
export const SAYS_HOST = 1
export const SAYS_CREDIT = 2
export const SAYS_MAKING = 4
export const SAYS_OTHERS = 8
export const SAYS_OTHERS_HERE = 16
export const SAYS_REGISTER = 32
export const SAYS_VAT = 64
/** Titles and turns of phrase that a name follows (LABELLED in people.ts) */
export const SAYS_ROLE = 128
/** Countries and towns abroad after which a number may be written as it is there */
export const SAYS_ABROAD = 256
/** Legal forms in words */
export const SAYS_FORM = 512

const MAKING =
  'réalis|realiz|créa|créé|cree|conç|concu|concep|dévelop|propuls|désign|design|référenc|intégra|webdesign|webmaster|refonte|graphisme|charte gr|identité vis|logo|maintenance|infog|crédit|agence web'
/** Beginnings of words by what they hint at; those with accents are known without them, too. */
const HINTS: [number, string][] = [
  [
    SAYS_HOST,
    'héberg|host|plate|ospitat|alojad|gehost|éditeur de la p|webhost|gehostet|alojamiento|hospedaje|hosting',
  ],
  [SAYS_CREDIT | SAYS_MAKING, MAKING],
  [
    SAYS_CREDIT,
    'site|sito|sitio|powered|made|developed|built|created|web|umsetzung|gestaltung|konzeption|realisierung|diseñ|disen|desarroll|realiz|progetto|sviluppato|gerealiseerd|gemaakt|konzept|programmierung|grafik|identité gr|direction art',
  ],
  [
    SAYS_OTHERS,
    'médiat|cnil|commission nationale|litige|ordre |nos partenaires|assur|garantie financi|ombudsman|schlichtung|universalschlichtung|streit|verbraucherst|aufsicht|arbitraje|garante|landesbeauf|bundesbeauf|datenschutzb|autorité de|zuständig|berufshaft|betriebshaft|rechtsanwaltsk|steuerberaterk|architektenk|ärztek|handwerksk|kammer|autoriteit|agencia esp|préposé',
  ],
  [
    SAYS_OTHERS_HERE,
    'mma|smabtp|maaf|hiscox|qbe|axa france|allianz iard|generali|iard|conseil de l|conseil rég|partenaire|office de|office du|offices d|gendarmerie|pharmacie de|samu|centre anti|conciliateur|saur|véolia|enedis|grdf|composez le|franchiseur|tête de r|maison m|maison-m|régie |chambre |pmi|caf |caf:|cpam|ars|urssaf|ddpp|dgccrf|police|pompiers|préfecture|agence rég|assurance mal|centre hosp|hôpital|nos pre|nos par|nos fou|nos pro|nos éle|nos mar|nos art|nos fab|nos fil|nos meu|nos tor|nos bra|nos api|nos tis|nos imp|nos tra|nos sou|nos con|nos rés|nos cow|nos loc|nos exp|nos rev|nos dis|nos dép|nos voi|nos ami|nos autres|mes pre|mes par|mes fou|mes pro|mes ami|mes con|quelques |our sup|our pro|our gro|our mak|our ten|our sto|our nei|unsere lie|unsere par|unsere pro|unsere erz|i nostri |nuestros pro|ils tra|ils exp|ils rés|ils log|ils col|ils ont|ils lou|ils par|elles tra|elles exp|elles rés|elles col|elles ont|elles par|siège du r|siège de l|autres mag|autres poi|autres cab|autres étu|autres ens|garantie ga|garantie so|garantie ce|conseil sup',
  ],
  [SAYS_REGISTER, 'rcs|r.c|r. c|r c s|registre du commerce'],
  [
    SAYS_ROLE,
    "directeur|directrice|responsable|co-|codirect|cogér|coresp|gérant|président|représent|dirig|chef d|chef d’|cheffe|propriét|exploitant|fondé|édit|repris|créé|tenu|entreprise individuelle|ei|auto-|autoentr|micro-|microentr|votre contact|votre interlocut|vos interlocut|nos interlocut|délégu|dpo|contactez|appelez|demandez|s’adresser|s'adresser|je m|je suis|publication dir|managing|owner",
  ],
  [SAYS_VAT, 'tva|vat|btw|ust|mwst|umsatz|uid|iva'],
  [
    SAYS_ABROAD,
    'belgi|bruxelles|suisse|switzerland|schweiz|genève|lausanne|luxembourg|allemagne|deutschland|germany|italie|italia|italy|espagne|españa|spain|royaume-uni|united kingdom|londres|london|canada|québec|montréal',
  ],
  [
    SAYS_FORM,
    'société|entreprise unip|entreprise indiv|entrepreneu|auto-entrep|autoentrep|micro-entrep|microentrep|association|profession',
  ],
]

const OVER_THE_END = 400

type Word = { third: number; rest: string; hint: number }
// No hint begins with characters beyond those of Western Europe.
const WIDE = 0x100
/** By the two characters that a word begins with: 1 + its place in WORDS */
const SPOTS = new Uint16Array(WIDE * WIDE)
const WORDS: Word[][] = []
for (const [hint, list] of HINTS) {
  for (const word of new Set(list.split('|').flatMap((one) => [one, withoutAccents(one)]))) {
    const spot = word.charCodeAt(0) * WIDE + word.charCodeAt(1)
    if (SPOTS[spot] === 0) SPOTS[spot] = WORDS.push([])
    const third = word.length > 2 ? word.charCodeAt(2) : -1
    WORDS[SPOTS[spot]! - 1]!.push({ third, rest: word.slice(3), hint })
  }
}

function withoutAccents(word: string): string {
  return word.normalize('NFD').replace(/\p{M}/gu, '')
}

const isLetter = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 0xdf && code < 0x2000)

/** Marks each line with what its words hint at, and says what all of them do. One pass over the text, many times
 *  cheaper than asking each line for each pattern. */
export function markHints(lower: string, lines: Line[]): number {
  let all = 0
  let line = 0
  // No word begins with the last character, and none is read past the end.
  const end = lower.length - 1
  for (let at = 0; at < end; at++) {
    const first = lower.charCodeAt(at)
    if (!isLetter(first)) continue
    const start = at
    let code = lower.charCodeAt(++at)
    const spot = first < WIDE && code < WIDE ? SPOTS[first * WIDE + code]! : 0
    while (at < end && isLetter(code)) code = lower.charCodeAt(++at)
    if (spot === 0) continue
    const third = start + 2 <= end ? lower.charCodeAt(start + 2) : -1
    for (const word of WORDS[spot - 1]!) {
      if (word.third >= 0 && (word.third !== third || !lower.startsWith(word.rest, start + 3))) continue
      while (line + 1 < lines.length && lines[line + 1]!.start <= start) line++
      lines[line]!.hints |= word.hint
      all |= word.hint
    }
  }
  return all
}

/** What `matchAll` of a global pattern finds, looked for only from lines with a hint on (and up to 400 characters
 *  past their end). `index` is a position of the page's text. */
export function* hintedMatches(view: PageView, hint: number, pattern: RegExp): Generator<RegExpExecArray> {
  if (!(view.hints & hint)) return
  let done = 0
  for (const line of view.lines) {
    const end = line.start + line.text.length
    if (!(line.hints & hint) || done > end) continue
    const from = Math.max(line.start, done - 1, 0)
    const stretch = view.text.slice(from, end + OVER_THE_END)
    pattern.lastIndex = Math.max(0, done - from)
    for (let match = pattern.exec(stretch); match; match = pattern.exec(stretch)) {
      match.index += from
      if (match.index > end) break
      done = match.index + match[0].length
      if (match[0] === '') pattern.lastIndex++
      yield match
      pattern.lastIndex = done - from
    }
  }
}

/** `text` in lower case, character for character: positions in one are positions in the other. */
export function lowerCase(text: string): string {
  const lower = text.toLowerCase()
  if (lower.length === text.length) return lower
  return text.replace(/./gsu, (letter) => {
    const small = letter.toLowerCase()
    return small.length === letter.length ? small : letter
  })
}
