import type { SendCalendar } from '#src/mail/accounts/schema.ts'
import type { DeliveryProblem, Envelope } from '#src/mail/deliver-mail.ts'
import type { MessageEvidence } from '#src/tracking/schema.ts'
import type { Locale, Mode } from '#src/tracking/token.ts'

/** Mails of one account, real ones apart from rehearsed ones. */
export type LaneKey = { accountId: number; kind: 'real' | 'rehearsal' }

/** A row of the ledger that this node has taken. */
export type Claimed = {
  id: number
  campaignId: number
  stepId: number
  variantId: number
  companyId: number | null
  address: string
  contactName: string | null
  provider: string
  attempts: number
}

/** What sending needs to know of a campaign. */
export type Campaign = {
  id: number
  kind: 'real' | 'rehearsal'
  locale: Locale
  /** Null: as the settings say. */
  opens: Mode | null
  clicks: Mode | null
  calendar: SendCalendar | null
  freshnessDays: number | null
  version: string
  steps: { id: number; position: number }[]
  variants: { id: number; position: number; subject: string; html: string; text: string }[]
}

/** A mail that only waits for its place and a connection: what goes over the wire, and what is kept of it. */
export type Prepared = {
  row: Claimed
  calendar: SendCalendar | null
  /** Whether a step follows this one. */
  hasNext: boolean
  envelope: Envelope
  message: Buffer
  kept: {
    token: string
    recipient: string
    subject: string
    /** gzip, base64 */
    html: string
    text: string
    locale: Locale
    opens: Mode
    clicks: Mode
    messageId: string
    envelopeFrom: string | null
    inReplyTo: string | null
    references: string | null
    evidence: MessageEvidence[]
    links: { target: string; honeypot: boolean }[]
  }
}

/** Why a row is not sent, or not yet; texts: messages.ts. */
export type Reason =
  | DeliveryProblem
  | 'mailbox_full'
  | 'too_large'
  | 'too_late'
  | 'crash'
  | 'connection_lost'
  | 'resent'
  | 'counted_as_sent'
  | 'suppressed'
  | 'missing_values'
  | 'bad_message'
  | 'bad_recipient'
  | 'campaign_deleted'

/** What becomes of a row after it was tried. */
export type Outcome = {
  row: Claimed
  hasNext: boolean
  /** Of the try: the message as it was handed over. */
  messageId: number
  /** planned: tried again at `dueAt`. */
  state: 'sent' | 'failed' | 'unknown' | 'planned'
  reason: Reason | null
  reply: string
  dueAt: Date | null
  at: Date
  /** The recipient's server says that there is no such mailbox. */
  hardBounce: boolean
}
