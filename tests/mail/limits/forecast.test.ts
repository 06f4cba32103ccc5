import { expect, test } from 'bun:test'
import type { SendCalendar } from '#src/mail/accounts/schema.ts'
import { OFFICE_CALENDAR } from '#src/mail/limits/calendar.ts'
import { decide, type AccountRules, type AccountState, type ProviderState } from '#src/mail/limits/decide.ts'
import { forecast, type ForecastAccount } from '#src/mail/limits/forecast.ts'
import { forecastText, sendingDaysText } from '#src/mail/limits/messages.ts'
import { readForecast } from '#src/mail/limits/read-forecast.ts'
import { reserve } from '#src/mail/limits/reserve.ts'
import { mailProviderLimits } from '#src/mail/limits/schema.ts'
import { NO_USAGE, withMails, type Limits } from '#src/mail/limits/windows.ts'
import { testDatabase } from '#tests/support/database.ts'
import { newAccount, wants } from './account.ts'

const { db } = await testDatabase()
const FROM = new Date('2026-03-10T08:30:00Z')
const HOUR = 3_600_000
const NEW: AccountState = { usage: NO_USAGE, nextAt: null, warmup: { days: 0, on: null } }

const rules = (
  values: Partial<Omit<AccountRules, 'limits'>> & { limits?: Partial<Limits> },
): AccountRules => ({
  active: true,
  pausedAt: null,
  pauseReason: null,
  minGapMs: 0,
  gapJitterMs: 0,
  warmup: null,
  calendar: null,
  ...values,
  limits: { minute: null, hour: null, day: null, ...values.limits },
})

const account = (
  own: AccountRules,
  mails: Record<string, number>,
  more: Partial<ForecastAccount> = {},
): ForecastAccount => ({
  id: 1,
  label: 'Agence',
  rules: own,
  state: NEW,
  mails: new Map(Object.entries(mails)),
  others: 0,
  providerLimits: new Map(),
  providerUsage: new Map(),
  ...more,
})

const foresee = (one: ForecastAccount, calendar: SendCalendar | null = null) =>
  forecast({ accounts: [one], calendar, from: FROM })

/** When the last mail really leaves, by asking as the sender does. */
const reallyEnds = (one: ForecastAccount, calendar: SendCalendar | null): Date => {
  let [state, at, id] = [one.state, FROM, 0]
  let left = [...one.mails].flatMap(([provider, count]) =>
    Array.from({ length: count }, () => ({ id: id++, provider })),
  )
  const providers = new Map<string, ProviderState>()
  for (const provider of one.mails.keys()) {
    const limits = one.providerLimits.get(provider)
    if (limits) providers.set(provider, { limits, usage: NO_USAGE, breaker: null })
  }
  for (;;) {
    const given = { rules: one.rules, state, breaker: null, providers, calendar, wants: left }
    const decision = decide(given, at, Math.random)
    const taken = new Set(decision.granted)
    left = left.filter((want) => !taken.has(want.id))
    if (left.length === 0) return at
    state = decision.account
    for (const [provider, count] of decision.perProvider) {
      const known = providers.get(provider)
      if (known) providers.set(provider, { ...known, usage: withMails(known.usage, count, at.getTime()) })
    }
    at = decision.waitUntil!
  }
}

const office = OFFICE_CALENDAR
test.each<[string, ForecastAccount, SendCalendar | null, string]>([
  ['per minute', account(rules({ limits: { minute: 10 } }), { google: 700 }), null, 'minute'],
  ['per hour', account(rules({ limits: { hour: 90 } }), { google: 700 }), null, 'hour'],
  ['per day', account(rules({ limits: { day: 300 } }), { google: 1_700 }), null, 'day'],
  ['per hour in office hours', account(rules({ limits: { hour: 40 } }), { a: 900 }), office, 'hour'],
  ['a gap', account(rules({ minGapMs: 20_000, gapJitterMs: 10_000 }), { a: 2_500 }), null, 'gap'],
  [
    'a gap in office hours',
    account(rules({ minGapMs: 60_000, calendar: office }), { a: 1_500 }),
    null,
    'gap',
  ],
  [
    'a warm-up',
    account(rules({ limits: { day: 400 }, warmup: { firstDay: 20, step: 20 }, calendar: office }), {
      a: 800,
    }),
    null,
    'warmup',
  ],
  [
    'one provider',
    account(
      rules({}),
      { google: 400, ovh: 2_000 },
      { providerLimits: new Map([['google', { minute: null, hour: 50, day: null }]]) },
    ),
    null,
    'hour',
  ],
])('the end is foreseen as it comes: %s', (_, one, calendar, kind) => {
  const found = foresee(one, calendar)
  const ends = reallyEnds(one, calendar)
  const took = ends.getTime() - FROM.getTime()
  expect(Math.abs(found.endsAt!.getTime() - ends.getTime())).toBeLessThan(Math.max(took * 0.05, HOUR / 3))
  expect(found.limitedBy?.kind).toBe(kind as never)
  const mails = [...one.mails.values()].reduce((sum, count) => sum + count, 0)
  expect(found.perDay.reduce((sum, day) => sum + day.mails, 0)).toBe(mails)
})

test('the slowest account decides, and the sentence says so', () => {
  const found = forecast({
    accounts: [
      account(rules({ limits: { day: 200 } }), { google: 500 }),
      account(rules({ limits: { day: 50 } }), { ovh: 300 }, { id: 2, label: 'Relances' }),
    ],
    calendar: office,
    from: FROM,
  })
  expect(found.limitedBy).toEqual({ kind: 'day', of: 'account', limit: 50, accountId: 2, label: 'Relances' })
  expect(forecastText('fr', found, 'Europe/Paris')).toBe(
    'Se termine mardi 17 mars à 09:10, limité par le compte « Relances » (50 messages par jour au plus).',
  )
  expect(forecastText('en', found, 'Europe/Paris')).toContain('limited by the account “Relances” (at most 50')
  expect(found.perDay).toHaveLength(6)
  expect(sendingDaysText('fr', found)).toBe('6 jours d’envoi')
  expect(found.accounts.map(({ id, mails }) => [id, mails])).toEqual([
    [1, 500],
    [2, 300],
  ])
})

test('without any limit it ends soon and nothing is blamed', () => {
  const found = foresee(account(rules({}), { google: 60 }))
  expect(found.endsAt!.getTime() - FROM.getTime()).toBeLessThan(30_000)
  expect(found.limitedBy).toBeNull()
  expect(forecastText('fr', found, 'Europe/Paris')).toBe('Se termine mardi 10 mars à 09:30.')
  const none = foresee(account(rules({}), {}))
  expect(none).toEqual({ endsAt: FROM, limitedBy: null, perDay: [], accounts: [] })
  expect(forecastText('en', none, 'Europe/Paris')).toBe('No message to send.')
})

test.each<[string, ForecastAccount, SendCalendar | null, string]>([
  ['paused', account(rules({ pausedAt: FROM, pauseReason: 'auth' }), { a: 1 }), null, 'paused'],
  ['inactive', account(rules({ active: false }), { a: 1 }), null, 'inactive'],
  ['nothing a day', account(rules({ limits: { day: 0 } }), { a: 1 }), null, 'day'],
  [
    'calendars that never meet',
    account(rules({ calendar: { ...office, days: [1] } }), { a: 1 }),
    { ...office, days: [2] },
    'calendar',
  ],
  [
    'a provider that may get nothing',
    account(rules({}), { a: 5 }, { providerLimits: new Map([['*', { minute: null, hour: null, day: 0 }]]) }),
    null,
    'day',
  ],
])('what never ends is said to: %s', (_, one, calendar, kind) => {
  const found = foresee(one, calendar)
  expect(found.endsAt).toBeNull()
  expect(found.limitedBy?.kind).toBe(kind as never)
  expect(forecastText('fr', found, 'Europe/Paris')).toStartWith('Ne se terminera pas')
})

test('what was used already and what other campaigns want is counted in', () => {
  const own = rules({ limits: { hour: 100 } })
  const used = { ...NEW, usage: withMails(NO_USAGE, 100, FROM.getTime()) }
  const end = (more: Partial<ForecastAccount>) =>
    (foresee(account(own, { a: 100 }, more)).endsAt!.getTime() - FROM.getTime()) / HOUR
  expect(end({})).toBeLessThan(0.1)
  expect(end({ state: used })).toBeCloseTo(1, 1)
  // Each second place is theirs.
  expect(end({ others: 1_000 })).toBeCloseTo(1, 1)
})

test('it is told in a moment, for tens of thousands of mails too', () => {
  const started = performance.now()
  foresee(account(rules({ minGapMs: 45_000, calendar: office }), { a: 50_000 }))
  foresee(account(rules({ limits: { minute: 3, hour: 100, day: 500 } }), { a: 50_000 }), office)
  expect(performance.now() - started).toBeLessThan(2_000)
})

test('accounts are read as they stand now', async () => {
  const id = await newAccount(db, { label: 'Agence', perHour: 10 })
  await db.insert(mailProviderLimits).values({ accountId: id, provider: 'google', perDay: 5 })
  await db.transaction((tx) => reserve(tx, { accountId: id, calendar: null, wants: wants(10, 'ovh') }, FROM))
  const found = await readForecast(db, {
    mails: [
      { accountId: id, provider: 'ovh', mails: 4 },
      { accountId: id, provider: 'google', mails: 6 },
      { accountId: 2_000_000, provider: 'ovh', mails: 4 },
    ],
    calendar: null,
    from: FROM,
  })
  expect(found.accounts).toHaveLength(1)
  expect(found.limitedBy).toEqual({
    kind: 'day',
    of: 'provider',
    provider: 'google',
    limit: 5,
    accountId: id,
    label: 'Agence',
  })
  expect((found.endsAt!.getTime() - FROM.getTime()) / HOUR).toBeCloseTo(25, 0)
})
