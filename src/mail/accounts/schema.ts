import { sql } from 'drizzle-orm'
import { boolean, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { at, bytea } from '#src/db/columns.ts'
import type { DomainCheck } from '../dns-check/check-domain.ts'

/** When mails may leave. Outside of it they wait. */
export type SendCalendar = {
  /** ISO weekdays, 1 Monday to 7 Sunday. */
  days: number[]
  /** Local times, HH:MM; `to` is no longer within. */
  from: string
  to: string
  /** An IANA name, such as Europe/Paris. */
  timeZone: string
  /** Public holidays on which nothing is sent. */
  holidays: 'none' | 'fr' | 'fr-alsace-moselle'
}

/** The last try of something, as shown beside the account. */
export type AccountCheck = { at: string; ok: boolean; code: string; detail: string }

/** A sending identity: who writes, over which server, how much, and where answers arrive. */
export const mailAccounts = pgTable(
  'mail_accounts',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    /** [a-z0-9-_], at most 63. */
    slug: text('slug').notNull(),
    label: text('label').notNull(),
    brand: text('brand').notNull().default(''),
    /** environment: the account of MAIL_*; its server and password are read from there, not from here. */
    origin: text('origin', { enum: ['made', 'environment'] })
      .notNull()
      .default('made'),

    senderName: text('sender_name').notNull().default(''),
    senderAddress: text('sender_address').notNull(),
    replyTo: text('reply_to'),
    /** HTML, under every mail of a campaign. */
    signature: text('signature').notNull().default(''),
    /** The firm and its postal address or contact line, in the footer; a campaign does not start without both. */
    organisation: text('organisation').notNull().default(''),
    contactLine: text('contact_line').notNull().default(''),

    host: text('host').notNull(),
    port: integer('port').notNull(),
    tls: text('tls', { enum: ['implicit', 'starttls', 'offered', 'none'] }).notNull(),
    username: text('username'),
    /** Sealed (lib/sealed-text.ts), purpose `mail_accounts.password`. */
    password: bytea('password'),
    /** The envelope sender is one of its own per mail: local+token@domain. */
    verp: boolean('verp').notNull().default(false),
    dkimSelector: text('dkim_selector'),

    imapHost: text('imap_host'),
    imapPort: integer('imap_port'),
    imapTls: text('imap_tls', { enum: ['implicit', 'starttls', 'none'] }),
    imapUsername: text('imap_username'),
    /** Sealed, purpose `mail_accounts.imap_password`. */
    imapPassword: bytea('imap_password'),
    imapFolder: text('imap_folder').notNull().default('INBOX'),
    /** Where what was matched is moved to; null: it stays where it is. */
    imapMoveTo: text('imap_move_to'),

    /** Null: no limit. */
    perMinute: integer('per_minute'),
    perHour: integer('per_hour'),
    perDay: integer('per_day'),
    /** Between two mails of the account; the jitter is added by chance, from 0 to this. */
    minGapMs: integer('min_gap_ms').notNull().default(0),
    gapJitterMs: integer('gap_jitter_ms').notNull().default(0),
    /** Null: no warm-up. So many on the first day of sending, so many more on each day after, up to per_day. */
    warmupFirstDay: integer('warmup_first_day'),
    warmupStep: integer('warmup_step'),
    warmupStartedAt: at('warmup_started_at'),
    /** Null: at any time. */
    calendar: jsonb('calendar').$type<SendCalendar>(),

    active: boolean('active').notNull().default(true),
    /** The one that single mails leave from unless another is chosen. */
    isDefault: boolean('is_default').notNull().default(false),
    /** Stopped by the product or by hand; a code (limits/messages.ts) and what it was. */
    pausedAt: at('paused_at'),
    pauseReason: text('pause_reason'),
    pauseDetail: text('pause_detail'),

    lastTest: jsonb('last_test').$type<AccountCheck>(),
    lastImapTest: jsonb('last_imap_test').$type<AccountCheck>(),
    /** As mail/dns-check gave it. */
    lastDns: jsonb('last_dns').$type<DomainCheck>(),
    lastDnsAt: at('last_dns_at'),
    createdAt: at('created_at').notNull().defaultNow(),
    updatedAt: at('updated_at').notNull().defaultNow(),
    /** Deleted accounts stay for the mails they sent. */
    deletedAt: at('deleted_at'),
  },
  (t) => [
    uniqueIndex('mail_accounts_slug')
      .on(t.slug)
      .where(sql`deleted_at IS NULL`),
    uniqueIndex('mail_accounts_default')
      .on(t.isDefault)
      .where(sql`is_default AND deleted_at IS NULL`),
    uniqueIndex('mail_accounts_environment')
      .on(t.origin)
      .where(sql`origin = 'environment' AND deleted_at IS NULL`),
  ],
)
