import type { ImapFlow } from 'imapflow'
import { messageOf } from '#src/lib/errors.ts'
import type { MailboxSettings } from '../accounts/read-account.ts'

const CONNECT_WITHIN_MS = 20_000
const SILENT_FOR_MS = 5 * 60_000
/** Shorter than the half hour after which servers hang up on who says nothing (RFC 2177). */
const IDLE_RENEWED_MS = 4 * 60_000

/** Connects to a mailbox and logs in. The library is loaded here, as few installations read mail at every moment.
 *  Rejects with what the server or the network said. */
export const openMailbox = async (settings: MailboxSettings): Promise<ImapFlow> => {
  const { ImapFlow } = await import('imapflow')
  const { host, port, tls, username, password } = settings
  const client = new ImapFlow({
    host,
    port,
    secure: tls === 'implicit',
    ...(tls === 'implicit' ? {} : { doSTARTTLS: tls === 'starttls' }),
    auth: { user: username, pass: password },
    logger: false,
    disableAutoIdle: true,
    connectionTimeout: CONNECT_WITHIN_MS,
    greetingTimeout: CONNECT_WITHIN_MS,
    socketTimeout: SILENT_FOR_MS + IDLE_RENEWED_MS,
    maxIdleTime: IDLE_RENEWED_MS,
    clientInfo: { name: 'ProspectLab' },
  })
  // What breaks later is met where the connection is used; without a listener it would end the program.
  client.on('error', () => {})
  try {
    await client.connect()
  } catch (error) {
    client.close()
    throw error
  }
  return client
}

/** A problem of a mailbox: a code (inbound/messages.ts) and what was said. */
export type MailboxProblem = {
  code: 'auth' | 'folder' | 'tls' | 'unreachable' | 'broken' | 'sealed'
  detail: string
}

/** What an error of the connection means. */
export const mailboxProblem = (error: unknown): MailboxProblem => {
  const said = error as Error & {
    authenticationFailed?: boolean
    responseText?: string
    code?: string
    mailboxMissing?: boolean
  }
  const detail = (said.responseText ?? messageOf(error)).replaceAll(/\p{Cc}+/gu, ' ').slice(0, 300)
  if (said.authenticationFailed) return { code: 'auth', detail }
  if (said.mailboxMissing) return { code: 'folder', detail }
  if (
    /certificate|self[- ]signed|\btls\b|\bssl\b|altnames|CERT_|ERR_TLS|starttls/i.test(
      `${said.code} ${detail}`,
    )
  )
    return { code: 'tls', detail }
  if (
    /^(E[A-Z]+|CONNECT_TIMEOUT|GREETING_TIMEOUT|UPGRADE_TIMEOUT)$/.test(said.code ?? '') &&
    said.code !== 'EPROTO'
  )
    return { code: 'unreachable', detail }
  return { code: 'broken', detail }
}
