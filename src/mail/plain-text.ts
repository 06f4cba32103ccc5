import { decodeHTML } from 'entities'
import { attributeOf, htmlTokens, type HtmlToken } from './html-tokens.ts'

const BREAKS = new Map<string, string>([
  ['br', '\n'],
  ...['div', 'tr', 'table', 'ul', 'ol', 'header', 'footer', 'section', 'article', 'center', 'form'].map(
    (name) => [name, '\n'] as const,
  ),
  ...['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'blockquote', 'pre', 'hr'].map(
    (name) => [name, '\n\n'] as const,
  ),
])

/** The mail as text alone: what a reader would see, with the address of each link behind its words. */
export const plainText = (html: string): string => {
  let text = ''
  let href: { url: string; from: number } | null = null
  let head = false
  for (const token of htmlTokens(html)) {
    if (token.kind === 'text' && !head) text += decodeHTML(token.source.replaceAll(/\s+/g, ' '))
    if (token.kind !== 'tag') continue
    if (token.name === 'head') head = !token.closing
    if (head) continue
    if (token.name === 'a' && token.closing && href) {
      text += addressOf(text.slice(href.from), href.url)
      href = null
    } else if (token.name === 'a' && !token.closing) {
      const url = attributeOf(token.source, 'href') ?? ''
      href = /^(https?|mailto|tel):/i.test(url) ? { url, from: text.length } : null
    } else text += spaceOf(token)
  }
  return tidy(text)
}

const addressOf = (words: string, url: string): string => {
  const said = words.trim()
  if (said === '') return url
  const bare = url.replace(/^(mailto|tel):/i, '')
  return said === url || said === bare ? '' : ` (${bare})`
}

const spaceOf = ({ name, closing, source }: Extract<HtmlToken, { kind: 'tag' }>): string => {
  if (name === 'li') return closing ? '' : '\n- '
  if (name === 'td' || name === 'th') return closing ? ' ' : ''
  if (name === 'img') return attributeOf(source, 'alt') ?? ''
  return BREAKS.get(name) ?? ''
}

const tidy = (text: string): string =>
  `${text
    .replaceAll(/[\u200b\u00ad]/g, '')
    .replaceAll('\u00a0', ' ')
    .replaceAll(/[ \t]*\n[ \t]*/g, '\n')
    .replaceAll(/[ \t]{2,}/g, ' ')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()}\n`
