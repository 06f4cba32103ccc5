import { sql } from 'drizzle-orm'
import { boolean, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { users } from '#src/auth/schema.ts'
import { companies } from '#src/companies/schema.ts'
import { at, bytea } from '#src/db/columns.ts'

/** Keys of other programs to /api/public. */
export const apiTokens = pgTable(
  'api_tokens',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    name: text('name').notNull(),
    /** SHA-256 of the whole token. */
    hash: bytea('hash').notNull(),
    /** Its first characters, to be recognised by. */
    preview: text('preview').notNull(),
    scopes: text('scopes').array().notNull(),
    appUrl: text('app_url'),
    /** Networks it may be used from; empty: any. */
    allowedNetworks: text('allowed_networks')
      .array()
      .notNull()
      .default(sql`'{}'::text[]`),
    /** Origins of pages that may use it (CORS); empty: none. */
    allowedOrigins: text('allowed_origins')
      .array()
      .notNull()
      .default(sql`'{}'::text[]`),
    requestsPerMinute: integer('requests_per_minute').notNull().default(600),
    /** Analyses it may ask for within a day. */
    analysesPerDay: integer('analyses_per_day').notNull().default(100),
    /** The token it takes the place of, which goes on for a while (rotation). */
    replacesId: integer('replaces_id'),
    createdBy: integer('created_by').references(() => users.id, { onDelete: 'set null' }),
    createdAt: at('created_at').notNull().defaultNow(),
    expiresAt: at('expires_at'),
    lastUsedAt: at('last_used_at'),
    lastAddress: text('last_address'),
    revokedAt: at('revoked_at'),
  },
  (t) => [uniqueIndex('api_tokens_hash').on(t.hash)],
)

/** What the public API asks the server to analyse; taken up by it within a second. */
export const analysisRequests = pgTable(
  'analysis_requests',
  {
    id: uuid('id').primaryKey(),
    /** No foreign key: its quota counts on when the token is gone. */
    tokenId: integer('token_id').notNull(),
    website: text('website').notNull(),
    siteKey: text('site_key'),
    options: jsonb('options').$type<Record<string, unknown>>().notNull().default({}),
    state: text('state', { enum: ['waiting', 'launched', 'known', 'refused', 'done', 'failed'] })
      .notNull()
      .default('waiting'),
    /** A code when refused or failed. */
    reason: text('reason'),
    companyId: integer('company_id').references(() => companies.id, { onDelete: 'set null' }),
    batchId: integer('batch_id'),
    createdAt: at('created_at').notNull().defaultNow(),
    finishedAt: at('finished_at'),
  },
  (t) => [
    index('analysis_requests_token').on(t.tokenId, t.createdAt),
    index('analysis_requests_site').on(t.siteKey, t.createdAt),
    index('analysis_requests_open')
      .on(t.createdAt)
      .where(sql`state IN ('waiting', 'launched')`),
  ],
)

/** Where other programs want to be told what happens. */
export const webhooks = pgTable('webhooks', {
  id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
  name: text('name').notNull(),
  url: text('url').notNull(),
  /** Event types it wants. */
  events: text('events').array().notNull(),
  /** Encrypted (keys.storedPasswords); signs what is sent. */
  secret: bytea('secret').notNull(),
  active: boolean('active').notNull().default(true),
  /** Why it was switched off by the product; null when it was not. */
  disabledReason: text('disabled_reason'),
  /** Since when nothing got through; null while all is well. */
  failingSince: at('failing_since'),
  createdBy: integer('created_by').references(() => users.id, { onDelete: 'set null' }),
  createdAt: at('created_at').notNull().defaultNow(),
})

/** One event for one webhook, until it is delivered or given up; kept for the log. */
export const webhookDeliveries = pgTable(
  'webhook_deliveries',
  {
    id: uuid('id').primaryKey(),
    webhookId: integer('webhook_id')
      .notNull()
      .references(() => webhooks.id, { onDelete: 'cascade' }),
    /** The same for every webhook and every try: receivers drop what they have seen. */
    eventId: uuid('event_id').notNull(),
    type: text('type').notNull(),
    payload: jsonb('payload').$type<Record<string, unknown>>().notNull(),
    state: text('state', { enum: ['waiting', 'delivered', 'failed'] })
      .notNull()
      .default('waiting'),
    tries: integer('tries').notNull().default(0),
    nextTryAt: at('next_try_at').notNull().defaultNow(),
    statusCode: integer('status_code'),
    /** What was answered, or why nothing was; bounded. */
    answer: text('answer'),
    createdAt: at('created_at').notNull().defaultNow(),
    finishedAt: at('finished_at'),
  },
  (t) => [
    uniqueIndex('webhook_deliveries_event').on(t.webhookId, t.eventId),
    index('webhook_deliveries_waiting')
      .on(t.nextTryAt)
      .where(sql`state = 'waiting'`),
    index('webhook_deliveries_due')
      .on(t.webhookId, t.nextTryAt)
      .where(sql`state = 'waiting'`),
    index('webhook_deliveries_log').on(t.webhookId, t.createdAt),
  ],
)

/** Phones with the app, told when an analysis ends. */
export const pushDevices = pgTable(
  'push_devices',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    tokenId: integer('token_id')
      .notNull()
      .references(() => apiTokens.id, { onDelete: 'cascade' }),
    expoToken: text('expo_token').notNull(),
    platform: text('platform'),
    installationId: text('installation_id'),
    createdAt: at('created_at').notNull().defaultNow(),
    lastSeenAt: at('last_seen_at').notNull().defaultNow(),
  },
  (t) => [uniqueIndex('push_devices_token').on(t.expoToken)],
)

/** What phones are to be told, until Expo's receipt for it has been read. */
export const pushMessages = pgTable(
  'push_messages',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    deviceId: integer('device_id')
      .notNull()
      .references(() => pushDevices.id, { onDelete: 'cascade' }),
    /** Said in the language of the token's user when it is sent. */
    kind: text('kind', { enum: ['analysis_done', 'analysis_failed', 'batch_done'] }).notNull(),
    values: jsonb('values').$type<Record<string, string | number>>().notNull(),
    /** `sent`: with a ticket, whose receipt is not there yet. */
    state: text('state', { enum: ['waiting', 'sent', 'done', 'failed'] })
      .notNull()
      .default('waiting'),
    ticket: text('ticket'),
    reason: text('reason'),
    tries: integer('tries').notNull().default(0),
    nextTryAt: at('next_try_at').notNull().defaultNow(),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (t) => [
    index('push_messages_due')
      .on(t.nextTryAt)
      .where(sql`state IN ('waiting', 'sent')`),
    index('push_messages_device').on(t.deviceId),
  ],
)
