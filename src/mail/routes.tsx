import { Hono, type Context } from 'hono'
import { setFlash } from '#src/auth/flash.ts'
import { countryCode } from '#src/companies/country-code.ts'
import { findCompany, type Company } from '#src/companies/queries-edit.ts'
import { formValues, found, idParam, userIdOf } from '#src/companies/read-request.ts'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import type { Locale } from '#src/lib/i18n.ts'
import { newMessageKey, type Mode } from '#src/tracking/token.ts'
import { readTrackingSettings } from '#src/tracking/tracking-settings.ts'
import { mailMessages } from '#templates/mail/messages.ts'
import { WritePage, type WriteView } from '#templates/mail/write-page.tsx'
import { formatText, isTooLong, readText } from './format-text.ts'
import { listRecipients, type Recipient } from './list-recipients.ts'
import { readSenders } from './accounts/senders.ts'
import { readRecipient, type Mailbox } from './mailbox.ts'
import { sendProblemText, suppressionSourceText } from './messages.ts'
import { countBucket, findMessage, listSentMessages } from './queries-messages.ts'
import { sendMessage, type SendProblem } from './send-message.ts'

const SENT_SHOWN = 50
const BUCKET_MS = 30 * 24 * 3600 * 1000
const MODES: readonly Mode[] = ['off', 'aggregate', 'individual']
const FRENCH = new Set(['FR', 'MC', 'RE', 'GP', 'MQ', 'GF', 'YT', 'NC', 'PF', 'PM', 'BL', 'MF', 'WF'])
const BILINGUAL = new Set(['BE', 'CA', 'CH', 'LU'])
const KEY = /^[\w-]{22}$/

type Values = Record<string, string>

/** Writing to a company, and what became of what was written. */
export const mailRoutes = (deps: Pick<Deps, 'db' | 'config' | 'keys' | 'clock' | 'log'>): Hono<AppEnv> => {
  const { db } = deps
  const app = new Hono<AppEnv>()

  const show = async (c: Context<AppEnv>, company: Company, given: Partial<WriteView> = {}) => {
    const tracking = await readTrackingSettings(db)
    const { senders, missing, stopped } = await readSenders(deps)
    const recipients = given.recipients ?? (await listRecipients(db, company))
    const messages = await listSentMessages(db, company.id, SENT_SHOWN)
    const counted = messages.some(({ opens }) => opens === 'aggregate')
    const view: WriteView = {
      company,
      recipients,
      missing,
      stopped,
      senders: senders.map(({ accountId, label, settings }) => ({
        value: String(accountId ?? ''),
        label,
        address: settings.sender.address,
      })),
      messages,
      bucket: counted ? await countBucket(db, new Date(deps.clock.now().getTime() - BUCKET_MS)) : null,
      token: newMessageKey(),
      form: {
        values: {
          to: c.req.query('to') ?? '',
          opens: tracking.opens,
          clicks: tracking.clicks,
          language: languageOf(company, c.get('page').locale),
        },
        errors: {},
      },
      problem: null,
      preview: null,
      ...given,
    }
    const status = view.problem || Object.keys(view.form.errors).length > 0 ? 422 : 200
    return c.html(<WritePage page={c.get('page')} view={view} />, status)
  }

  app.get('/:id/write', async (c) => show(c, found(await findCompany(db, idParam(c)))))

  app.post('/:id/write', async (c) => {
    const company = found(await findCompany(db, idParam(c)))
    found(company.deletedAt === null ? company : null)
    const { locale } = c.get('page')
    const t = mailMessages(locale)
    const values = await formValues(c)
    const recipients = await listRecipients(db, company)
    const { mailbox, errors } = readForm(values, recipients, locale)
    const text = values['text'] ?? ''
    if (!mailbox || Object.keys(errors).length > 0)
      return show(c, company, { recipients, form: { values, errors } })
    const token = KEY.test(values['token'] ?? '') ? (values['token'] ?? '') : newMessageKey()
    if (values['do'] !== 'send')
      return show(c, company, { recipients, token, form: { values, errors: {} }, preview: readText(text) })

    const language = values['language'] === 'fr' || values['language'] === 'en' ? values['language'] : locale
    const html = formatText(text, language)
    const { senders } = await readSenders(deps)
    const sender =
      senders.find(({ accountId }) => String(accountId ?? '') === values['account']) ?? senders[0]
    if (!sender) return show(c, company, { recipients, form: { values, errors: {} } })
    const modes = { opens: modeOf(values['opens']), clicks: modeOf(values['clicks']) }
    const draft = {
      to: mailbox,
      subject: (values['subject'] ?? '').trim(),
      html,
      companyId: company.id,
      locale: language,
    }
    const by = userIdOf(c)
    const { settings, accountId, replyTo, verp } = sender
    const from = { accountId, replyTo, verp }
    const outcome = await sendMessage(deps, settings, { ...draft, ...from, modes, token, createdBy: by })
    const back = `/companies/${company.id}/write`
    if (outcome.ok) setFlash(c, 'success', t.sentTo(mailbox.address))
    else if (outcome.problem.code === 'already') {
      const state = (await findMessage(db, token))?.state ?? 'unknown'
      setFlash(c, state === 'sent' ? 'success' : 'warning', t.already(t[`state_${state}`]))
    } else {
      const problem = outcome.problem as SendProblem
      return show(c, company, { form: { values, errors: {} }, problem: problemOf(problem, locale) })
    }
    return c.redirect(back, 303)
  })

  return app
}

/** The language a company most likely reads; the writer's own where nothing is known of its country. */
const languageOf = ({ country }: Company, own: Locale): Locale => {
  const code = country ? countryCode(country) : null
  if (code === null || BILINGUAL.has(code)) return own
  return FRENCH.has(code) ? 'fr' : 'en'
}

const modeOf = (text: string | undefined): Mode => MODES.find((mode) => mode === text) ?? 'aggregate'

const problemOf = (problem: SendProblem, locale: 'fr' | 'en'): WriteView['problem'] => {
  const { suppression, reply, state } = problem
  const said = suppression ? [suppressionSourceText(locale, suppression.source), suppression.reason] : [reply]
  return { text: sendProblemText(locale, problem), said: said.filter(Boolean).join(' – '), state }
}

/** Who is meant and what is missing. A guessed address needs a word that it is meant all the same. */
const readForm = (values: Values, recipients: readonly Recipient[], locale: 'fr' | 'en') => {
  const t = mailMessages(locale)
  const errors: Record<string, string> = {}
  const other = (values['other'] ?? '').trim()
  const chosen = values['to'] === 'other' || !values['to'] ? other : values['to']
  const read = readRecipient(chosen)
  let mailbox: Mailbox | null = null
  if (!read.ok) errors[values['to'] === 'other' || chosen === '' ? 'other' : 'to'] = t.badAddress
  else {
    mailbox = read.value
    const address = mailbox.address.toLowerCase()
    const known = recipients.find((one) => one.address.toLowerCase() === address)
    if (known?.suppression) errors['to'] = t.suppressedAddress
    else if (known?.guessed && values['confirmed'] !== '1') errors['confirmed'] = t.confirmGuess
  }
  // A mail must not go to the one who happened to be chosen when somebody else was typed in.
  if (other !== '' && other !== chosen) errors['other'] = t.otherNotChosen
  const subject = (values['subject'] ?? '').trim()
  if (subject === '') errors['subject'] = t.subjectMissing
  if ((values['text'] ?? '').trim() === '') errors['text'] = t.textMissing
  else if (isTooLong(values['text'] ?? '')) errors['text'] = t.textTooLong
  return { mailbox, errors }
}
