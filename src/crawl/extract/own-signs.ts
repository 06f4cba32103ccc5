// What says on a deep page that a number is the house's. A number that stands there beside a name, and without any such
// sign, is mostly somebody else's: a dealer's, a place's, a club's. The whole site decides (merge-phones.ts).
import { fold, isFirstName } from './names.ts'
import words from './own-signs.data.json'
import { isOfOthers, purposeOfPage } from './page-purpose.ts'
import { IN_FOOTER, IN_HEADER, IN_NAV, IN_TEAM, type Line, lineAt, type PageView } from './page-view.ts'

const LETTER = /\p{L}{2}/u
const OUTSIDE = IN_HEADER | IN_FOOTER | IN_NAV
const LINES_AROUND = 2
/** So much of a line is read before a number, and so much around it. */
const MAX_SAID = 90
const MAX_AROUND = 160
const MIN_HOST_LETTERS = 5
const PERSON_WORDS = 3
const TITLE = /^\W{0,3}(?:MM?|Mr|Mrs|Ms|Mme|Mlle|Dre?|Me|Frau|Herr|Hr|Sig)\.? /
const PLACES = new RegExp(`(?<![a-z])(?:${words.pages})`)
const SIGN = new RegExp(
  `(?<![a-z])(?:(?:${words.reached}|${words.jobs})|(?:${words.ours})(?![a-z]))|^\\W{0,3}(?:${words.labels})(?![a-z])`,
)

/** Tells of a number in the body of a page whether something says that it is the house's: a word for being reached, a job,
 *  the name of the site, or that the page presents its places or people. */
export function signSeeker(view: PageView): (position: number) => boolean {
  let kind: ReturnType<typeof kindOfPage> | null = null
  const host = bare(view.siteHost.replace(/^www\./, '').replace(/\.[a-z]+$/, ''))
  return (position) => {
    const index = lineAt(view, position)
    const line = view.lines[index]
    kind ??= kindOfPage(view)
    if (kind === 'own' || !line || line.flags & IN_TEAM) return true
    const said = line.text.slice(0, position - line.start).slice(-MAX_SAID)
    const above = bodyOf(view.lines[index - 1])?.text.slice(-MAX_SAID) ?? ''
    const nearest = LETTER.test(said) ? said : above
    if (isPersonAlone(nearest) || SIGN.test(fold(nearest))) return true
    return host.length >= MIN_HOST_LETTERS && bare(fold(aroundOf(view, index, position))).includes(host)
  }
}

/** own: what "contact" leads to, and the places and people of the house. others: dealers, partners, useful links. */
function kindOfPage(view: PageView): 'own' | 'deep' | 'others' {
  const path = URL.parse(view.url)?.pathname ?? '/'
  if (path === '/') return 'own'
  if (isOfOthers(view)) return 'others'
  if (purposeOfPage(view) !== 'other') return 'own'
  const said = `${path} ${(view.title ?? '').slice(0, MAX_AROUND)} ${view.h1[0] ?? ''}`
  return PLACES.test(fold(said)) ? 'own' : 'deep'
}

/** "Marc Lepetit, ", "Mme Ehret : " and nothing else: somebody of the house */
const isPersonAlone = (said: string): boolean => {
  const [first = '', ...rest] = said
    .replace(TITLE, '')
    .split(/[^\p{L}\p{M}’'-]+/u)
    .filter((word) => word.length > 1)
  return rest.length < PERSON_WORDS && (isFirstName(first) || (rest.length === 0 && TITLE.test(said)))
}

const bodyOf = (line: Line | undefined): Line | undefined =>
  line && !(line.flags & OUTSIDE) ? line : undefined

function aroundOf(view: PageView, index: number, position: number): string {
  const line = view.lines[index]!
  const at = position - line.start
  const parts = [line.text.slice(Math.max(0, at - MAX_AROUND), at + MAX_AROUND)]
  for (let step = 1; step <= LINES_AROUND; step++)
    for (const near of [bodyOf(view.lines[index - step]), bodyOf(view.lines[index + step])])
      if (near) parts.push(near.text.slice(0, MAX_AROUND))
  return parts.join(' ')
}

const bare = (text: string): string => text.replaceAll(/[^a-z0-9]/g, '')
