import type { Locale } from '#src/lib/i18n.ts'
import { englishStarters } from './en.ts'
import { frenchStarters } from './fr.ts'

/** A letter to begin with. `body` is what stands between greeting and signature. */
export type Starter = {
  id: string
  category: string
  name: string
  description: string
  subject: string
  body: string
}

export const startersOf = (locale: Locale): readonly Starter[] =>
  locale === 'fr' ? frenchStarters : englishStarters

const CLOSING = { fr: 'Bien cordialement,', en: 'Kind regards,' }

/** The words of a letter as they are edited: body and closing. */
export const letterWords = (locale: Locale, body: string): string =>
  `${body}\n<p>${CLOSING[locale]}{% unless has_signature %}<br>\n{{ sender_name | default: "" }}{% endunless %}</p>\n`
