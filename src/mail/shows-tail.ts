import { findExpressions } from '#src/lib/liquid-expressions.ts'
import { attributeOf, htmlTokens } from './html-tokens.ts'
import { withTail } from './mail-tail.ts'
import { hides, readHidingRules } from './hiding-styles.ts'

const MARK = 'what every mail ends with'
/** Conditions within conditions; what is deeper is not judged, and counts as hiding. */
const MAX_DEPTH = 40
const BRANCHES = /^(?:else|elsif|when)$/

const SHOWS_NOTHING = new Set(
  'audio canvas datalist dialog iframe math noscript object select svg template video'.split(' '),
)
const VOID = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '))
/** What ends an element that was left open (HTML §13.1.2.4). */
const ENDS_PARAGRAPH = new Set(
  'address article aside blockquote center div dl fieldset footer form h1 h2 h3 h4 h5 h6 header hr main nav ol p pre section table ul'.split(
    ' ',
  ),
)
const ENDED_BY: Record<string, readonly string[]> = {
  td: ['td', 'th', 'tr', 'tbody'],
  th: ['td', 'th', 'tr', 'tbody'],
  tr: ['tr', 'tbody'],
  li: ['li'],
}

/** Whether what is added at the end of a mail (who writes, the unsubscribe link) is seen, whatever its conditions come to: not
 *  when it falls into a comment or a tag, nor into an element that shows nothing, is hidden by its style or by the style
 *  sheet, or is one such that was never closed. What hides the added piece itself is overruled by its own style
 *  (mail/footer.ts). */
export const showsTail = (html: string): boolean => {
  const read = readBranches(html)
  if (!read) return false
  const { whole, base, branches } = read
  const isHidden = readHidingRules(sheetsOf(whole))
  const isMissing = (name: string) => !new RegExp(`<${name}[\\s>]`, 'i').test(whole)
  // Where they are not written they are there all the same.
  if (['html', 'body'].some((name) => isMissing(name) && isHidden(`<${name}>`, name))) return false
  return (
    [whole, base].every((one) => isSeenIn(withTail(one, MARK), isHidden)) &&
    branches.every((branch) => isSeenIn(branch + MARK, isHidden))
  )
}

const sheetsOf = (html: string): string => {
  let inStyle = false
  let sheets = ''
  for (const token of htmlTokens(html)) {
    if (token.kind === 'raw' && inStyle) sheets += `${token.source}\n`
    inStyle = token.kind === 'tag' && token.name === 'style' && !token.closing
  }
  return sheets
}

/** A template without its expressions: with all that conditions may show, with none of it, and each branch by itself.
 *  Undefined where it is too deep to be read. */
const readBranches = (source: string): { whole: string; base: string; branches: string[] } | undefined => {
  const branches: string[] = []
  const open: { name: string; text: string }[] = []
  let [whole, base, at] = ['', '', 0]
  const ends = new Set([...source.matchAll(/\{%-?\s*end(\w+)/g)].map(([, name = '']) => name))
  const add = (text: string): void => {
    whole += text
    if (open.length === 0) base += text
    for (const one of open) one.text += text
  }
  for (const { tag: name, start, end } of findExpressions(source)) {
    add(source.slice(at, start))
    at = end
    if (name === null) continue
    if (open.length > MAX_DEPTH) return undefined
    if (ends.has(name)) open.push({ name, text: '' })
    else if (name.startsWith('end') && open.at(-1)?.name === name.slice(3)) branches.push(open.pop()!.text)
    else if (BRANCHES.test(name) && open.length > 0) {
      branches.push(open.at(-1)!.text)
      open.at(-1)!.text = ''
    }
  }
  add(source.slice(at))
  return { whole, base, branches }
}

const isSeenIn = (html: string, isHidden: (tag: string, name: string) => boolean): boolean => {
  const open: { name: string; shows: boolean }[] = []
  // How many of a name are open: nothing is looked for that is not.
  const counts = new Map<string, number>()
  const count = (name: string, more: number) => counts.set(name, (counts.get(name) ?? 0) + more)
  const close = (): void => void count(open.pop()!.name, -1)
  const closeAbove = (wanted: (name: string) => boolean): void => {
    if (open.length > 0 && wanted(open.at(-1)!.name)) close()
  }
  let onlyOutlook = false
  for (const token of htmlTokens(html)) {
    if (token.kind === 'raw') onlyOutlook = /^<!--\[if/i.test(token.source)
    if (token.kind === 'text') {
      const place = token.source.indexOf(MARK)
      // A tag that was begun and not ended takes in what follows.
      if (place >= 0)
        return (
          !onlyOutlook && !/<[a-z/!?]/i.test(token.source.slice(0, place)) && open.every(({ shows }) => shows)
        )
    }
    if (token.kind !== 'tag' || VOID.has(token.name)) continue
    const { name, source, closing } = token
    if (closing) {
      if ((counts.get(name) ?? 0) === 0) continue
      while (open.at(-1)!.name !== name) close()
      close()
      continue
    }
    if (ENDS_PARAGRAPH.has(name)) closeAbove((one) => one === 'p')
    for (let before = -1; before !== open.length;) {
      before = open.length
      closeAbove((one) => ENDED_BY[one]?.includes(name) ?? false)
    }
    count(name, 1)
    open.push({ name, shows: !SHOWS_NOTHING.has(name) && !hidesItself(source) && !isHidden(source, name) })
  }
  return false
}

const hidesItself = (tag: string): boolean =>
  hides(attributeOf(tag, 'style') ?? '') ||
  /\shidden(?=[\s=>/])/i.test(tag.replaceAll(/"[^"]*"|'[^']*'/g, '""'))
