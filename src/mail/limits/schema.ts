import { bigint, boolean, date, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { at } from '#src/db/columns.ts'
import { mailAccounts } from '../accounts/schema.ts'

const accountId = () =>
  integer('account_id')
    .notNull()
    .references(() => mailAccounts.id, { onDelete: 'cascade' })

/** How many mails left in each bucket of the three windows (windows.ts): the number of the oldest bucket, and the
 *  counts from there on. */
const buckets = () => ({
  minuteFrom: bigint('minute_from', { mode: 'number' }).notNull().default(0),
  minute: integer('minute').array().notNull().default([]),
  hourFrom: bigint('hour_from', { mode: 'number' }).notNull().default(0),
  hour: integer('hour').array().notNull().default([]),
  dayFrom: bigint('day_from', { mode: 'number' }).notNull().default(0),
  day: integer('day').array().notNull().default([]),
})

/** What an account has used of its limits. Its row is what nodes lock while they reserve. */
export const mailAccountUsage = pgTable('mail_account_usage', {
  accountId: accountId().primaryKey(),
  ...buckets(),
  /** The latest moment anything was granted for: time does not go back, whatever a node's clock says. */
  grantedAt: at('granted_at'),
  /** The gap and its jitter: nothing before. */
  nextAt: at('next_at'),
  /** On how many days it has sent since the warm-up began, the last of them in the account's time zone, and which
   *  beginning (mail_accounts.warmup_started_at) that is counted from. */
  warmupDays: integer('warmup_days').notNull().default(0),
  warmupOn: date('warmup_on', { mode: 'string' }),
  warmupFrom: at('warmup_from'),
})

/** The same per provider, for those that have a limit. */
export const mailProviderUsage = pgTable(
  'mail_provider_usage',
  { accountId: accountId(), provider: text('provider').notNull(), ...buckets() },
  (t) => [primaryKey({ columns: [t.accountId, t.provider] })],
)

/** How much an account may send to a provider; `*`: to each that has no row of its own. */
export const mailProviderLimits = pgTable(
  'mail_provider_limits',
  {
    accountId: accountId(),
    provider: text('provider').notNull(),
    /** Null: no limit. */
    perMinute: integer('per_minute'),
    perHour: integer('per_hour'),
    perDay: integer('per_day'),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.provider] })],
)

/** The circuit breaker of an account towards a provider; provider '': the account's own server. */
export const mailBreakers = pgTable(
  'mail_breakers',
  {
    accountId: accountId(),
    provider: text('provider').notNull(),
    /** Mails taken and bounced lately: both are halved every day. */
    sent: integer('sent').notNull().default(0),
    bounced: integer('bounced').notNull().default(0),
    halvedAt: at('halved_at').notNull(),
    /** Failures in a row. */
    failures: integer('failures').notNull().default(0),
    /** Null: closed. In the past: the next mail is a trial. */
    openUntil: at('open_until'),
    /** A trial is on its way. */
    trying: boolean('trying').notNull().default(false),
    /** How often it opened in a row; each time is longer than the one before. */
    openings: integer('openings').notNull().default(0),
    /** busy | unreachable | bounces */
    reason: text('reason'),
    updatedAt: at('updated_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.provider] }), index('mail_breakers_updated').on(t.updatedAt)],
)

/** What became of an account's mails per day. `round` is the number of automatic pauses before: after a pause the count
 *  begins anew, else the account would be stopped again at once. */
export const mailHealth = pgTable(
  'mail_health',
  {
    accountId: accountId(),
    round: integer('round').notNull(),
    day: date('day', { mode: 'string' }).notNull(),
    sent: integer('sent').notNull().default(0),
    refused: integer('refused').notNull().default(0),
    bounced: integer('bounced').notNull().default(0),
    complained: integer('complained').notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.round, t.day] })],
)

/** Every pause of an account, by hand or by the product. */
export const mailAccountPauses = pgTable(
  'mail_account_pauses',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    accountId: accountId(),
    at: at('at').notNull(),
    /** hand | bounces | complaints | auth (messages.ts) */
    reason: text('reason').notNull(),
    /** `bounced/sent` of a rate, else what the server said. */
    detail: text('detail').notNull().default(''),
    resumedAt: at('resumed_at'),
  },
  (t) => [index('mail_account_pauses_account').on(t.accountId, t.at)],
)

/** Who takes in the mail of a domain, as its name servers said; asked again when the answer is old. */
export const mailExchanges = pgTable('mail_exchanges', {
  domain: text('domain').primaryKey(),
  provider: text('provider').notNull(),
  /** By preference; empty when there is no MX record. */
  hosts: text('hosts').array().notNull().default([]),
  checkedAt: at('checked_at').notNull(),
})
