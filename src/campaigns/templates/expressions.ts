import { decodeHTML } from 'entities'
import { replaceExpressions } from '#src/lib/liquid-expressions.ts'

// Private characters: no parser of HTML or CSS makes anything of them, and nobody writes them.
const OPEN = '\ue0f0'
const CLOSE = '\ue0f1'
const HELD = new RegExp(`${OPEN}(\\d+)${CLOSE}`, 'g')

/** Every expression replaced by a mark that survives parsers of HTML and CSS, and how to put them back. */
export const holdExpressions = (source: string): { held: string; release: (text: string) => string } => {
  const kept: string[] = []
  const clean = source.replaceAll(OPEN, '').replaceAll(CLOSE, '')
  const held = replaceExpressions(clean, (expression) => `${OPEN}${kept.push(expression) - 1}${CLOSE}`)
  return { held, release: (text) => text.replace(HELD, (_, place: string) => kept[Number(place)] ?? '') }
}

/** Expressions as editors of HTML leave them (`&gt;`, `&quot;`, hard spaces) read as what was meant. */
export const tidyExpressions = (html: string): string =>
  replaceExpressions(html, (expression) =>
    /&[a-z#]|\u00a0/i.test(expression) ? decodeHTML(expression).replaceAll('\u00a0', ' ') : expression,
  )
