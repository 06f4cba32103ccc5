/** Where a line stands; a bit set. */
export const IN_HEADER = 1
export const IN_FOOTER = 2
export const IN_NAV = 4
/** Testimonials, reviews, comments: other people's words. */
export const IN_QUOTE = 8
export const IN_NOSCRIPT = 16
export const IN_FORM = 32
/** Set afterwards by sections.ts: what the line is about. */
export const ABOUT_HOST = 64
export const ABOUT_CREDIT = 128
export const ABOUT_OTHERS = 256
/** Under a heading that announces the people of the company */
export const IN_TEAM = 512

/** One visible line: text between two block boundaries, entities decoded, white space collapsed. */
export type Line = {
  text: string
  /** Innermost block or heading element: h2, p, td … */
  tag: string
  flags: number
  /** Position of the line in the page's text */
  start: number
  /** What its words hint at: SAYS_ of word-spots.ts */
  hints: number
  /** Where in a long line its ABOUT_ flags begin to hold */
  aboutFrom?: number | undefined
  /** Where they end, if before the line does */
  aboutUntil?: number | undefined
}

export type PageAnchor = {
  href: string
  text: string
  rel: string | null
  title: string | null
  line: number
  flags: number
  /** a, area, iframe, meta or link */
  tag: string
}

export type PageForm = {
  action: string
  method: string
  fields: { name: string; type: string }[]
  line: number
}

export type PageImage = {
  src: string
  alt: string | null
  width: number | null
  height: number | null
  /** The line that follows it */
  line: number
  flags: number
}

/** An address read from an attribute or script rather than from the text. */
export type HiddenEmail = { value: string; method: string; line: number }

export type Stretch = { start: number; end: number }

/** What one pass over the HTML leaves for the extractors. */
export type PageView = {
  url: string
  siteHost: string
  base: string
  text: string
  /** `text` in lower case, character for character */
  lower: string
  /** The hints of all lines */
  hints: number
  lines: Line[]
  /** Stretches of the text that speak of somebody else though their lines do not */
  ofOthers: Stretch[]
  /** Stretches that give an address of the site, whatever else they name */
  ofHouse: Stretch[]
  /** Positions in `text` of addresses that were written there decoded, by method. */
  hiddenEmails: HiddenEmail[]
  anchors: PageAnchor[]
  forms: PageForm[]
  images: PageImage[]
  metas: { name: string; content: string }[]
  scripts: string[]
  stylesheets: string[]
  /** Other resources: iframes, preloads, fonts, sources */
  resources: string[]
  /** link rel=alternate: other languages, feeds */
  alternates: { href: string; hreflang: string; type: string }[]
  inlineScripts: string[]
  jsonLd: string[]
  /** class tokens, ids (`#x`) and data- attribute names, each once */
  marks: Set<string>
  /** Starts of comments, of the HTML and of inline style sheets */
  comments: string[]
  /** datetime of time elements */
  times: string[]
  title: string | null
  h1: string[]
  lang: string | null
  canonical: string | null
  metaRefresh: string | null
  imageCount: number
  imagesWithoutAlt: number
  elementCount: number
  deepest: number
  hasMicrodata: boolean
  /** How often each element of OLD_TAGS stands in the page; `nested-table` counts tables inside tables. */
  oldTags: Record<string, number>
  /** Sources of scripts without an integrity attribute */
  unguardedScripts: string[]
}

/** A page of which nothing has been read yet. */
export function emptyView(url: string, siteHost: string): PageView {
  return {
    url,
    siteHost,
    base: url,
    text: '',
    lower: '',
    hints: 0,
    lines: [],
    ofOthers: [],
    ofHouse: [],
    hiddenEmails: [],
    anchors: [],
    forms: [],
    images: [],
    metas: [],
    scripts: [],
    stylesheets: [],
    resources: [],
    alternates: [],
    inlineScripts: [],
    jsonLd: [],
    marks: new Set(),
    comments: [],
    times: [],
    title: null,
    h1: [],
    lang: null,
    canonical: null,
    metaRefresh: null,
    imageCount: 0,
    imagesWithoutAlt: 0,
    elementCount: 0,
    deepest: 0,
    hasMicrodata: false,
    oldTags: {},
    unguardedScripts: [],
  }
}

/** The line that holds a position of the text (binary search). */
export function lineAt(view: PageView, position: number): number {
  let low = 0
  let high = view.lines.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (view.lines[middle]!.start <= position) low = middle
    else high = middle - 1
  }
  return low
}

const ABOUT = ABOUT_HOST | ABOUT_CREDIT | ABOUT_OTHERS

/** The flags that hold at a position of the text. */
export function flagsAt(view: PageView, position: number): number {
  const line = view.lines[lineAt(view, position)]
  if (!line) return 0
  const at = position - line.start
  const spoken = at >= (line.aboutFrom ?? 0) && at < (line.aboutUntil ?? Infinity)
  const flags = spoken ? line.flags : line.flags & ~ABOUT
  if (isIn(view.ofHouse, position)) return flags & ~ABOUT_OTHERS
  return isIn(view.ofOthers, position) ? flags | ABOUT_OTHERS : flags
}

/** Whether a position is in one of some stretches of the text. */
export const isIn = (stretches: Stretch[], position: number): boolean =>
  stretches.some(({ start, end }) => position >= start && position < end)

const SNIPPET_LENGTH = 200

/** At most 200 characters around a stretch of the text, cut at spaces, on one line. */
export function snippetAround(view: PageView, start: number, end: number): string {
  const spare = Math.max(0, SNIPPET_LENGTH - (end - start) - 2)
  const from = Math.max(0, start - (spare >> 1))
  const to = Math.min(view.text.length, end + (spare >> 1))
  return oneLine(view.text.slice(wordAfter(view.text, from, start), wordBefore(view.text, to, end)))
}

/** Where the next whole word begins, before `last`; a stretch that begins a word or has no other stays. */
const wordAfter = (text: string, from: number, last: number): number => {
  if (from === 0 || /\s/.test(text[from - 1]!)) return from
  const gap = text.slice(from, last).search(/\s/)
  return gap < 0 ? from : from + gap + 1
}

/** The same backwards, after `first`. */
const wordBefore = (text: string, to: number, first: number): number => {
  if (to === text.length || /\s/.test(text[to]!)) return to
  const gap = text.slice(first, to).search(/\s\S*$/)
  return gap < 0 ? to : first + gap
}

/** The snippet of a fact that stands on a line of its own. */
export function snippetOfLine(view: PageView, line: number): string {
  const found = view.lines[line]
  if (!found) return ''
  if (found.text.length >= 60) return oneLine(found.text.slice(0, SNIPPET_LENGTH))
  return snippetAround(view, found.start, found.start + found.text.length)
}

// oxlint-disable-next-line no-control-regex -- control characters are what is being removed
const CONTROL = /[\u0000-\u001f\u007f-\u009f]+/g
export const oneLine = (text: string): string =>
  text.replace(CONTROL, ' ').replace(/ {2,}/g, ' ').trim().slice(0, SNIPPET_LENGTH)
