import { eq } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import { keptPages } from '../schema.ts'
import type { KeptPage } from './page-memory.ts'

const INSERT_ROWS = 50

/** What the last crawl of a company's site kept of it. */
export const keptPagesOf = (db: Db, companyId: number): Promise<KeptPage[]> =>
  db
    .select({
      url: keptPages.url,
      etag: keptPages.etag,
      lastModified: keptPages.lastModified,
      readAt: keptPages.readAt,
      parser: keptPages.parser,
      parsed: keptPages.parsed,
    })
    .from(keptPages)
    .where(eq(keptPages.companyId, companyId))

/** Replaces what is kept of a company's site; in the transaction that saves the facts read from it. */
export const replaceKeptPages = async (tx: Db, companyId: number, pages: KeptPage[]): Promise<void> => {
  await tx.delete(keptPages).where(eq(keptPages.companyId, companyId))
  for (let at = 0; at < pages.length; at += INSERT_ROWS)
    await tx
      .insert(keptPages)
      .values(pages.slice(at, at + INSERT_ROWS).map((page) => ({ companyId, ...page })))
}
