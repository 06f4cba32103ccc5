import type { SendCalendar } from '../accounts/schema.ts'
import { isHoliday } from './holidays.ts'
import { dateAfter, isTimeZone, localTime, momentOf, momentsOf, weekdayOf } from './local-time.ts'

/** How far ahead a day is looked for: longer than any run of closed days. */
const MAX_DAYS_AHEAD = 400
const MAX_ROUNDS = 200
const DAY_MINUTES = 24 * 60
const TIME = /^([01]\d|2[0-3]):([0-5]\d)$/

/** What working days are where no calendar says so. */
export const OFFICE_CALENDAR: SendCalendar = {
  days: [1, 2, 3, 4, 5],
  from: '09:00',
  to: '18:00',
  timeZone: 'Europe/Paris',
  holidays: 'fr',
}

export type CalendarProblem = 'no_days' | 'bad_from' | 'bad_to' | 'to_before_from' | 'bad_time_zone'

/** What is wrong with a calendar, for the form that makes it; null when it can be used. `to` may be 24:00. */
export const calendarProblem = (calendar: SendCalendar): CalendarProblem | null => {
  if (!calendar.days.some((day) => day >= 1 && day <= 7)) return 'no_days'
  if (!TIME.test(calendar.from)) return 'bad_from'
  if (!TIME.test(calendar.to) && calendar.to !== '24:00') return 'bad_to'
  if (minuteOf(calendar.to) <= minuteOf(calendar.from)) return 'to_before_from'
  return isTimeZone(calendar.timeZone) ? null : 'bad_time_zone'
}

/** Whether mails may leave at this moment, by the clock on the wall of the calendar's time zone. */
export const isOpen = (calendar: SendCalendar, at: Date): boolean => {
  const { date, minute } = localTime(calendar.timeZone, at)
  return opensOn(calendar, date) && minute >= minuteOf(calendar.from) && minute < minuteOf(calendar.to)
}

/** The first moment from `at` on at which mails may leave, `at` itself when they may now; null when they never may.
 *  A null calendar is always open. Right on days when the clocks are changed. */
export const nextOpening = (calendar: SendCalendar | null, at: Date): Date | null => {
  if (calendar === null || isOpen(calendar, at)) return at
  const today = localTime(calendar.timeZone, at).date
  for (let day = 0; day <= MAX_DAYS_AHEAD; day += 1) {
    const date = dateAfter(today, day)
    if (!opensOn(calendar, date)) continue
    const opening = momentsOf(calendar.timeZone, date, minuteOf(calendar.from)).find(
      (moment) =>
        moment >= at && localTime(calendar.timeZone, moment).date === date && isOpen(calendar, moment),
    )
    if (opening) return opening
  }
  return null
}

/** When the calendar closes after an open moment; null for one that is always open. */
export const closingAfter = (calendar: SendCalendar | null, openAt: Date): Date | null => {
  if (calendar === null) return null
  const { date } = localTime(calendar.timeZone, openAt)
  const to = minuteOf(calendar.to)
  const [day, minute] = to === DAY_MINUTES ? [dateAfter(date, 1), 0] : [date, to]
  return momentsOf(calendar.timeZone, day, minute).find((moment) => moment > openAt) ?? null
}

/** The same as nextOpening for several calendars that must all be open, such as those of an account and of a campaign. */
export const nextCommonOpening = (calendars: (SendCalendar | null)[], at: Date): Date | null => {
  let moment = at
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const before = moment
    for (const calendar of calendars) {
      const opening = nextOpening(calendar, moment)
      if (opening === null) return null
      moment = opening
    }
    if (moment.getTime() === before.getTime()) return moment
  }
  return null
}

/** `n` working days after `at`, at the same time by the clock on the wall. Working days are those on which the calendar
 *  sends; without one Monday to Friday except French public holidays, in Paris. `n` 0 is `at` itself. The result may be
 *  outside of the calendar's hours: mails then wait (nextOpening). */
export const addWorkingDays = (at: Date, n: number, calendar: SendCalendar | null): Date => {
  if (n <= 0) return at
  const used = calendar ?? OFFICE_CALENDAR
  const local = localTime(used.timeZone, at)
  let [date, left] = [local.date, n]
  for (let day = 0; left > 0 && day < MAX_DAYS_AHEAD + n * 7; day += 1) {
    date = dateAfter(date, 1)
    if (opensOn(used, date)) left -= 1
  }
  const second = at.getTime() % 60_000
  return new Date(momentOf(used.timeZone, date, local.minute).getTime() + second)
}

/** Whether a day, YYYY-MM-DD, is one on which the calendar sends. */
export const opensOn = (calendar: SendCalendar, date: string): boolean =>
  calendar.days.includes(weekdayOf(date)) && !isHoliday(date, calendar.holidays)

const minuteOf = (time: string): number => {
  const [hour, minute] = time.split(':').map(Number)
  return Math.min(DAY_MINUTES, hour! * 60 + minute!)
}
