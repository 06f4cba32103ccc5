const DAY_MS = 86_400_000
const DAYS_1900_TO_1970 = 25_569
const DAYS_1904_TO_1900 = 1_462
// Spreadsheets keep 15 significant digits; what comes after is noise of the binary form (48.500000000000007).
const SIGNIFICANT_DIGITS = 15
const BUILT_IN_DATES = new Set([
  14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58,
])
const BUILT_IN_TIMES = new Set([18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47])

/** How a number of one style is shown: as a date, a time, or with at least `minDigits` digits (`00000`). */
export type NumberStyle = { kind: 'date' | 'time' | 'number'; minDigits: number }

/** The style behind a number format (ECMA-376 §18.8.30): built-in id, or the code the workbook declares. */
export const numberStyle = (id: number, code: string | undefined): NumberStyle => {
  if (code === undefined) {
    if (BUILT_IN_DATES.has(id)) return { kind: 'date', minDigits: 0 }
    return { kind: BUILT_IN_TIMES.has(id) ? 'time' : 'number', minDigits: 0 }
  }
  const bare = bareFormat(code)
  if (/[yd]/i.test(bare)) return { kind: 'date', minDigits: 0 }
  if (/[hs]/i.test(bare)) return { kind: 'time', minDigits: 0 }
  if (/m{1,5}/i.test(bare)) return { kind: 'date', minDigits: 0 }
  return { kind: 'number', minDigits: minDigitsOf(bare) }
}

// The first section, without literals, escapes, paddings, colours, locales and currencies.
const bareFormat = (code: string): string =>
  code
    .slice(0, 200)
    .replace(/"[^"]*"|\\.|_.|\*./g, ' ')
    .replace(/\[(h+|m+|s+)\]/gi, '$1')
    .replace(/\[[^\]]*\]/g, '')
    .replace(/general|standard/gi, '')
    .split(';')[0]!

const minDigitsOf = (bare: string): number => {
  if (/[.,%/?e]/i.test(bare)) return 0
  const places = bare.replace(/[^0#]/g, '')
  const first = places.indexOf('0')
  const digits = first === -1 ? 0 : places.length - first
  return digits > 1 ? digits : 0
}

/** A stored number as a person would write it: no exponent, no binary noise, the zeros its format shows. */
export const numberText = (raw: string, style?: NumberStyle, from1904 = false): string => {
  const value = Number(raw)
  if (!Number.isFinite(value)) return raw
  if (style?.kind === 'date' && value >= 0) return dateText(value, from1904)
  if (style?.kind === 'time' && value >= 0) return value < 1 ? timeText(value) : dateText(value, from1904)
  const text = plainNumber(value)
  return style && style.minDigits > text.length && /^\d+$/.test(text)
    ? text.padStart(style.minDigits, '0')
    : text
}

export const plainNumber = (value: number): string => {
  if (Number.isSafeInteger(value)) return String(value)
  const rounded = Number(value.toPrecision(SIGNIFICANT_DIGITS))
  const text = String(rounded)
  if (!text.includes('e')) return text
  return Math.abs(rounded) >= 1
    ? BigInt(rounded).toString()
    : rounded.toFixed(20).replace(/0+$/, '').replace(/\.$/, '')
}

const dateText = (serial: number, from1904: boolean): string => {
  const days = serial + (from1904 ? DAYS_1904_TO_1900 : 0)
  // Day 60 is the 29 February 1900 that never was: days before it are one behind.
  const shifted = !from1904 && days < 60 ? days + 1 : days
  return isoDate(new Date(Math.round(((shifted - DAYS_1900_TO_1970) * DAY_MS) / 1000) * 1000))
}

const timeText = (fraction: number): string => {
  const date = new Date(Math.round((fraction * DAY_MS) / 1000) * 1000)
  return date.toISOString().slice(11, date.getUTCSeconds() === 0 ? 16 : 19)
}

/** `2024-05-01`, or `2024-05-01T08:30:00` when there is a time of day; no zone: a sheet has none. */
export const isoDate = (date: Date): string => {
  if (Number.isNaN(date.getTime())) return ''
  const text = date.toISOString()
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, -14) : text.slice(0, -5)
}
