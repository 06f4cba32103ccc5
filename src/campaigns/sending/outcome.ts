import type { Delivery, DeliveryProblem } from '#src/mail/deliver-mail.ts'
import { isBare } from '#src/mail/inbound/bare-refusal.ts'
import type { Outcome, Prepared, Reason } from './ledger.ts'

const MINUTE_MS = 60_000
/** Minutes until the next try; a server that greylists takes it at one of the first. After the last, it has failed. */
const AGAIN_AFTER = [5, 15, 30, 60, 120, 240, 480, 960]
/** The same where nothing was asked of the recipient's server: the way there was blocked. */
const BLOCKED_AFTER = [1, 5, 15, 30, 60, 120, 240, 480, 960]
/** What the account is to be blamed for costs the recipient no try. */
const ACCOUNT_AFTER_MINUTES = 5

// RFC 3463: no such mailbox or domain, moved without an address, mailbox disabled.
const GONE_STATUS = /^5\.(1\.([1236]|10)|2\.1)$/
const FULL_STATUS = /^[45]\.2\.2$/
const LARGE_STATUS = /^5\.(2\.3|3\.4)$/
const STATUS = /\b([245]\.\d{1,3}\.\d{1,3})\b/
// Servers that give no status say it in words.
const GONE_WORDS =
  /(user|mailbox|recipient|address|account|destinataire|adresse|utilisateur)\b.{0,40}\b(unknown|not found|not exist|doesn't exist|does not exist|doesn't have|does not have|invalid|inactive|disabled|unavailable|inconnu|inexistant|n'existe pas|invalide)|(no such|unknown|invalid|inconnu) (user|mailbox|recipient|address|account|local)/i
const FULL_WORDS = /quota|mailbox (is )?full|over ?quota|bo[iî]te pleine|insufficient (system )?storage/i
// Not the mailbox but the one who asks is refused.
const POLICY_WORDS =
  /relay|spam|block|blacklist|blocklist|reputation|spf|dkim|dmarc|policy|authenti|denied by|banned/i
const NOT_WANTED = /rejected|refused|denied|not accepted/i

/** What becomes of a row after its mail was handed over, or refused. */
export const outcomeOf = (mail: Prepared, messageId: number, delivery: Delivery, at: Date): Outcome => {
  const { row } = mail
  const base = baseOf(mail, messageId, delivery.reply, at)
  if (delivery.state === 'sent') return { ...base, state: 'sent', reason: null }
  if (delivery.state === 'unknown') return { ...base, state: 'unknown', reason: 'connection_lost' }
  const { problem, reply } = delivery
  const tries = row.attempts + 1
  const again = (minutes: number | undefined): Outcome =>
    minutes === undefined
      ? { ...base, state: 'failed', reason: problem }
      : { ...base, state: 'planned', reason: problem, dueAt: new Date(at.getTime() + minutes * MINUTE_MS) }
  if (isOfAccount(problem)) return again(ACCOUNT_AFTER_MINUTES)
  if (problem === 'busy') return again((isClosing(reply) ? BLOCKED_AFTER : AGAIN_AFTER)[tries - 1])
  if (problem === 'recipient_refused' || problem === 'message_refused') {
    const { reason, hardBounce } = refusalOf(problem, reply)
    return { ...base, state: 'failed', reason, hardBounce }
  }
  return again(BLOCKED_AFTER[tries - 1])
}

/** What becomes of a row whose mail was not handed over, as this machine or its database stood still meanwhile: it is due
 *  as before, has not been tried, and no server is to blame. */
export const tooLate = (mail: Prepared, messageId: number, at: Date): Outcome => ({
  ...baseOf(mail, messageId, '', at),
  state: 'planned',
  reason: 'too_late',
  dueAt: at,
})

const baseOf = ({ row, hasNext }: Prepared, messageId: number, reply: string, at: Date) => ({
  row,
  hasNext,
  messageId,
  reply,
  dueAt: null,
  at,
  hardBounce: false,
})

/** The same mail as one that a busy server put off: tried again, and failed after the last try, without anything held against
 *  the person. */
export const putOff = (outcome: Outcome): Outcome => {
  const minutes = AGAIN_AFTER[outcome.row.attempts]
  const base = { ...outcome, hardBounce: false }
  return minutes === undefined
    ? base
    : {
        ...base,
        state: 'planned',
        reason: 'busy',
        dueAt: new Date(outcome.at.getTime() + minutes * MINUTE_MS),
      }
}

/** Whether the account is refused, whoever the recipient. */
export const isOfAccount = (problem: Reason): boolean =>
  problem === 'auth' || problem === 'no_tls' || problem === 'sender_refused' || problem === 'stopped'

const isClosing = (reply: string): boolean => reply.startsWith('421')

/** After the recipient, a refusal is about the mailbox unless it says otherwise; after the mail, about what it says or who
 *  sent it, which is nothing to hold against the person. */
const refusalOf = (problem: DeliveryProblem, reply: string): { reason: Reason; hardBounce: boolean } => {
  const status = STATUS.exec(reply)?.[1] ?? ''
  if (FULL_STATUS.test(status) || (status === '' && FULL_WORDS.test(reply)))
    return { reason: 'mailbox_full', hardBounce: false }
  if (problem === 'message_refused')
    return {
      reason: LARGE_STATUS.test(status) || reply.startsWith('552') ? 'too_large' : problem,
      hardBounce: false,
    }
  if (!/^5\d\d/.test(reply)) return { reason: 'bad_recipient', hardBounce: false }
  const isSaid = GONE_WORDS.test(reply) ? !POLICY_WORDS.test(reply) : isBare(reply) && !NOT_WANTED.test(reply)
  const gone = GONE_STATUS.test(status) || (!/^5\.[1-7]\.[1-9]/.test(status) && isSaid)
  return { reason: 'recipient_refused', hardBounce: gone }
}
