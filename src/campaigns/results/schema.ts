import { index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { at } from '#src/db/columns.ts'
import { campaigns } from '../schema.ts'
import type { Numbers } from './numbers.ts'

/** The numbers of a campaign as they were counted last, from the ledger and the events: what a page of a campaign with
 *  hundreds of thousands of events shows at once while they are counted anew (read-numbers.ts). Nothing is lost with it. */
export const campaignResults = pgTable('campaign_results', {
  campaignId: integer('campaign_id')
    .primaryKey()
    .references(() => campaigns.id, { onDelete: 'cascade' }),
  numbers: jsonb('numbers').$type<Numbers>().notNull(),
  countedAt: at('counted_at').notNull(),
  /** What counting took. */
  tookMs: integer('took_ms').notNull(),
})

/** Reports by mail: one row for each moment a report was due, made by the node that writes it. */
export const campaignReports = pgTable(
  'campaign_reports',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    /** The moment it was due; for one asked for by hand, that of asking. */
    dueAt: at('due_at').notNull(),
    /** What it tells of. */
    since: at('since').notNull(),
    /** by_hand: never skipped. */
    origin: text('origin', { enum: ['schedule', 'by_hand'] }).notNull(),
    /** writing: a node is at it, or died at it. nothing: nothing had happened. */
    state: text('state', { enum: ['writing', 'sent', 'nothing', 'failed'] })
      .notNull()
      .default('writing'),
    /** What the mail server said, when it failed. */
    detail: text('detail'),
  },
  (t) => [
    uniqueIndex('campaign_reports_due').on(t.origin, t.dueAt),
    index('campaign_reports_at').on(t.dueAt),
  ],
)
