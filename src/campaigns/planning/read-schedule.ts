import { z } from 'zod'
import type { SendCalendar } from '#src/mail/accounts/schema.ts'
import { calendarProblem, OFFICE_CALENDAR, type CalendarProblem } from '#src/mail/limits/calendar.ts'
import { isTimeZone, localTime, momentOf } from '#src/mail/limits/local-time.ts'

const MAX_ID = 2_147_483_647
const MAX_FRESHNESS = 365
const LOCAL = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):([0-5]\d)(:\d{2})?$/
const MODES = ['off', 'aggregate', 'individual'] as const

const id = z.coerce.number().int().positive().max(MAX_ID)

export type Schedule = {
  accountIds: number[]
  locale: 'fr' | 'en'
  opens: (typeof MODES)[number] | null
  clicks: (typeof MODES)[number] | null
  freshnessDays: number | null
  calendar: SendCalendar | null
  scheduledAt: Date | null
}

export type ScheduleProblem = {
  accountIds?: 'missing'
  startAt?: 'bad' | 'past'
  freshnessDays?: 'range'
  calendar?: CalendarProblem
}

export type ReadSchedule = {
  schedule: Schedule
  problems: ScheduleProblem
  /** As typed, for the form. */
  hours: SendCalendar
}

/** The form of the step “Sending”. The start is local to the time zone of the form's hours. */
export const readSchedule = (form: URLSearchParams, now: Date): ReadSchedule => {
  const problems: ScheduleProblem = {}
  const accountIds = [
    ...new Set(form.getAll('accountIds').flatMap((value) => id.safeParse(value).data ?? [])),
  ]
  if (accountIds.length === 0) problems.accountIds = 'missing'
  const hours = readHours(form)
  const ownHours = form.get('ownHours') === '1'
  const wrong = ownHours ? calendarProblem(hours) : null
  if (wrong) problems.calendar = wrong
  const freshness = readFreshness(form.get('freshnessDays') ?? '')
  if (freshness === 'range') problems.freshnessDays = 'range'
  const start = readStart(form, hours.timeZone, now)
  if (start === 'bad' || start === 'past') problems.startAt = start
  const modeOf = (name: 'opens' | 'clicks') => MODES.find((mode) => mode === form.get(name)) ?? null
  return {
    schedule: {
      accountIds,
      locale: form.get('locale') === 'en' ? 'en' : 'fr',
      opens: modeOf('opens'),
      clicks: modeOf('clicks'),
      freshnessDays: freshness === 'range' ? null : freshness,
      calendar: ownHours ? hours : null,
      scheduledAt: start instanceof Date ? start : null,
    },
    problems,
    hours,
  }
}

const readHours = (form: URLSearchParams): SendCalendar => {
  const holidays = form.get('holidays')
  return {
    days: [1, 2, 3, 4, 5, 6, 7].filter((day) => form.getAll('days').includes(String(day))),
    from: (form.get('from') ?? '').slice(0, 5),
    to: (form.get('to') ?? '').slice(0, 5),
    timeZone: (form.get('timeZone') ?? '').trim() || OFFICE_CALENDAR.timeZone,
    holidays: holidays === 'none' || holidays === 'fr-alsace-moselle' ? holidays : 'fr',
  }
}

const readFreshness = (text: string): number | null | 'range' => {
  if (text.trim() === '') return null
  const read = z.coerce.number().int().min(1).max(MAX_FRESHNESS).safeParse(text)
  return read.success ? read.data : 'range'
}

const readStart = (form: URLSearchParams, timeZone: string, now: Date): Date | null | 'bad' | 'past' => {
  const when = form.get('when') ?? 'now'
  if (when === 'now') return null
  const local = LOCAL.exec(when === 'at' ? (form.get('startAt') ?? '') : when)
  if (!local || !isTimeZone(timeZone)) return 'bad'
  const [, date = '', hour, minute] = local
  if (new Date(`${date}T00:00:00Z`).toISOString().slice(0, 10) !== date) return 'bad'
  const at = momentOf(timeZone, date, Number(hour) * 60 + Number(minute))
  return at > now ? at : 'past'
}

/** A moment as the form gives it: YYYY-MM-DDTHH:MM by the clock of the zone. */
export const localText = (timeZone: string, at: Date): string => {
  const { date, minute } = localTime(timeZone, at)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${date}T${two(Math.floor(minute / 60))}:${two(minute % 60)}`
}
