import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { users } from '#src/auth/schema.ts'
import { companies } from '#src/companies/schema.ts'
import { at, bytea } from '#src/db/columns.ts'
import type { Belonging } from './contacts/belongs-to-company.ts'
import type { PageError, PageRecord, SiteRecord } from './site-record.ts'

/** Facts that came, went or read otherwise since the crawl before, as stored in `facts.value`. */
export type CrawlChanges = {
  added: { kind: string; value: string }[]
  removed: { kind: string; value: string }[]
  changed: { kind: string; value: string; field: string; before: unknown; after: unknown }[]
}

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
    /** Pages that the site said had not changed, taken over from the crawl before. */
    unchangedPages: integer('unchanged_pages').notNull().default(0),
    /** What differs from the crawl before; null for the first. */
    changes: jsonb('changes').$type<CrawlChanges>(),
    /** What the analysis read besides the pages. */
    site: jsonb('site').$type<
      Pick<SiteRecord, 'tls' | 'httpRedirectsToHttps' | 'robotsTxt' | 'sitemap' | 'redirects'> & {
        // Older crawls have none of these.
        endedBy?: SiteRecord['endedBy']
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
    /** What a person put right: fields of `data`, or `value`. Wins over what a crawl reads. */
    correction: jsonb('correction').$type<Record<string, unknown>>(),
    /** The person this one turned out to be, by somebody's decision. */
    mergedIntoId: integer('merged_into_id').references((): AnyPgColumn => facts.id, { onDelete: 'set null' }),
    judgedBy: integer('judged_by').references(() => users.id, { onDelete: 'set null' }),
    judgedAt: at('judged_at'),
    firstSeenAt: at('first_seen_at').notNull().defaultNow(),
    lastSeenAt: at('last_seen_at').notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex('facts_company_kind_key').on(t.companyId, t.kind, t.key),
    index('facts_value').on(t.kind, t.value),
    index('facts_contact')
      .on(t.kind, sql`lower(coalesce(correction ->> 'value', value))`)
      .where(sql`kind IN ('email', 'phone')`),
    index('facts_merged').on(t.mergedIntoId),
    // Addresses of all sites, newest first: one of a hundred facts is one.
    index('facts_emails')
      .on(t.id)
      .where(sql`kind = 'email' AND merged_into_id IS NULL`),
  ],
)

/** What the last crawl made of pages that can be asked for again by ETag or Last-Modified. */
export const keptPages = pgTable(
  'kept_pages',
  {
    companyId: integer('company_id')
      .notNull()
      .references(() => companies.id, { onDelete: 'cascade' }),
    url: text('url').notNull(),
    etag: text('etag'),
    lastModified: text('last_modified'),
    /** When its bytes were last really read. */
    readAt: at('read_at').notNull(),
    /** Version of the extractor that parsed it: an older one's pages are read anew. */
    parser: text('parser').notNull(),
    /** The parsed page as JSON, compressed by zstd */
    parsed: bytea('parsed').notNull(),
  },
  (t) => [primaryKey({ columns: [t.companyId, t.url] })],
)
