import { doublePrecision, index, integer, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import { companies } from '#src/companies/schema.ts'
import type { Belonging } from './belongs-to-company.ts'
import type { PageError, PageRecord, SiteRecord } from './site-record.ts'

const at = (name: string) => timestamp(name, { withTimezone: true })

/** One finished crawl of one company's site; written in one transaction with its pages and facts. */
export const crawls = pgTable(
  'crawls',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    companyId: integer('company_id')
      .notNull()
      .references(() => companies.id, { onDelete: 'cascade' }),
    url: text('url').notNull(),
    finalUrl: text('final_url'),
    state: text('state', { enum: ['done', 'failed'] }).notNull(),
    errorCode: text('error_code'),
    errorMessage: text('error_message'),
    startedAt: at('started_at').notNull(),
    finishedAt: at('finished_at').notNull(),
    durationMs: integer('duration_ms').notNull(),
    pageCount: integer('page_count').notNull().default(0),
    bytes: integer('bytes').notNull().default(0),
    /** What the analysis read besides the pages. */
    site: jsonb('site').$type<
      Pick<SiteRecord, 'tls' | 'httpRedirectsToHttps' | 'robotsTxt' | 'sitemap' | 'redirects'> & {
        // Older crawls have none of these.
        company?: SiteRecord['company']
        features?: SiteRecord['features']
        belongs?: Belonging
      }
    >(),
    errors: jsonb('errors').$type<PageError[]>().notNull().default([]),
  },
  (t) => [index('crawls_company').on(t.companyId, t.finishedAt)],
)

export const crawlPages = pgTable(
  'crawl_pages',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    crawlId: integer('crawl_id')
      .notNull()
      .references(() => crawls.id, { onDelete: 'cascade' }),
    url: text('url').notNull(),
    status: integer('status').notNull(),
    title: text('title'),
    depth: integer('depth').notNull(),
    bytes: integer('bytes').notNull(),
    record: jsonb('record').$type<PageRecord>().notNull(),
  },
  (t) => [index('crawl_pages_crawl').on(t.crawlId)],
)

/** Everything found about a company, each with where it was seen. `key` tells two facts of one kind apart
 *  (the address, the E.164 number, the folded name …); a person's verdict survives re-crawls. */
export const facts = pgTable(
  'facts',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    companyId: integer('company_id')
      .notNull()
      .references(() => companies.id, { onDelete: 'cascade' }),
    crawlId: integer('crawl_id').references(() => crawls.id, { onDelete: 'cascade' }),
    kind: text('kind', {
      enum: [
        'email',
        'suggested_email',
        'phone',
        'person',
        'address',
        'company_id',
        'social',
        'technology',
        'open_graph',
        'form',
        'image',
        'external_link',
      ],
    }).notNull(),
    key: text('key').notNull(),
    value: text('value').notNull(),
    data: jsonb('data').$type<Record<string, unknown>>().notNull(),
    pageUrl: text('page_url').notNull(),
    method: text('method').notNull(),
    snippet: text('snippet').notNull(),
    confidence: doublePrecision('confidence').notNull(),
    verdict: text('verdict', { enum: ['confirmed', 'rejected'] }),
    firstSeenAt: at('first_seen_at').notNull().defaultNow(),
    lastSeenAt: at('last_seen_at').notNull().defaultNow(),
  },
  (t) => [index('facts_company_kind').on(t.companyId, t.kind), index('facts_value').on(t.kind, t.value)],
)
