import type { TechnologyFact } from '../site-record.ts'
import { createLiteralIndex } from './literal-index.ts'
import { oneLine, type PageView } from './page-view.ts'
import {
  BANNER_LITERALS,
  BOOKING_HOSTS,
  COMMENT_LITERALS,
  COOKIES,
  FIELDS,
  FORM_HOSTS,
  HEADER_RULES,
  HOSTS,
  INLINE_LITERALS,
  MARKS,
  META_RULES,
  type Rule,
  RULE_BY_NAME,
  rulesOfHost,
  SHAPES,
} from './technology-rules.ts'
import { hostsRun, signalsOfUrls } from './technology-urls.ts'
import { thirdPartyOf } from './third-parties.ts'

const MAX_VERSION = 30
const MAX_THIRD_PARTIES = 30
const MAX_SIGNALS = 8
const MAX_HEADER = 1_000
const KIND_BONUS = 0.02
const SUREST = 0.99

/** Not the seconds that a cache took. */
const AFTER_NAME = /^[^\d<>]{0,30}(\d+\.\d+(?:\.\d+)*)(?![\d.]* ?s)/

const BOOKS = /rdv|rendez-vous|r[ée]serv|\bbook|appointment|agenda|billet|ticket|termin|cita\b/i

const IN_SCRIPTS = createLiteralIndex([...INLINE_LITERALS, ...BANNER_LITERALS].map(({ literal }) => literal))

type Signal = { kind: string; confidence: number; evidence: string; version: string | null }
type Add = (rule: Rule, signal: Signal) => void

/** Technologies told by response headers, cookies, metas, resource URLs, marks of the markup, comments and inline
 *  scripts; each with the strongest evidence, a version where one is written, and what it implies. */
export function extractTechnologies(view: PageView, headers: Record<string, string>): TechnologyFact[] {
  const signals = new Map<Rule, Signal[]>()
  const add: Add = (rule, signal) => {
    const list = signals.get(rule)
    if (!list) signals.set(rule, [signal])
    else if (list.length < MAX_SIGNALS) list.push(signal)
  }
  fromHeaders(headers, add)
  for (const meta of view.metas) {
    for (const { rule, pattern } of META_RULES.get(meta.name) ?? []) {
      const match = pattern ? pattern.exec(meta.content) : []
      if (match) add(rule, signalOf('meta', 0.97, `${meta.name}: ${meta.content}`, match[1]))
    }
  }
  for (const { rule, kind, url, version } of signalsOfUrls(view))
    add(rule, signalOf(kind, kind === 'host' ? 0.95 : 0.92, url, version))
  for (const mark of view.marks)
    for (const rule of MARKS.get(mark) ?? []) add(rule, signalOf('markup', 0.85, mark))
  fromShapes(view.marks, add)
  fromBookingLinks(view, add)
  for (const script of view.inlineScripts) {
    const first = IN_SCRIPTS.firstIn(script)
    if (first === null) continue
    for (const [index, { rule }] of INLINE_LITERALS.entries()) {
      const at = first[index]!
      if (at >= 0) add(rule, signalOf('inline-script', 0.9, script.slice(at, at + 120)))
    }
    fromBanners(script, add, (index) => first[INLINE_LITERALS.length + index]!)
  }
  for (const comment of view.comments) {
    for (const { rule, literal } of COMMENT_LITERALS) {
      const at = comment.indexOf(literal)
      if (at < 0) continue
      const version = AFTER_NAME.exec(comment.slice(at + literal.length))?.[1]
      add(rule, signalOf('comment', 0.95, comment, version))
    }
    fromBanners(comment, add, (index) => comment.indexOf(BANNER_LITERALS[index]!.literal))
  }
  for (const form of view.forms) {
    for (const field of form.fields)
      for (const rule of FIELDS.get(field.name) ?? []) add(rule, signalOf('form', 0.9, field.name))
    const host = URL.parse(form.action, view.base)?.hostname ?? ''
    for (const rule of rulesOfHost(FORM_HOSTS, host)) add(rule, signalOf('form', 0.9, form.action))
  }
  return [...factsOf(signals, view), ...thirdParties(view)]
}

const signalOf = (kind: string, confidence: number, evidence: string, version?: string | null): Signal => ({
  kind,
  confidence,
  evidence,
  version: version ?? null,
})

function fromHeaders(headers: Record<string, string>, add: Add): void {
  for (const name in headers) {
    const value = headers[name]!.slice(0, MAX_HEADER)
    for (const { rule, pattern } of HEADER_RULES.get(name) ?? []) {
      const match = pattern ? pattern.exec(value) : []
      if (match) add(rule, signalOf('header', 0.97, `${name}: ${value}`, match[1]))
    }
  }
  for (const line of (headers['set-cookie'] ?? '').split('\n')) {
    const name = /^\s*([^=;\s]+)=/.exec(line)?.[1]
    if (!name) continue
    for (const { rule, literal } of COOKIES) {
      const hit = literal.endsWith('*') ? name.startsWith(literal.slice(0, -1)) : name === literal
      if (hit) add(rule, signalOf('cookie', 0.9, `cookie ${name}`))
    }
  }
}

function fromShapes(marks: Set<string>, add: Add): void {
  const counts = SHAPES.map(() => 0)
  const seen = SHAPES.map(() => '')
  for (const mark of marks)
    for (const [index, { form }] of SHAPES.entries())
      if (form.test(mark)) {
        counts[index]!++
        seen[index] ||= mark
      }
  for (const [index, { rule, least }] of SHAPES.entries())
    if (counts[index]! >= least) add(rule, signalOf('markup', 0.85, seen[index]!))
}

/** "Prendre rendez-vous" that leads to the site's own page at a booking service: it is used, though not embedded. */
function fromBookingLinks(view: PageView, add: Add): void {
  for (const { href, text, title } of view.anchors) {
    if (!/^https?:/i.test(href) || !BOOKS.test(`${text} ${title ?? ''}`)) continue
    const url = URL.parse(href)
    if (!url || url.pathname.length < 3) continue
    for (const rule of rulesOfHost(BOOKING_HOSTS, url.hostname.toLowerCase()))
      add(rule, signalOf('link', 0.85, `${text} ${href}`))
  }
}

/** "jQuery v3.4.1": the banner that a library keeps where it is pasted into the page. */
function fromBanners(text: string, add: Add, positionOf: (index: number) => number): void {
  for (const [index, { rule, literal }] of BANNER_LITERALS.entries()) {
    const at = positionOf(index)
    if (at < 0) continue
    const end = at + literal.length
    const version = /^v?(\d+\.\d+(?:\.\d+)*(?:-(?:alpha|beta|rc)[\d.]*)?)/.exec(
      text.slice(end, end + 30),
    )?.[1]
    if (version) add(rule, signalOf('banner', 0.93, text.slice(at, at + 120), version))
  }
}

function* thirdParties(view: PageView): Generator<TechnologyFact> {
  const known = new Set<string>()
  for (const { host, url } of hostsRun(view)) {
    const party = rulesOfHost(HOSTS, host).length > 0 ? null : thirdPartyOf(host)
    if (!party || known.has(party.name) || RULE_BY_NAME.has(party.name)) continue
    if (known.size >= MAX_THIRD_PARTIES) return
    known.add(party.name)
    yield {
      ...party,
      version: null,
      pageUrl: view.url,
      method: 'third-party',
      snippet: oneLine(url),
      confidence: 0.8,
    }
  }
}

// WordPress puts its own number behind the files of those who give none.
const PART_OF_WORDPRESS = /^(?:wordpress-(?:plugin|theme)|page-builder|seo|javascript-library|css-framework)$/

function factsOf(signals: Map<Rule, Signal[]>, view: PageView): TechnologyFact[] {
  const facts = new Map<string, TechnologyFact>()
  for (const [rule, list] of signals) {
    const kinds = new Set(list.map((signal) => signal.kind))
    const best = list.reduce((a, b) => (b.confidence > a.confidence ? b : a))
    const ambiguous = [...kinds].every((kind) => kind === 'url' || kind === 'markup')
    if (rule.strong && ambiguous && kinds.size < 2) continue
    facts.set(rule.name, {
      name: rule.name,
      category: rule.category,
      version: versionOf(list),
      pageUrl: view.url,
      method: best.kind,
      snippet: oneLine(best.evidence),
      confidence: Math.min(SUREST, best.confidence + (kinds.size - 1) * KIND_BONUS),
    })
  }
  const core = facts.get('WordPress')?.version ?? null
  for (const fact of facts.values())
    if (core !== null && fact.version === core && PART_OF_WORDPRESS.test(fact.category)) fact.version = null
  const queue = [...facts.values()]
  for (const fact of queue) {
    for (const implied of RULE_BY_NAME.get(fact.name)?.implies ?? []) {
      const rule = RULE_BY_NAME.get(implied)
      if (!rule || facts.has(implied)) continue
      const added: TechnologyFact = {
        ...fact,
        name: implied,
        category: rule.category,
        version: null,
        method: 'implied',
        confidence: Math.round(fact.confidence * 90) / 100,
      }
      facts.set(implied, added)
      queue.push(added)
    }
  }
  return [...facts.values()]
}

/** The most exact one that was written. */
function versionOf(signals: Signal[]): string | null {
  const written = signals.map((signal) => signal.version).filter((text): text is string => Boolean(text))
  const best = written.toSorted((a, b) => b.length - a.length)[0]
  return best?.slice(0, MAX_VERSION).replace(/[.-]+$/, '') || null
}
