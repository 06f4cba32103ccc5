import { Readable } from 'node:stream'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { MailServer } from './mail-settings.ts'

const CONNECT_WITHIN_MS = 20_000
const SILENT_FOR_MS = 45_000
const CLOSE_WITHIN_MS = 1_000
/** However slowly a server answers: after this, a mail is no longer on its way. */
export const DELIVER_WITHIN_MS = 100_000
const MAX_REPLY = 500

/** Why a mail was not taken. busy: the server said to come back later. */
export type DeliveryProblem =
  | 'unreachable'
  | 'tls'
  | 'no_tls'
  | 'auth'
  | 'sender_refused'
  | 'recipient_refused'
  | 'message_refused'
  | 'busy'
  | 'stopped'
  | 'protocol'

/** sent: the server answered that it has the mail. failed: it certainly has not. unknown: the connection went after the
 *  mail had been handed over and before the answer; the mail may or may not arrive. `reply` is what was said last. */
export type Delivery =
  | { state: 'sent'; reply: string }
  | { state: 'failed' | 'unknown'; problem: DeliveryProblem; reply: string }

export type Envelope = { from: string; to: string[]; size: number }

type SmtpError = Error & { code?: string; command?: string; response?: string; responseCode?: number }

/** Hands one mail to the server, over a connection of its own. `beforeHandingOver` is asked when everything but the mail
 *  itself has been settled: false keeps it here. Never rejects for what a server does; rejects when that cannot be asked. */
export const deliverMail = async (
  server: MailServer,
  mail: { envelope: Envelope; message: Buffer; clientName: string },
  beforeHandingOver: () => Promise<boolean>,
): Promise<Delivery> => {
  const connection = new SMTPConnection({
    host: server.host,
    port: server.port,
    secure: server.tls === 'implicit',
    requireTLS: server.tls === 'starttls',
    ignoreTLS: server.tls === 'none',
    name: mail.clientName,
    connectionTimeout: CONNECT_WITHIN_MS,
    greetingTimeout: CONNECT_WITHIN_MS,
    dnsTimeout: CONNECT_WITHIN_MS,
    socketTimeout: SILENT_FOR_MS,
    socketCloseTimeout: CLOSE_WITHIN_MS,
  })
  let handedOver = false
  let notAsked: Error | null = null
  const { promise: broken, reject: end } = Promise.withResolvers<never>()
  connection.on('error', end)
  const timer = setTimeout(
    () => end(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })),
    DELIVER_WITHIN_MS,
  )
  try {
    await Promise.race([broken, step((done) => connection.connect(done))])
    const { username, password } = server
    // A server that takes no login is sent to without one.
    if (username !== null && connection.allowsAuth) {
      if (!connection.secure && server.tls === 'offered' && !isLoopback(server.host))
        return { state: 'failed', problem: 'no_tls', reply: '' }
      const auth = { user: username, pass: password, credentials: { user: username, pass: password } }
      await Promise.race([broken, step((done) => connection.login(auth, done))])
    }
    const goes = await beforeHandingOver().catch((error: Error) => {
      notAsked = error
      throw error
    })
    if (!goes) return { state: 'failed', problem: 'stopped', reply: '' }
    // The stream is not read before the server has asked for the mail.
    const body = new Readable({
      read() {
        handedOver = true
        this.push(mail.message)
        this.push(null)
      },
    })
    const sent = await Promise.race([
      broken,
      step<{ response: string }>((done) =>
        connection.send({ ...mail.envelope, to: [...mail.envelope.to] }, body, done),
      ),
    ])
    return { state: 'sent', reply: readable(sent.response) }
  } catch (error) {
    if (notAsked) throw notAsked
    return outcomeOf(error as SmtpError, handedOver)
  } finally {
    clearTimeout(timer)
    broken.catch(() => {})
    connection.quit()
    connection.close()
  }
}

type Done<T> = (error?: Error | null, value?: T) => void

const step = <T>(run: (done: Done<T>) => void): Promise<T> =>
  new Promise((resolve, reject) => run((error, value) => (error ? reject(error) : resolve(value as T))))

const outcomeOf = (error: SmtpError, handedOver: boolean): Delivery => {
  const reply = readable(error.response ?? error.message)
  const isAnswer = error.responseCode !== undefined && error.responseCode >= 400
  const state = handedOver && !isAnswer ? 'unknown' : 'failed'
  return { state, problem: problemOf(error), reply }
}

const TLS_TROUBLE = /\b(tls|ssl|certificate|self[- ]signed|handshake|CERT_|ERR_TLS|altnames)\b|CERT|SSL/i

const problemOf = ({ code, command = '', responseCode = 0, message }: SmtpError): DeliveryProblem => {
  if (code === 'EAUTH' || code === 'ENOAUTH')
    return responseCode >= 400 && responseCode < 500 ? 'busy' : 'auth'
  if (code === 'ETLS' || (responseCode === 0 && TLS_TROUBLE.test(message))) return 'tls'
  if (responseCode >= 400 && responseCode < 500) return 'busy'
  if (command === 'RCPT TO') return 'recipient_refused'
  // Without a login, many servers say so only here.
  if (command === 'MAIL FROM') return responseCode === 530 ? 'auth' : 'sender_refused'
  if (command === 'DATA' || code === 'EMESSAGE') return 'message_refused'
  if (responseCode >= 500 || code === 'EPROTOCOL') return 'protocol'
  return code === 'EENVELOPE' ? 'recipient_refused' : 'unreachable'
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)

const readable = (text: string): string =>
  text
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, MAX_REPLY)
    .toWellFormed()
