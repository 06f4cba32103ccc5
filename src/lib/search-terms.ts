const MAX_WORDS = 8
const MIN_DIGITS = 3
const SIREN = 9
const POSTAL_CODE = /^\d{5}$/

/** Texts that must all be found in a company. A telephone number typed in any national or international way is
 *  one text, its significant digits; a SIREN or SIRET may be written in groups. */
export const searchTerms = (q: string): string[] => {
  const text = q.trim()
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
