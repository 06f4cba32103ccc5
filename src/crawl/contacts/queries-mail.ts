import { and, eq, gt } from 'drizzle-orm'
import { isDatabaseDown, loggableMessage } from '#src/db/failures.ts'
import type { Db } from '#src/db/open.ts'
import type { Clock } from '#src/lib/clock.ts'
import type { Log } from '#src/lib/log.ts'
import type { MxMemory } from './check-mx.ts'
import { mailDomains } from './schema-mail.ts'

const KEPT_MS = 7 * 24 * 3_600_000

/** Answers about mail domains, shared by all nodes for a week. What cannot be looked up or kept costs a question to
 *  the name servers, not the crawl; only a database that is away is told of by throwing. */
export const databaseForMx = ({ db, clock, log }: { db: Db; clock: Clock; log: Log }): MxMemory => {
  const forgotten = (error: unknown): undefined => {
    if (isDatabaseDown(error)) throw error
    log.warn('the memory of mail domains failed', { reason: loggableMessage(error) })
  }
  return {
    read: (domain) => readDomain(db, domain, clock.now()).catch(forgotten),
    write: (domain, takesMail) =>
      keepDomain(db, { domain, takesMail, checkedAt: clock.now() }).catch(forgotten),
  }
}

const readDomain = async (db: Db, domain: string, now: Date): Promise<boolean | undefined> => {
  const fresh = new Date(now.getTime() - KEPT_MS)
  const [row] = await db
    .select({ takesMail: mailDomains.takesMail })
    .from(mailDomains)
    .where(and(eq(mailDomains.domain, domain), gt(mailDomains.checkedAt, fresh)))
  return row?.takesMail
}

const keepDomain = async (db: Db, row: typeof mailDomains.$inferInsert): Promise<void> => {
  await db.insert(mailDomains).values(row).onConflictDoUpdate({ target: mailDomains.domain, set: row })
}
