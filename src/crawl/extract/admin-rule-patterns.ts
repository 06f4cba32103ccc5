/** One pattern as Wappalyzer-format files write it: `regex\;version:\1\;confidence:50`. */
export type AdminPattern = {
  regex: RegExp
  version: string
  confidence: number
  /** Lower-case text that stands in whatever matches; empty when nothing can be said. */
  literal: string
}

const MAX_SOURCE = 1_000
const MAX_VERSION = 30
const MAX_WIDE = 3
/** How often a repetition may go on, by how many wide ones the pattern has: their product is the time of a miss. */
const LONGEST = [250, 250, 100, 40]

/** Compiles a pattern so that no text can hold it up for long: repetitions are bounded; null for those that nest
 *  them, put alternatives under them or have too many, and for what is no regular expression. */
export function compilePattern(written: string): AdminPattern | null {
  const [source = '', ...tags] = written.split('\\;')
  if (source.length > MAX_SOURCE) return null
  const bounded = boundRepetitions(source)
  if (bounded === null) return null
  const tag = (name: string) => tags.find((one) => one.startsWith(`${name}:`))?.slice(name.length + 1)
  try {
    return {
      regex: new RegExp(bounded, 'i'),
      version: tag('version') ?? '',
      confidence: percent(tag('confidence')),
      literal: requiredText(source),
    }
  } catch {
    return null
  }
}

const percent = (text: string | undefined): number => {
  const value = Number(text ?? 100)
  return Number.isFinite(value) ? Math.min(100, Math.max(0, value)) : 100
}

/** The version that a match tells: `\1`, `\1.\2`, or `\1?with:without` by whether the group matched. */
export function versionOf(template: string, match: RegExpExecArray): string | null {
  const group = (index: string): string => match[Number(index)] ?? ''
  const chosen = /^\\(\d)\?([^:]*):(.*)$/.exec(template)
  const text = chosen ? (group(chosen[1]!) ? chosen[2]! : chosen[3]!) : template
  return (
    text
      .replace(/\\(\d)/g, (_, index: string) => group(index))
      .trim()
      .slice(0, MAX_VERSION) || null
  )
}

type Token = { text: string; wide: boolean }

/** The pieces of a source: escapes, classes, groups' brackets, single characters. */
function* tokensOf(source: string): Generator<Token> {
  for (let at = 0; at < source.length;) {
    const rest = source.slice(at)
    const text =
      /^\\(?:u[\da-f]{4}|x[\da-f]{2}|c[a-z]|[\s\S])/i.exec(rest)?.[0] ??
      /^\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]/.exec(rest)?.[0] ??
      /^\(\?(?:[:=!]|<[=!])/.exec(rest)?.[0] ??
      /^\{\d*(?:,\d*)?\}/.exec(rest)?.[0] ??
      rest[0]!
    yield { text, wide: text === '.' || /^\\[SWDwsd]$|^\[/.test(text) }
    at += text.length
  }
}

const QUANTIFIER = /^(?:[*+?]|\{\d+(?:,\d*)?\})$/

function boundRepetitions(source: string): string | null {
  const tokens = [...tokensOf(source)]
  const wideOnes = tokens.filter(({ wide }, at) => wide && repeats(tokens[at + 1]?.text)).length
  if (wideOnes > MAX_WIDE) return null
  const longest = LONGEST[wideOnes]!
  // Of each open group: whether something repeats or alternates in it.
  const groups: boolean[] = []
  let out = ''
  for (const [at, { text }] of tokens.entries()) {
    if (text.startsWith('(')) groups.push(false)
    else if (text === '|' && groups.length > 0) groups[groups.length - 1] = true
    else if (text === ')') {
      const inner = groups.pop() ?? false
      if (inner && repeats(tokens[at + 1]?.text)) return null
      if (inner && groups.length > 0) groups[groups.length - 1] = true
    }
    const isQuantifier = at > 0 && QUANTIFIER.test(text) && !QUANTIFIER.test(tokens[at - 1]!.text)
    if (isQuantifier && repeats(text) && groups.length > 0) groups[groups.length - 1] = true
    out += isQuantifier ? bounded(text, longest) : text
  }
  return out
}

const repeats = (quantifier: string | undefined): boolean => {
  if (quantifier === undefined || !QUANTIFIER.test(quantifier) || quantifier === '?') return false
  const most = /^\{\d+(?:,(\d+))?\}$/.exec(quantifier)
  return !(most && Number(most[1] ?? quantifier.slice(1, -1)) <= 1)
}

function bounded(quantifier: string, longest: number): string {
  if (quantifier === '*') return `{0,${longest}}`
  if (quantifier === '+') return `{1,${longest}}`
  const [, least, comma, most] = /^\{(\d+)(,?)(\d*)\}$/.exec(quantifier) ?? []
  if (least === undefined) return quantifier
  const low = Math.min(Number(least), longest)
  if (!comma) return `{${low}}`
  return `{${low},${most ? Math.max(low, Math.min(Number(most), longest)) : longest}}`
}

/** The longest run of plain characters outside groups, when the pattern has no alternatives at its top. */
function requiredText(source: string): string {
  const tokens = [...tokensOf(source)]
  const runs: string[] = ['']
  let depth = 0
  for (const [at, { text }] of tokens.entries()) {
    if (text === '|' && depth === 0) return ''
    if (text.startsWith('(')) depth++
    const plain = /^\\[^\w]$/.test(text) ? text[1]! : /^[^\\.[\](){}|^$*+?]$/.test(text) ? text : null
    const next = tokens[at + 1]?.text ?? ''
    const optional = next === '?' || next === '*' || next.startsWith('{0')
    if (depth === 0 && plain !== null && !optional) {
      runs[runs.length - 1] += plain
      if (QUANTIFIER.test(next)) runs.push('')
    } else runs.push('')
    if (text === ')') depth--
  }
  return runs.toSorted((a, b) => b.length - a.length)[0]!.toLowerCase()
}
