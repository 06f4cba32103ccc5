import { index, integer, pgTable, text } from 'drizzle-orm/pg-core'
import { at } from '#src/db/columns.ts'

/** The nodes that have mails in hand, and when each was last there. What a node had that is silent is taken from it. */
export const sendingNodes = pgTable(
  'sending_nodes',
  {
    /** New with every start of a program. */
    id: text('id').primaryKey(),
    seenAt: at('seen_at').notNull().defaultNow(),
  },
  (t) => [index('sending_nodes_seen').on(t.seenAt)],
)

/** Companies whose status is to follow what became of a mail, noted with it and moved within seconds: a company's row is
 *  too costly to be written once per mail at full speed. No foreign key, as rows live for seconds. */
export const sendingMoves = pgTable('sending_moves', {
  id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
  companyId: integer('company_id').notNull(),
  trigger: text('trigger', { enum: ['sent', 'send_failed'] }).notNull(),
})
