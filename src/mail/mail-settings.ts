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
  const sender = readSender(config.MAIL_DEFAULT_SENDER ?? config.MAIL_USERNAME ?? '')
  const { MAIL_SERVER: host, BASE_URL: baseUrl } = config
  if (host === undefined || sender === null || baseUrl === undefined)
    return {
      missing: [
        ...(host === undefined ? (['MAIL_SERVER'] as const) : []),
        ...(sender === null ? (['MAIL_DEFAULT_SENDER'] as const) : []),
        ...(baseUrl === undefined ? (['BASE_URL'] as const) : []),
      ],
    }
  const port = config.MAIL_PORT ?? SUBMISSION_PORT
  const username = config.MAIL_USERNAME ?? null
  const tls = tlsOf(port, config.MAIL_USE_TLS)
  return { server: { host, port, tls, username, password: config.MAIL_PASSWORD ?? '' }, sender, baseUrl }
}

const tlsOf = (port: number, wanted: boolean | undefined): MailServer['tls'] => {
  if (wanted === false) return 'none'
  if (port === TLS_PORT) return 'implicit'
  return wanted === true ? 'starttls' : 'offered'
}

const readSender = (text: string): Mailbox | null => {
  const [first, ...others] = addressparser(text, { flatten: true })
  return first && others.length === 0 ? readAddress(first.address, first.name) : null
}
