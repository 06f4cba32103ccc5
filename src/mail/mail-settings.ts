import addressparser from 'nodemailer/lib/addressparser'
import { readAddress, type Mailbox } from './mailbox.ts'

const SUBMISSION_PORT = 587
const TLS_PORT = 465

/** Where mail is handed over. `tls`: required from the first byte or by STARTTLS, used when offered, or never. */
export type MailServer = {
  host: string
  port: number
  tls: 'implicit' | 'starttls' | 'offered' | 'none'
  username: string | null
  password: string
}

export type MailSettings = { server: MailServer; sender: Mailbox; baseUrl: string }

/** What sending needs of the environment. */
export type MailConfig = {
  MAIL_SERVER?: string | undefined
  MAIL_PORT?: number | undefined
  MAIL_USE_TLS?: boolean | undefined
  MAIL_USERNAME?: string | undefined
  MAIL_PASSWORD?: string | undefined
  MAIL_DEFAULT_SENDER?: string | undefined
  BASE_URL?: string | undefined
}

/** What is to be set before anything can be sent, by the names of the settings. */
export type MissingSettings = { missing: ('MAIL_SERVER' | 'MAIL_DEFAULT_SENDER' | 'BASE_URL')[] }

/** How this installation sends mail, or which settings are missing. An address in MAIL_USERNAME stands in for an
 *  absent MAIL_DEFAULT_SENDER. */
export const readMailSettings = (config: MailConfig): MailSettings | MissingSettings => {
  const set = readEnvironmentServer(config)
  const { BASE_URL: baseUrl } = config
  if (set !== null && baseUrl !== undefined) return { ...set, baseUrl }
  return {
    missing: [
      ...(config.MAIL_SERVER === undefined ? (['MAIL_SERVER'] as const) : []),
      ...(senderOf(config) === null ? (['MAIL_DEFAULT_SENDER'] as const) : []),
      ...(baseUrl === undefined ? (['BASE_URL'] as const) : []),
    ],
  }
}

/** The server and the sender of MAIL_*; null when one of them is not set. */
export const readEnvironmentServer = (config: MailConfig): Omit<MailSettings, 'baseUrl'> | null => {
  const sender = senderOf(config)
  const host = config.MAIL_SERVER
  if (host === undefined || sender === null) return null
  const port = config.MAIL_PORT ?? SUBMISSION_PORT
  const username = config.MAIL_USERNAME ?? null
  const tls = tlsOf(port, config.MAIL_USE_TLS)
  return { server: { host, port, tls, username, password: config.MAIL_PASSWORD ?? '' }, sender }
}

const senderOf = ({ MAIL_DEFAULT_SENDER, MAIL_USERNAME }: MailConfig): Mailbox | null =>
  readSender(MAIL_DEFAULT_SENDER ?? MAIL_USERNAME ?? '')

const tlsOf = (port: number, wanted: boolean | undefined): MailServer['tls'] => {
  if (wanted === false) return 'none'
  if (port === TLS_PORT) return 'implicit'
  return wanted === true ? 'starttls' : 'offered'
}

const readSender = (text: string): Mailbox | null => {
  const [first, ...others] = addressparser(text, { flatten: true })
  return first && others.length === 0 ? readAddress(first.address, first.name) : null
}
