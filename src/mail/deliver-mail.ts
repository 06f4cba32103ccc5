import type { MailServer } from './mail-settings.ts'
import { connectLine } from './smtp-line.ts'

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

/** Hands one mail to the server, over a connection of its own. `beforeHandingOver` is asked when everything but the mail
 *  itself has been settled: false keeps it here. Never rejects for what a server does; rejects when that cannot be asked. */
export const deliverMail = async (
  server: MailServer,
  mail: { envelope: Envelope; message: Buffer; clientName: string },
  beforeHandingOver: () => Promise<boolean>,
): Promise<Delivery> => {
  const connected = await connectLine(server, mail.clientName)
  if (!connected.ok) return { state: 'failed', problem: connected.problem, reply: connected.reply }
  const { line } = connected
  try {
    if (!(await beforeHandingOver())) return { state: 'failed', problem: 'stopped', reply: '' }
    return await line.send(mail)
  } finally {
    line.close()
  }
}
