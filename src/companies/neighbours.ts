import type { Crawl } from '#src/crawl/contacts/queries-facts.ts'
import type { Db } from '#src/db/open.ts'
import type { Suppression } from '#src/tracking/queries-suppressions.ts'
import type { MovedRecords } from './merge-companies.ts'

/** What the pages of companies need from domains that know companies, handed over by app.ts. */
export type Neighbours = {
  /** Scores anew what a change of status, contact or site may have changed. */
  scoreAgain: (db: Db, companyIds: number[]) => Promise<void>
  /** Asks for the crawl of one company's site. */
  requestCrawl: (db: Db, company: { id: number; name: string }, userId: number | null) => Promise<void>
  /** The last visits of the company's site: the latest one, and the latest that read it. */
  visitOf: (db: Db, companyId: number) => Promise<{ latest: Crawl | null; read: Crawl | null }>
  /** Why the chosen address of a company must not be written to; null when it may. */
  suppressionOf: (db: Db, company: { id: number; contactEmail: string | null }) => Promise<Suppression | null>
  records: MovedRecords
}
