const MAX_SEARCH = 200
const MAX_WORDS = 8
const MIN_DIGITS = 3
const SIREN = 9
const POSTAL_CODE = /^\d{5}$/

/** Texts that must all be found in a company (as on the product's own list): the words of the search, or the
 *  significant digits of a telephone number or SIREN typed in any way. */
export const searchTexts = (search: string): string[] => {
  const text = search
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, MAX_SEARCH)
    .trim()
  if (/^[+(]?\d[\d\s.()/-]*$/.test(text)) {
    const digits = text.replace('(0)', '').replace(/\D/g, '')
    const significant = digits.replace(/^00/, '').replace(/^0/, '')
    const isNumber = /^[+0(]/.test(text) && significant.length >= MIN_DIGITS && !POSTAL_CODE.test(text)
    if (isNumber || digits.length >= SIREN) return [significant]
  }
  return text
    .split(/\s+/)
    .map((word) =>
      word
        .replace(/^https?:\/\//i, '')
        .replace(/^www\./i, '')
        .replace(/\/+$/, ''),
    )
    .filter(Boolean)
    .slice(0, MAX_WORDS)
}
