import { holdExpressions } from './expressions.ts'

/** The text part of a message, made from its HTML: a template as well, so that it is rendered as cheaply. */
export const textPartOf = async (html: string): Promise<string> => {
  const { convert } = await import('html-to-text')
  const { held, release } = holdExpressions(html)
  const text = convert(held, {
    wordwrap: false,
    selectors: [
      { selector: 'a', options: { hideLinkHrefIfSameAsText: true, linkBrackets: ['(', ')'] } },
      { selector: 'img', format: 'skip' },
      { selector: 'ul', options: { itemPrefix: '- ' } },
      { selector: 'hr', options: { length: 20 } },
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({
        selector,
        options: { uppercase: false },
      })),
    ],
  })
  return `${release(text)
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()}\n`
}
