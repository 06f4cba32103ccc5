const MIN_DIGITS = 4
const MAX_DIGITS = 15

/** What a number may be stored as: French `0X…`, `33X…`, `+33X…` and `0033X…` are one. `e164` in the international
 *  form, most likely first; `digits` without anything but digits. Null for what is no number. */
export const phoneSpellings = (text: string): { e164: string[]; digits: string[] } | null => {
  const written = text.normalize('NFKC').replaceAll(/\(\s*0\s*\)/g, '')
  const all = written.replaceAll(/\D/g, '')
  const hasPlus = /^\s*\(?\s*\+/.test(written)
  const isInternational = hasPlus || all.startsWith('00')
  const digits = !hasPlus && isInternational ? all.slice(2) : all
  if (digits.length < MIN_DIGITS || digits.length > MAX_DIGITS) return null
  const national = isInternational && !digits.startsWith('33') ? null : nationalOf(digits)
  if (national === null) return { e164: [`+${digits}`], digits: [...new Set([digits, all, `00${digits}`])] }
  return {
    e164: [`+33${national}`],
    digits: [`0${national}`, `33${national}`, `0033${national}`, `330${national}`, national],
  }
}

// Nine digits after the 0 or 33, the first of them none.
const nationalOf = (digits: string): string | null => /^(?:33)?0?([1-9]\d{8})$/.exec(digits)?.[1] ?? null
