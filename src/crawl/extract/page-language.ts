import stopWords from './stop-words.data.json'
import type { PageView } from './page-view.ts'
import type { ProfileHint } from './parsed-page.ts'

const READ = 3_000
const ENOUGH_WORDS = 40
const CLEAR_SHARE = 0.08
const CLEAR_LEAD = 1.6

/** Their endings are small words of some language. */
const ADDRESSES = /\S+@\S+|https?:\S+|(?<!\p{L})e-?mails?(?!\p{L})/giu

const LANGUAGES_OF = new Map<string, string[]>()
for (const [language, words] of Object.entries(stopWords.languages))
  for (const word of words.split(' ')) LANGUAGES_OF.set(word, [...(LANGUAGES_OF.get(word) ?? []), language])

/** The languages a page is in or links to: what its small words say, else its `lang`; `hreflang` alternates. A
 *  `lang="en"` left over from a template does not make a French page English. */
export function pageLanguages(view: PageView): ProfileHint[] {
  const hints: ProfileHint[] = []
  const add = (value: string, method: string, snippet: string, confidence: number): void => {
    if (/^[a-z]{2}$/.test(value) && !hints.some((hint) => hint.value === value))
      hints.push({
        kind: 'language',
        value,
        pageUrl: view.url,
        method,
        snippet: snippet.slice(0, 200),
        confidence,
      })
  }
  const declared = view.lang?.trim().slice(0, 2).toLowerCase() ?? null
  const read = languageOf(view.text)
  if (read) add(read, 'text', view.text.slice(0, 120).replaceAll('\n', ' '), read === declared ? 0.97 : 0.85)
  else if (declared) add(declared, 'html-lang', `lang="${view.lang}"`, 0.7)
  for (const { href, hreflang } of view.alternates)
    if (hreflang && hreflang !== 'x-default')
      add(hreflang.slice(0, 2), 'hreflang', `${hreflang} ${href}`, 0.85)
  return hints
}

/** The language of a text by its small words, or null when it is short or not clear. */
export function languageOf(text: string): string | null {
  const tokens =
    text
      .slice(0, READ)
      .replace(ADDRESSES, ' ')
      .toLowerCase()
      .match(/[\p{L}]+/gu) ?? []
  if (tokens.length < ENOUGH_WORDS) return null
  const counts = new Map<string, number>()
  for (const token of tokens)
    for (const language of LANGUAGES_OF.get(token) ?? [])
      counts.set(language, (counts.get(language) ?? 0) + 1)
  const [best, second] = [...counts].toSorted((a, b) => b[1] - a[1])
  if (!best) return null
  const clear = best[1] / tokens.length >= CLEAR_SHARE && best[1] >= CLEAR_LEAD * (second?.[1] ?? 0)
  return clear ? best[0] : null
}
