import type { Db } from '#src/db/open.ts'
import type { MovedRecords } from './merge-companies.ts'

/** What the pages of companies need from domains that know companies, handed over by app.ts. */
export type Neighbours = {
  /** Scores anew what a change of status, contact or site may have changed. */
  scoreAgain: (db: Db, companyIds: number[]) => Promise<void>
  /** Asks for the crawl of one company's site. */
  requestCrawl: (db: Db, company: { id: number; name: string }, userId: number | null) => Promise<void>
  records: MovedRecords
}
