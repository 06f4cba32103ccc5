import { Hono, type Context } from 'hono'
import { z } from 'zod'
import { setFlash } from '#src/auth/flash.ts'
import { formValues, found, userIdOf } from '#src/companies/read-request.ts'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import { storable } from '#src/tracking/hit.ts'
import { privacyMessages } from '#templates/privacy/messages.ts'
import { PersonPage } from '#templates/privacy/person-page.tsx'
import { PrivacyPage } from '#templates/privacy/privacy-page.tsx'
import { RegisterPage } from '#templates/privacy/register-page.tsx'
import { registerSections, registerTitle } from '#templates/privacy/register-messages.ts'
import { emptyForm, type FormState } from '#templates/page.ts'
import { erasePerson } from './erase-person.ts'
import { exportPerson } from './export-person.ts'
import { eraseAfter, privacySettings, readPrivacySettings, writePrivacySettings } from './privacy-settings.ts'
import { listLog } from './queries-erase.ts'
import { findSubject, readClock, readRecords, searchPeople, type PersonKey } from './queries-person.ts'
import { readRegister } from './register.ts'

const MAX_SEARCH = 200
const SHOWN = 50
const LOG_SHOWN = 20

const personKey = z.union([
  z.object({ fact: z.coerce.number().int().positive().max(2_147_483_647) }),
  z.object({ address: z.string().trim().min(3).max(320) }),
])
// The defaults stand in for what is stored; what is sent has to be right.
const { controller, contact, basis, retentionMonths } = privacySettings.shape
const form = z.object({
  controller: controller.unwrap(),
  contact: contact.unwrap(),
  basis: basis.unwrap(),
  retentionMonths: retentionMonths.unwrap(),
})

/** /settings/privacy: what is known of a person, its export and erasure; how long data is kept; the register. */
export const privacyRoutes = ({ db, clock }: Pick<Deps, 'db' | 'clock'>): Hono<AppEnv> => {
  const app = new Hono<AppEnv>()

  const settingsFor = async (c: Context<AppEnv>) => {
    const settings = await readPrivacySettings(db)
    return { ...settings, basis: settings.basis || privacyMessages(c.get('page').locale).basisDefault }
  }

  const show = async (c: Context<AppEnv>, given: FormState) => {
    const search = storable(c.req.query('q') ?? '')
      .trim()
      .slice(0, MAX_SEARCH)
      .toWellFormed()
    const people = search === '' ? [] : await searchPeople(db, search, SHOWN)
    const log = await listLog(db, LOG_SHOWN)
    const view = {
      search,
      people,
      isCut: people.length === SHOWN,
      settings: await settingsFor(c),
      log,
      form: given,
    }
    return c.html(
      <PrivacyPage page={c.get('page')} view={view} />,
      Object.keys(given.errors).length > 0 ? 422 : 200,
    )
  }

  app.get('/', (c) => show(c, emptyForm))

  app.post('/', async (c) => {
    const t = privacyMessages(c.get('page').locale)
    const values = await formValues(c)
    const parsed = form.safeParse(values)
    if (!parsed.success) {
      const fields = parsed.error.issues.map(({ path }) => String(path[0] ?? ''))
      const errors = fields.map(
        (field) => [field, field === 'retentionMonths' ? t.badMonths : t.tooLong] as const,
      )
      return show(c, { values, errors: Object.fromEntries(errors) })
    }
    await writePrivacySettings(db, parsed.data)
    setFlash(c, 'success', t.saved)
    return c.redirect('/settings/privacy', 303)
  })

  const showPerson = async (c: Context<AppEnv>, values: Record<string, string>, given: FormState) => {
    const key = readKey(values)
    const subject = await findSubject(db, key)
    const records = await readRecords(db, subject)
    found(Object.values(records).some((rows) => rows.length > 0) ? true : null)
    const settings = await settingsFor(c)
    const dates = await readClock(db, subject)
    const view = {
      subject,
      records,
      settings,
      ...dates,
      eraseAfter: eraseAfter(dates, settings),
      query: queryOf(key),
      form: given,
    }
    return c.html(
      <PersonPage page={c.get('page')} view={view} />,
      Object.keys(given.errors).length > 0 ? 422 : 200,
    )
  }

  app.get('/person', (c) => showPerson(c, c.req.query(), emptyForm))

  app.post('/person/export', async (c) => {
    const key = readKey(await formValues(c))
    const document = await exportPerson(db, key, { userId: userIdOf(c), now: clock.now() })
    return c.body(JSON.stringify(document, null, 2), 200, {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Disposition': 'attachment; filename="personal-data.json"',
      'Cache-Control': 'no-store',
    })
  })

  app.post('/person/erase', async (c) => {
    const t = privacyMessages(c.get('page').locale)
    const values = await formValues(c)
    if (values['sure'] !== '1') return showPerson(c, values, { values, errors: { sure: t.eraseMissing } })
    const key = readKey(values)
    const counts = await erasePerson(db, key, { kind: 'erase', userId: userIdOf(c), now: clock.now() })
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
    setFlash(c, 'success', t.erased(total))
    return c.redirect('/settings/privacy', 303)
  })

  app.get('/register', async (c) => {
    const { locale } = c.get('page')
    const facts = await readRegister(db, await settingsFor(c), { locale, now: clock.now() })
    return c.html(<RegisterPage page={c.get('page')} sections={registerSections(locale, facts)} />)
  })

  app.get('/register.md', async (c) => {
    const { locale } = c.get('page')
    const facts = await readRegister(db, await settingsFor(c), { locale, now: clock.now() })
    const sections = registerSections(locale, facts).map(
      ({ title, lines }) => `## ${title}\n\n${lines.map((line) => `- ${line}`).join('\n')}\n`,
    )
    return c.body([`# ${registerTitle(locale)}\n`, ...sections].join('\n'), 200, {
      'Content-Type': 'text/markdown; charset=utf-8',
      'Content-Disposition': 'attachment; filename="register.md"',
      'Cache-Control': 'no-store',
    })
  })

  return app
}

/** Which person a request is about; throws the page that says there is none. */
const readKey = (values: Record<string, string>): PersonKey => {
  const parsed = personKey.safeParse({ ...values, address: storable(values['address'] ?? '') })
  const key = found(parsed.success ? parsed.data : null)
  return 'fact' in key ? { factId: key.fact } : { address: key.address }
}

const queryOf = (key: PersonKey): Record<string, string> =>
  'factId' in key ? { fact: String(key.factId) } : { address: key.address }
