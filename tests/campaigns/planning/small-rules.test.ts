import { expect, test } from 'bun:test'
import { detectableRate, shareRecipients } from '#src/campaigns/planning/ab-sample.ts'
import { accountWeights } from '#src/campaigns/planning/choose-account.ts'
import { pickStable } from '#src/campaigns/planning/pick-variant.ts'
import { publicHttps } from '#src/campaigns/planning/public-https.ts'
import { quotesFindings } from '#src/campaigns/planning/quotes-findings.ts'
import { localText, readSchedule } from '#src/campaigns/planning/read-schedule.ts'

test('a sample is shared out to the last recipient', () => {
  const shares = shareRecipients(
    [
      { label: 'A', weight: 1 },
      { label: 'B', weight: 1 },
      { label: 'C', weight: 1 },
    ],
    100,
  )
  expect(shares.map(({ recipients }) => recipients).toSorted()).toEqual([33, 33, 34])
  expect(
    shareRecipients(
      [
        { label: 'A', weight: 3 },
        { label: 'B', weight: 1 },
      ],
      400,
    ),
  ).toMatchObject([{ recipients: 300 }, { recipients: 100 }])
})

// Against the tables of sample sizes: 5 % against 8 % needs 1,059 recipients each (80 % power, 5 % two-sided).
test('the difference that a sample can show agrees with the tables', () => {
  expect(detectableRate(0.05, 1_059)).toBeCloseTo(0.08, 2)
  expect(detectableRate(0.05, 100)).toBeGreaterThan(0.15)
  expect(detectableRate(0.05, 2)).toBeNull()
})

test('accounts weigh what they may send in a working day; without a limit as much as the highest', () => {
  const none = { perMinute: null, perHour: null, perDay: null }
  const weights = accountWeights([
    { id: 1, ...none, perDay: 300 },
    { id: 2, ...none, perHour: 10, perDay: 300 },
    { id: 3, ...none },
  ])
  expect(weights.map(({ weight }) => weight)).toEqual([300, 100, 300])
  expect(
    accountWeights([
      { id: 1, ...none },
      { id: 2, ...none },
    ]).map(({ weight }) => weight),
  ).toEqual([1, 1])
})

test('what is picked for a key is always the same, in about the given shares', () => {
  const choices = [
    { name: 'A', weight: 1 },
    { name: 'B', weight: 1 },
  ]
  const picked = Array.from({ length: 2_000 }, (_, n) => pickStable(choices, `key ${n}`).name)
  expect(picked).toEqual(Array.from({ length: 2_000 }, (_, n) => pickStable(choices, `key ${n}`).name))
  expect(picked.filter((name) => name === 'A').length).toBeWithin(900, 1_100)
})

test.each([
  [undefined, 'missing'],
  ['https://suivi.agence.fr', null],
  ['https://203.0.113.9', 'not_public'],
  ['https://9.9.9.9', null],
  ['http://suivi.agence.fr', 'not_https'],
  ['https://192.168.1.10', 'not_public'],
  ['https://[fd00::1]', 'not_public'],
  ['https://localhost:5000', 'not_public'],
  ['https://prospectlab', 'not_public'],
  ['https://prospectlab.lan', 'not_public'],
  ['https://box.home.arpa', 'not_public'],
] as const)('the public address %p is %p', (url, problem) => {
  expect(publicHttps(url)).toBe(problem)
})

test.each([
  ['{{ findings_count }} points', true],
  ['{% if has_issues %}…{% endif %}', true],
  ['{{ finding.tls_none.title | default: "" }}', true],
  ['{{ entreprise }} à {{ ville | default: "" }}', false],
  ['findings_count sans accolades', false],
  ['{{ entreprise | append: " findings " }}', false],
])('%p quotes findings: %p', (html, quotes) => {
  expect(quotesFindings({ subject: '', html, text: '' })).toBe(quotes)
})

const now = new Date('2026-03-27T12:00:00Z')
const form = (fields: Record<string, string>) =>
  readSchedule(
    new URLSearchParams({ accountIds: '1', when: 'now', timeZone: 'Europe/Paris', ...fields }),
    now,
  )

test('a start is read by the clock of its time zone, also on the day the clocks change', () => {
  const at = form({ when: 'at', startAt: '2026-03-30T09:00' }).schedule.scheduledAt
  expect(at?.toISOString()).toBe('2026-03-30T07:00:00.000Z')
  expect(localText('Europe/Paris', at!)).toBe('2026-03-30T09:00')
  // 02:30 does not exist on 29 March 2026.
  const skipped = form({ when: 'at', startAt: '2026-03-29T02:30' }).schedule.scheduledAt
  expect(skipped?.toISOString()).toBe('2026-03-29T01:00:00.000Z')
  expect(form({ when: '2026-03-30T14:00' }).schedule.scheduledAt?.toISOString()).toBe(
    '2026-03-30T12:00:00.000Z',
  )
  expect(form({}).schedule.scheduledAt).toBeNull()
})

test.each([
  [{ accountIds: '' }, { accountIds: 'missing' }],
  [{ accountIds: 'x; drop' }, { accountIds: 'missing' }],
  [{ when: 'at', startAt: '' }, { startAt: 'bad' }],
  [{ when: 'at', startAt: '2026-02-31T09:00' }, { startAt: 'bad' }],
  [{ when: 'at', startAt: '2026-03-27T09:00' }, { startAt: 'past' }],
  [{ freshnessDays: '0' }, { freshnessDays: 'range' }],
  [{ ownHours: '1', days: '1', from: '18:00', to: '09:00' }, { calendar: 'to_before_from' }],
  [{ ownHours: '1', from: '09:00', to: '18:00' }, { calendar: 'no_days' }],
] as const)('a form with %j is refused as %j', (fields, problems) => {
  expect(form(fields as unknown as Record<string, string>).problems).toEqual(problems as never)
})
