import { holdExpressions } from './expressions.ts'

/** Each rule is tried on each element; this many take seconds, large newsletters come to a quarter. */
const MAX_TRIED = 2_000_000

/** The HTML with its style sheets written into the elements, as mail programs need it; media queries stay.
 *  Throws RangeError for more rules and elements than mails have. */
export const inlineStyles = async (html: string): Promise<string> => {
  if (!/<style[\s>]/i.test(html)) return html
  const { default: juice } = await import('juice/client')
  const { held, release } = holdExpressions(html)
  if (count(held, '{') * count(held, '<') > MAX_TRIED) throw new RangeError('too many rules and elements')
  return release(juice(held, { preserveMediaQueries: true, preserveFontFaces: false }))
}

const count = (html: string, sign: string): number => html.split(sign).length - 1
