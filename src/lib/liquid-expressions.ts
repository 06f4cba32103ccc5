import { endsOutsideQuotes } from './ends-outside-quotes.ts'

/** An expression (`{{ … }}`) or tag (`{% … %}`) of Liquid within a text; `tag`: the name of the tag, '' where it has none. */
export type LiquidExpression = { source: string; start: number; end: number; tag: string | null }

/** Every expression and tag of a text, in order. What stands within quotes may contain their ends; what never ends is text.
 *  Takes time with the length of the text alone, whatever braces and quotes are in it. */
export const findExpressions = (text: string): LiquidExpression[] => {
  const outputs = text.includes('{{') ? endsOutsideQuotes(text, '}}') : undefined
  const tags = text.includes('{%') ? endsOutsideQuotes(text, '%}') : undefined
  const found: LiquidExpression[] = []
  for (let start = text.indexOf('{'); start >= 0;) {
    const isTag = text[start + 1] === '%'
    const end = (isTag ? tags : text[start + 1] === '{' ? outputs : undefined)?.[start + 2] ?? -1
    if (end >= 0) {
      const source = text.slice(start, end)
      found.push({ source, start, end, tag: isTag ? (/^\{%-?\s*(\w*)/.exec(source)?.[1] ?? '') : null })
    }
    start = text.indexOf('{', end >= 0 ? end : start + 1)
  }
  return found
}

/** The text with each expression and tag replaced. */
export const replaceExpressions = (text: string, by: (source: string) => string): string => {
  let [result, at] = ['', 0]
  for (const { source, start, end } of findExpressions(text)) {
    result += text.slice(at, start) + by(source)
    at = end
  }
  return result + text.slice(at)
}
