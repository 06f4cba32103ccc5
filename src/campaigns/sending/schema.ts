import { index, pgTable, text } from 'drizzle-orm/pg-core'
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
