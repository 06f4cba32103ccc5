import { expect, test } from 'bun:test'
import { OFFICE_CALENDAR } from '#src/mail/limits/calendar.ts'
import { suggestionText } from '#src/mail/limits/messages.ts'
import { suggestStarts } from '#src/mail/limits/suggestions.ts'
import type { SendCalendar } from '#src/mail/accounts/schema.ts'

const suggested = (now: string, calendar: SendCalendar | null = null, locale: 'fr' | 'en' = 'fr') =>
  suggestStarts(calendar, new Date(now)).map((one) => [
    one.at.toISOString().slice(0, 16),
    suggestionText(locale, one, calendar?.timeZone ?? 'Europe/Paris'),
  ])

test('on a Wednesday: tomorrow morning and afternoon, and Monday', () => {
  expect(suggested('2026-03-11T10:00:00Z')).toEqual([
    ['2026-03-12T08:00', 'Demain matin, 09:00'],
    ['2026-03-12T13:00', 'Demain après-midi, 14:00'],
    ['2026-03-16T08:00', 'Lundi matin, 09:00'],
  ])
  expect(suggested('2026-03-11T10:00:00Z', null, 'en')[1]?.[1]).toBe('Tomorrow afternoon, 14:00')
})

test('on the last day of a month tomorrow is still tomorrow', () => {
  expect(suggested('2026-08-31T10:00:00Z')[0]).toEqual(['2026-09-01T07:00', 'Demain matin, 09:00'])
})

test('on a Friday the next working day is Monday, told once', () => {
  expect(suggested('2026-03-13T10:00:00Z')).toEqual([
    ['2026-03-16T08:00', 'Lundi matin, 09:00'],
    ['2026-03-16T13:00', 'Lundi après-midi, 14:00'],
  ])
})

test('a Monday that is a holiday is called by the day it moves to', () => {
  // Thursday before Easter, in Strasbourg: Good Friday and Easter Monday are holidays.
  const strasbourg: SendCalendar = { ...OFFICE_CALENDAR, holidays: 'fr-alsace-moselle' }
  expect(suggested('2026-04-02T10:00:00Z', strasbourg)).toEqual([
    ['2026-04-07T07:00', 'Mardi 7 avril matin, 09:00'],
    ['2026-04-07T12:00', 'Mardi 7 avril après-midi, 14:00'],
  ])
})

test('on a Monday the next Monday is a week away', () => {
  expect(suggested('2026-03-09T10:00:00Z').at(-1)).toEqual(['2026-03-16T08:00', 'Lundi matin, 09:00'])
})

test('late in the evening tomorrow is meant by the clock on the wall, west of Greenwich too', () => {
  const martinique: SendCalendar = { ...OFFICE_CALENDAR, timeZone: 'America/Martinique' }
  // 22:30 on 12 May; Ascension is on the 14th.
  expect(suggested('2026-05-13T02:30:00Z', martinique)[0]).toEqual([
    '2026-05-13T13:00',
    'Demain matin, 09:00',
  ])
  expect(suggested('2026-05-14T02:30:00Z', martinique)[0]?.[0]).toBe('2026-05-15T13:00')
})

test('a suggestion is within the hours of the calendar', () => {
  const mornings: SendCalendar = { ...OFFICE_CALENDAR, from: '10:00', to: '12:00', days: [2, 4] }
  expect(suggested('2026-03-11T10:00:00Z', mornings)).toEqual([
    ['2026-03-12T09:00', 'Demain matin, 10:00'],
    ['2026-03-17T09:00', 'Mardi 17 mars matin, 10:00'],
  ])
  expect(suggested('2026-03-11T10:00:00Z', { ...OFFICE_CALENDAR, days: [] })).toEqual([])
})
