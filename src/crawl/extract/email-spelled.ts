const MAX_BEFORE = 64
const MAX_AFTER = 120
const MAX_SIGNS = 5_000

// How people write @ and the dot so that robots shall not know them: French, English, German, Italian, Spanish, Dutch.
const AT_WORDS =
  'at|a|à|@|ät|aet|arr?obas[ez]?|arr?obaz?e?|arroba|chez|sur|snail|chiocciola|klammeraffe|ape(?:n)?staartje'
const DOT_WORDS = String.raw`dot|point|pt|punkt|punto|ponto|punt|\.`
const PLAIN_AT_WORDS = 'arr?obas[ez]?|arr?obaze?|arroba|chez|chiocciola|klammeraffe|ape(?:n)?staartje'
const PLAIN_DOT_WORDS = 'dot|point|punkt|punto|ponto|punt'

// Each begins with a sign of its own, which keeps the search fast; a space before it is cut from the local part.
const BRACKETED_AT = String.raw`[\[({<«|“"]\s?(?:${AT_WORDS})\s?[\])}>»|”"]\s?`
const MARKED_AT = String.raw`[*_/-](?:at|arr?obase|AT)[*_/-]\s?`
const WORD_AT = String.raw`\s(?:${PLAIN_AT_WORDS})\s`
const AT_TOKEN = new RegExp(
  String.raw`${BRACKETED_AT}|${MARKED_AT}|${WORD_AT}|\s@\s?|@\s|\s(?:at|à)\s|\.\.åt\.\.|[ⓐⒶ⒜﹫]\s?|@(?=[\w-]{2,60}\s?(?:[\[({<]\s?(?:${DOT_WORDS})|(?:${PLAIN_DOT_WORDS})\s))`,
  'gi',
)
const DASH = String.raw`\s?[\[({]\s?(?:tiret|dash)\s?[\])}]\s?`
const DOT = String.raw`(?:\.|\s?[\[({<«“"]\s?(?:${DOT_WORDS})\s?[\])}>»”"]\s?|\s?[*_/-](?:dot|point)[*_/-]\s?|\s(?:${PLAIN_DOT_WORDS})\s|\s\.\s|\s?[⋅∙‧]\s?)`
const WORD = String.raw`[\w-]+?(?:${DASH}[\w-]+?)*`
const LOCAL_BEFORE = new RegExp(
  String.raw`(?<![\wÀ-ÿ.+-])([A-Za-z0-9](?:[\w+-]*?(?:${DASH}[\w+-]+?)*)(?:${DOT}${WORD})*)$`,
  'i',
)
const DOMAIN_AFTER = new RegExp(
  String.raw`^([A-Za-z0-9][\w-]*?(?:${DASH}[\w-]+?)*(?:${DOT}[A-Za-z0-9][\w-]*?(?:${DASH}[\w-]+?)*)+)(?![\w-])`,
  'i',
)
const DOT_ALL = new RegExp(DOT, 'gi')
const DASH_ALL = new RegExp(DASH, 'gi')
const SPACED_LETTERS = /(?:^|\s)((?:[a-z\d._-] ){3,}[a-z\d])$/i
const SPELLED_DOT = new RegExp(String.raw`\s(?:${PLAIN_DOT_WORDS})\s|[[({<«“"*_⋅∙‧]`, 'i')

const SIGN_FOLLOWS = new RegExp(String.raw`^\s?(?:@|${BRACKETED_AT}|(?:${PLAIN_AT_WORDS})\s)`, 'i')

export type SpelledEmail = {
  value: string
  start: number
  end: number
  /** Where the sign for @ stands */
  position: number
  /** Only a plain @ with spaces around it was used, or [a] */
  loose: boolean
  /** A space before the @, none after it: "Suivez @maison" has one, too */
  attached: boolean
  /** Words that sentences use, too: believed at providers of free mailboxes only */
  weak: boolean
  spelledDot: boolean
}

/** Addresses that a text spells: `contact [at] site (point) fr`, `info arobase site.fr`, `contact @ site . fr`. */
export function* spelledIn(text: string): Generator<SpelledEmail> {
  let signs = 0
  for (const match of text.matchAll(AT_TOKEN)) {
    if (++signs > MAX_SIGNS) return
    const window = text.slice(Math.max(0, match.index - MAX_BEFORE), match.index).replace(/ $/, '')
    const local = SPACED_LETTERS.exec(window)?.[1]?.replaceAll(' ', '') ?? LOCAL_BEFORE.exec(window)?.[1]
    if (!local) continue
    const end = match.index + match[0].length
    const after = DOMAIN_AFTER.exec(text.slice(end, end + MAX_AFTER))
    if (!after) continue
    const token = match[0].trim().toLowerCase()
    const spelledDot = SPELLED_DOT.test(after[1]!)
    // "look at site.com" is no address; "look at site dot com" is.
    if (token === 'at' && !/\s(?:dot|punkt)\s|[[({<*_]/i.test(after[1]!)) continue
    const weak = token === 'chez' && !spelledDot
    // "jean.petit CHEZ gmail.com": only where the shouting or the dot says that it is no sentence.
    if (weak && !(match[0].includes('CHEZ') || /[.\d_]/.test(local))) continue
    if (token === 'à' && !spelledDot) continue
    // "Écrire à anne point weber arobase …": the sign is still to come.
    if (
      /^(?:at|à|chez)$/.test(token) &&
      SIGN_FOLLOWS.test(text.slice(end + after[1]!.length, end + MAX_AFTER))
    )
      continue
    yield {
      value: `${plainPart(local)}@${plainPart(after[1]!)}`,
      start: match.index - local.length,
      end: end + after[1]!.length,
      position: match.index,
      loose: token === '@' || /^\W\s?[aà]\s?\W$/.test(token),
      attached: /\s@$/.test(match[0]),
      weak,
      spelledDot,
    }
  }
}

const plainPart = (text: string): string => text.replace(DASH_ALL, '-').replace(DOT_ALL, '.')

const OPEN = String.raw`\s?[\[({<«|*_/“"-]\s?`
const SHUT = String.raw`\s?[\])}>»|*_/”"-]\s?`
const ONE_AT = new RegExp(
  String.raw`${OPEN}(?:${AT_WORDS})${SHUT}|\s(?:at|@|${PLAIN_AT_WORDS})\s|\.\.åt\.\.|#|＠`,
  'gi',
)
const ONE_DOT = new RegExp(String.raw`${OPEN}(?:${DOT_WORDS})${SHUT}|\s(?:${PLAIN_DOT_WORDS})\s|．`, 'gi')
const ONE_DASH = /\s?[[({]\s?(?:tiret|dash|moins|trait)\s?[\])}]\s?/gi
const ONE_ADDRESS = /^[\w.+-]{1,64}@[a-z\d-]+(?:\.[a-z\d-]+)+$/i

/** `contact [at] site (point) fr` as the one address it spells, or null. For texts that are an address and
 *  nothing else. */
export function spelledOut(text: string): string | null {
  if (text.length > 200) return null
  const plain = text.trim().replace(ONE_DASH, '-').replace(ONE_DOT, '.').replace(ONE_AT, '@')
  return ONE_ADDRESS.test(plain) ? plain : null
}
