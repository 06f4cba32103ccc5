import publicHolidays from '@socialgouv/jours-feries'
import type { SendCalendar } from '../accounts/schema.ts'

// The library adds days as 24 hours to a local midnight, which may land an hour before the day that is meant.
const HALF_A_DAY_MS = 12 * 3_600_000

const known = new Map<string, Set<string>>()

/** Whether nothing is sent on this day because of a public holiday. `date` is YYYY-MM-DD, as it is called in the
 *  calendar's own time zone. */
export const isHoliday = (date: string, holidays: SendCalendar['holidays']): boolean =>
  holidays !== 'none' && holidaysOf(Number(date.slice(0, 4)), holidays).has(date)

const holidaysOf = (year: number, holidays: 'fr' | 'fr-alsace-moselle'): Set<string> => {
  const key = `${year} ${holidays}`
  const found = known.get(key) ?? new Set(datesOf(year, holidays === 'fr-alsace-moselle'))
  known.set(key, found)
  return found
}

const datesOf = (year: number, alsace: boolean): string[] =>
  Object.values(publicHolidays(year, { alsace })).map((midnight) => {
    const noon = new Date(midnight.getTime() + HALF_A_DAY_MS)
    return [noon.getFullYear(), noon.getMonth() + 1, noon.getDate()]
      .map((part) => String(part).padStart(2, '0'))
      .join('-')
  })
