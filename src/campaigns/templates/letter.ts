import type { Locale } from '#src/lib/i18n.ts'
import { formatText } from '#src/mail/format-text.ts'
import { holdExpressions } from './expressions.ts'

const IS_DOCUMENT = /<!doctype|<html[\s>]|<body[\s>]/i

const HAS_ELEMENTS = /<[a-z!/]/i
const BODY = /<body[^>]*>\n?([\s\S]*?)\n?<\/body>/
/** A paragraph of nothing but tags of Liquid says nothing by itself. */
const ONLY_TAGS = /<p>((?:\{%(?:(?!%\})[\s\S])*%\}(?:<br>)?)+)<\/p>/g

/** Words typed as people write mails (paragraphs, `- ` lists, **bold**, addresses) as HTML; HTML stays as it is. */
export const lettersHtml = (text: string, locale: Locale): string => {
  const { held, release } = holdExpressions(text)
  if (HAS_ELEMENTS.test(held)) return text
  const html = BODY.exec(formatText(held, locale))?.[1] ?? ''
  return release(html).replace(ONLY_TAGS, (_, tags: string) => tags.replaceAll('<br>', '\n'))
}

/** The whole mail of a letter: words alone get what surrounds them, looking like a letter that a person wrote, on light and
 *  on dark, and so does the signature below them; a document of its own stays as it is. */
export const wholeLetter = (html: string, locale: Locale): string =>
  IS_DOCUMENT.test(html)
    ? html
    : `<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<style>
body, .letter { font-family: Arial, Helvetica, sans-serif; font-size: 16px; line-height: 1.5; }
.letter { max-width: 600px; }
.letter p { margin: 0 0 16px; }
.letter ul { margin: 0 0 16px; padding: 0 0 0 20px; }
.letter li { margin: 0 0 10px; }
.letter img { max-width: 100%; height: auto; }
.seen { font-size: 14px; opacity: 0.8; }
</style>
</head>
<body>
<div class="letter">
${lettersHtml(html, locale)}
</div>
</body>
</html>
`
