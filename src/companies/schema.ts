import { sql } from 'drizzle-orm'
import {
  boolean,
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
import { at, bytea } from '#src/db/columns.ts'

export type ScorePoint = {
  points: number
  reason: string
  params: Record<string, string | number>
  evidence: string
}
export type Weakness = { id: string; severity: string }
/** What crawling one site may cost: a preset of crawl/crawl-limits.ts, with the numbers changed by hand. */
export type CrawlBudget = { preset: 'quick' | 'standard' | 'thorough'; limits?: Record<string, number> }
/** An admin's decision to crawl a site against its robots.txt. */
export type RobotsOverride = { at: string; userId: number | null; reason: string }

export const companies = pgTable(
  'companies',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    name: text('name').notNull(),
    /** Canonical URL of the company's own site, or null. */
    website: text('website'),
    /** See site-key.ts; companies that share it are branches of one another. */
    siteKey: text('site_key'),
    /** Page on a social network, directory or marketplace given instead of a site. */
    profileUrl: text('profile_url'),
    email: text('email'),
    phone: text('phone'),
    phoneE164: text('phone_e164'),
    contactName: text('contact_name'),
    category: text('category'),
    sector: text('sector'),
    address1: text('address_1'),
    address2: text('address_2'),
    postalCode: text('postal_code'),
    city: text('city'),
    country: text('country'),
    longitude: doublePrecision('longitude'),
    latitude: doublePrecision('latitude'),
    rating: doublePrecision('rating'),
    reviewsCount: integer('reviews_count'),
    siren: text('siren'),
    siret: text('siret'),

    status: text('status').notNull().default('Nouveau'),
    stage: text('stage').notNull().default('À prospecter'),
    favourite: boolean('favourite').notNull().default(false),
    tags: text('tags')
      .array()
      .notNull()
      .default(sql`'{}'::text[]`),
    notes: text('notes').notNull().default(''),
    /** Names of fields changed by hand: imports and crawls leave these alone. */
    editedFields: text('edited_fields')
      .array()
      .notNull()
      .default(sql`'{}'::text[]`),

    /** Best way in, chosen from the crawl's facts and the import; kept here so that the list is one query. */
    contactEmail: text('contact_email'),
    contactEmailKind: text('contact_email_kind'),
    contactPerson: text('contact_person'),
    contactRole: text('contact_role'),
    contactPhone: text('contact_phone'),

    crawlState: text('crawl_state', { enum: ['never', 'queued', 'running', 'done', 'failed'] })
      .notNull()
      .default('never'),
    crawlError: text('crawl_error'),
    crawledAt: at('crawled_at'),
    /** Null: the standard preset. */
    crawlBudget: jsonb('crawl_budget').$type<CrawlBudget>(),
    robotsOverride: jsonb('robots_override').$type<RobotsOverride>(),
    cms: text('cms'),
    weaknesses: jsonb('weaknesses').$type<Weakness[]>().notNull().default([]),
    score: integer('score'),
    /** very-high | high | medium | low | very-low | none (see scoring/) */
    scoreLevel: text('score_level'),
    scorePoints: jsonb('score_points').$type<ScorePoint[]>().notNull().default([]),
    scoredAt: at('scored_at'),

    importId: integer('import_id'),
    mergedIntoId: integer('merged_into_id'),
    createdAt: at('created_at').notNull().defaultNow(),
    updatedAt: at('updated_at').notNull().defaultNow(),
    deletedAt: at('deleted_at'),

    /** Folded (lower-case, no accents) haystack of the list's search; every word begins after a space. */
    searchText: text('search_text').generatedAlwaysAs(
      sql`' ' || fold(name || ' ' || coalesce(site_key, '') || ' ' || coalesce(category, '') || ' ' || coalesce(sector, '') || ' ' || coalesce(city, '') || ' ' || coalesce(postal_code, '') || ' ' || coalesce(address_1, '') || ' ' || coalesce(email, '') || ' ' || coalesce(contact_email, '') || ' ' || coalesce(contact_name, '') || ' ' || coalesce(contact_person, '') || ' ' || coalesce(phone_e164, '') || ' ' || coalesce(contact_phone, '') || ' ' || coalesce(siret, siren, ''))`,
    ),
    /** Folded name and address: finds a company that has no site of its own. */
    nameKey: text('name_key'),
  },
  (t) => [
    index('companies_site_key').on(t.siteKey),
    index('companies_name_key').on(t.nameKey),
    index('companies_search').using('gin', sql`${t.searchText} gin_trgm_ops`),
    index('companies_tags').using('gin', t.tags),
    // One index for each order of the list; two where empty values come last both ways.
    index('companies_list_score')
      .on(sql`${t.score} DESC NULLS LAST`, sql`${t.id} DESC`)
      .where(sql`deleted_at IS NULL`),
    index('companies_list_score_up')
      .on(t.score, t.id)
      .where(sql`deleted_at IS NULL`),
    index('companies_list_name')
      .on(t.name, t.id)
      .where(sql`deleted_at IS NULL`),
    index('companies_list_created')
      .on(t.createdAt, t.id)
      .where(sql`deleted_at IS NULL`),
    index('companies_list_crawled')
      .on(sql`${t.crawledAt} DESC NULLS LAST`, sql`${t.id} DESC`)
      .where(sql`deleted_at IS NULL`),
    index('companies_list_crawled_up')
      .on(t.crawledAt, t.id)
      .where(sql`deleted_at IS NULL`),
    index('companies_list_city')
      .on(t.city, t.id)
      .where(sql`deleted_at IS NULL`),
    index('companies_list_city_down')
      .on(sql`${t.city} DESC NULLS LAST`, sql`${t.id} DESC`)
      .where(sql`deleted_at IS NULL`),
    index('companies_list_status')
      .on(t.status, t.id)
      .where(sql`deleted_at IS NULL`),
    index('companies_list_level')
      .on(t.scoreLevel, t.id)
      .where(sql`deleted_at IS NULL`),
    index('companies_stage')
      .on(t.stage)
      .where(sql`deleted_at IS NULL`),
    index('companies_crawl_state')
      .on(t.crawlState)
      .where(sql`deleted_at IS NULL`),
    index('companies_weaknesses').using('gin', sql`${t.weaknesses} jsonb_path_ops`),
    index('companies_favourite')
      .on(t.id)
      .where(sql`favourite AND deleted_at IS NULL`),
    index('companies_deleted')
      .on(t.deletedAt)
      .where(sql`deleted_at IS NOT NULL`),
    index('companies_import').on(t.importId),
    // What the public API lists: newest first, of a sector, around a place, by a number that is not quite one.
    index('companies_live')
      .on(t.id)
      .where(sql`deleted_at IS NULL`),
    index('companies_trade')
      .on(sql`coalesce(sector, category)`, t.id)
      .where(sql`deleted_at IS NULL`),
    index('companies_place')
      .on(t.latitude, t.longitude)
      .where(sql`deleted_at IS NULL AND latitude IS NOT NULL`),
    index('companies_phone_digits')
      .on(sql`regexp_replace(phone, '[^0-9]', '', 'g')`)
      .where(sql`deleted_at IS NULL AND phone IS NOT NULL`),
    // Whose address or number this is.
    index('companies_email')
      .on(sql`lower(email)`)
      .where(sql`deleted_at IS NULL AND email IS NOT NULL`),
    index('companies_contact_email')
      .on(sql`lower(contact_email)`)
      .where(sql`deleted_at IS NULL AND contact_email IS NOT NULL`),
    index('companies_phone')
      .on(t.phoneE164)
      .where(sql`deleted_at IS NULL AND phone_e164 IS NOT NULL`),
    index('companies_contact_phone')
      .on(t.contactPhone)
      .where(sql`deleted_at IS NULL AND contact_phone IS NOT NULL`),
    // Whom a suppression of the whole company means.
    index('companies_siren').on(sql`coalesce(siren, left(siret, 9))`),
    index('companies_profile')
      .on(t.profileUrl)
      .where(sql`deleted_at IS NULL AND profile_url IS NOT NULL`),
  ],
)

/** History shown on the company page: who or what changed which field. */
export const companyChanges = pgTable(
  'company_changes',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    companyId: integer('company_id')
      .notNull()
      .references(() => companies.id, { onDelete: 'cascade' }),
    at: at('at').notNull().defaultNow(),
    userId: integer('user_id').references(() => users.id, { onDelete: 'set null' }),
    /** created | edited | imported | crawled | scored | merged | deleted | restored | … */
    kind: text('kind').notNull(),
    /** {field: [before, after]} for edits; counts and ids for the rest */
    detail: jsonb('detail').$type<Record<string, unknown>>().notNull().default({}),
  },
  (t) => [index('company_changes_company').on(t.companyId, t.at)],
)

export const groups = pgTable('groups', {
  id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
  name: text('name').notNull(),
  description: text('description').notNull().default(''),
  colour: text('colour').notNull().default('blue'),
  createdAt: at('created_at').notNull().defaultNow(),
})

export const companyGroups = pgTable(
  'company_groups',
  {
    companyId: integer('company_id')
      .notNull()
      .references(() => companies.id, { onDelete: 'cascade' }),
    groupId: integer('group_id')
      .notNull()
      .references(() => groups.id, { onDelete: 'cascade' }),
  },
  (t) => [primaryKey({ columns: [t.companyId, t.groupId] }), index('company_groups_group').on(t.groupId)],
)

export type ImportCounts = {
  rows: number
  created: number
  updated: number
  unchanged: number
  duplicates: number
  rejected: number
  branches: number
}

/** {field: [before, after]} */
export type FieldChanges = Record<string, [unknown, unknown]>

export const imports = pgTable('imports', {
  id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
  fileName: text('file_name').notNull(),
  format: text('format').notNull(),
  /** What is at work on it, and how that ended, is told by its batch item (queries-import.ts). */
  state: text('state', { enum: ['draft', 'running', 'done', 'undone'] }).notNull(),
  sheets: jsonb('sheets').$type<string[]>().notNull().default([]),
  sheet: text('sheet').notNull().default(''),
  header: jsonb('header').$type<string[]>().notNull().default([]),
  /** The first rows, for the preview. */
  sample: jsonb('sample').$type<{ row: number; cells: string[] }[]>().notNull().default([]),
  /** What was mended while reading: code → how often. */
  warnings: jsonb('warnings').$type<Record<string, number>>().notNull().default({}),
  /** field name → column index */
  mapping: jsonb('mapping').$type<Record<string, number>>().notNull().default({}),
  profileId: integer('profile_id'),
  /** Of the check while it is a draft, of the import itself afterwards. */
  counts: jsonb('counts').$type<ImportCounts>(),
  crawlAfter: boolean('crawl_after').notNull().default(false),
  /** Given to the companies it creates. */
  crawlBudget: jsonb('crawl_budget').$type<CrawlBudget>(),
  /** The check or run at work, or the last one. */
  batchId: integer('batch_id'),
  /** The crawl of what it created. */
  crawlBatchId: integer('crawl_batch_id'),
  createdBy: integer('created_by').references(() => users.id, { onDelete: 'set null' }),
  createdAt: at('created_at').notNull().defaultNow(),
  finishedAt: at('finished_at'),
  undoneAt: at('undone_at'),
})

/** The uploaded bytes, so that any node can run the import; dropped when it is done. */
export const importFiles = pgTable('import_files', {
  importId: integer('import_id')
    .primaryKey()
    .references(() => imports.id, { onDelete: 'cascade' }),
  bytes: bytea('bytes').notNull(),
})

/** One row per sheet row: nothing is lost in silence, and an import can be undone. */
export const importRows = pgTable(
  'import_rows',
  {
    importId: integer('import_id')
      .notNull()
      .references(() => imports.id, { onDelete: 'cascade' }),
    /** Sheet row, the header being 1. */
    row: integer('row').notNull(),
    outcome: text('outcome', {
      enum: ['created', 'updated', 'unchanged', 'duplicate', 'rejected'],
    }).notNull(),
    reason: text('reason'),
    branch: boolean('branch').notNull().default(false),
    companyId: integer('company_id'),
    /** What it changed on a company that was there: {field: [before, after]}. Undo puts `before` back. */
    changes: jsonb('changes').$type<FieldChanges>(),
    /** For `rejected`: the cells as read, for the downloadable list. */
    cells: jsonb('cells').$type<string[]>(),
  },
  (t) => [primaryKey({ columns: [t.importId, t.row] }), index('import_rows_company').on(t.companyId)],
)

export const importProfiles = pgTable(
  'import_profiles',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    name: text('name').notNull(),
    header: jsonb('header').$type<string[]>().notNull(),
    /** field name → header text */
    columns: jsonb('columns').$type<Record<string, string>>().notNull(),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (t) => [uniqueIndex('import_profiles_name').on(t.name)],
)
