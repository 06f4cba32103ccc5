import type { TechnologyFact } from '../site-record.ts'
import { type AdminPattern, compilePattern, versionOf } from './admin-rule-patterns.ts'
import type { AdminRule } from './admin-rules.ts'
import { oneLine, type PageView } from './page-view.ts'
import { parseTree } from './parse-tree.ts'
import { RULE_BY_NAME } from './technology-rules.ts'

const MAX_HTML = 200_000
const MAX_SCRIPT = 100_000
const MAX_TEXT = 50_000
const MAX_SHORT = 1_000
const MAX_SCRIPTS = 150
const MAX_ELEMENTS = 5_000
const MAX_DEPTH = 400
const MAX_MATCHED = 20
/** What the admin's rules may take of a page, and one pattern before the thread leaves it out for good. */
const BUDGET_MS = 400
const SLOW_MS = 60
const PIECE = 2_048
const OVERLAP = 512
const LEAST_CONFIDENCE = 50
const SUREST = 0.95

type Condition = {
  selector: string
  /** What the page must hold for the selector to match at all */
  words: string[]
  text: AdminPattern[]
  attributes: [string, AdminPattern[]][]
}
type Compiled = Omit<
  AdminRule,
  'headers' | 'cookies' | 'meta' | 'scriptSrc' | 'scripts' | 'html' | 'text' | 'url' | 'dom'
> & {
  headers: [string, AdminPattern[]][]
  cookies: [string, AdminPattern[]][]
  meta: [string, AdminPattern[]][]
  scriptSrc: AdminPattern[]
  scripts: AdminPattern[]
  html: AdminPattern[]
  text: AdminPattern[]
  url: AdminPattern[]
  dom: Condition[]
}

/** The admin's rules made ready for a thread; those that repeat one of ours add to it under our name. */
export type AdminTechnologies = { rules: Compiled[]; slow: Set<RegExp>; categoryIds: Map<string, number[]> }

export function compileAdminRules(rules: AdminRule[]): AdminTechnologies {
  const all = (written: string[]) => written.flatMap((one) => compilePattern(one) ?? [])
  const byName = (record: Record<string, string[]>) =>
    Object.entries(record).map(([name, written]): [string, AdminPattern[]] => [name, all(written)])
  return {
    slow: new Set(),
    categoryIds: new Map(rules.map((rule) => [nameKey(rule.name), rule.categoryIds])),
    rules: rules.map((rule) => ({
      ...rule,
      headers: byName(rule.headers),
      cookies: byName(rule.cookies),
      meta: byName(rule.meta),
      scriptSrc: all(rule.scriptSrc),
      scripts: all(rule.scripts),
      html: all(rule.html),
      text: all(rule.text),
      url: all(rule.url),
      dom: rule.dom.map(({ selector, text, attributes }) => ({
        selector,
        words: wordsOf(selector),
        text: all(text),
        attributes: byName(attributes),
      })),
    })),
  }
}

const OUR_NAMES = new Map([...RULE_BY_NAME.keys()].map((name) => [nameKey(name), name]))

function nameKey(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9+#]/g, '')
}

type Hit = { rule: Compiled; confidence: number; version: string | null; method: string; evidence: string }
type Text = { text: string; lower: string }

/** Adds to our facts what the admin's rules tell. Headers, cookies, metas, script addresses and the URL are read on
 *  every page; `html`, `scripts`, `text` and `dom` on the home page. Ours win where both name the same. */
export function withAdminTechnologies(
  ours: TechnologyFact[],
  admin: AdminTechnologies,
  page: { view: PageView; html: string; headers: Record<string, string>; home: boolean },
): TechnologyFact[] {
  const ends = performance.now() + BUDGET_MS
  const sources = sourcesOf(page)
  const hits = new Map<string, Hit>()
  for (const rule of admin.rules) {
    if (performance.now() > ends) break
    const hit = read(rule, sources, admin.slow)
    if (hit && hit.confidence >= LEAST_CONFIDENCE) hits.set(nameKey(rule.name), hit)
  }
  return joined(ours, hits, admin, page.view.url)
}

type Sources = ReturnType<typeof sourcesOf>

function sourcesOf({ view, html, headers, home }: Parameters<typeof withAdminTechnologies>[2]) {
  const text = (value: string, most: number): Text => {
    const cut = value.slice(0, most)
    return { text: cut, lower: cut.toLowerCase() }
  }
  const cookies = (headers['set-cookie'] ?? '').split('\n').flatMap((line) => {
    const match = /^\s*([^=;\s]+)=([^;]*)/.exec(line)
    return match ? [{ name: match[1]!, value: text(match[2]!, MAX_SHORT) }] : []
  })
  const addresses = view.scripts
    .slice(0, MAX_SCRIPTS)
    .map((src) => text(URL.parse(src, view.base)?.href ?? src, MAX_SHORT))
  const canHaveTree = home && view.elementCount <= MAX_ELEMENTS && view.deepest <= MAX_DEPTH
  return {
    headers: new Map(Object.entries(headers).map(([name, value]) => [name, text(value, MAX_SHORT)])),
    cookies,
    metas: view.metas.map(({ name, content }) => ({ name, value: text(content, MAX_SHORT) })),
    addresses,
    url: text(view.url, MAX_SHORT),
    scripts: home ? text(view.inlineScripts.join('\n'), MAX_SCRIPT) : null,
    text: home ? text(view.text, MAX_TEXT) : null,
    html: home ? text(html, MAX_HTML) : null,
    tree: canHaveTree ? lazyTree(html.slice(0, MAX_HTML)) : null,
  }
}

const lazyTree = (html: string): (() => Document) => {
  let document: Document | null = null
  return () => (document ??= parseTree(/<html[\s>]/i.test(html) ? html : `<html><body>${html}</body></html>`))
}

function read(rule: Compiled, sources: Sources, slow: Set<RegExp>): Hit | null {
  const hit: Hit = { rule, confidence: 0, version: null, method: '', evidence: '' }
  const take = (method: string, evidence: string, found: { confidence: number; version: string | null }) => {
    hit.confidence = Math.min(100, hit.confidence + found.confidence)
    if (found.version && found.version.length > (hit.version?.length ?? 0)) hit.version = found.version
    hit.method ||= method
    hit.evidence ||= evidence
  }
  const tryAll = (patterns: AdminPattern[], text: Text | null | undefined, method: string, label = '') => {
    if (!text) return
    for (const pattern of patterns) {
      const found = run(pattern, text, slow)
      if (found) take(method, `${label}${found.evidence}`, found)
    }
  }
  for (const [name, patterns] of rule.headers)
    tryAll(patterns, sources.headers.get(name), 'header', `${name}: `)
  for (const [name, patterns] of rule.cookies)
    for (const cookie of sources.cookies)
      if (name.endsWith('*') ? cookie.name.startsWith(name.slice(0, -1)) : cookie.name === name)
        tryAll(patterns, cookie.value, 'cookie', `cookie ${cookie.name} `)
  for (const [name, patterns] of rule.meta)
    for (const meta of sources.metas)
      if (meta.name === name) tryAll(patterns, meta.value, 'meta', `${name}: `)
  for (const address of sources.addresses) tryAll(rule.scriptSrc, address, 'url')
  tryAll(rule.url, sources.url, 'url')
  tryAll(rule.scripts, sources.scripts, 'inline-script')
  tryAll(rule.text, sources.text, 'text')
  tryAll(rule.html, sources.html, 'markup')
  for (const condition of rule.dom) readTree(condition, sources, slow, take)
  return hit.confidence > 0 ? hit : null
}

type Found = { confidence: number; version: string | null; evidence: string }

function run(pattern: AdminPattern, { text, lower }: Text, slow: Set<RegExp>): Found | null {
  const { regex, literal, confidence, version } = pattern
  if (slow.has(regex)) return null
  const began = performance.now()
  for (const piece of piecesOf(text, lower, literal)) {
    const match = regex.exec(piece)
    if (match) return { confidence, version: versionOf(version, match), evidence: match[0] || piece }
    if (performance.now() - began < SLOW_MS) continue
    slow.add(regex)
    return null
  }
  return null
}

/** Short pieces that overlap, those that hold the text a match needs: a pattern never works on a long one. */
function* piecesOf(text: string, lower: string, literal: string): Generator<string> {
  for (let start = 0; start === 0 || start < text.length;) {
    const at = literal === '' ? start : lower.indexOf(literal, start)
    if (at < 0) return
    const from = literal === '' ? start : Math.max(start, at - PIECE / 2)
    yield text.slice(from, from + PIECE)
    start = from + PIECE - OVERLAP
  }
}

function readTree(
  { selector, words, text, attributes }: Condition,
  { html, tree }: Sources,
  slow: Set<RegExp>,
  take: (method: string, evidence: string, found: { confidence: number; version: string | null }) => void,
): void {
  if (!tree || !html || !words.every((word) => html.lower.includes(word))) return
  let elements: Element[]
  try {
    elements = [...tree().querySelectorAll(selector)].slice(0, MAX_MATCHED)
  } catch {
    return
  }
  if (elements.length === 0) return
  if (text.length === 0 && attributes.length === 0) {
    take('dom', selector, { confidence: 100, version: null })
    return
  }
  const short = (value: string): Text => ({
    text: value.slice(0, MAX_SHORT),
    lower: value.slice(0, MAX_SHORT).toLowerCase(),
  })
  const tryAll = (patterns: AdminPattern[], value: string): boolean => {
    const found = patterns.map((pattern) => run(pattern, short(value), slow)).find(Boolean)
    if (found) take('dom', `${selector} ${found.evidence}`, found)
    return Boolean(found)
  }
  for (const element of elements) {
    if (text.length > 0 && tryAll(text, element.textContent ?? '')) return
    for (const [name, patterns] of attributes) {
      const value = element.getAttribute(name)
      if (value !== null && tryAll(patterns, value)) return
    }
  }
}

/** Names of classes, ids and quoted values that a selector asks for; none where it offers a choice. */
function wordsOf(selector: string): string[] {
  if (/[,]|:(?:not|is|where|has)\b/.test(selector)) return []
  const quoted = [...selector.matchAll(/\[[\w-]+\s*[*^$|~]?=\s*["']?([^"'\]]+)["']?\s*(?:[is]\s*)?\]/g)].map(
    (match) => match[1]!,
  )
  const outside = selector.replace(/\[[^\]]*\]/g, ' ')
  const names = [...outside.matchAll(/[.#]([\w-]{3,})/g)].map((match) => match[1]!)
  return [...quoted, ...names].map((word) => word.toLowerCase())
}

function joined(
  ours: TechnologyFact[],
  hits: Map<string, Hit>,
  admin: AdminTechnologies,
  pageUrl: string,
): TechnologyFact[] {
  const facts = new Map(ours.map((fact) => [nameKey(fact.name), fact]))
  const isThere = (name: string) => facts.has(nameKey(bare(name))) || hits.has(nameKey(bare(name)))
  const categories = () =>
    new Set([...hits.keys(), ...facts.keys()].flatMap((key) => admin.categoryIds.get(key) ?? []))
  for (const [key, { rule }] of hits) {
    const misses = rule.requires.some((name) => !isThere(name))
    const lacks =
      rule.requiresCategory.length > 0 && !rule.requiresCategory.some((id) => categories().has(id))
    if (misses || lacks) hits.delete(key)
  }
  for (const { rule } of hits.values()) for (const name of rule.excludes) hits.delete(nameKey(bare(name)))
  for (const [key, hit] of hits) if (!facts.has(key)) facts.set(key, factOf(hit, pageUrl))
  const byKey = new Map(admin.rules.map((rule) => [nameKey(rule.name), rule]))
  const waiting = [...hits.values()].map(({ rule, evidence, confidence }) => ({ rule, evidence, confidence }))
  for (const { rule, evidence, confidence } of waiting)
    for (const written of rule.implies) {
      const key = nameKey(bare(written))
      const implied = byKey.get(key)
      const category = RULE_BY_NAME.get(OUR_NAMES.get(key) ?? '')?.category ?? implied?.category
      const sure = Math.min(confidence, Number(/\\;confidence:(\d+)/.exec(written)?.[1] ?? 100))
      if (facts.has(key) || !category || sure < LEAST_CONFIDENCE) continue
      facts.set(key, {
        name: OUR_NAMES.get(key) ?? bare(written),
        category,
        version: null,
        pageUrl,
        method: 'implied',
        snippet: oneLine(evidence),
        confidence: Math.round(sure * SUREST * 0.9) / 100,
      })
      if (implied) waiting.push({ rule: implied, evidence, confidence: sure })
    }
  return [...facts.values()]
}

const bare = (written: string): string => written.split('\\;')[0]!

function factOf({ rule, confidence, version, method, evidence }: Hit, pageUrl: string): TechnologyFact {
  const name = OUR_NAMES.get(nameKey(rule.name)) ?? rule.name
  return {
    name,
    category: RULE_BY_NAME.get(name)?.category ?? rule.category,
    version,
    pageUrl,
    method,
    snippet: oneLine(evidence),
    confidence: Math.round(confidence * SUREST) / 100,
  }
}
