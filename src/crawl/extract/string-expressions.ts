import { decodeHTML } from 'entities'
import { percentDecode } from './percent-decode.ts'

const MAX_TOKENS = 12_000
const MAX_DEPTH = 12
const MAX_LENGTH = 4_000
const MAX_ITEMS = 400
const MAX_STRINGS = 600
const MAX_CODES = 50

type Value = string | number | Value[] | { [key: string]: Value }
type Token = { kind: 'text' | 'number' | 'name' | 'sign' | 'pattern'; text: string; value?: Value }
type Read = { value: Value; end: number } | null

/** What the string expressions of a script come to, without running it: literals, `+`, variables, arrays and
 *  objects of them, `join`, `reverse`, `split`, `replace`, `fromCharCode`, `atob`, `unescape`. `strings` are the
 *  results, `codes` the lists of small numbers that may be characters. Anything else is skipped. */
export function foldStrings(source: string, siteHost = ''): FoldedStrings {
  const tokens = tokensOf(source)
  const state: State = { tokens, variables: variablesOfPage(siteHost), codes: [] }
  const strings = new Set<string>()
  for (let at = 0; at < tokens.length;) {
    const read = readSum(state, at, 0)
    if (!read) {
      at++
      continue
    }
    let { value } = read
    const operator = tokens[at - 1]?.text
    const target = tokens[at - 2]
    if ((operator === '=' || operator === '+=') && target?.kind === 'name') {
      const known = state.variables.get(target.text)
      if (operator === '+=' && typeof known === 'string') value = clip(known + asText(value))
      if (state.variables.size < MAX_STRINGS) state.variables.set(target.text, value)
    }
    if (Array.isArray(value) && value.length > 5 && state.codes.length < MAX_CODES) {
      // Number() of a list would write out all that is nested in it.
      const codes = value.every((item) => typeof item === 'string') ? value.map(Number) : []
      if (codes.length > 0 && codes.every((code) => code > 0)) state.codes.push(codes)
    }
    if (typeof value === 'string' && value.length > 5 && strings.size < MAX_STRINGS) strings.add(value)
    at = Math.max(at + 1, read.end)
  }
  return { strings: [...strings], codes: state.codes, variables: state.variables }
}

export type FoldedStrings = { strings: string[]; codes: number[][]; variables: Map<string, Value> }

/** `'contact' + '@' + location.hostname`: what a browser knows of the page. */
function variablesOfPage(siteHost: string): Map<string, Value> {
  if (siteHost === '') return new Map()
  const hostname = siteHost.replace(/^www\.|:\d+$/g, '')
  const location = { hostname, host: hostname }
  const document = { domain: hostname, location }
  return new Map<string, Value>([
    ['location', location],
    ['document', document],
    ['window', { location, document }],
  ])
}

type State = { tokens: Token[]; variables: Map<string, Value>; codes: number[][] }

const TOKEN =
  /\s+|\/\/[^\n]*|\/\*[^]*?\*\/|("(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'|`(?:[^`\\]|\\[^])*`)|(0x[\da-f]+|\d+(?:\.\d+)?)|([A-Za-z_$][\w$]*)|(\+=|[^])/giy
const PATTERN = /\/((?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/([gimsuy]*)/y

function tokensOf(source: string): Token[] {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  while (tokens.length < MAX_TOKENS && TOKEN.lastIndex < source.length) {
    const previous = tokens.at(-1)?.text
    if (source[TOKEN.lastIndex] === '/' && (previous === '(' || previous === ',')) {
      PATTERN.lastIndex = TOKEN.lastIndex
      const pattern = PATTERN.exec(source)
      if (pattern) {
        tokens.push({ kind: 'pattern', text: pattern[1]! })
        TOKEN.lastIndex = PATTERN.lastIndex
        continue
      }
    }
    const match = TOKEN.exec(source)
    if (!match) break
    if (match[1] !== undefined) tokens.push({ kind: 'text', text: match[1], value: literal(match[1]) })
    else if (match[2] !== undefined) tokens.push({ kind: 'number', text: match[2], value: Number(match[2]) })
    else if (match[3] !== undefined) tokens.push({ kind: 'name', text: match[3] })
    else if (match[4] !== undefined) tokens.push({ kind: 'sign', text: match[4] })
  }
  return tokens
}

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '', f: '', v: '', '0': '' }

function literal(quoted: string): string {
  const inner = quoted.slice(1, -1).slice(0, MAX_LENGTH)
  if (!inner.includes('\\')) return inner
  return inner.replace(
    /\\(?:u\{([\da-f]{1,6})\}|u([\da-f]{4})|x([\da-f]{2})|([^]))/gi,
    (_, a, b, c, other) => {
      const code = a ?? b ?? c
      if (code === undefined) return ESCAPES[other as string] ?? (other as string)
      const point = Number.parseInt(code as string, 16)
      return point <= 0x10ffff ? String.fromCodePoint(point) : ''
    },
  )
}

/** a + b + c; a term that is unknown ends the sum. */
function readSum(state: State, start: number, depth: number): Read {
  let left = readTerm(state, start, depth)
  while (left && state.tokens[left.end]?.text === '+') {
    const right: Read = readTerm(state, left.end + 1, depth)
    if (!right) break
    const both = typeof left.value === 'number' && typeof right.value === 'number'
    const value: Value = both
      ? (left.value as number) + (right.value as number)
      : clip(asText(left.value) + asText(right.value))
    left = { value, end: right.end }
  }
  return left
}

function readTerm(state: State, start: number, depth: number): Read {
  if (depth > MAX_DEPTH) return null
  let read = readPrimary(state, start, depth)
  while (read) {
    const next = readMember(state, read, depth)
    if (!next) return read
    read = next
  }
  return null
}

function readPrimary(state: State, start: number, depth: number): Read {
  const token = state.tokens[start]
  if (!token) return null
  if (token.kind === 'text') {
    const filled = token.text.startsWith('`') ? fillTemplate(state, token.value as string) : token.value!
    return { value: filled, end: start + 1 }
  }
  if (token.kind === 'number') return { value: token.value!, end: start + 1 }
  const next = state.tokens[start + 1]
  if (token.text === '-' && next?.kind === 'number') return { value: -(next.value as number), end: start + 2 }
  if (token.kind === 'name') return readName(state, start, depth)
  if (token.text === '(') {
    const inner = readSum(state, start + 1, depth + 1)
    return inner && state.tokens[inner.end]?.text === ')' ? { value: inner.value, end: inner.end + 1 } : null
  }
  if (token.text === '[') {
    const list = readList(state, start + 1, ']', depth + 1)
    if (list && list.value.length > 5 && state.codes.length < MAX_CODES) {
      const codes = list.value.filter((item) => typeof item === 'number')
      if (codes.length === list.value.length) state.codes.push(codes)
    }
    return list
  }
  return token.text === '{' ? readObject(state, start + 1, depth + 1) : null
}

const fillTemplate = (state: State, template: string): string =>
  clip(
    template.replace(/\$\{\s*([\w$.]{1,60})\s*\}/g, (whole, path: string) => {
      const value = lookUp(state, path.split('.'))
      return value === undefined ? whole : asText(value)
    }),
  )

function lookUp(state: State, path: string[]): Value | undefined {
  let value = state.variables.get(path[0]!)
  for (const key of path.slice(1)) {
    if (value === undefined || typeof value !== 'object' || Array.isArray(value)) return undefined
    value = Object.hasOwn(value, key) ? value[key] : undefined
  }
  return value
}

function readName(state: State, start: number, depth: number): Read {
  const { tokens } = state
  const path = [tokens[start]!.text]
  let end = start + 1
  while (tokens[end]?.text === '.' && tokens[end + 1]?.kind === 'name' && path.length < 5) {
    const value = lookUp(state, path)
    // "name.join(" is a call on the value, "name.user" a step into it.
    if (value !== undefined && (typeof value !== 'object' || Array.isArray(value))) return { value, end }
    path.push(tokens[end + 1]!.text)
    end += 2
  }
  if (tokens[end]?.text === '(') {
    const name = path.at(-1)!
    const call = Object.hasOwn(CALLS, name) ? CALLS[name] : undefined
    const values = call && readList(state, end + 1, ')', depth + 1)
    const value = values ? call(values.value) : undefined
    return values && value !== undefined ? { value, end: values.end } : null
  }
  const value = lookUp(state, path)
  return value === undefined ? null : { value, end }
}

const CALLS: Record<string, (values: Value[]) => Value | undefined> = {
  fromCharCode: (codes) => charactersOf(codes.flat() as Value[]),
  fromCodePoint: (codes) => charactersOf(codes.flat() as Value[]),
  atob: ([text]) => (typeof text === 'string' ? decodeBase64(text) : undefined),
  unescape: ([text]) => (typeof text === 'string' ? percentDecode(text) : undefined),
  decodeURIComponent: ([text]) => (typeof text === 'string' ? percentDecode(text) : undefined),
  decodeURI: ([text]) => (typeof text === 'string' ? percentDecode(text) : undefined),
}

const charactersOf = (codes: Value[]): string | undefined =>
  codes.length > 0 && codes.every((code) => typeof code === 'number' && code >= 0 && code < 0xffff)
    ? String.fromCharCode(...(codes as number[]))
    : undefined

export function decodeBase64(text: string): string {
  try {
    return atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  } catch {
    return ''
  }
}

function readList(
  state: State,
  start: number,
  close: string,
  depth: number,
): { value: Value[]; end: number } | null {
  const value: Value[] = []
  let at = start
  while (state.tokens[at]?.text !== close) {
    const item = readSum(state, at, depth)
    if (!item || value.length >= MAX_ITEMS) return null
    value.push(item.value)
    at = item.end
    if (state.tokens[at]?.text === ',') at++
    else if (state.tokens[at]?.text !== close) return null
  }
  return { value, end: at + 1 }
}

function readObject(state: State, start: number, depth: number): Read {
  const value: { [key: string]: Value } = {}
  let at = start
  for (let count = 0; state.tokens[at]?.text !== '}'; count++) {
    const key = state.tokens[at]
    if (!key || (key.kind !== 'name' && key.kind !== 'text') || count > 60) return null
    if (state.tokens[at + 1]?.text !== ':') return null
    const item = readSum(state, at + 2, depth)
    if (!item) return null
    const name = key.kind === 'text' ? String(key.value) : key.text
    if (name !== '__proto__') value[name] = item.value
    at = item.end
    if (state.tokens[at]?.text === ',') at++
    else if (state.tokens[at]?.text !== '}') return null
  }
  return { value, end: at + 1 }
}

/** `.join('')`, `.reverse()`, `[0]` … after a known value. */
function readMember(state: State, read: { value: Value; end: number }, depth: number): Read {
  const { tokens } = state
  const { value, end } = read
  if (tokens[end]?.text === '[' && (Array.isArray(value) || typeof value === 'string')) {
    const index = readSum(state, end + 1, depth + 1)
    if (!index || typeof index.value !== 'number' || tokens[index.end]?.text !== ']') return null
    const item = value[index.value]
    return item === undefined ? null : { value: item, end: index.end + 1 }
  }
  if (tokens[end]?.text !== '.' || tokens[end + 1]?.kind !== 'name' || tokens[end + 2]?.text !== '(')
    return null
  const name = tokens[end + 1]!.text
  if (name === 'replace' || name === 'replaceAll') return readReplace(state, read, name, depth)
  const values = readList(state, end + 3, ')', depth + 1)
  const result = values && callOn(value, name, values.value)
  return result === null || result === undefined ? null : { value: result, end: values!.end }
}

function callOn(value: Value, name: string, values: Value[]): Value | null {
  if (typeof value === 'string') {
    if (name === 'split') return value.split(asText(values[0] ?? '')).slice(0, MAX_ITEMS)
    if (name === 'toLowerCase') return value.toLowerCase()
    if (name === 'trim' || name === 'toString') return name === 'trim' ? value.trim() : value
    if (name === 'concat') return clip(value + joined(values, ''))
    if (name === 'charAt') return value.charAt(Number(asText(values[0] ?? 0)))
    if (name === 'slice' || name === 'substring' || name === 'substr') return partOf(value, name, values)
    return null
  }
  if (!Array.isArray(value)) return null
  if (name === 'join') return joined(value, asText(values[0] ?? ','))
  if (name === 'reverse') return value.toReversed()
  return null
}

function partOf(text: string, name: string, [start, end]: Value[]): string | null {
  if (typeof start !== 'number' || (end !== undefined && typeof end !== 'number')) return null
  if (name === 'slice') return text.slice(start, end)
  return name === 'substring' ? text.substring(start, end) : text.slice(start, end && start + end)
}

function readReplace(
  state: State,
  { value, end }: { value: Value; end: number },
  name: string,
  depth: number,
): Read {
  const { tokens } = state
  const what = tokens[end + 3]
  if (typeof value !== 'string' || !what || tokens[end + 4]?.text !== ',') return null
  const by = readSum(state, end + 5, depth + 1)
  if (!by || typeof by.value !== 'string' || tokens[by.end]?.text !== ')') return null
  const literals = what.kind === 'text' ? [what.value as string] : literalsOf(what.text)
  if (!literals || (what.kind !== 'text' && what.kind !== 'pattern')) return null
  let text = value
  const all = what.kind === 'pattern' || name === 'replaceAll'
  // No more pieces than fill the longest text, which every replacement keeps to.
  const pieces = Math.ceil(MAX_LENGTH / Math.max(by.value.length, 1)) + 1
  for (const one of literals)
    text = clip(all ? text.split(one, pieces).join(by.value) : text.replace(one, by.value))
  return { value: text, end: by.end + 1 }
}

/** The plain texts a simple pattern stands for (`\[at\]`, `-at-|#`), or null for any other: a pattern of the
 *  site is never run. */
function literalsOf(pattern: string): string[] | null {
  const plain = pattern
    .replace(/\\s[*?]?/g, '')
    .replace(/\\([^\w\s])/g, (_, sign: string) => `\ue000${sign.charCodeAt(0)}\ue001`)
  if (/[.*+?^$()[\]{}\\]/.test(plain)) return null
  const back = (text: string): string =>
    text.replace(/\ue000(\d+)\ue001/g, (_, code) => String.fromCharCode(code))
  return plain.split('|').map(back).filter(Boolean)
}

const clip = (text: string): string => text.slice(0, MAX_LENGTH)

const asText = (value: Value): string => {
  if (Array.isArray(value)) return joined(value, ',')
  return typeof value === 'object' ? '' : String(value)
}

// Lists of lists of one list would come to any length: what is beyond the longest text is not written.
function joined(items: Value[], between: string): string {
  let text = ''
  for (const [index, item] of items.entries()) {
    if (text.length >= MAX_LENGTH) break
    text += (index > 0 ? between : '') + asText(item)
  }
  return clip(text)
}

/** Character references decoded where there are any. */
export const decoded = (text: string): string => (text.includes('&') ? decodeHTML(text) : text)
