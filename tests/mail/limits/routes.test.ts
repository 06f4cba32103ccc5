import { expect, test } from 'bun:test'
import { Hono } from 'hono'
import type { AppEnv } from '#src/http-env.ts'
import type { Locale } from '#src/lib/i18n.ts'
import { AppError } from '#src/lib/errors.ts'
import { sweepLimitsJob } from '#src/mail/limits/jobs.ts'
import { noteOutcomes, type Outcome } from '#src/mail/limits/note-outcome.ts'
import { reserve } from '#src/mail/limits/reserve.ts'
import { limitRoutes } from '#src/mail/limits/routes.tsx'
import { mailBreakers, mailHealth, mailProviderUsage } from '#src/mail/limits/schema.ts'
import { OFFICE_CALENDAR } from '#src/mail/limits/calendar.ts'
import { testDatabase } from '#tests/support/database.ts'
import { newAccount, wants } from './account.ts'

const { db } = await testDatabase()
let now = new Date('2026-03-10T11:00:00Z')
const clock = { now: () => now }

const pages = (locale: Locale) => {
  const app = new Hono<AppEnv>()
  let flash = ''
  app.use(async (c, next) => {
    c.set('page', { locale, theme: 'auto', user: null, csrf: 'token', path: c.req.path, flash: null })
    await next()
    flash = c.get('nextFlash')?.text ?? flash
  })
  app.route('/settings/mail', limitRoutes({ db, clock }))
  app.onError((error, c) => {
    if (error instanceof AppError) return c.text(error.code, error.status)
    throw error
  })
  const ask = async (id: number, path = '', form?: Record<string, string>) => {
    const init = form ? { method: 'POST', body: new URLSearchParams(form) } : {}
    const response = await app.request(`/settings/mail/${id}/limits${path}`, init)
    return { status: response.status, text: await response.text(), flash }
  }
  return ask
}
const french = pages('fr')
const english = pages('en')
const take = (accountId: number, count: number, provider = 'google') =>
  db.transaction((tx) => reserve(tx, { accountId, calendar: null, wants: wants(count, provider) }, now))
const note = (accountId: number, outcomes: Outcome['outcome'][], provider = 'google') =>
  db.transaction((tx) =>
    noteOutcomes(
      tx,
      outcomes.map((outcome) => ({ accountId, provider, outcome })),
      now,
    ),
  )

test('the page says what was used of which limit, and how far the warm-up is', async () => {
  const id = await newAccount(db, {
    label: 'Agence <b>',
    perHour: 40,
    perDay: 200,
    warmupFirstDay: 20,
    warmupStep: 10,
    minGapMs: 1_500,
    gapJitterMs: 500,
  })
  await take(id, 1)
  const { status, text } = await french(id)
  expect(status).toBe(200)
  expect(text).toContain('Agence &lt;b&gt;')
  expect(text).toContain('1 sur 40')
  expect(text).toContain('1 sur 20')
  expect(text).toContain('jour d’envoi n° 1, 20 messages au plus')
  expect(text).toContain('Elle se termine à 200 par jour.')
  expect(text).toContain('Entre deux messages : 1,5 s, et jusqu’à 0,5 s de plus au hasard.')
  expect((await english(id)).text).toContain('Between two messages: 1.5 s')
})

test('an account that never sent has a page too, one that does not exist has none', async () => {
  const id = await newAccount(db)
  const { text } = await french(id)
  expect(text).toContain('Rien n’a encore été envoyé.')
  expect(text).toContain('Aucune limite par fournisseur')
  expect((await french(2_000_000)).status).toBe(404)
  expect((await french(2_000_000, '/pause', {})).status).toBe(404)
})

test('a closed calendar says when it opens', async () => {
  const id = await newAccount(db, { calendar: { ...OFFICE_CALENDAR, days: [3] } })
  expect((await french(id)).text).toContain('les envois reprennent le 11 mars 2026')
})

test('limits of providers are added, replaced and removed, and hold at once', async () => {
  const id = await newAccount(db)
  const saved = await french(id, '', { provider: 'Gmail.com', minute: '', hour: '2', day: '' })
  expect([saved.status, saved.flash]).toEqual([303, 'Limite enregistrée.'])
  await french(id, '', { provider: '*', minute: '', hour: '1', day: '10' })
  expect((await take(id, 5)).granted).toHaveLength(2)
  expect((await take(id, 5, 'ovh')).granted).toHaveLength(1)
  const { text } = await french(id)
  expect(text).toContain('Google (Gmail)')
  expect(text).toContain('2 sur 2')
  expect(text).toContain('chaque autre fournisseur')
  await french(id, '', { provider: 'google', hour: '4' })
  expect((await take(id, 5)).granted).toHaveLength(2)
  expect((await french(id, '/delete', { provider: 'google' })).flash).toBe('Limite retirée.')
  expect((await french(id, '/delete', { provider: 'google' })).flash).toContain('rien à faire')
  expect((await take(id, 5, 'ovh')).granted).toHaveLength(0)
})

test('what is wrong with a limit is said at its field, and what was typed stays', async () => {
  const id = await newAccount(db)
  const refused = async (form: Record<string, string>) => {
    const { status, text } = await french(id, '', form)
    expect(status).toBe(422)
    return text
  }
  expect(await refused({ provider: '', hour: '5' })).toContain('Choisissez un fournisseur.')
  expect(await refused({ provider: 'pas un domaine', hour: '5' })).toContain('value="pas un domaine"')
  expect(await refused({ provider: 'google' })).toContain('Indiquez au moins une limite.')
  expect(await refused({ provider: 'google', day: '-1' })).toContain('Un nombre entier de 0')
  expect(await refused({ provider: 'google', day: '2000000' })).toContain('Un nombre entier de 0')
  expect((await french(id, '', { provider: '@boulangerie-müller.fr', hour: '5' })).status).toBe(303)
  expect((await french(id)).text).toContain('xn--boulangerie-mller-f3b.fr')
})

test('an open breaker is shown with its reason and can be tried at once', async () => {
  const id = await newAccount(db)
  await note(id, ['sent'], 'ovh')
  await note(id, ['busy', 'busy', 'busy', 'busy', 'busy'], 'orange')
  const { text } = await french(id)
  expect(text).not.toContain('Le serveur d’envoi du compte')
  expect(text).toContain('Orange refuse provisoirement nos messages, un essai suivra.')
  expect(text).toContain('Suspendu jusqu’au 10 mars 2026')
  expect((await french(id, '/try', { provider: 'orange' })).flash).toBe(
    'Les envois reprennent vers ce fournisseur.',
  )
  expect((await french(id, '/try', { provider: '' })).status).toBe(303)
  expect((await take(id, 3, 'orange')).granted).toHaveLength(3)
})

test('a pause is shown with its reason and numbers, and ends when somebody resumes', async () => {
  const id = await newAccount(db)
  await note(id, [...Array<'sent'>(60).fill('sent'), ...Array<'bounced'>(6).fill('bounced')])
  const { text } = await french(id)
  expect(text).toContain('En pause : trop de messages revenus')
  expect(text).toMatch(/6 \(10\s%\)/)
  expect(text).toContain('6 messages sur 60 sont revenus ou ont été refusés, plus de 5 %.')
  expect((await english(id)).text).toContain('6 of 60 messages came back')
  expect((await french(id, '/resume', {})).flash).toBe('L’envoi reprend.')
  expect((await french(id)).text).toContain('Ce compte peut envoyer.')
  expect((await french(id)).text).toContain('Pauses passées')
  expect((await french(id, '/pause', {})).flash).toContain('rien ne part plus')
  expect((await french(id, '/pause', {})).flash).toContain('rien à faire')
  expect((await take(id, 1)).limitedBy).toEqual({ kind: 'paused', of: 'account', reason: 'hand' })
})

test('what no decision looks at any more is deleted at night', async () => {
  const id = await newAccount(db)
  await french(id, '', { provider: '*', hour: '9' })
  await take(id, 2, 'old.fr')
  await note(id, ['sent', 'sent'], 'old.fr')
  const sweep = async () => {
    await sweepLimitsJob({ db, clock }).run({} as never, {} as never)
    const rows = await Promise.all(
      [mailProviderUsage, mailBreakers, mailHealth].map((table) => db.$count(table)),
    )
    return rows
  }
  const before = await sweep()
  expect(Math.min(...before)).toBeGreaterThan(0)
  now = new Date('2026-03-13T11:00:00Z')
  const [usage, breakers] = await sweep()
  expect(usage).toBe(0)
  expect(breakers).toBe(before[1]!)
  now = new Date('2026-06-10T11:00:00Z')
  expect((await sweep()).slice(1)).toEqual([0, 0])
})
