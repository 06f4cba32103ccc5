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

/** The letter as a template: it looks like one that a person wrote, on light and on dark. */
export const letterHtml = (locale: Locale, body: string): string => `<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<style>
.letter { max-width: 600px; font-family: Arial, Helvetica, sans-serif; font-size: 16px; line-height: 1.5; }
.letter p { margin: 0 0 16px; }
.letter ul { margin: 0 0 16px; padding: 0 0 0 20px; }
.letter li { margin: 0 0 10px; }
.seen { font-size: 14px; opacity: 0.8; }
</style>
</head>
<body>
<div class="letter">
${body}
<p>${CLOSING[locale]}{% unless has_signature %}{% if sender_name %}<br>
{{ sender_name }}{% endif %}{% endunless %}</p>
</div>
</body>
</html>
`
