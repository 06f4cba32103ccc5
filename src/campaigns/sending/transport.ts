import type { SendingAccount } from '#src/mail/accounts/read-account.ts'
import type { Delivery, Envelope } from '#src/mail/deliver-mail.ts'
import { connectLine, type Connected, type Patience } from '#src/mail/smtp-line.ts'

/** So many conversations with one server at a time, where that much is to be sent; a server that wants fewer says so and
 *  gets fewer. While a line's mail is being noted, another one talks. */
export const LINES = 20

/** What hands mails over: mail servers for real campaigns, the built-in sink for rehearsals. A line takes one mail after
 *  another; what it answers is what the ledger notes. */
export type Transport = {
  /** How many lines at once. */
  lines: number
  connect: () => Promise<Connected>
}

export type OpenTransport = (account: SendingAccount) => Transport

/** A line of one's own making: `deliver` says what becomes of each mail. */
export const transportOf = (
  lines: number,
  deliver: (mail: { envelope: Envelope; message: Buffer }) => Promise<Delivery>,
): Transport => ({
  lines,
  connect: async () => ({ ok: true, line: { send: deliver, isOpen: () => true, close: () => {} } }),
})

/** Hands over to the server of the account. */
export const smtpTransport =
  (baseUrl: string, patience?: Patience): OpenTransport =>
  ({ server }) => ({
    lines: LINES,
    connect: () => connectLine(server, new URL(baseUrl).hostname, patience),
  })
