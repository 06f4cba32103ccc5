import { and, eq, gt } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import type { MxMemory } from './check-mx.ts'
import { mailDomains } from './schema-mail.ts'

const KEPT_MS = 7 * 24 * 3_600_000

/** Answers about mail domains, shared by all nodes for a week. */
export const databaseForMx = (db: Db, now: () => Date): MxMemory => ({
  read: async (domain) => {
    const fresh = new Date(now().getTime() - KEPT_MS)
    const [row] = await db
      .select({ takesMail: mailDomains.takesMail })
      .from(mailDomains)
      .where(and(eq(mailDomains.domain, domain), gt(mailDomains.checkedAt, fresh)))
    return row?.takesMail
  },
  write: async (domain, takesMail) => {
    const row = { domain, takesMail, checkedAt: now() }
    await db.insert(mailDomains).values(row).onConflictDoUpdate({ target: mailDomains.domain, set: row })
  },
})
