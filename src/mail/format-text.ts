import { escapeUTF8 } from 'entities'
import type { Locale } from '#src/tracking/token.ts'

const MAX_TEXT = 50_000
const LINK = /\[([^\]\n]{1,300})\]\((https?:\/\/[^\s()]{1,1900})\)|(https?:\/\/[^\s<>"']{1,1900})/g

/** How long a text may be. */
export const isTooLong = (text: string): boolean => text.length > MAX_TEXT

/** A text as people write mails, as HTML: paragraphs, `- ` lists, **bold**, addresses and [words](https://…) as links. */
export const formatText = (text: string, locale: Locale): string => {
  const blocks = text
    .replaceAll('\r\n', '\n')
    .trim()
    .split(/\n[ \t]*\n\s*/)
  return [
    `<!doctype html><html lang="${locale}"><head><meta charset="utf-8"></head>`,
    '<body style="font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.5">',
    ...blocks.filter(Boolean).map(formatBlock),
    '</body></html>',
  ].join('\n')
}

const formatBlock = (block: string): string => {
  const parts: string[] = []
  let lines: string[] = []
  let items: string[] = []
  const endLines = (): void => {
    if (lines.length > 0) parts.push(`<p>${lines.map(formatLine).join('<br>')}</p>`)
    lines = []
  }
  const endItems = (): void => {
    if (items.length > 0)
      parts.push(`<ul>${items.map((item) => `<li>${formatLine(item)}</li>`).join('')}</ul>`)
    items = []
  }
  for (const line of block.split('\n')) {
    const item = /^\s*[-•]\s+(.+)$/.exec(line)?.[1]
    if (item === undefined) {
      endItems()
      lines.push(line)
    } else {
      endLines()
      items.push(item)
    }
  }
  endItems()
  endLines()
  return parts.join('\n')
}

const formatLine = (line: string): string => {
  let html = ''
  let at = 0
  for (const found of line.matchAll(LINK)) {
    const [whole, words, url, bare] = found
    // What ends the sentence is not part of the address.
    const address = url ?? (bare ?? '').replace(/[.,;:!?)\]]+$/, '')
    html += emphasised(line.slice(at, found.index))
    html += `<a href="${escapeUTF8(address)}">${escapeUTF8(words ?? address)}</a>`
    at = found.index + (url === undefined ? address.length : whole.length)
  }
  return html + emphasised(line.slice(at))
}

const emphasised = (text: string): string =>
  escapeUTF8(text).replaceAll(/\*\*(?=\S)([^*\n]+?)(?<=\S)\*\*/g, '<strong>$1</strong>')
