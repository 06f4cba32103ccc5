import { sql } from 'drizzle-orm'
import { index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { users } from '#src/auth/schema.ts'
import { at, bytea } from '#src/db/columns.ts'

/** Messages to begin a campaign with, in LiquidJS. */
export const mailTemplates = pgTable(
  'mail_templates',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    name: text('name').notNull(),
    category: text('category').notNull().default(''),
    description: text('description').notNull().default(''),
    locale: text('locale', { enum: ['fr', 'en'] })
      .notNull()
      .default('fr'),
    subject: text('subject').notNull(),
    html: text('html').notNull(),
    /** '': made from the HTML. */
    text: text('text').notNull().default(''),
    /** The starter it came from; null for those made here. */
    starter: text('starter'),
    createdBy: integer('created_by').references(() => users.id, { onDelete: 'set null' }),
    createdAt: at('created_at').notNull().defaultNow(),
    updatedAt: at('updated_at').notNull().defaultNow(),
    deletedAt: at('deleted_at'),
  },
  (t) => [
    uniqueIndex('mail_templates_starter')
      .on(t.starter, t.locale)
      .where(sql`starter IS NOT NULL AND deleted_at IS NULL`),
  ],
)

/** Pictures of messages, sent along with them (`<img src="cid:KEY">`). */
export const mailImages = pgTable(
  'mail_images',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    key: text('key').notNull(),
    fileName: text('file_name').notNull(),
    contentType: text('content_type').notNull(),
    width: integer('width'),
    height: integer('height'),
    bytes: bytea('bytes').notNull(),
    createdBy: integer('created_by').references(() => users.id, { onDelete: 'set null' }),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (t) => [uniqueIndex('mail_images_key').on(t.key), index('mail_images_created').on(t.createdAt)],
)
