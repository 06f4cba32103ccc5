import { capitalised, type Locale } from '#src/lib/i18n.ts'

/** A Monday. */
const MONDAY_MS = Date.UTC(2024, 0, 1)
const DAY_MS = 24 * 3600 * 1000

/** The name of an ISO weekday, 1 Monday to 7 Sunday. */
export const formatWeekday = (locale: Locale, day: number): string => {
  const name = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' })
  return capitalised(locale, name.format(new Date(MONDAY_MS + (day - 1) * DAY_MS)))
}
