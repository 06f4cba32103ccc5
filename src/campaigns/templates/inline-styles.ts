import { holdExpressions } from './expressions.ts'

/** The HTML with its style sheets written into the elements, as mail programs need it; media queries stay. */
export const inlineStyles = async (html: string): Promise<string> => {
  if (!/<style[\s>]/i.test(html)) return html
  const { default: juice } = await import('juice/client')
  const { held, release } = holdExpressions(html)
  return release(juice(held, { preserveMediaQueries: true, preserveFontFaces: false }))
}
