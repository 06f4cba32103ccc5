import { sql } from 'drizzle-orm'
import { boolean, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { users } from '#src/auth/schema.ts'
import { companies } from '#src/companies/schema.ts'
import { at } from '#src/db/columns.ts'
import { mailAccounts, type SendCalendar } from '#src/mail/accounts/schema.ts'
import { messages } from '#src/tracking/schema.ts'
import type { Audience, RecipientRules } from './audience/audience.ts'

const MODES = ['off', 'aggregate', 'individual'] as const

/** A check that an admin overrode, and why (planning/preflight). */
export type Override = { check: string; reason: string; userId: number | null; at: string }

export const campaigns = pgTable(
  'campaigns',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    name: text('name').notNull(),
    /** real: to the recipients. rehearsal: to the built-in sink, nothing leaves the machine. */
    kind: text('kind', { enum: ['real', 'rehearsal'] })
      .notNull()
      .default('real'),
    state: text('state', {
      enum: [
        'draft',
        'scheduled',
        'running',
        'paused',
        'completed',
        'completed_with_errors',
        'failed',
        'cancelled',
      ],
    })
      .notNull()
      .default('draft'),
    locale: text('locale', { enum: ['fr', 'en'] })
      .notNull()
      .default('fr'),
    audience: jsonb('audience').$type<Audience>().notNull(),
    recipients: jsonb('recipients').$type<RecipientRules>().notNull(),
    /** The accounts it may use; a recipient stays with the one that wrote first. */
    accountIds: integer('account_ids')
      .array()
      .notNull()
      .default(sql`'{}'::integer[]`),
    /** Null: as the settings say. */
    opens: text('opens', { enum: MODES }),
    clicks: text('clicks', { enum: MODES }),
    /** Besides those of its accounts; null: none of its own. */
    calendar: jsonb('calendar').$type<SendCalendar>(),
    /** A mail that quotes a finding older than this is held until it was checked again; null: never. */
    freshnessDays: integer('freshness_days').default(30),
    overrides: jsonb('overrides').$type<Override[]>().notNull().default([]),
    scheduledAt: at('scheduled_at'),
    startedAt: at('started_at'),
    /** When its first mails were all in the ledger; null while they are being written (planning/start-job.ts). */
    plannedAt: at('planned_at'),
    /** Why it stands still (planning/messages.ts); null when it was paused by hand. */
    pauseReason: text('pause_reason'),
    pauseDetail: text('pause_detail'),
    pausedAt: at('paused_at'),
    finishedAt: at('finished_at'),
    copiedFromId: integer('copied_from_id'),
    createdBy: integer('created_by').references(() => users.id, { onDelete: 'set null' }),
    createdAt: at('created_at').notNull().defaultNow(),
    updatedAt: at('updated_at').notNull().defaultNow(),
    deletedAt: at('deleted_at'),
  },
  (t) => [
    index('campaigns_state')
      .on(t.state)
      .where(sql`deleted_at IS NULL`),
  ],
)

/** The first mail and its follow-ups. */
export const campaignSteps = pgTable(
  'campaign_steps',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    campaignId: integer('campaign_id')
      .notNull()
      .references(() => campaigns.id, { onDelete: 'cascade' }),
    /** From 0. */
    position: integer('position').notNull(),
    /** Working days after the step before was sent. */
    delayDays: integer('delay_days').notNull().default(0),
    /** Who gets it besides not having replied; not_opened only where openings are individual. */
    condition: text('condition', { enum: ['always', 'not_clicked', 'not_opened'] })
      .notNull()
      .default('always'),
  },
  (t) => [uniqueIndex('campaign_steps_position').on(t.campaignId, t.position)],
)

/** What a step says: one, or several that are compared. */
export const campaignVariants = pgTable(
  'campaign_variants',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    stepId: integer('step_id')
      .notNull()
      .references(() => campaignSteps.id, { onDelete: 'cascade' }),
    /** A, B, … */
    label: text('label').notNull(),
    /** The template it was made from; the words here are the campaign's own. */
    templateId: integer('template_id'),
    subject: text('subject').notNull(),
    html: text('html').notNull(),
    /** '': made from the HTML. */
    text: text('text').notNull().default(''),
    /** Whether it says what was found on the site: such a mail is checked for its age (planning/freshness.ts). */
    quotes: boolean('quotes').notNull().default(false),
    /** Its share of the recipients. */
    weight: integer('weight').notNull().default(1),
  },
  (t) => [uniqueIndex('campaign_variants_label').on(t.stepId, t.label)],
)

/** The ledger: one row for every mail a campaign means to send, from the moment it starts. */
export const campaignMessages = pgTable(
  'campaign_messages',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    campaignId: integer('campaign_id')
      .notNull()
      .references(() => campaigns.id, { onDelete: 'cascade' }),
    stepId: integer('step_id')
      .notNull()
      .references(() => campaignSteps.id, { onDelete: 'cascade' }),
    variantId: integer('variant_id')
      .notNull()
      .references(() => campaignVariants.id, { onDelete: 'cascade' }),
    companyId: integer('company_id').references(() => companies.id, { onDelete: 'set null' }),
    accountId: integer('account_id')
      .notNull()
      .references(() => mailAccounts.id),
    /** Lower case, the domain in letters. */
    address: text('address').notNull(),
    /** The person, when known. */
    contactName: text('contact_name'),
    /** Status and stage of the company when it was chosen: what it has become since may forbid a first mail, too. */
    chosenStatus: text('chosen_status'),
    chosenStage: text('chosen_stage'),
    /** Who takes the mail in (limits/provider.ts): google, microsoft, …, else the domain. */
    provider: text('provider').notNull(),
    /** planned: waits for its time and a place within the limits. held: waits for something to be done (`reason`).
     *  claimed: a node makes it ready. sending: about to be handed over, or being so. sent: the server has it.
     *  delivered: there is a sign that it arrived. unknown: a crash fell between handing over and our note of it; never sent
     *  again without a person's decision. failed: refused for good. skipped: will not be sent (`reason`). */
    state: text('state', {
      enum: [
        'planned',
        'held',
        'claimed',
        'sending',
        'sent',
        'delivered',
        'bounced',
        'replied',
        'unsubscribed',
        'failed',
        'unknown',
        'skipped',
      ],
    })
      .notNull()
      .default('planned'),
    /** A code (sending/messages.ts) for held, failed, skipped, unknown; of the last try for planned. */
    reason: text('reason'),
    /** What the mail server said last. */
    reply: text('reply'),
    /** Since when it is held. */
    heldAt: at('held_at'),
    /** When a fresh look at the site was asked for. */
    recheckAt: at('recheck_at'),
    /** Not before. */
    dueAt: at('due_at').notNull(),
    attempts: integer('attempts').notNull().default(0),
    /** The node that has it, and since when. */
    claimedBy: text('claimed_by'),
    claimedAt: at('claimed_at'),
    /** The mail as sent. */
    messageId: integer('message_id').references(() => messages.id, { onDelete: 'set null' }),
    sentAt: at('sent_at'),
    deliveredAt: at('delivered_at'),
    /** hard | soft, of the last bounce. */
    bounceKind: text('bounce_kind'),
    bouncedAt: at('bounced_at'),
    repliedAt: at('replied_at'),
    unsubscribedAt: at('unsubscribed_at'),
    complainedAt: at('complained_at'),
    /** A test send or rehearsal never counts for limits, statuses and suppressions. */
    rehearsed: boolean('rehearsed').notNull().default(false),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex('campaign_messages_once').on(t.campaignId, t.stepId, t.address),
    // By campaign first: what a paused one has waiting costs the others nothing.
    index('campaign_messages_due')
      .on(t.campaignId, t.accountId, t.dueAt, t.id)
      .where(sql`state = 'planned'`),
    index('campaign_messages_taken')
      .on(t.claimedAt)
      .where(sql`state IN ('claimed', 'sending')`),
    index('campaign_messages_held')
      .on(t.heldAt)
      .where(sql`state = 'held'`),
    index('campaign_messages_state').on(t.campaignId, t.state),
    index('campaign_messages_company').on(t.companyId),
    index('campaign_messages_address').on(t.address),
    uniqueIndex('campaign_messages_message').on(t.messageId),
  ],
)

/** What happened to a campaign as a whole, and who did it. */
export const campaignLog = pgTable(
  'campaign_log',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    campaignId: integer('campaign_id')
      .notNull()
      .references(() => campaigns.id, { onDelete: 'cascade' }),
    at: at('at').notNull().defaultNow(),
    userId: integer('user_id').references(() => users.id, { onDelete: 'set null' }),
    /** created | scheduled | started | paused | resumed | cancelled | completed | overridden | … */
    kind: text('kind').notNull(),
    detail: jsonb('detail').$type<Record<string, unknown>>().notNull().default({}),
  },
  (t) => [index('campaign_log_campaign').on(t.campaignId, t.at)],
)
