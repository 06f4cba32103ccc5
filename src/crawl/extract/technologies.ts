import data from './technologies.data.json'
import type { TechnologyFact } from '../site-record.ts'
import { oneLine, type PageView } from './page-view.ts'
import { thirdPartyOf } from './third-parties.ts'

const MAX_VERSION = 30
const MAX_THIRD_PARTIES = 30

/** One technology. `headers` and `meta`: name → pattern whose first group is the version, empty for mere
 *  presence. `urls`: literal parts of resource URLs; `hosts`: their host or a parent of it. `marks`: class,
 *  `#id` or data- attribute. `inline`: literals in inline scripts; `comments`: in comments, a version may follow. `cookies`: name, or prefix*. `version`: pattern
 *  over the URL that matched. `strong`: URL and mark signals are ambiguous alone, two different kinds must agree. */
type Rule = {
  name: string
  category: string
  headers?: Record<string, string>
  meta?: Record<string, string>
  urls?: string[]
  hosts?: string[]
  marks?: string[]
  inline?: string[]
  comments?: string[]
  cookies?: string[]
  fieldNames?: string[]
  formHosts?: string[]
  version?: string
  implies?: string[]
  strong?: number
}

type Signal = { kind: string; confidence: number; evidence: string; version: string | null }

const RULES = data.rules as Rule[]
const BY_NAME = new Map(RULES.map((rule) => [rule.name, rule]))
const HEADER_RULES = patternRules((rule) => rule.headers)
const META_RULES = patternRules((rule) => rule.meta)
const VERSION_PATTERNS = new Map(
  RULES.filter((rule) => rule.version).map((rule) => [rule.name, new RegExp(rule.version!, 'i')]),
)
const URL_LITERALS = RULES.flatMap((rule) =>
  (rule.urls ?? []).map((literal) => ({ rule, literal: literal.toLowerCase() })),
)
const INLINE_LITERALS = RULES.flatMap((rule) => (rule.inline ?? []).map((literal) => ({ rule, literal })))
const COMMENT_LITERALS = RULES.flatMap((rule) => (rule.comments ?? []).map((literal) => ({ rule, literal })))
const HOSTS = indexBy((rule) => rule.hosts)
const MARKS = indexBy((rule) => rule.marks)
const FIELDS = indexBy((rule) => rule.fieldNames)
const FORM_HOSTS = indexBy((rule) => rule.formHosts)
const COOKIES = RULES.flatMap((rule) => (rule.cookies ?? []).map((cookie) => ({ rule, cookie })))

function patternRules(
  pick: (rule: Rule) => Record<string, string> | undefined,
): Map<string, { rule: Rule; pattern: RegExp | null }[]> {
  const map = new Map<string, { rule: Rule; pattern: RegExp | null }[]>()
  for (const rule of RULES) {
    for (const [name, pattern] of Object.entries(pick(rule) ?? {})) {
      const list = map.get(name) ?? []
      list.push({ rule, pattern: pattern === '' ? null : new RegExp(pattern, 'i') })
      map.set(name, list)
    }
  }
  return map
}

function indexBy(pick: (rule: Rule) => string[] | undefined): Map<string, Rule[]> {
  const map = new Map<string, Rule[]>()
  for (const rule of RULES) for (const key of pick(rule) ?? []) map.set(key, [...(map.get(key) ?? []), rule])
  return map
}

/** Technologies told by response headers, cookies, metas, resource URLs, marks of the markup and inline
 *  scripts; each with the strongest evidence, a version where one is written, and what it implies. */
export function extractTechnologies(view: PageView, headers: Record<string, string>): TechnologyFact[] {
  const signals = new Map<Rule, Signal[]>()
  const add = (rule: Rule, signal: Signal): void => {
    const list = signals.get(rule)
    if (!list) signals.set(rule, [signal])
    else if (list.length < 8) list.push(signal)
  }
  fromHeaders(headers, add)
  for (const meta of view.metas) {
    for (const { rule, pattern } of META_RULES.get(meta.name) ?? []) {
      const match = pattern?.exec(meta.content)
      if (match)
        add(rule, {
          kind: 'meta',
          confidence: 0.97,
          evidence: `${meta.name}: ${meta.content}`,
          version: match[1] ?? null,
        })
    }
  }
  const thirdParties = new Map<string, TechnologyFact>()
  const scripted = new Set([...view.scripts, ...view.resources])
  fromUrls(view, add, (host, url) => {
    // Only what the page runs or frames; an image of a host proves little.
    const party = scripted.has(url) ? thirdPartyOf(host) : null
    if (party && thirdParties.size < MAX_THIRD_PARTIES && !BY_NAME.has(party.name))
      thirdParties.set(party.name, {
        ...party,
        version: null,
        pageUrl: view.url,
        method: 'third-party',
        snippet: oneLine(url),
        confidence: 0.8,
      })
  })
  for (const mark of view.marks) {
    for (const rule of MARKS.get(mark) ?? [])
      add(rule, { kind: 'markup', confidence: 0.85, evidence: mark, version: null })
  }
  for (const script of view.inlineScripts) {
    for (const { rule, literal } of INLINE_LITERALS) {
      const at = script.indexOf(literal)
      if (at >= 0)
        add(rule, {
          kind: 'inline-script',
          confidence: 0.9,
          evidence: script.slice(at, at + 120),
          version: null,
        })
    }
  }
  for (const comment of view.comments) {
    for (const { rule, literal } of COMMENT_LITERALS) {
      const at = comment.indexOf(literal)
      if (at < 0) continue
      const version =
        /^[^\d<>]{0,30}(\d+\.\d+(?:\.\d+)*)/.exec(comment.slice(at + literal.length))?.[1] ?? null
      add(rule, { kind: 'comment', confidence: 0.95, evidence: comment, version })
    }
  }
  for (const form of view.forms) {
    for (const field of form.fields) {
      for (const rule of FIELDS.get(field.name) ?? [])
        add(rule, { kind: 'form', confidence: 0.9, evidence: field.name, version: null })
    }
    const host = URL.parse(form.action, view.base)?.hostname ?? ''
    for (const rule of rulesOfHost(FORM_HOSTS, host))
      add(rule, { kind: 'form', confidence: 0.9, evidence: form.action, version: null })
  }
  return [...factsOf(signals, view), ...thirdParties.values()]
}

function fromHeaders(headers: Record<string, string>, add: (rule: Rule, signal: Signal) => void): void {
  for (const name in headers) {
    const value = headers[name]!.slice(0, 1_000)
    for (const { rule, pattern } of HEADER_RULES.get(name) ?? []) {
      const match = pattern ? pattern.exec(value) : []
      if (match)
        add(rule, {
          kind: 'header',
          confidence: 0.97,
          evidence: `${name}: ${value}`,
          version: match[1] ?? null,
        })
    }
  }
  for (const line of (headers['set-cookie'] ?? '').split('\n')) {
    const name = /^\s*([^=;\s]+)=/.exec(line)?.[1]
    if (!name) continue
    for (const { rule, cookie } of COOKIES) {
      const hit = cookie.endsWith('*') ? name.startsWith(cookie.slice(0, -1)) : name === cookie
      if (hit) add(rule, { kind: 'cookie', confidence: 0.9, evidence: `cookie ${name}`, version: null })
    }
  }
}

function fromUrls(
  view: PageView,
  add: (rule: Rule, signal: Signal) => void,
  addThirdParty: (host: string, url: string) => void,
): void {
  const urls = [
    ...new Set([
      ...view.scripts,
      ...view.stylesheets,
      ...view.resources,
      ...view.images.slice(0, 150).map((image) => image.src),
    ]),
  ]
  const joined = urls.join('\n').toLowerCase()
  for (const { rule, literal } of URL_LITERALS) {
    const at = joined.indexOf(literal)
    if (at < 0) continue
    const start = joined.lastIndexOf('\n', at) + 1
    const url = lineOf(joined, start)
    add(rule, { kind: 'url', confidence: 0.92, evidence: url, version: versionIn(rule, joined, literal, at) })
  }
  const seen = new Set<string>()
  for (const url of urls) {
    const host = /^(?:https?:)?\/\/([^/?#:\s]+)/i.exec(url)?.[1]?.toLowerCase()
    if (!host || seen.has(host)) continue
    seen.add(host)
    const rules = rulesOfHost(HOSTS, host)
    if (rules.length === 0) addThirdParty(host, url)
    for (const rule of rules) {
      add(rule, {
        kind: 'host',
        confidence: 0.95,
        evidence: url,
        version: VERSION_PATTERNS.get(rule.name)?.exec(url)?.slice(1).find(Boolean) ?? null,
      })
    }
  }
}

const lineOf = (text: string, start: number): string => {
  const end = text.indexOf('\n', start)
  return text.slice(start, end < 0 ? undefined : end)
}

const NUMBERED = new Set([
  'javascript-library',
  'css-framework',
  'font',
  'consent',
  'wordpress-plugin',
  'wordpress-theme',
  'seo',
  'map',
  'page-builder',
])
/** …/5.15.3/css/all.css, @5.3.2/dist, -1.12.4.min.js right behind the name. */
const USUAL_VERSION = /^(?:[a-z-]{0,12})?[@/.-]v?(\d+\.\d+(?:\.\d+)*)(?=[/.-]|$)/

/** The version in the first few URLs that hold the literal. */
function versionIn(rule: Rule, joined: string, literal: string, first: number): string | null {
  const pattern = VERSION_PATTERNS.get(rule.name) ?? null
  if (!pattern && !NUMBERED.has(rule.category)) return null
  let at = first
  for (let tries = 0; at >= 0 && tries < 12; tries++) {
    const url = lineOf(joined, joined.lastIndexOf('\n', at) + 1)
    const version = pattern?.exec(url.slice(0, 500))?.slice(1).find(Boolean)
    if (version) return version
    if (NUMBERED.has(rule.category)) {
      const start = url.indexOf(literal)
      const usual =
        start < 0 ? null : USUAL_VERSION.exec(url.slice(start + literal.length, start + literal.length + 80))
      if (usual) return usual[1]!
      const file = url.slice(url.lastIndexOf('/', url.search(/[?#]|$/)) + 1)
      const named =
        file.includes(literal.replace(/^\/|\/$/g, '').slice(0, 8)) ||
        /\/wp-content\/(?:plugins|themes)\//.test(literal)
      const asked = /[?&]v(?:er)?=(\d+\.\d+(?:\.\d+)*)(?:&|$)/.exec(url)?.[1]
      if (asked && named) return asked
      const folder = /\/(\d+\.\d+\.\d+)\/(?:[a-z]{1,6}\/)?[\w.-]*$/.exec(url)?.[1]
      if (folder && named) return folder
    }
    at = joined.indexOf(literal, at + url.length)
  }
  return null
}

function rulesOfHost(index: Map<string, Rule[]>, host: string): Rule[] {
  const found: Rule[] = []
  let rest = host
  while (rest.includes('.')) {
    found.push(...(index.get(rest) ?? []))
    rest = rest.slice(rest.indexOf('.') + 1)
  }
  return found
}

function factsOf(signals: Map<Rule, Signal[]>, view: PageView): TechnologyFact[] {
  const facts = new Map<string, TechnologyFact>()
  for (const [rule, list] of signals) {
    const kinds = new Set(list.map((signal) => signal.kind))
    const best = list.reduce((a, b) => (b.confidence > a.confidence ? b : a))
    const ambiguous = [...kinds].every((kind) => kind === 'url' || kind === 'markup')
    if (rule.strong && ambiguous && kinds.size < 2) continue
    const version = list.map((signal) => signal.version).filter((text): text is string => Boolean(text))
    facts.set(rule.name, {
      name: rule.name,
      category: rule.category,
      version: version.sort((a, b) => b.length - a.length)[0]?.slice(0, MAX_VERSION) ?? null,
      pageUrl: view.url,
      method: best.kind,
      snippet: oneLine(best.evidence),
      confidence: Math.min(0.99, best.confidence + (kinds.size - 1) * 0.02),
    })
  }
  const queue = [...facts.values()]
  for (const fact of queue) {
    for (const implied of BY_NAME.get(fact.name)?.implies ?? []) {
      const rule = BY_NAME.get(implied)
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
