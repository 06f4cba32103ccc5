import { htmlTokens } from '#src/mail/html-tokens.ts'
import { withTail } from '#src/mail/mail-tail.ts'

const MARK = 'what every mail ends with'

/** Whether what is added at the end of a mail (who writes, the unsubscribe link) is seen: not when it falls into a comment
 *  or an element that shows nothing, such as one that was never closed. */
export const showsTail = (html: string): boolean => {
  let onlyOutlook = false
  for (const { kind, source } of htmlTokens(withTail(html, MARK))) {
    if (kind === 'raw') onlyOutlook = /^<!--\[if/i.test(source)
    if (kind === 'text' && source.includes(MARK)) return !onlyOutlook
  }
  return false
}
