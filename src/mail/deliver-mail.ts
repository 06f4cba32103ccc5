import type { MailServer } from './mail-settings.ts'
import { connectLine, PATIENCE } from './smtp-line.ts'

/** Somebody waits for a single mail, on a page: not as long as a server may take (smtp-line.ts). */
const A_PERSON_WAITS_MS = 75_000

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
 *  itself has been settled: false keeps it here. Never rejects for what a server does; rejects when that cannot be asked.
 *  A server that takes long leaves the mail unknown; `onLate` is then told what it answers after all. */
export const deliverMail = async (
  server: MailServer,
  mail: { envelope: Envelope; message: Buffer; clientName: string },
  beforeHandingOver: () => Promise<boolean>,
  { onLate, waitMs = A_PERSON_WAITS_MS }: { onLate?: (delivery: Delivery) => unknown; waitMs?: number } = {},
): Promise<Delivery> => {
  const answerMs = onLate ? PATIENCE.answerMs : waitMs
  const connected = await connectLine(server, mail.clientName, { ...PATIENCE, answerMs })
  if (!connected.ok) return { state: 'failed', problem: connected.problem, reply: connected.reply }
  const { line } = connected
  const handOver = async (): Promise<Delivery> => {
    try {
      if (!(await beforeHandingOver())) return { state: 'failed', problem: 'stopped', reply: '' }
      return await line.send(mail)
    } finally {
      line.close()
    }
  }
  const answer = handOver()
  if (!onLate) return answer
  const { promise: late, resolve } = Promise.withResolvers<null>()
  const timer = setTimeout(() => resolve(null), waitMs)
  const delivery = await Promise.race([answer, late]).finally(() => clearTimeout(timer))
  if (delivery) return delivery
  void answer.then(onLate, () => {})
  return { state: 'unknown', problem: 'unreachable', reply: '' }
}
