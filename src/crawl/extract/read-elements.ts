import { decodeHTMLAttribute } from 'entities'
import type { RawAttributes } from './scan-html.ts'
import type { PageView } from './page-view.ts'
import { percentDecode } from './percent-decode.ts'
import { decodeBase64 } from './string-expressions.ts'

const MAX_RESOURCES = 500
const MAX_ALTERNATES = 60
const MAX_METAS = 300
const MAX_STYLE_URLS = 30
const MAX_TIMES = 30
const MAX_DATA = 60_000

/** A decoded attribute, null when absent. */
export function attribute(attributes: RawAttributes, name: string): string | null {
  const raw = attributes[name]
  if (raw === undefined) return null
  return raw.includes('&') ? decodeHTMLAttribute(raw) : raw
}

/** Adds to a list of resources while it is short. */
export function pushCapped(list: string[], value: string): void {
  if (list.length < MAX_RESOURCES) list.push(value.trim())
}

/** Keeps a meta element: its name and content, or where it refreshes to. */
export function readMeta(view: PageView, attributes: RawAttributes): void {
  const content = attribute(attributes, 'content')
  if (content === null) return
  const equiv = (attributes['http-equiv'] ?? '').toLowerCase()
  if (equiv === 'refresh') {
    const match = /^\s*[\d.]*\s*[;,]?\s*(?:url\s*=)?\s*["']?([^"']+)/i.exec(
      content.replace(/^\s*[\d.]+\s*$/, ''),
    )
    if (match?.[1]) view.metaRefresh ??= match[1].trim()
    return
  }
  const name =
    attributes.property ??
    attributes.name ??
    attributes.itemprop ??
    (equiv ? `http-equiv:${equiv}` : undefined)
  if (name && view.metas.length < MAX_METAS)
    view.metas.push({ name: name.toLowerCase(), content: content.trim() })
}

/** Keeps a link element by its rel: style sheet, canonical address, alternate, any other resource. */
export function readLink(view: PageView, attributes: RawAttributes): void {
  const href = attribute(attributes, 'href')?.trim()
  if (!href) return
  const rel = (attributes.rel ?? '').toLowerCase()
  if (/\bstylesheet\b/.test(rel)) pushCapped(view.stylesheets, href)
  else if (/\bcanonical\b/.test(rel)) view.canonical ??= href
  else pushCapped(view.resources, href)
  if (/\balternate\b/.test(rel) && view.alternates.length < MAX_ALTERNATES) {
    const { hreflang = '', type = '' } = attributes
    view.alternates.push({ href, hreflang: hreflang.toLowerCase(), type: type.toLowerCase() })
  }
  if (/^(?:me|author|contact)$/.test(rel)) {
    view.anchors.push({ href, text: '', rel, title: null, line: view.lines.length, flags: 0, tag: 'link' })
  }
}

/** Keeps the addresses that a style element loads: fonts, imported sheets, pictures of a theme. */
export function readStyleUrls(view: PageView, css: string): void {
  let read = 0
  for (const [, url] of css.matchAll(/(?:url\(|@import)\s*["']?((?:https?:|\/)[^"')\s;]{4,500})/gi)) {
    if (++read > MAX_STYLE_URLS) return
    pushCapped(view.resources, url!)
  }
}

/** Keeps the page that an embedded widget of a network shows. */
export function readWidget(view: PageView, attributes: RawAttributes): void {
  const href = attribute(attributes, 'data-href')
  if (href)
    view.anchors.push({
      href,
      text: '',
      rel: null,
      title: null,
      line: view.lines.length,
      flags: 0,
      tag: 'link',
    })
}

/** Keeps the day of a time element, or of hAtom's `<abbr class="published">`. */
export function readTime(view: PageView, attributes: RawAttributes): void {
  const day =
    attributes.datetime ?? (/\bpublished\b/.test(attributes.class ?? '') ? attributes.title : undefined)
  if (day && view.times.length < MAX_TIMES) view.times.push(day.slice(0, 40))
}

/** A size attribute in pixels; null for percentages and anything else. */
export const pixels = (value: string | undefined): number | null => {
  const match = /^\s*(\d{1,5})(?:px|\s|$)/.exec(value ?? '')
  return match ? Number(match[1]) : null
}

/** An absolute URL, or null when it is none. */
export function resolve(href: string, base: string): string | null {
  return URL.parse(href, base)?.href ?? null
}

/** The text of a data: URL, at most 60,000 characters of it. */
export function dataText(url: string): string {
  const [head = '', ...rest] = url.slice(0, MAX_DATA).split(',')
  return /;base64/i.test(head) ? decodeBase64(rest.join(',')) : percentDecode(rest.join(','))
}
