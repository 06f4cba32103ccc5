import { and, asc, desc, eq, lt, sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import { compareFacts, unreadUrls, type SeenFact } from './compare-facts.ts'
import { crawlPages, crawls } from '../schema.ts'

type KnownFact = SeenFact & { crawlId: number | null }

/** Notes on a crawl what differs from the one before of the same website; nothing on the first. `known` are the
 *  facts as they were stored before this crawl, `rows` those it saw. */
export const noteChanges = async (
  tx: Db,
  crawl: { companyId: number; crawlId: number; known: readonly KnownFact[]; rows: readonly SeenFact[] },
): Promise<void> => {
  const after = await loadCrawl(tx, eq(crawls.id, crawl.crawlId))
  const before =
    after &&
    (await loadCrawl(
      tx,
      and(
        eq(crawls.companyId, crawl.companyId),
        eq(crawls.url, after.url),
        eq(crawls.state, 'done'),
        lt(crawls.id, crawl.crawlId),
      ),
    ))
  if (!after || !before) return
  const changes = compareFacts(
    { ...before, facts: crawl.known.filter(({ crawlId }) => crawlId === before.id) },
    { ...after, facts: crawl.rows },
    unreadUrls(after.errors),
  )
  await tx.update(crawls).set({ changes }).where(eq(crawls.id, crawl.crawlId))
}

const loadCrawl = async (tx: Db, which: ReturnType<typeof and>) => {
  const [row] = await tx
    .select({
      id: crawls.id,
      url: crawls.url,
      errors: crawls.errors,
      features: sql<unknown>`${crawls.site}->'features'`,
    })
    .from(crawls)
    .where(which)
    .orderBy(desc(crawls.id))
    .limit(1)
  if (!row) return null
  const [home] = await tx
    .select({ title: crawlPages.title })
    .from(crawlPages)
    .where(eq(crawlPages.crawlId, row.id))
    .orderBy(asc(crawlPages.depth), asc(crawlPages.id))
    .limit(1)
  return { ...row, features: featuresOf(row.features), title: home?.title ?? null }
}

type Features = Parameters<typeof compareFacts>[0]['features']
// Older crawls have none.
const featuresOf = (features: unknown): Features => (Array.isArray(features) ? (features as Features) : [])
