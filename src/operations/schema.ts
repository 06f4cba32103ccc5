import { jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core'

/** Installation-wide settings and marks (`secret_key_check`, `default_locale` …). */
export const settings = pgTable('settings', {
  key: text('key').primaryKey(),
  value: jsonb('value').notNull(),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow(),
})
