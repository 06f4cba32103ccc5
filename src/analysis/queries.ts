import { and, asc, eq, sql } from 'drizzle-orm'
import { crawls } from '#src/crawl/schema.ts'
import type { Db } from '#src/db/open.ts'
import type { Finding } from './finding.ts'
import { findings } from './schema.ts'
import type { RuleId } from './messages.ts'

/** Replaces what is known to be weak about a company by the findings of its latest crawl. */
export const saveFindings = async (
  tx: Db,
  companyId: number,
  crawlId: number,
  latest: readonly Finding[],
): Promise<void> => {
  await tx.delete(findings).where(eq(findings.companyId, companyId))
  if (latest.length === 0) return
  await tx.insert(findings).values(
    latest.map(({ id, category, severity, params, evidence, pageUrl }) => ({
      companyId,
      crawlId,
      rule: id,
      category,
      severity,
      params,
      evidence,
      pageUrl,
    })),
  )
}

// Those of an earlier crawl, or of a website the company no longer has, say nothing about its site today.
const ofLatestCrawl = sql`${findings.crawlId} = (
  SELECT ${crawls.id} FROM ${crawls} JOIN companies ON companies.id = ${crawls.companyId} AND companies.website = ${crawls.url}
  WHERE ${crawls.companyId} = ${findings.companyId} ORDER BY ${crawls.finishedAt} DESC, ${crawls.id} DESC LIMIT 1)`

/** The findings of the latest crawl of a company's website, worst first as they were saved. */
export const listFindings = async (db: Db, companyId: number): Promise<Finding[]> => {
  const rows = await db
    .select()
    .from(findings)
    .where(and(eq(findings.companyId, companyId), ofLatestCrawl))
    .orderBy(asc(findings.id))
  return rows.map(findingOf)
}

/** A row of the table as the rules made it. */
export const findingOf = ({
  rule,
  category,
  severity,
  params,
  evidence,
  pageUrl,
}: typeof findings.$inferSelect): Finding => ({
  id: rule as RuleId,
  category,
  severity,
  params,
  evidence,
  pageUrl,
})
