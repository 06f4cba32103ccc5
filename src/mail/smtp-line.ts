import { EventEmitter } from 'node:events'
import type { Writable } from 'node:stream'
import type { MailServer } from './mail-settings.ts'
import type { Delivery, DeliveryProblem, Envelope } from './deliver-mail.ts'

const CLOSE_WITHIN_MS = 1_000
const MAX_REPLY = 500
/** Some servers hang up after so many mails of one conversation; most count to 100. */
const MAX_MAILS = 100

/** How long a server may take. `connectMs`: to be there and to greet. `envelopeMs`: to connect and log in, and again from
 *  the envelope of a mail until it asks for the mail. `answerMs`: from there on, until it says whether it has the mail. */
export type Patience = { connectMs: number; envelopeMs: number; answerMs: number }

/** For the last answer as RFC 5321 §4.5.3.2.6 says: a mail whose answer is not waited for may have gone out all the same.
 *  Before that, less than it grants (5 minutes a command): nothing is lost by another try, and mails that wait for long
 *  between being granted a place and going out would crowd the windows of limits (limits/windows.ts). */
export const PATIENCE: Patience = { connectMs: 20_000, envelopeMs: 100_000, answerMs: 600_000 }

/** A conversation with a mail server that has greeted and knows us: it takes one mail after another. */
export type Line = {
  /** Never rejects for what the server does. */
  send: (mail: { envelope: Envelope; message: Buffer }) => Promise<Delivery>
  /** False once the server or the network ended it, or it has had its share of mails. */
  isOpen: () => boolean
  close: () => void
}

export type Connected = { ok: true; line: Line } | { ok: false; problem: DeliveryProblem; reply: string }

type SmtpError = Error & { code?: string; command?: string; response?: string; responseCode?: number }

/** Connects, encrypts and logs in as the settings of the server say. `clientName` is what we call ourselves (EHLO). */
export const connectLine = async (
  server: MailServer,
  clientName: string,
  patience: Patience = PATIENCE,
): Promise<Connected> => {
  const { default: SMTPConnection } = await import('nodemailer/lib/smtp-connection')
  const connection = new SMTPConnection({
    host: server.host,
    port: server.port,
    secure: server.tls === 'implicit',
    requireTLS: server.tls === 'starttls',
    ignoreTLS: server.tls === 'none',
    name: clientName,
    connectionTimeout: patience.connectMs,
    greetingTimeout: patience.connectMs,
    dnsTimeout: patience.connectMs,
    // The others come first.
    socketTimeout: patience.envelopeMs + patience.answerMs,
    socketCloseTimeout: CLOSE_WITHIN_MS,
  })
  const { promise: broken, reject: end } = Promise.withResolvers<never>()
  broken.catch(() => {})
  let open = true
  const shut = (error: Error): void => {
    open = false
    end(error)
  }
  connection.on('error', shut)
  connection.on('end', () =>
    shut(Object.assign(new Error('the connection was closed'), { code: 'ECONNECTION' })),
  )
  const close = (): void => {
    open = false
    connection.quit()
    connection.close()
  }
  let timer: Timer | undefined
  let giveUp = (): void => {}
  /** What is waited for may take so long from now on. */
  const allow = (milliseconds: number): void => {
    clearTimeout(timer)
    timer = setTimeout(giveUp, milliseconds)
  }
  const within = <T>(work: Promise<T>): Promise<T> => {
    const late = Promise.withResolvers<never>()
    giveUp = () => late.reject(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' }))
    allow(patience.envelopeMs)
    return Promise.race([broken, late.promise, work]).finally(() => clearTimeout(timer))
  }
  try {
    await within(step((done) => connection.connect(done)))
    const { username, password } = server
    // A server that takes no login is sent to without one.
    if (username !== null && connection.allowsAuth) {
      if (!connection.secure && server.tls === 'offered' && !isLoopback(server.host)) {
        close()
        return { ok: false, problem: 'no_tls', reply: '' }
      }
      const auth = { user: username, pass: password, credentials: { user: username, pass: password } }
      await within(step((done) => connection.login(auth, done)))
    }
  } catch (error) {
    close()
    return { ok: false, problem: problemOf(error as SmtpError), reply: replyOf(error as SmtpError) }
  }

  let mails = 0
  const send: Line['send'] = async ({ envelope, message }) => {
    mails += 1
    let handedOver = false
    // Taken when the server has asked for the mail, not before. No stream, as those cost more than the mail.
    const body = Object.assign(new EventEmitter(), {
      destroy: () => {},
      pipe: (wire: Writable) => {
        handedOver = true
        allow(patience.answerMs)
        wire.end(message)
      },
    })
    try {
      const sent = await within(
        step<{ response: string }>((done) =>
          connection.send({ ...envelope, to: [...envelope.to] }, body as never, done),
        ),
      )
      if (mails >= MAX_MAILS) open = false
      return { state: 'sent', reply: readable(sent.response) }
    } catch (error) {
      const delivery = outcomeOf(error as SmtpError, handedOver)
      // After a refusal the server waits for the next mail. After anything else nobody knows what it waits for: closed at
      // once, or it could still ask for a mail that is taken for not sent.
      const refused = delivery.state === 'failed' && isAnswer(error as SmtpError)
      if (!refused || !(await reset().catch(() => false))) close()
      return delivery
    }
  }
  const reset = async (): Promise<boolean> => {
    if (!open) return false
    await within(step((done) => connection.reset(done)))
    return true
  }
  return { ok: true, line: { send, isOpen: () => open, close } }
}

type Done<T> = (error?: Error | null, value?: T) => void

const step = <T>(run: (done: Done<T>) => void): Promise<T> =>
  new Promise((resolve, reject) => run((error, value) => (error ? reject(error) : resolve(value as T))))

const isAnswer = ({ responseCode }: SmtpError): boolean => responseCode !== undefined && responseCode >= 400

const outcomeOf = (error: SmtpError, handedOver: boolean): Delivery => ({
  state: handedOver && !isAnswer(error) ? 'unknown' : 'failed',
  problem: problemOf(error),
  reply: replyOf(error),
})

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

const replyOf = (error: SmtpError): string => readable(error.response ?? error.message)

const readable = (text: string): string =>
  text
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, MAX_REPLY)
    .toWellFormed()
