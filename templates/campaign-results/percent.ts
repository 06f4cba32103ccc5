import type { Locale } from '#src/lib/i18n.ts'

/** A share as people read it (`12 %`, `0,4 %`); null of nothing. */
export const percent = (locale: Locale, part: number, whole: number): string | null => {
  if (whole === 0) return null
  const share = part / whole
  const digits = share > 0 && share < 0.1 ? 1 : 0
  return new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: digits }).format(share)
}

/** A moment kept as text. */
export const dateOf = (text: string): Date => new Date(text)
