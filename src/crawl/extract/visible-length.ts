import { IN_NOSCRIPT, type PageView } from './page-view.ts'

// What a template language leaves before a script has filled it in.
const PLACEHOLDER = /\{\{[^}]{0,200}\}\}|\[\[[^\]]{0,200}\]\]/g
const WAITING =
  /^(?:(?:chargement|loading|please wait|patientez|veuillez patienter|un instant|merci de patienter|initiali[sz]ation)\b.{0,40}|\d{1,3}\s*%|[.…·•\s]+)$/i

const ENOUGH = 1_000

/** How much of a page's text a visitor without JavaScript reads, counted until it is plenty: neither what is said to
 *  him alone, nor a word that asks to wait, nor the places a script fills in. */
export const visibleLength = (view: PageView): number =>
  visibleLines(view).reduce((sum, text) => sum + text.length, 0)

/** The first of those lines, about 1,000 characters. */
export const visibleLines = (view: PageView): string[] => {
  const found: string[] = []
  let length = 0
  for (const line of view.lines) {
    if (length > ENOUGH) break
    if (line.flags & IN_NOSCRIPT) continue
    const text = line.text.replace(PLACEHOLDER, '').trim()
    if (text === '' || WAITING.test(text)) continue
    found.push(text)
    length += text.length
  }
  return found
}
