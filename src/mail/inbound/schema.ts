import { sql } from 'drizzle-orm'
import { bigint, index, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { users } from '#src/auth/schema.ts'
import { companies } from '#src/companies/schema.ts'
import { at, bytea } from '#src/db/columns.ts'
import { messages } from '#src/tracking/schema.ts'
import { mailAccounts } from '../accounts/schema.ts'

/** How far each mailbox was read. */
export const mailboxPositions = pgTable(
  'mailbox_positions',
  {
    accountId: integer('account_id')
      .notNull()
      .references(() => mailAccounts.id, { onDelete: 'cascade' }),
    folder: text('folder').notNull(),
    /** When the mailbox is numbered anew (RFC 3501 §2.3.1.1), reading begins anew. */
    uidValidity: bigint('uid_validity', { mode: 'number' }).notNull(),
    lastUid: bigint('last_uid', { mode: 'number' }).notNull(),
    readAt: at('read_at'),
    /** Why it cannot be read now; null when it can. */
    problem: text('problem'),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.folder] })],
)

/** Mails that came in and belong to one that was sent: bounces, complaints, replies, automatic answers. */
export const inboundMails = pgTable(
  'inbound_mails',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    accountId: integer('account_id').references(() => mailAccounts.id, { onDelete: 'set null' }),
    folder: text('folder').notNull(),
    uidValidity: bigint('uid_validity', { mode: 'number' }).notNull(),
    uid: bigint('uid', { mode: 'number' }).notNull(),
    kind: text('kind', { enum: ['hard', 'soft', 'autoreply', 'complaint', 'reply'] }).notNull(),
    /** RFC 3463, when it says one. */
    status: text('status'),
    diagnostic: text('diagnostic'),
    reason: text('reason').notNull(),
    matchedBy: text('matched_by', { enum: ['verp', 'message_id', 'link', 'report', 'recipient'] }).notNull(),
    /** The mail it is about. */
    messageId: integer('message_id').references(() => messages.id, { onDelete: 'set null' }),
    companyId: integer('company_id').references(() => companies.id, { onDelete: 'set null' }),
    /** Whose mail it is about. */
    recipient: text('recipient'),
    /** Message-ID and References of its own, so that an answer lands in the thread. */
    mailId: text('mail_id'),
    mailReferences: text('mail_references'),
    fromAddress: text('from_address'),
    fromName: text('from_name'),
    subject: text('subject').notNull().default(''),
    /** What was wrong with moving it to the folder; null when nothing was, or it is to stay. */
    moveProblem: text('move_problem'),
    /** What a person wrote, gzip; null for bounces. */
    text: bytea('text'),
    receivedAt: at('received_at').notNull(),
    readBy: integer('read_by').references(() => users.id, { onDelete: 'set null' }),
    readAt: at('read_at'),
    /** The mail that answers it. */
    answerId: integer('answer_id').references(() => messages.id, { onDelete: 'set null' }),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex('inbound_mails_place').on(t.accountId, t.folder, t.uidValidity, t.uid),
    index('inbound_mails_message').on(t.messageId),
    index('inbound_mails_company').on(t.companyId, t.receivedAt),
    index('inbound_mails_received').on(t.kind, t.receivedAt),
    // A mailbox that is numbered anew is read anew: what was read is known again by this.
    index('inbound_mails_mail').on(t.mailId),
    index('inbound_mails_unread')
      .on(t.receivedAt)
      .where(sql`read_at IS NULL`),
  ],
)
