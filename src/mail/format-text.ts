import { escapeUTF8 } from 'entities'
import type { Locale } from '#src/tracking/token.ts'

const MAX_TEXT = 50_000
const LINK = /\[([^\]\n]{1,300})\]\((https?:\/\/[^\s()]{1,1900})\)|(https?:\/\/[^\s<>"']{1,1900})/g
const BOLD = /\*\*(?=\S)([^*\n]+?)(?<=\S)\*\*/g
const BODY_STYLE = 'font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.5'

/** Words, bold words or a link. */
export type Inline = { text: string; bold?: true; href?: string }
/** A paragraph of lines, or the items of a list. */
export type Block = { kind: 'paragraph' | 'list'; lines: Inline[][] }

/** How long a text may be. */
export const isTooLong = (text: string): boolean => text.length > MAX_TEXT

/** A text as people write mails: paragraphs, `- ` lists, **bold**, addresses and [words](https://…) as links. */
export const readText = (text: string): Block[] => {
  const blocks: Block[] = []
  let isOpen = false
  for (const line of text.replaceAll('\r\n', '\n').split('\n')) {
    const item = /^\s*[-•]\s+(.+)$/.exec(line)?.[1]
    const kind = item === undefined ? 'paragraph' : 'list'
    const last = isOpen ? blocks.at(-1) : undefined
    isOpen = line.trim() !== ''
    if (!isOpen) continue
    const parts = readLine(item ?? line)
    if (last?.kind === kind) last.lines.push(parts)
    else blocks.push({ kind, lines: [parts] })
  }
  return blocks
}

const readLine = (line: string): Inline[] => {
  const parts: Inline[] = []
  let at = 0
  for (const found of line.matchAll(LINK)) {
    const [whole, words, url, bare] = found
    // What ends the sentence is not part of the address.
    const href = url ?? (bare ?? '').replace(/[.,;:!?)\]]+$/, '')
    parts.push(...readWords(line.slice(at, found.index)), { text: words ?? href, href })
    at = found.index + (url === undefined ? href.length : whole.length)
  }
  return [...parts, ...readWords(line.slice(at))]
}

const readWords = (text: string): Inline[] => {
  const parts: Inline[] = []
  let at = 0
  for (const found of text.matchAll(BOLD)) {
    parts.push({ text: text.slice(at, found.index) }, { text: found[1] ?? '', bold: true })
    at = found.index + found[0].length
  }
  return [...parts, { text: text.slice(at) }].filter((part) => part.text !== '')
}

/** The text as the HTML of a mail. */
export const formatText = (text: string, locale: Locale): string =>
  [
    `<!doctype html><html lang="${locale}"><head><meta charset="utf-8"></head><body style="${BODY_STYLE}">`,
    ...readText(text).map(({ kind, lines }) =>
      kind === 'list'
        ? `<ul>${lines.map((line) => `<li>${inlineHtml(line)}</li>`).join('')}</ul>`
        : `<p>${lines.map(inlineHtml).join('<br>')}</p>`,
    ),
    '</body></html>',
  ].join('\n')

const inlineHtml = (line: Inline[]): string =>
  line
    .map(({ text, bold, href }) => {
      const words = escapeUTF8(text)
      if (href !== undefined) return `<a href="${escapeUTF8(href)}">${words}</a>`
      return bold ? `<strong>${words}</strong>` : words
    })
    .join('')
