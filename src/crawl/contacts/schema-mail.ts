import { boolean, pgTable, text, timestamp } from 'drizzle-orm/pg-core'

/** Whether a domain takes mail, as its name servers said; asked again when the answer is old. */
export const mailDomains = pgTable('mail_domains', {
  domain: text('domain').primaryKey(),
  takesMail: boolean('takes_mail').notNull(),
  checkedAt: timestamp('checked_at', { withTimezone: true }).notNull(),
})
