import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { findCompany } from '#src/companies/queries-edit.ts'
import { AppError, messageOf } from '#src/lib/errors.ts'
import { ConfigError } from '#src/lib/settings.ts'
import { systemClock } from '#src/lib/clock.ts'
import { migrateDatabase } from '#src/db/migrate.ts'
import type { Db } from '#src/db/open.ts'
import { refreshEnvironmentAccount } from '#src/mail/accounts/environment-account.ts'
import { readSenders, type Sender } from '#src/mail/accounts/senders.ts'
import type { Config } from '#src/config.ts'
import { deriveKeys, loadSecretKey, type Keys } from '#src/lib/keys.ts'
import { readRecipient, type Mailbox } from '#src/mail/mailbox.ts'
import { sendMessage, type Sent } from '#src/mail/send-message.ts'
import type { Locale, Mode } from '#src/tracking/token.ts'
import { checkSecretKey } from '#src/operations/check-secret-key.ts'
import { json, UsageError, type Command } from './command.ts'
import { openProduct } from './open-product.ts'

const MODES = ['off', 'aggregate', 'individual'] as const
const MAX_ID = 2_147_483_647

export const sendCommand: Command = {
  usage: 'send --to A --subject S --html FILE [--company ID] [--tracking off|aggregate|individual] [--json]',
  summary: 'send one mail, unless its recipient has asked for none',
  run: async ({ args, config: readConfig, log, print }) => {
    const { to, subject, file, companyId, modes, asJson } = readOptions(args)
    const config = readConfig()
    const html = readHtml(file)
    const product = await openProduct(config, log, 'command')
    try {
      const { db } = product
      await migrateDatabase(product.sql)
      const keys = deriveKeys(loadSecretKey(config))
      await checkSecretKey({ db, keys })
      const { settings, accountId, replyTo, verp } = await senderOf({ db, keys, config })
      await checkCompany(db, companyId)
      const from = { accountId, replyTo, verp }
      const draft = { to, subject, html, companyId, modes, locale: localeOf(html), ...from }
      const outcome = await sendMessage({ db, keys, clock: systemClock, log }, settings, draft)
      if (!outcome.ok) {
        const { code, message } = outcome.problem
        if (asJson) print(json({ error: { code, message } }))
        throw new AppError(code, message)
      }
      print(asJson ? json(documentOf(outcome.value)) : `sent to ${to.address}: ${outcome.value.token}`)
      return 0
    } finally {
      await product.close()
    }
  },
}

type Options = {
  to: Mailbox
  subject: string
  file: string
  companyId: number | null
  modes: { opens: Mode; clicks: Mode } | null
  asJson: boolean
}

const readOptions = (args: string[]): Options => {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args,
    options: {
      to: text,
      subject: text,
      html: text,
      company: text,
      tracking: text,
      json: { type: 'boolean' },
    },
  })
  const { to, subject, html: file, company, tracking } = values
  if (to === undefined || subject === undefined || file === undefined)
    throw new UsageError('send needs --to, --subject and --html')
  const mode = MODES.find((each) => each === tracking)
  if (tracking !== undefined && !mode) throw new UsageError(`--tracking is one of ${MODES.join(', ')}`)
  if (company !== undefined && !(/^[1-9]\d{0,9}$/.test(company) && Number(company) <= MAX_ID))
    throw new UsageError('--company is the number of a company')
  const recipient = readRecipient(to)
  if (!recipient.ok) throw new AppError(recipient.problem.code, recipient.problem.message)
  return {
    to: recipient.value,
    subject,
    file,
    companyId: company === undefined ? null : Number(company),
    modes: mode ? { opens: mode, clicks: mode } : null,
    asJson: values.json ?? false,
  }
}

/** The default sending account; MAIL_* is one of them. */
const senderOf = async (deps: { db: Db; keys: Keys; config: Config }): Promise<Sender> => {
  await refreshEnvironmentAccount(deps)
  const { senders, missing } = await readSenders(deps)
  const [sender] = senders
  if (sender) return sender
  if (missing.length > 0)
    throw new ConfigError(
      `${missing.join(', ')}: must be set to send mail (MAIL_SERVER: where it is handed over, MAIL_DEFAULT_SENDER: who it comes from, BASE_URL: where its links lead), or a sending account made in the settings`,
    )
  throw new AppError(
    'no_account',
    'No sending account can send now: they are paused, or cannot be used here. See Settings → Sending accounts.',
  )
}

const readHtml = (file: string): string => {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8').replace(/^\uFEFF/, '')
  } catch (error) {
    throw new AppError('unreadable_file', `${file} cannot be read: ${messageOf(error)}`)
  }
}

const checkCompany = async (db: Db, companyId: number | null): Promise<void> => {
  if (companyId === null) return
  const company = await findCompany(db, companyId)
  if (!company || company.deletedAt) throw new AppError('not_found', `There is no company ${companyId}.`)
}

/** The language of the mail is that of the page to unsubscribe. */
const localeOf = (html: string): Locale => (/<html\b[^>]*\slang\s*=\s*["']?en\b/i.test(html) ? 'en' : 'fr')

const documentOf = ({ messageId, token, pixelUrl, links, unsubscribeUrl }: Sent) => ({
  messageId,
  token,
  pixelUrl,
  links: links.filter(({ honeypot }) => !honeypot).map(({ target, url }) => ({ target, url })),
  unsubscribeUrl,
})
