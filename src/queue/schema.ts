import { index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { at } from '#src/db/columns.ts'

/** A piece of work the user sees as one: a crawl of 500 companies, an import. Its items are the truth about
 *  progress; pg-boss only delivers them. */
export const batches = pgTable(
  'batches',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    /** Name of the job that works on its items. */
    job: text('job').notNull(),
    /** What to call it: catalogue key and values, rendered in the reader's language. */
    label: jsonb('label').$type<{ key: string; values: Record<string, string | number> }>().notNull(),
    state: text('state', { enum: ['running', 'paused', 'cancelled', 'done'] })
      .notNull()
      .default('running'),
    total: integer('total').notNull(),
    createdBy: integer('created_by'),
    createdAt: at('created_at').notNull().defaultNow(),
    finishedAt: at('finished_at'),
  },
  (t) => [index('batches_state').on(t.state, t.createdAt)],
)

export const batchItems = pgTable(
  'batch_items',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    batchId: integer('batch_id')
      .notNull()
      .references(() => batches.id, { onDelete: 'cascade' }),
    /** What it is about: a company id, an import id. */
    subjectId: integer('subject_id').notNull(),
    state: text('state', { enum: ['pending', 'running', 'done', 'failed', 'cancelled'] })
      .notNull()
      .default('pending'),
    /** How often it was begun, and how often that ended in an unexpected error. */
    attempts: integer('attempts').notNull().default(0),
    errors: integer('errors').notNull().default(0),
    /** What is being done now, or why it failed: code and values for a catalogue. */
    detail: jsonb('detail').$type<{ code: string; values?: Record<string, string | number> }>(),
    startedAt: at('started_at'),
    finishedAt: at('finished_at'),
  },
  (t) => [
    uniqueIndex('batch_items_subject').on(t.batchId, t.subjectId),
    index('batch_items_state').on(t.batchId, t.state),
  ],
)
