import type { Locale } from '#src/lib/i18n.ts'
import { privacyMessages } from './messages.ts'

/** What was kept of somebody, with the mark that stands for what was erased (stored in French) in the reader's language. */
export const erasedWords = <T>(locale: Locale, kept: T): T => {
  const stored = privacyMessages('fr').gone
  const { gone } = privacyMessages(locale)
  const json = JSON.stringify(kept)
  return gone === stored || !json?.includes(stored) ? kept : (JSON.parse(json.replaceAll(stored, gone)) as T)
}
