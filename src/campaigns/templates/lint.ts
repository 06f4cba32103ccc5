import { attributeOf, htmlTokens, type HtmlToken } from '#src/mail/html-tokens.ts'
import type { Locale } from '#src/lib/i18n.ts'
import { UNSUBSCRIBE_PLACE } from './engine.ts'
import { imageKeysOf } from './images.ts'
import type { RenderedMessage } from './render.ts'
import spam from './spam-words.data.json'

/** Gmail cuts a mail there, and with it what stands at its end. */
const GMAIL_CLIPS_AT = 102_000
/** A mail program shows about so much of a subject. */
const LONG_SUBJECT = 78
const MAX_IMAGES_BYTES = 1_000_000
const LITTLE_TEXT = 150
const MANY_LINKS = 10

/** problem: it should not be sent like this. warning: it may well be taken for advertising or look wrong. note: good to
 *  know. `detail` is the word, address or number it is about (texts in problem-messages.ts). */
export type LintIssue = {
  code:
    | 'missing'
    | 'unsubscribe_added'
    | 'unsubscribe_there'
    | 'spam_words'
    | 'capitals'
    | 'exclamations'
    | 'long_subject'
    | 'heavy'
    | 'heavy_images'
    | 'no_alt'
    | 'image_gone'
    | 'image_inline'
    | 'image_http'
    | 'plain_http'
    | 'shortener'
    | 'odd_link'
    | 'other_address'
    | 'many_links'
    | 'little_text'
    | 'forbidden_element'
    | 'link_broken'
    | 'link_unchecked'
    | 'link_works'
  level: 'problem' | 'warning' | 'note'
  detail: string
}

/** What is known of pictures: their sizes in bytes by key. */
export type LintContext = { locale: Locale; imageSizes: ReadonlyMap<string, number> }

/** Everything that can be told of one rendered mail without asking anybody. */
export const lintMessage = (mail: RenderedMessage, { locale, imageSizes }: LintContext): LintIssue[] => {
  const issues: LintIssue[] = []
  const add = (level: LintIssue['level'], code: LintIssue['code'], detail = '') => {
    if (!issues.some((one) => one.code === code && one.detail === detail))
      issues.push({ level, code, detail })
  }
  for (const name of mail.missing) add('problem', 'missing', name)
  add('note', mail.html.includes(UNSUBSCRIBE_PLACE) ? 'unsubscribe_there' : 'unsubscribe_added')
  lintWords(mail, locale, add)
  lintElements(mail, add)
  const size = new TextEncoder().encode(mail.html).length
  if (size > GMAIL_CLIPS_AT) add('warning', 'heavy', String(Math.ceil(size / 1000)))
  const keys = imageKeysOf(mail.html)
  for (const key of keys) if (!imageSizes.has(key)) add('problem', 'image_gone', key)
  const images = keys.reduce((sum, key) => sum + (imageSizes.get(key) ?? 0), 0)
  if (images > MAX_IMAGES_BYTES) add('warning', 'heavy_images', String(Math.ceil(images / 1000)))
  return issues.toSorted((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level))
}

const LEVELS: LintIssue['level'][] = ['problem', 'warning', 'note']
type Add = (level: LintIssue['level'], code: LintIssue['code'], detail?: string) => void

const lintWords = ({ subject, text }: RenderedMessage, locale: Locale, add: Add): void => {
  const whole = fold(`${subject}\n${text}`)
  const says = (folded: string, words: string): boolean =>
    new RegExp(`(?<![\\p{L}\\p{N}])${escapeRegExp(fold(words))}(?![\\p{L}\\p{N}])`, 'u').test(folded)
  for (const words of spam[locale]) if (says(whole, words)) add('warning', 'spam_words', words)
  for (const words of spam.subject) if (says(fold(subject), words)) add('warning', 'spam_words', words)
  const letters = subject.match(/\p{L}/gu) ?? []
  const capitals = subject.match(/\p{Lu}/gu) ?? []
  if (letters.length >= 8 && capitals.length / letters.length > 0.6) add('warning', 'capitals')
  if (/!{2,}|[!?]\s*[!?]{2,}/.test(`${subject}\n${text}`) || (subject.match(/!/g) ?? []).length > 1)
    add('warning', 'exclamations')
  if (subject.length > LONG_SUBJECT) add('warning', 'long_subject', String(subject.length))
}

const fold = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/['’]/g, '’')
    .replaceAll(/[\s\u00a0\u202f]+/g, ' ')

const escapeRegExp = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)

const FORBIDDEN = new Set([
  'script',
  'form',
  'iframe',
  'object',
  'embed',
  'video',
  'audio',
  'input',
  'base',
  'link',
])

const lintElements = ({ html, text }: RenderedMessage, add: Add): void => {
  let link: { href: string; words: string } | null = null
  let images = 0
  for (const token of htmlTokens(html)) {
    if (token.kind === 'text' && link) link.words += token.source
    if (token.kind !== 'tag') continue
    if (!token.closing && FORBIDDEN.has(token.name)) add('warning', 'forbidden_element', token.name)
    if (token.name === 'img' && !token.closing) {
      images += 1
      lintImage(token, add)
    }
    if (token.name !== 'a') continue
    if (link) lintLink(link, add)
    link = token.closing ? null : { href: attributeOf(token.source, 'href') ?? '', words: '' }
  }
  const links = linksOf(html).length
  if (links > MANY_LINKS) add('warning', 'many_links', String(links))
  if (images > 0 && text.replaceAll(/\s+/g, ' ').length < LITTLE_TEXT) add('warning', 'little_text')
}

const lintImage = (token: Extract<HtmlToken, { kind: 'tag' }>, add: Add): void => {
  const src = attributeOf(token.source, 'src') ?? ''
  if (attributeOf(token.source, 'alt') === null && !/\balt\b/i.test(token.source))
    add('warning', 'no_alt', src.slice(0, 200))
  if (/^data:/i.test(src)) add('warning', 'image_inline')
  if (/^http:/i.test(src)) add('warning', 'image_http', src)
}

const ADDRESS = /^(?:https?:\/\/)?((?:[\w-]+\.)+[a-z]{2,})(?:[/?#]\S*)?$/i

const lintLink = ({ href, words }: { href: string; words: string }, add: Add): void => {
  if (href === UNSUBSCRIBE_PLACE || /^(mailto|tel):/i.test(href)) return
  if (!/^https?:\/\//i.test(href) || !URL.canParse(href))
    return add('warning', 'odd_link', href.slice(0, 200))
  const { protocol, hostname } = new URL(href)
  if (protocol === 'http:') add('warning', 'plain_http', href)
  if (spam.shorteners.includes(hostname)) add('warning', 'shortener', hostname)
  const shown = ADDRESS.exec(words.trim())?.[1]?.toLowerCase()
  const bare = (host: string) => host.replace(/^www\./, '')
  if (shown !== undefined && bare(shown) !== bare(hostname))
    add('warning', 'other_address', `${shown} → ${hostname}`)
}

/** The http(s) addresses a mail links to, each once. */
export const linksOf = (html: string): string[] => {
  const links = new Set<string>()
  for (const token of htmlTokens(html)) {
    if (token.kind !== 'tag' || token.closing || token.name !== 'a') continue
    const href = attributeOf(token.source, 'href') ?? ''
    if (/^https?:\/\//i.test(href) && URL.canParse(href)) links.add(href)
  }
  return [...links]
}
