import { index, pgTable, primaryKey, smallint, text, timestamp } from 'drizzle-orm/pg-core'

/** Who may ask a host or an address right now, over all nodes: `key` is `host:…` (one slot) or `address:…`
 *  (several). A holder that dies loses its rows at `expires_at`. */
export const crawlLeases = pgTable(
  'crawl_leases',
  {
    key: text('key').notNull(),
    slot: smallint('slot').notNull(),
    holder: text('holder').notNull(),
    expiresAt: timestamp('expires_at', { withTimezone: true }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.key, t.slot] }), index('crawl_leases_holder').on(t.holder)],
)
