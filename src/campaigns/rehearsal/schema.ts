import { index, integer, pgTable, text } from 'drizzle-orm/pg-core'
import { at } from '#src/db/columns.ts'

/** What recipients of rehearsals have still to do, so that it happens whichever program is there then. No foreign keys, as
 *  rows live for a moment. */
export const rehearsalDeeds = pgTable(
  'rehearsal_deeds',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    /** When it is told. */
    dueAt: at('due_at').notNull(),
    /** When it is told to have happened. */
    happenedAt: at('happened_at').notNull(),
    /** The Message-ID of the mail. */
    headerId: text('header_id').notNull(),
    /** fates.ts */
    deed: text('deed').notNull(),
  },
  (t) => [index('rehearsal_deeds_due').on(t.dueAt)],
)
