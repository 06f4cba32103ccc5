import { expect, test } from 'bun:test'
import type { SendCalendar } from '#src/mail/accounts/schema.ts'
import {
  addWorkingDays,
  calendarProblem,
  closingAfter,
  isOpen,
  nextCommonOpening,
  nextOpening,
  OFFICE_CALENDAR,
} from '#src/mail/limits/calendar.ts'

const office: SendCalendar = { ...OFFICE_CALENDAR, to: '17:30' }
const at = (text: string) => new Date(text)
const opening = (calendar: SendCalendar | null, from: string) =>
  nextOpening(calendar, at(from))?.toISOString() ?? null

test('without a calendar it is always open', () => {
  expect(opening(null, '2026-12-25T03:00:00.000Z')).toBe('2026-12-25T03:00:00.000Z')
})

test('within its hours now is right, else the next morning that it opens', () => {
  expect(opening(office, '2026-03-10T09:15:30.500Z')).toBe('2026-03-10T09:15:30.500Z')
  expect(opening(office, '2026-03-10T07:59:59.999Z')).toBe('2026-03-10T08:00:00.000Z')
  // 17:30 in Paris is no longer within.
  expect(opening(office, '2026-03-10T16:30:00.000Z')).toBe('2026-03-11T08:00:00.000Z')
  expect(opening(office, '2026-03-13T17:00:00.000Z')).toBe('2026-03-16T08:00:00.000Z')
})

test('mornings keep their hour by the clock on the wall when the clocks are changed', () => {
  expect(opening(office, '2026-03-27T20:00:00Z')).toBe('2026-03-30T07:00:00.000Z')
  expect(opening(office, '2026-10-23T20:00:00Z')).toBe('2026-10-26T08:00:00.000Z')
})

test.each([
  ['2026-04-06', 'Easter Monday'],
  ['2026-05-01', '1 May'],
  ['2026-05-08', '8 May'],
  ['2026-05-14', 'Ascension'],
  ['2026-05-25', 'Whit Monday'],
  ['2026-07-14', '14 July'],
  ['2026-11-11', '11 November'],
  ['2026-12-25', 'Christmas'],
  ['2027-01-01', 'New Year'],
])('nothing leaves on %s, %s', (date) => {
  expect(isOpen(office, at(`${date}T10:00:00Z`))).toBe(false)
  expect(isOpen({ ...office, holidays: 'none' }, at(`${date}T10:00:00Z`))).toBe(true)
})

test('Alsace-Moselle keeps Good Friday and 26 December too', () => {
  const metz: SendCalendar = { ...office, holidays: 'fr-alsace-moselle' }
  const saturdays: SendCalendar = { ...metz, days: [1, 2, 3, 4, 5, 6] }
  expect(isOpen(office, at('2026-04-03T10:00:00Z'))).toBe(true)
  expect(isOpen(metz, at('2026-04-03T10:00:00Z'))).toBe(false)
  expect(isOpen(saturdays, at('2026-12-26T10:00:00Z'))).toBe(false)
  expect(isOpen({ ...saturdays, holidays: 'fr' }, at('2026-12-26T10:00:00Z'))).toBe(true)
})

test.each([
  'Pacific/Auckland',
  'Australia/Sydney',
  'America/Martinique',
  'America/Santiago',
  'Asia/Tokyo',
  'UTC',
])('holidays are the same wherever the program runs: %s', async (zone) => {
  const script = `import { isHoliday } from '${import.meta.dir}/../../../src/mail/limits/holidays.ts'
      const dates = []
      for (let ms = Date.UTC(2024, 0, 1); ms < Date.UTC(2034, 0, 1); ms += 86400000) {
        const date = new Date(ms).toISOString().slice(0, 10)
        if (isHoliday(date, 'fr-alsace-moselle')) dates.push(date)
      }
      console.log(Bun.hash(dates.join()).toString(16), dates.length, dates.filter((d) => d.startsWith('2026')).join())`
  const run = Bun.spawn([process.execPath, '-e', script], { env: { ...process.env, TZ: zone } })
  expect((await new Response(run.stdout).text()).trim()).toEndWith(
    ' 130 2026-01-01,2026-04-03,2026-04-06,2026-05-01,2026-05-08,2026-05-14,2026-05-25,2026-07-14,2026-08-15,2026-11-01,2026-11-11,2026-12-25,2026-12-26',
  )
})

test('a time zone of its own counts: noon in Martinique is evening in Paris', () => {
  const island: SendCalendar = { ...office, timeZone: 'America/Martinique' }
  expect(opening(island, '2026-03-10T18:00:00Z')).toBe('2026-03-10T18:00:00.000Z')
  expect(opening(island, '2026-03-10T09:00:00Z')).toBe('2026-03-10T13:00:00.000Z')
})

test.each(['Europe/Paris', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Casablanca'])(
  'an opening in %s is open and nothing before it is, at any moment of a year, hours that are skipped or come twice included',
  (timeZone) => {
    const early: SendCalendar = { days: [1, 3, 6, 7], from: '01:30', to: '02:45', timeZone, holidays: 'none' }
    let moment = Date.UTC(2026, 0, 1)
    while (moment < Date.UTC(2026, 11, 31)) {
      const found = nextOpening(early, new Date(moment))!.getTime()
      expect(isOpen(early, new Date(found))).toBe(true)
      for (let before = Math.max(moment, found - 3 * 3_600_000); before < found; before += 300_000)
        expect(isOpen(early, new Date(before))).toBe(false)
      if (found > moment) expect(isOpen(early, new Date(found - 1))).toBe(false)
      moment = (found > moment ? found : moment) + 1_777_000
    }
  },
)

test('two calendars open together, or never', () => {
  const mornings: SendCalendar = { ...office, to: '12:00' }
  const island: SendCalendar = { ...office, timeZone: 'America/Martinique', from: '06:30' }
  expect(nextCommonOpening([mornings, island, null], at('2026-03-10T00:00:00Z'))?.toISOString()).toBe(
    '2026-03-10T10:30:00.000Z',
  )
  const mondays: SendCalendar = { ...office, days: [1] }
  expect(nextCommonOpening([mondays, { ...office, days: [2] }], at('2026-03-10T00:00:00Z'))).toBeNull()
  expect(nextOpening({ ...office, days: [] }, at('2026-03-10T00:00:00Z'))).toBeNull()
})

test('a calendar says when it closes', () => {
  expect(closingAfter(office, at('2026-03-10T09:00:00Z'))?.toISOString()).toBe('2026-03-10T16:30:00.000Z')
  expect(closingAfter({ ...office, to: '24:00' }, at('2026-03-10T09:00:00Z'))?.toISOString()).toBe(
    '2026-03-10T23:00:00.000Z',
  )
  expect(closingAfter(null, at('2026-03-10T09:00:00Z'))).toBeNull()
})

test('working days skip weekends and holidays and keep the time by the clock on the wall', () => {
  const after = (from: string, days: number, calendar: SendCalendar | null = null) =>
    addWorkingDays(at(from), days, calendar).toISOString()
  expect(after('2026-03-10T09:15:30.500Z', 0)).toBe('2026-03-10T09:15:30.500Z')
  expect(after('2026-03-10T09:15:30.500Z', 2)).toBe('2026-03-12T09:15:30.500Z')
  expect(after('2026-03-13T09:15:00Z', 1)).toBe('2026-03-16T09:15:00.000Z')
  // Over the change of clocks, and Easter Monday.
  expect(after('2026-03-26T09:15:00Z', 3)).toBe('2026-03-31T08:15:00.000Z')
  expect(after('2026-04-03T09:15:00Z', 1)).toBe('2026-04-07T09:15:00.000Z')
  expect(after('2026-04-02T09:15:00Z', 1, { ...office, holidays: 'fr-alsace-moselle' })).toBe(
    '2026-04-07T09:15:00.000Z',
  )
  expect(after('2026-03-10T09:15:00Z', 2, { ...office, days: [2] })).toBe('2026-03-24T09:15:00.000Z')
})

test('a form is told what is wrong with a calendar', () => {
  expect(calendarProblem(office)).toBeNull()
  expect(calendarProblem({ ...office, days: [] })).toBe('no_days')
  expect(calendarProblem({ ...office, from: '9' })).toBe('bad_from')
  expect(calendarProblem({ ...office, to: '25:00' })).toBe('bad_to')
  expect(calendarProblem({ ...office, from: '18:00' })).toBe('to_before_from')
  expect(calendarProblem({ ...office, timeZone: 'Europe/Atlantis' })).toBe('bad_time_zone')
})
