import { index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import { users } from '#src/auth/schema.ts'
import { at } from '#src/db/columns.ts'

/** What was done with somebody's data on request or by the clock: that it was done, never whose. */
export const privacyLog = pgTable(
  'privacy_log',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    at: at('at').notNull().defaultNow(),
    /** export | erase: asked for by the person. retention: kept for as long as may be. */
    kind: text('kind', { enum: ['export', 'erase', 'retention'] }).notNull(),
    userId: integer('user_id').references(() => users.id, { onDelete: 'set null' }),
    /** How much of what: {facts: 3, messages: 1, …}. */
    counts: jsonb('counts').$type<Record<string, number>>().notNull(),
  },
  (t) => [index('privacy_log_at').on(t.at)],
)
