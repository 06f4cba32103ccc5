import { isForeignPath, type JsonLdNode, textOf } from './json-ld.ts'
import { IN_QUOTE, oneLine, type PageView } from './page-view.ts'
import { registrableDomain } from './site-identity.ts'

const NEWEST_DAYS_AHEAD = 2
const MAX_ANCHORS = 400
const MAX_LINES = 600
const OLDEST = Date.UTC(1995, 0, 1)

export type DatedPost = { day: string; method: string; snippet: string; confidence: number }

const ARTICLE = /^(?:BlogPosting|NewsArticle|Article)$/
const BLOG_PATH =
  /\/(?:blog|actualites?|actus?|news|articles?|journal|posts?|conseils|astuces|dossiers|publications)(?:\/|$|\?|-)/i
/** Classes that systems put on what they publish with a date. */
const POST_MARKS =
  'date-header post-date post-info post-meta entry-date entry-meta dt-published published info-publi wp-block-post-date wp-block-latest-posts__post-date post-card-meta post-card-meta-date news-list-date h-entry blog-post blog-entry post-list post-preview article-date article-info type-post single-post blog-item actu-date news-date date-publication'.split(
    ' ',
  )
const DATED_PATH = /\/((?:19|20)\d\d)\/(0[1-9]|1[0-2])\/(0[1-9]|[12]\d|3[01])\/[^/?#]/
const MONTHS = 'jan fév mar avr mai jui jul aoû sep oct nov déc'.split(' ')
const WRITTEN =
  /^(?:(?:publi[ée]e?|post[ée]e?|mise? en ligne|écrit)\s*)?(?:par .{1,40}?,? )?(?:le |:)?\s*(?:(?:lun|mar|mercre|jeu|vendre|same)di |dimanche )?(\d{1,2})(?:er)? (janv|f[ée]vr|mars|avr|mai|juin|juil|ao[uû]t|sept?|oct|nov|d[ée]c)[\p{L}]{0,6}\.? ((?:19|20)\d\d)(?!\d)/iu
const IN_DIGITS =
  /^(?:(?:publi[ée]e?|post[ée]e?|mise? en ligne)\s*)?(?:par [^,\d]{1,40},(?: [^,\d]{1,40},)? )?(?:le |:)?\s*(\d{2})[/.](\d{2})[/.]((?:19|20)\d\d)(?!\d)/i

/** The newest day on which something was published, by JSON-LD, metas, time elements, written dates or the addresses
 *  of posts; null where nothing is. A date counts only where the page is made as a list of posts or as one. */
export function newestPost(view: PageView, jsonLd: JsonLdNode[], today: string): DatedPost | null {
  let newest: DatedPost | null = null
  const offer = (text: string | null, method: string, confidence: number, snippet = text ?? ''): void => {
    const day = dayOf(text, today)
    if (day && (!newest || day > newest.day)) newest = { day, method, confidence, snippet: oneLine(snippet) }
  }
  for (const { types, value, path } of jsonLd)
    if (types.some((type) => ARTICLE.test(type)) && !isForeignPath(path))
      offer(textOf(value.datePublished), 'json-ld', 0.92)
  const meta = (name: string) => view.metas.find((one) => one.name === name)?.content ?? null
  if (meta('og:type') === 'article') offer(meta('article:published_time'), 'meta', 0.92)
  for (const { href, text } of view.anchors.slice(0, MAX_ANCHORS)) {
    const day = DATED_PATH.exec(href)
    if (day && isOwn(href, view)) offer(`${day[1]}-${day[2]}-${day[3]}`, 'url', 0.88, `${text} ${href}`)
  }
  if (!BLOG_PATH.test(view.url) && !POST_MARKS.some((mark) => view.marks.has(mark))) return newest
  for (const time of view.times) offer(time, 'time', 0.9)
  for (const line of view.lines.slice(0, MAX_LINES))
    if (line.text.length <= 80 && !(line.flags & IN_QUOTE))
      offer(writtenDay(line.text), 'text', 0.8, line.text)
  return newest
}

function isOwn(href: string, view: PageView): boolean {
  const host = URL.parse(href, view.base)?.hostname ?? ''
  return host === view.siteHost || registrableDomain(host) === registrableDomain(view.siteHost)
}

function writtenDay(text: string): string | null {
  const digits = IN_DIGITS.exec(text)
  if (digits) return `${digits[3]}-${digits[2]}-${digits[1]}`
  const match = WRITTEN.exec(text)
  if (!match) return null
  const word = match[2]!.toLowerCase()
  const month = word.startsWith('juil')
    ? 6
    : word.startsWith('juin')
      ? 5
      : MONTHS.findIndex((name) => fold(name) === fold(word.slice(0, 3)))
  return `${match[3]}-${String(month + 1).padStart(2, '0')}-${match[1]!.padStart(2, '0')}`
}

const fold = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '')

/** YYYY-MM-DD of a written date, or null when there is none or it lies ahead. */
export function dayOf(text: string | null, today: string): string | null {
  const time = text && /\d{4}/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(time) || time < OLDEST) return null
  const latest = Date.parse(today) + NEWEST_DAYS_AHEAD * 86_400_000
  if (time > latest) return null
  // The day as it is written there, whatever the hour is in Greenwich.
  return /^\d{4}-\d\d-\d\d/.exec(text!)?.[0] ?? new Date(time).toISOString().slice(0, 10)
}
