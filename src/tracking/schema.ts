import { sql } from 'drizzle-orm'
import {
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { users } from '#src/auth/schema.ts'
import { companies } from '#src/companies/schema.ts'
import { at, bytea } from '#src/db/columns.ts'
import type { HitDetail, HitFacts } from './hit.ts'

const MODES = ['off', 'aggregate', 'individual'] as const
const EVENT_TYPES = ['open', 'click', 'unsubscribe', 'read_time'] as const

/** A fact that a mail quotes: the finding, what was seen, on which page, when. */
export type MessageEvidence = { id: string; evidence: string; pageUrl: string | null; foundAt: string | null }

/** Every mail written by the product, sent or not. */
export const messages = pgTable(
  'messages',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    /** Its key in tokens (token.ts), 128 random bits; 43 characters for mails of the existing product. */
    token: text('token').notNull(),
    companyId: integer('company_id').references(() => companies.id, { onDelete: 'set null' }),
    campaignId: integer('campaign_id'),
    recipient: text('recipient').notNull(),
    subject: text('subject').notNull(),
    /** As sent; gzip. */
    html: bytea('html'),
    text: bytea('text'),
    locale: text('locale', { enum: ['fr', 'en'] })
      .notNull()
      .default('fr'),
    opens: text('opens', { enum: MODES }).notNull(),
    clicks: text('clicks', { enum: MODES }).notNull(),
    state: text('state', { enum: ['waiting', 'sent', 'failed', 'unknown'] })
      .notNull()
      .default('waiting'),
    /** The Message-ID header. */
    messageId: text('message_id'),
    /** What the SMTP server said in the end. */
    smtpReply: text('smtp_reply'),
    /** The sending identity; no reference, as tracking knows nothing of it. Null: MAIL_* of its time. */
    accountId: integer('account_id'),
    /** Envelope sender, when it was one of its own (VERP). */
    envelopeFrom: text('envelope_from'),
    /** The thread: Message-IDs this one answers or follows. */
    inReplyTo: text('in_reply_to'),
    mailReferences: text('mail_references'),
    /** What it says of the company and where that was seen. */
    evidence: jsonb('evidence').$type<MessageEvidence[]>(),
    /** Who wrote it; null for a command or a campaign. */
    createdBy: integer('created_by').references(() => users.id, { onDelete: 'set null' }),
    createdAt: at('created_at').notNull().defaultNow(),
    sentAt: at('sent_at'),
  },
  (t) => [
    uniqueIndex('messages_token').on(t.token),
    index('messages_recipient').on(sql`lower(${t.recipient})`),
    index('messages_company').on(t.companyId),
    index('messages_campaign').on(t.campaignId),
    index('messages_message_id').on(t.messageId),
    // Who was written to lately.
    index('messages_sent')
      .on(t.sentAt)
      .where(sql`sent_at IS NOT NULL`),
  ],
)

/** The links of a message: what a click may lead to. */
export const messageLinks = pgTable(
  'message_links',
  {
    messageId: integer('message_id')
      .notNull()
      .references(() => messages.id, { onDelete: 'cascade' }),
    /** Order in the mail, from 0. */
    position: integer('position').notNull(),
    target: text('target').notNull(),
    /** A link no person sees: who follows it reads every link. */
    honeypot: boolean('honeypot').notNull().default(false),
  },
  (t) => [primaryKey({ columns: [t.messageId, t.position] })],
)

/** Where hits arrive, in batches; emptied into tracking_events within seconds. The edge may only INSERT here, so
 *  that it needs no key: an event that came twice is found when it is moved. */
export const trackingInbox = pgTable('tracking_inbox', {
  eventId: uuid('event_id').notNull(),
  type: text('type').notNull(),
  at: at('at').notNull(),
  message: text('message'),
  campaignId: integer('campaign_id'),
  link: text('link'),
  facts: jsonb('facts').$type<HitFacts>().notNull(),
  detail: jsonb('detail').$type<HitDetail>(),
  /** Of aggregate hits, judged when they are made: nothing is kept to judge them by later. */
  verdict: text('verdict'),
  reason: text('reason'),
})

/** Every hit, partitioned by month of `at` (the migration says so; months are made by queries-inbox.ts). No foreign
 *  keys: events outlive messages and are inserted by the thousand. */
export const trackingEvents = pgTable(
  'tracking_events',
  {
    eventId: uuid('event_id').notNull(),
    at: at('at').notNull(),
    type: text('type', { enum: EVENT_TYPES }).notNull(),
    /** Null for aggregate hits, and for those of people who took back their consent. */
    messageId: integer('message_id'),
    campaignId: integer('campaign_id'),
    link: text('link'),
    /** What was seen (hit.ts); of aggregate hits only what points to nobody. */
    facts: jsonb('facts').$type<HitFacts>().notNull(),
    detail: jsonb('detail').$type<HitDetail>(),
    verdict: text('verdict', { enum: ['human', 'machine'] }),
    reason: text('reason'),
    /** When the verdict became final; null while it may change. */
    judgedAt: at('judged_at'),
  },
  (t) => [
    primaryKey({ columns: [t.eventId, t.at] }),
    index('tracking_events_at').using('brin', t.at),
    index('tracking_events_message')
      .on(t.messageId)
      .where(sql`message_id IS NOT NULL`),
    // Wide enough to count a campaign's hits without their rows.
    index('tracking_events_numbers')
      .on(t.campaignId, t.type, t.verdict, t.messageId)
      .where(sql`campaign_id IS NOT NULL`),
    index('tracking_events_unjudged')
      .on(t.at)
      .where(sql`judged_at IS NULL`),
  ],
)

/** Who must not be written to. `campaign`: only not by that one. */
export const suppressions = pgTable(
  'suppressions',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    kind: text('kind', { enum: ['address', 'domain', 'company'] })
      .notNull()
      .default('address'),
    /** What it is filed under: an address in lower case, `@domain`, `site:…`, `siren:…`, `name:…`; `hmac:…` once erased
     *  (drizzle/objects/60_suppression.sql). */
    address: text('address').notNull(),
    /** The name of a company. */
    label: text('label'),
    erased: boolean('erased').notNull().default(false),
    companyId: integer('company_id').references(() => companies.id, { onDelete: 'set null' }),
    scope: text('scope', { enum: ['campaign', 'all'] }).notNull(),
    campaignId: integer('campaign_id'),
    /** What the recipient said, or a code; '' when nothing. */
    reason: text('reason').notNull().default(''),
    /** page · one-click · hand · api · complaint · bounce · … */
    source: text('source').notNull(),
    /** Who added it by hand. */
    createdBy: integer('created_by').references(() => users.id, { onDelete: 'set null' }),
    messageId: integer('message_id').references(() => messages.id, { onDelete: 'set null' }),
    at: at('at').notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex('suppressions_address').on(t.address, t.scope, sql`coalesce(${t.campaignId}, 0)`),
    index('suppressions_erased')
      .on(t.id)
      .where(sql`erased`),
    index('suppressions_campaign')
      .on(t.campaignId)
      .where(sql`campaign_id IS NOT NULL`),
  ],
)

/** Suppressions that somebody took back, with the reason they gave. */
export const suppressionRemovals = pgTable('suppression_removals', {
  id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
  address: text('address').notNull(),
  scope: text('scope', { enum: ['campaign', 'all'] }).notNull(),
  campaignId: integer('campaign_id'),
  /** Those of the suppression that was. */
  suppressedReason: text('suppressed_reason').notNull(),
  source: text('source').notNull(),
  suppressedAt: at('suppressed_at').notNull(),
  reason: text('reason').notNull(),
  removedBy: integer('removed_by').references(() => users.id, { onDelete: 'set null' }),
  at: at('at').notNull().defaultNow(),
})

/** Recipients who no longer agree to be tracked: their hits are counted, and kept with nobody. */
export const consentWithdrawals = pgTable('consent_withdrawals', {
  /** Lower case. */
  address: text('address').primaryKey(),
  messageId: integer('message_id').references(() => messages.id, { onDelete: 'set null' }),
  active: boolean('active').notNull().default(true),
  at: at('at').notNull().defaultNow(),
})
