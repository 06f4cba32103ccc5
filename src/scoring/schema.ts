import { index, integer, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import { companies, type ScorePoint } from '#src/companies/schema.ts'

/** Every score ever given, with its points: the company row carries the latest. */
export const scores = pgTable(
  'scores',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    companyId: integer('company_id')
      .notNull()
      .references(() => companies.id, { onDelete: 'cascade' }),
    value: integer('value').notNull(),
    level: text('level').notNull(),
    points: jsonb('points').$type<ScorePoint[]>().notNull(),
    at: timestamp('at', { withTimezone: true }).notNull().defaultNow(),
  },
  (t) => [index('scores_company').on(t.companyId, t.at)],
)

/** Companies that something changed which cannot score them itself (the public API at the edge): scored anew by the
 *  server within a minute. */
export const scoreRequests = pgTable('score_requests', {
  companyId: integer('company_id')
    .primaryKey()
    .references(() => companies.id, { onDelete: 'cascade' }),
  at: timestamp('at', { withTimezone: true }).notNull().defaultNow(),
})
