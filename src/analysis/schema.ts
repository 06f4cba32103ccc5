import { index, integer, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import { companies } from '#src/companies/schema.ts'
import { crawls } from '#src/crawl/schema.ts'

/** What is weak about a company's site at its latest crawl; text comes from messages.ts by `rule` and `params`. */
export const findings = pgTable(
  'findings',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    companyId: integer('company_id')
      .notNull()
      .references(() => companies.id, { onDelete: 'cascade' }),
    crawlId: integer('crawl_id')
      .notNull()
      .references(() => crawls.id, { onDelete: 'cascade' }),
    rule: text('rule').notNull(),
    category: text('category', {
      enum: ['security', 'technical', 'seo', 'performance', 'mobile', 'legal'],
    }).notNull(),
    severity: text('severity', { enum: ['critical', 'high', 'medium', 'low', 'info'] }).notNull(),
    params: jsonb('params').$type<Record<string, string | number>>().notNull().default({}),
    evidence: text('evidence').notNull(),
    pageUrl: text('page_url').notNull(),
    foundAt: timestamp('found_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (t) => [index('findings_company').on(t.companyId), index('findings_rule').on(t.rule)],
)
