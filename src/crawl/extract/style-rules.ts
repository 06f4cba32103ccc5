const MAX_STYLE = 200_000
const MAX_LATE_STYLES = 20
const MAX_RULES = 3_000
const MAX_KNOWN = 4_000
const MAX_BODY = 1_500
const MAX_SELECTORS = 600
const WORTH_READING = /bidi-override|content\s*:|display\s*:\s*none/i
const HIDDEN = /(?:^|[;\s])display\s*:\s*none/i
const REVERSED = /direction\s*:\s*rtl/i
const OVERRIDE = /bidi-override/i
const CONTENT =
  /(?:^|[;\s])content\s*:\s*((?:\s*(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|attr\(\s*[\w-]+\s*\)))+)/i
const SIMPLE = /^[a-z]*([.#][\w-]+)(?:::?(before|after))?$/i
/** Stands around the name of an attribute in a text that a style sheet writes. */
const ATTRIBUTE_MARK = '\ue000'

/** What the page's own style sheets do to a class (`.x`) or id (`#x`): text that is not shown, text shown from
 *  right to left, text that is shown without standing in the HTML. */
export type StyleRules = {
  hidden: Set<string>
  reversed: Set<string>
  /** Text written before or after, `\ue000name\ue000` for the value of an attribute */
  written: Map<string, { before: string; after: string }>
  /** Answers of styledNames, by class attribute */
  known: Map<string, string[]>
}

export const noStyles = (): StyleRules => ({
  hidden: new Set(),
  reversed: new Set(),
  written: new Map(),
  known: new Map(),
})

/** Adds the rules of one style element. Media queries are passed over: what one size hides another shows. */
export function readStyles(css: string, styles: StyleRules): void {
  if (!WORTH_READING.test(css)) return
  styles.known.clear()
  const plain = css.length > MAX_STYLE ? css.slice(0, MAX_STYLE) : css
  let depth = 0
  let count = 0
  let header = ''
  let from = 0
  for (let at = nextBrace(plain, 0); at >= 0; at = nextBrace(plain, at + 1)) {
    if (plain[at] === '{') {
      header = plain.slice(Math.max(from, at - MAX_SELECTORS), at)
      depth++
    } else {
      // Depth 1: a rule outside every media query.
      if (depth === 1 && header !== '' && ++count <= MAX_RULES && at - from <= MAX_BODY)
        addRule(header, plain.slice(from, at), styles)
      header = ''
      depth = Math.max(0, depth - 1)
    }
    from = at + 1
  }
}

/** A style sheet in the body holds for what stands above it, too. */
export function readLateStyles(html: string, styles: StyleRules): void {
  let at = html.indexOf('<body')
  for (let count = 0; at >= 0 && count < MAX_LATE_STYLES; count++) {
    const start = html.indexOf('<style', at)
    const end = start < 0 ? -1 : html.indexOf('</style', start)
    if (end < 0) return
    readStyles(html.slice(html.indexOf('>', start) + 1, end), styles)
    at = end
  }
}

function nextBrace(css: string, from: number): number {
  for (let at = from; at < css.length; at++) {
    const code = css.charCodeAt(at)
    if (code === 123 || code === 125) return at
  }
  return -1
}

function addRule(selectors: string, body: string, styles: StyleRules): void {
  const hidden = HIDDEN.test(body)
  const reversed = REVERSED.test(body) && OVERRIDE.test(body)
  const written = body.includes('content') ? CONTENT.exec(body)?.[1] : undefined
  if (!hidden && !reversed && !written) return
  for (const selector of selectors.split(',')) {
    const last =
      selector
        .trim()
        .split(/[\s>+~]+/)
        .at(-1) ?? ''
    const [, name, pseudo] = SIMPLE.exec(last) ?? []
    if (!name) continue
    if (hidden && !pseudo) styles.hidden.add(name)
    if (reversed) styles.reversed.add(name)
    const text = written && pseudo ? unquote(written) : ''
    if (/[\w@.]/.test(text) && text.length < 120) {
      const known = styles.written.get(name) ?? { before: '', after: '' }
      styles.written.set(name, { ...known, [pseudo!.toLowerCase()]: text })
    }
  }
}

const NONE: string[] = []

/** Those of an element's class and id names that the page's own style sheets hide, turn round or write. */
export function styledNames(styles: StyleRules, className: string, id: string | undefined): string[] {
  if (styles.hidden.size + styles.reversed.size + styles.written.size === 0) return NONE
  const styled = (name: string): boolean =>
    styles.hidden.has(name) || styles.reversed.has(name) || styles.written.has(name)
  let names = NONE
  if (className !== '') {
    names =
      styles.known.get(className) ??
      className
        .split(/\s+/)
        .map((token) => `.${token}`)
        .filter(styled)
    if (styles.known.size < MAX_KNOWN) styles.known.set(className, names)
  }
  return id && styled(`#${id}`) ? [...names, `#${id}`] : names
}

/** What the style sheets write into an element before or after its own text: an address, a part of one or its sign;
 *  any other decoration is not read. */
export function writtenText(
  styles: StyleRules,
  name: string,
  place: 'before' | 'after',
  attributes: Record<string, string>,
): string {
  const rule = styles.written.get(name)
  if (!rule?.[place]) return ''
  const fill = (text: string): string =>
    text.replace(/\ue000([\w-]+)\ue000/g, (_, attribute: string) => attributes[attribute.toLowerCase()] ?? '')
  const text = fill(rule[place]).trim()
  return /^[\w@.+-]{1,80}$/.test(text) ? text : ''
}

/** True when what is written before and after an element shows an address or a part of one. */
export const writesAddress = (styles: StyleRules, name: string): boolean => {
  const rule = styles.written.get(name)
  return rule !== undefined && `${rule.before}${rule.after}`.includes('@')
}

const unquote = (content: string): string =>
  [...content.matchAll(/"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|attr\(\s*([\w-]+)\s*\)/g)]
    .map((match) =>
      match[3] === undefined
        ? unescape(match[1] ?? match[2] ?? '')
        : ATTRIBUTE_MARK + match[3] + ATTRIBUTE_MARK,
    )
    .join('')

const unescape = (text: string): string =>
  text.replace(/\\([\da-f]{1,6})\s?|\\(.)/gi, (_, hex?: string, other?: string) => {
    if (hex === undefined) return other ?? ''
    const point = Number.parseInt(hex, 16)
    return point > 0 && point < 0x10ffff ? String.fromCodePoint(point) : ''
  })
