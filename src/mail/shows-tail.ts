import { attributeOf, htmlTokens } from './html-tokens.ts'
import { withTail } from './mail-tail.ts'
import { hides, readHidingRules } from './hiding-styles.ts'

const MARK = 'what every mail ends with'
const LIQUID = /\{\{(?:"[^"]*"|'[^']*'|(?!\}\})[^"'])*\}\}|\{%-?\s*(\w*)(?:"[^"]*"|'[^']*'|(?!%\})[^"'])*%\}/g
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
  const { whole, base, branches } = readBranches(html)
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

/** A template without its expressions: with all that conditions may show, with none of it, and each branch by itself. */
const readBranches = (source: string): { whole: string; base: string; branches: string[] } => {
  const branches: string[] = []
  const open: { name: string; text: string }[] = []
  let [whole, base, at] = ['', '', 0]
  const ends = new Set([...source.matchAll(/\{%-?\s*end(\w+)/g)].map(([, name = '']) => name))
  const add = (text: string): void => {
    whole += text
    if (open.length === 0) base += text
    for (const one of open) one.text += text
  }
  for (const { 0: found, 1: name, index } of source.matchAll(LIQUID)) {
    add(source.slice(at, index))
    at = index + found.length
    if (name === undefined) continue
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
  const closeAbove = (wanted: (name: string) => boolean): void => {
    if (open.length > 0 && wanted(open.at(-1)!.name)) open.pop()
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
      const place = open.findLastIndex((one) => one.name === name)
      if (place >= 0) open.length = place
      continue
    }
    if (ENDS_PARAGRAPH.has(name)) closeAbove((one) => one === 'p')
    for (let before = -1; before !== open.length;) {
      before = open.length
      closeAbove((one) => ENDED_BY[one]?.includes(name) ?? false)
    }
    open.push({ name, shows: !SHOWS_NOTHING.has(name) && !hidesItself(source) && !isHidden(source, name) })
  }
  return false
}

const hidesItself = (tag: string): boolean =>
  hides(attributeOf(tag, 'style') ?? '') ||
  /\shidden(?=[\s=>/])/i.test(tag.replaceAll(/"[^"]*"|'[^']*'/g, '""'))
