import { parseAddress } from '#src/lib/networks.ts'
import { calendarProblem, type CalendarProblem } from '../limits/calendar.ts'
import { readAddress } from '../mailbox.ts'
import type { FieldCode } from './messages.ts'
import type { AccountRow } from './queries.ts'
import type { SendCalendar } from './schema.ts'
import { showsTail } from '../shows-tail.ts'
import { signatureHtml } from './signature.ts'

const MAX_LABEL = 100
const MAX_LINE = 200
const MAX_SIGNATURE = 20_000
const MAX_SECRET = 1_000
const MAX_LIMIT = 1_000_000
const MAX_SECONDS = 86_400
const MAX_PORT = 65_535
/** What a key of a message takes after the plus (mail/verp.ts), within the 64 characters of a local part. */
const MAX_VERP_LOCAL = 31
const HOST = /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*\.?$/i
const SELECTOR = /^[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?$/i

export type FieldProblem = { kind: 'field'; code: FieldCode } | { kind: 'calendar'; problem: CalendarProblem }
/** By the name of the field. */
export type FormProblems = Record<string, FieldProblem>

/** A secret that was typed, that stays as it is, or that goes. */
export type Secret = { change: 'keep' } | { change: 'set'; text: string } | { change: 'clear' }

type Columns = Pick<
  AccountRow,
  | 'label'
  | 'brand'
  | 'senderName'
  | 'senderAddress'
  | 'replyTo'
  | 'signature'
  | 'organisation'
  | 'contactLine'
  | 'host'
  | 'port'
  | 'tls'
  | 'username'
  | 'verp'
  | 'dkimSelector'
  | 'imapHost'
  | 'imapPort'
  | 'imapTls'
  | 'imapUsername'
  | 'imapFolder'
  | 'imapMoveTo'
  | 'perMinute'
  | 'perHour'
  | 'perDay'
  | 'minGapMs'
  | 'gapJitterMs'
  | 'warmupFirstDay'
  | 'warmupStep'
  | 'calendar'
>
export type ReadAccount = { columns: Columns; password: Secret; imapPassword: Secret }
type Form = Record<string, string>

/** What the form of an account says; `days` are its checked weekdays, `known` the account as it was (null for a new one).
 *  The account of MAIL_* keeps its server and its sender. */
export const readForm = (
  form: Form,
  days: readonly string[],
  known: AccountRow | null,
): { ok: true; value: ReadAccount } | { ok: false; problems: FormProblems } => {
  const problems: FormProblems = {}
  const fields = fieldsOf(form, problems)
  const fixed = known?.origin === 'environment' ? known : null
  const columns: Columns = {
    label: fields.line('label', MAX_LABEL, true),
    brand: fields.line('brand', MAX_LABEL),
    ...readIdentity(fields, fixed),
    ...(fixed ? serverOf(fixed) : readServer(fields)),
    ...readMailbox(fields),
    ...readLimits(fields),
    calendar: readCalendar(form, days, fields),
  }
  if (columns.verp && localPart(columns.senderAddress).length > MAX_VERP_LOCAL)
    fields.wrong('verp', 'verp_too_long')
  const password = fixed
    ? ({ change: 'keep' } as const)
    : readSecret(fields, 'password', columns, known, known?.password ?? null)
  const imapPassword = readSecret(
    fields,
    'imapPassword',
    { host: columns.imapHost, username: columns.imapUsername },
    known && { host: known.imapHost, username: known.imapUsername },
    known?.imapPassword ?? null,
  )
  if (Object.keys(problems).length > 0) return { ok: false, problems }
  return { ok: true, value: { columns, password, imapPassword } }
}

const localPart = (address: string): string => address.slice(0, address.lastIndexOf('@'))

type Fields = ReturnType<typeof fieldsOf>

const fieldsOf = (form: Form, problems: FormProblems) => {
  const wrong = (name: string, code: FieldCode): void => {
    problems[name] ??= { kind: 'field', code }
  }
  const said = (name: string): string => (form[name] ?? '').trim()
  const number = (name: string, code: FieldCode, least: number, most: number): number | null => {
    if (said(name) === '') return null
    const value = /^\d{1,7}$/.test(said(name)) ? Number(said(name)) : -1
    if (value >= least && value <= most) return value
    wrong(name, code)
    return null
  }
  return {
    problems,
    wrong,
    said,
    /** As typed: a space may belong to a password. */
    raw: (name: string): string => form[name] ?? '',
    number,
    /** One line of text; line breaks would begin another header. */
    line: (name: string, most: number, required = false): string => {
      const text = said(name).normalize('NFC')
      if (text === '' && required) wrong(name, 'missing')
      else if (text.length > most) wrong(name, 'too_long')
      else if (/\p{Cc}/u.test(text)) wrong(name, 'bad_text')
      return text
    },
    address: (name: string, required: boolean): string | null => {
      if (said(name) === '') {
        if (required) wrong(name, 'missing')
        return null
      }
      const mailbox = readAddress(said(name))
      if (!mailbox) wrong(name, 'bad_address')
      return mailbox?.address ?? null
    },
    host: (name: string, required: boolean): string | null => {
      const host = said(name).replace(/\.$/, '').toLowerCase()
      if (host === '') {
        if (required) wrong(name, 'missing')
        return null
      }
      if (!HOST.test(host) && parseAddress(host) === null) wrong(name, 'bad_host')
      return host
    },
    limit: (name: string): number | null => number(name, 'bad_number', 1, MAX_LIMIT),
  }
}

const readIdentity = (fields: Fields, fixed: AccountRow | null) => {
  const signature = fields.said('signature')
  if (signature.length > MAX_SIGNATURE) fields.wrong('signature', 'too_long')
  if (!showsTail(signatureHtml(signature))) fields.wrong('signature', 'hides_footer')
  const selector = fields.said('dkimSelector').toLowerCase()
  if (selector !== '' && !SELECTOR.test(selector)) fields.wrong('dkimSelector', 'bad_selector')
  return {
    senderName: fixed ? fixed.senderName : fields.line('senderName', MAX_LINE),
    senderAddress: fixed ? fixed.senderAddress : (fields.address('senderAddress', true) ?? ''),
    replyTo: fields.address('replyTo', false),
    signature: signatureHtml(signature),
    organisation: fields.line('organisation', MAX_LINE),
    contactLine: fields.line('contactLine', MAX_LINE),
    dkimSelector: selector === '' ? null : selector,
    verp: fields.said('verp') === '1',
  }
}

const serverOf = ({ host, port, tls, username }: AccountRow) => ({ host, port, tls, username })

const readServer = (fields: Fields) => {
  const username = fields.line('username', MAX_LINE)
  const tls = (['implicit', 'starttls', 'offered', 'none'] as const).find((one) => one === fields.said('tls'))
  const port = fields.number('port', 'bad_port', 1, MAX_PORT)
  if (port === null) fields.wrong('port', 'bad_port')
  return {
    host: fields.host('host', true) ?? '',
    port: port ?? 0,
    tls: tls ?? ('starttls' as const),
    username: username === '' ? null : username,
  }
}

const NO_MAILBOX = {
  imapHost: null,
  imapPort: null,
  imapTls: null,
  imapUsername: null,
  imapFolder: 'INBOX',
  imapMoveTo: null,
}

const readMailbox = (fields: Fields) => {
  const imapHost = fields.host('imapHost', false)
  if (imapHost === null) return NO_MAILBOX
  const imapPort = fields.number('imapPort', 'bad_port', 1, MAX_PORT)
  if (imapPort === null) fields.wrong('imapPort', 'bad_port')
  const imapFolder = fields.line('imapFolder', MAX_LINE) || NO_MAILBOX.imapFolder
  const moveTo = fields.line('imapMoveTo', MAX_LINE)
  if (moveTo !== '' && moveTo === imapFolder) fields.wrong('imapMoveTo', 'same_folder')
  return {
    imapHost,
    imapPort,
    imapTls:
      (['implicit', 'starttls', 'none'] as const).find((one) => one === fields.said('imapTls')) ?? 'implicit',
    imapUsername: fields.line('imapUsername', MAX_LINE, true),
    imapFolder,
    imapMoveTo: moveTo === '' ? null : moveTo,
  } as const
}

const readLimits = (fields: Fields) => {
  const [perMinute, perHour, perDay] = [
    fields.limit('perMinute'),
    fields.limit('perHour'),
    fields.limit('perDay'),
  ]
  if (perMinute !== null && perHour !== null && perHour < perMinute)
    fields.wrong('perHour', 'hour_below_minute')
  if (perHour !== null && perDay !== null && perDay < perHour) fields.wrong('perDay', 'day_below_hour')
  const seconds = (name: string): number => (fields.number(name, 'bad_seconds', 0, MAX_SECONDS) ?? 0) * 1000
  const isWarmingUp = fields.said('warmup') === '1'
  const [first, step] = [fields.limit('warmupFirstDay'), fields.limit('warmupStep')]
  if (isWarmingUp) {
    if (first === null) fields.wrong('warmupFirstDay', 'warmup_missing')
    if (step === null) fields.wrong('warmupStep', 'warmup_step')
    if (perDay === null || (first !== null && perDay < first)) fields.wrong('perDay', 'warmup_day')
  }
  return {
    perMinute,
    perHour,
    perDay,
    minGapMs: seconds('minGap'),
    gapJitterMs: seconds('gapJitter'),
    warmupFirstDay: isWarmingUp ? first : null,
    warmupStep: isWarmingUp ? step : null,
  }
}

const readCalendar = (
  form: Form,
  days: readonly string[],
  { said, problems }: Fields,
): SendCalendar | null => {
  if (form['hasCalendar'] !== '1') return null
  const calendar: SendCalendar = {
    days: [1, 2, 3, 4, 5, 6, 7].filter((day) => days.includes(String(day))),
    from: said('from'),
    to: said('to'),
    timeZone: said('timeZone'),
    holidays:
      (['none', 'fr', 'fr-alsace-moselle'] as const).find((one) => one === said('holidays')) ?? 'none',
  }
  const problem = calendarProblem(calendar)
  if (problem) problems[CALENDAR_FIELDS[problem]] ??= { kind: 'calendar', problem }
  return calendar
}

const CALENDAR_FIELDS: Record<CalendarProblem, string> = {
  no_days: 'days',
  bad_from: 'from',
  bad_to: 'to',
  to_before_from: 'to',
  bad_time_zone: 'timeZone',
}

type Login = { host: string | null; username: string | null }

/** An empty field keeps what is stored, but never for another server or another user: whoever may change the form could
 *  have it sent anywhere. */
const readSecret = (
  fields: Fields,
  name: 'password' | 'imapPassword',
  now: Login,
  before: Login | null,
  stored: Uint8Array | null,
): Secret => {
  const typed = fields.raw(name)
  if (now.host === null) return { change: 'clear' }
  if (now.username === null) {
    if (typed !== '') fields.wrong('username', 'username_missing')
    return { change: 'clear' }
  }
  if (typed !== '') {
    if (typed.length > MAX_SECRET) fields.wrong(name, 'too_long')
    else if (/\p{Cc}/u.test(typed)) fields.wrong(name, 'bad_text')
    return { change: 'set', text: typed }
  }
  if (stored === null) fields.wrong(name, 'missing')
  else if (before?.host !== now.host || before.username !== now.username)
    fields.wrong(name, 'retype_password')
  return { change: 'keep' }
}
