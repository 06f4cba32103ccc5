/** The DOM of a whole HTML text. What builds it is loaded with the first page that needs one: it takes 15 MB of each
 *  thread, and the tree is needed at once, so that it cannot be awaited. */
export const parseTree = (html: string): Document => {
  const { parseHTML } = require('linkedom') as typeof import('linkedom')
  return parseHTML(html).document
}
