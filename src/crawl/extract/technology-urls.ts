import { type PageView } from './page-view.ts'
import { registrableDomain } from './site-identity.ts'
import { HOSTS, NUMBERS, type Rule, rulesOfHost, URL_LITERALS, VERSION_PATTERNS } from './technology-rules.ts'

const MAX_IMAGES = 150
const MAX_URL = 500
const MAX_TRIES = 12

/** A plug-in or theme of WordPress: looked up whole, since there are hundreds of rules for them. */
const PART = /\/wp-content\/(?:plugins|themes)\/[^/\n?]+\//g

export type UrlSignal = { rule: Rule; kind: 'url' | 'host'; url: string; version: string | null }

/** What the addresses of a page's resources tell. A path (`/wp-content/`) speaks for this site only where this site
 *  or a script or style it runs has it: an image or frame of another site is made by that other site. */
export function* signalsOfUrls(view: PageView): Generator<UrlSignal> {
  const others = new Set(view.alternates.map(({ href }) => href))
  const framed = view.resources.filter((url) => !others.has(url) || isOwn(url, view))
  const shown = view.images.slice(0, MAX_IMAGES).map((image) => image.src)
  const run = distinct([...view.stylesheets, ...view.scripts, ...framed.filter((url) => isOwn(url, view))])
  const drawn = distinct(shown.filter((url) => isOwn(url, view)))
  const all = distinct([...run.urls, ...framed, ...shown])
  const parts = new Set([...run.lower.matchAll(PART), ...drawn.lower.matchAll(PART)].map(([part]) => part))
  for (const { rule, literal, withHost, platform, isPart } of URL_LITERALS) {
    if (isPart && !parts.has(literal)) continue
    const found = find(withHost ? all : run, literal) ?? (platform && !withHost ? find(drawn, literal) : null)
    if (found)
      yield {
        rule,
        kind: 'url',
        url: found.url,
        version: versionIn(rule, withHost ? all : run, literal) ?? rule.versions?.[literal] ?? null,
      }
  }
  const seen = new Set<string>()
  for (const url of all.urls) {
    const host = hostOf(url)
    if (!host || seen.has(host)) continue
    seen.add(host)
    for (const rule of rulesOfHost(HOSTS, host))
      yield { rule, kind: 'host', url, version: versionByPattern(rule, url) }
  }
}

/** Hosts of what a page runs or frames, each with one URL of it; an image of a host proves little. */
export function* hostsRun(view: PageView): Generator<{ host: string; url: string }> {
  const others = new Set(view.alternates.map(({ href }) => href))
  const seen = new Set<string>()
  for (const url of [...view.scripts, ...view.resources]) {
    const host = others.has(url) ? null : hostOf(url)
    if (!host || seen.has(host)) continue
    seen.add(host)
    yield { host, url }
  }
}

const hostOf = (url: string): string | null =>
  /^(?:https?:)?\/\/([^/?#:\s]+)/i.exec(url)?.[1]?.toLowerCase() ?? null

function isOwn(url: string, view: PageView): boolean {
  const host = hostOf(url)
  if (host === null) return true
  const site = view.siteHost.replace(/:\d+$/, '')
  if (host === site) return true
  const own = registrableDomain(site)
  if (own === null) return false
  // An image service names the site in its path: i0.wp.com/site.fr/wp-content/…
  return registrableDomain(host) === own || url.includes(`/${own}/`) || url.includes(`/www.${own}/`)
}

type UrlText = { urls: string[]; lower: string; starts: number[] }

function distinct(list: string[]): UrlText {
  const urls = [...new Set(list.map((url) => url.slice(0, MAX_URL * 2)))]
  const starts: number[] = []
  let position = 0
  for (const url of urls) {
    starts.push(position)
    position += url.length + 1
  }
  return { urls, lower: lowerAscii(urls.join('\n')), starts }
}

/** As long as what it is given, so that positions hold in both. */
const lowerAscii = (text: string): string => text.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase())

function urlAt({ urls, starts }: UrlText, position: number): string {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (starts[middle]! <= position) low = middle
    else high = middle - 1
  }
  return urls[low] ?? ''
}

function* occurrences(text: UrlText, literal: string): Generator<string> {
  const wordAtStart = /^[a-z0-9]/.test(literal)
  let at = text.lower.indexOf(literal)
  for (let tries = 0; at >= 0 && tries < MAX_TRIES; tries++) {
    // preact.js is not react.js
    if (!wordAtStart || at === 0 || !/[a-z0-9]/.test(text.lower[at - 1]!)) yield urlAt(text, at)
    const end = text.lower.indexOf('\n', at)
    at = end < 0 ? -1 : text.lower.indexOf(literal, end)
  }
}

function find(text: UrlText, literal: string): { url: string } | null {
  for (const url of occurrences(text, literal)) return { url }
  return null
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
const WORDPRESS_PART = /\/wp-content\/(?:plugins|themes)\//
// A plug-in's own copy of a library has the library's number.
const BUNDLED = /\/(?:libs?|librar(?:y|ies)|vendors?|third-?party|node_modules|bower_components)\//

/** The version in the first few URLs that hold the literal: the one most of them say. */
function versionIn(rule: Rule, text: UrlText, literal: string): string | null {
  if (!VERSION_PATTERNS.has(rule.name) && !NUMBERED.has(rule.category)) return null
  const counts = new Map<string, number>()
  for (const url of occurrences(text, literal)) {
    const version = versionByPattern(rule, url) ?? versionByCustom(rule, lowerAscii(url), literal)
    if (version && (NUMBERS.get(rule.name)?.test(version) ?? true))
      counts.set(version, (counts.get(version) ?? 0) + 1)
  }
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? null
}

function versionByPattern(rule: Rule, url: string): string | null {
  return VERSION_PATTERNS.get(rule.name)?.exec(url.slice(0, MAX_URL))?.slice(1).find(Boolean) ?? null
}

/** Where libraries, plug-ins and themes usually write it; null for other kinds of things. */
function versionByCustom(rule: Rule, url: string, literal: string): string | null {
  if (!NUMBERED.has(rule.category)) return null
  const start = url.indexOf(literal)
  const after = url.slice(start + literal.length, start + literal.length + 80)
  const isPart = WORDPRESS_PART.test(literal)
  if (isPart && BUNDLED.test(`/${after}`)) return null
  const usual = USUAL_VERSION.exec(after)
  if (usual) return usual[1]!
  const path = url.slice(0, url.search(/[?#]|$/))
  const file = path.slice(path.lastIndexOf('/') + 1)
  if (!isPart && !file.includes(literal.replace(/^\/|\/$/g, '').slice(0, 8))) return null
  const asked = /[?&]v(?:er)?=(\d+\.\d+(?:\.\d+)*)(?:&|$)/.exec(url)?.[1]
  // Two numbers behind any ?v= are as often a counter of the site's own.
  if (asked && (isPart || /\d\.\d+\.\d/.test(asked))) return asked
  return /\/(\d+\.\d+\.\d+)\/(?:[a-z]{1,6}\/)?[\w.-]*$/.exec(path)?.[1] ?? null
}
