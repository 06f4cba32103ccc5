import type { SendCalendar } from '../accounts/schema.ts'
import { nextOpening, OFFICE_CALENDAR, opensOn } from './calendar.ts'
import { dateAfter, localTime, momentOf, weekdayOf } from './local-time.ts'

const MORNING = 9 * 60
const AFTERNOON = 14 * 60
const NOON = 12 * 60
const MONDAY = 1
const MAX_DAYS_AHEAD = 30

export type Suggestion = {
  id: 'tomorrow-morning' | 'tomorrow-afternoon' | 'monday-morning'
  at: Date
  /** How the day is called: tomorrow, the coming Monday, or by its date. */
  day: 'tomorrow' | 'monday' | 'working_day'
  part: 'morning' | 'afternoon'
}

/** When a campaign may well begin: the next working day from tomorrow, in the morning at 9 and in the afternoon at 14, and
 *  the next Monday (a week from now on Mondays) at 9, or the first working day after it. By the clock on the wall of
 *  the calendar's time zone and within its hours; two that fall on the same moment are one. Working days without
 *  a calendar: Monday to Friday except French public holidays, in Paris. Empty when the calendar never opens. */
export const suggestStarts = (calendar: SendCalendar | null, now: Date): Suggestion[] => {
  const used = calendar ?? OFFICE_CALENDAR
  const today = localTime(used.timeZone, now).date
  const tomorrow = workingDayFrom(used, dateAfter(today, 1))
  const monday = workingDayFrom(used, dateAfter(today, daysToMonday(today)))
  const candidates = [
    { id: 'tomorrow-morning', date: tomorrow, part: 'morning' },
    { id: 'tomorrow-afternoon', date: tomorrow, part: 'afternoon' },
    { id: 'monday-morning', date: monday, part: 'morning' },
  ] as const
  const suggestions: Suggestion[] = []
  for (const { id, date, part } of candidates) {
    if (date === null) continue
    const wished = momentOf(used.timeZone, date, part === 'morning' ? MORNING : AFTERNOON)
    const at = nextOpening(calendar, wished)
    if (at === null || suggestions.some((one) => one.at.getTime() === at.getTime())) continue
    const local = localTime(used.timeZone, at)
    const half = local.minute < NOON ? 'morning' : 'afternoon'
    suggestions.push({ id, at, day: nameOf(local.date, today), part: half })
  }
  return suggestions
}

const daysToMonday = (date: string): number => (7 - weekdayOf(date) + MONDAY) % 7 || 7

const workingDayFrom = (calendar: SendCalendar, from: string): string | null => {
  for (let day = 0; day < MAX_DAYS_AHEAD; day += 1) {
    const date = dateAfter(from, day)
    if (opensOn(calendar, date)) return date
  }
  return null
}

const nameOf = (date: string, today: string): Suggestion['day'] => {
  if (date === dateAfter(today, 1)) return 'tomorrow'
  return weekdayOf(date) === MONDAY && date <= dateAfter(today, 7) ? 'monday' : 'working_day'
}
