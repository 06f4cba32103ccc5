import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { users } from '#src/auth/schema.ts'
import { companies } from '#src/companies/schema.ts'
import { at } from '#src/db/columns.ts'
import type { Audience } from './audience.ts'
import { standings } from './standings.ts'

/** Audiences kept under a name; live: they hold whoever fits when they are used. */
export const segments = pgTable(
  'segments',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    name: text('name').notNull(),
    description: text('description').notNull().default(''),
    audience: jsonb('audience').$type<Audience>().notNull(),
    createdBy: integer('created_by').references(() => users.id, { onDelete: 'set null' }),
    createdAt: at('created_at').notNull().defaultNow(),
    updatedAt: at('updated_at').notNull().defaultNow(),
  },
  (t) => [uniqueIndex('segments_name').on(t.name)],
)

/** Every address a company is known by, judged for mails to many; made from its facts and its row (refresh-addresses.ts)
 *  so that an audience is counted without reading them. */
export const companyAddresses = pgTable(
  'company_addresses',
  {
    companyId: integer('company_id')
      .notNull()
      .references(() => companies.id, { onDelete: 'cascade' }),
    /** Lower case, the domain in ASCII. */
    address: text('address').notNull(),
    domain: text('domain').notNull(),
    /** Order within the company, the best contact 0. */
    rank: smallint('rank').notNull(),
    standing: text('standing', { enum: standings }).notNull(),
    /** Whose it is: a kind of role (crawl/extract/roles.ts), `other` for a person without one, `shared` for nobody's. */
    role: text('role').notNull(),
    contactName: text('contact_name'),
    /** Another company has it too, or had: only such addresses are compared with others. */
    shared: boolean('shared').notNull().default(false),
    /** It said no for all campaigns, or bounced for good (refresh-blocks.ts). */
    blocked: text('blocked', { enum: ['suppressed', 'bounced'] }),
  },
  (t) => [
    primaryKey({ columns: [t.companyId, t.address] }),
    index('company_addresses_order').on(t.companyId, t.rank),
    index('company_addresses_address').on(t.address),
    index('company_addresses_domain').on(t.domain),
    index('company_addresses_below')
      .on(t.domain)
      .where(sql`domain LIKE '%.%.%'`),
    index('company_addresses_shared')
      .on(t.companyId)
      .where(sql`shared`),
  ],
)

/** How many addresses of each kind that are not blocked a company has, where it has any or is barred: most companies are
 *  counted without their addresses. */
export const companyReach = pgTable(
  'company_reach',
  {
    companyId: integer('company_id')
      .primaryKey()
      .references(() => companies.id, { onDelete: 'cascade' }),
    /** own, published, kept */
    sure: smallint('sure').notNull(),
    other: smallint('other').notNull(),
    free: smallint('free').notNull(),
    /** What is wrong with the best of the rest (exclusionReasons); null without any. */
    never: text('never'),
    /** The company itself said no for all campaigns. */
    barred: boolean('barred').notNull().default(false),
  },
  (t) => [
    index('company_reach_barred')
      .on(t.companyId)
      .where(sql`barred`),
  ],
)

/** Companies whose addresses must be judged anew, noted by triggers (drizzle/objects/65_company_addresses.sql). Only
 *  ever added to and deleted from, so that nobody waits for another. */
export const companyAddressChanges = pgTable(
  'company_address_changes',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    companyId: integer('company_id').notNull(),
  },
  (t) => [index('company_address_changes_company').on(t.companyId)],
)

/** Entries and bounces whose addresses and companies must be looked at anew, noted by triggers as the changes above. */
export const companyBlockChanges = pgTable('company_block_changes', {
  id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  kind: text('kind', { enum: ['address', 'domain', 'company'] }).notNull(),
  /** What an entry is filed under; of a bounce the address. */
  key: text('key').notNull(),
})
