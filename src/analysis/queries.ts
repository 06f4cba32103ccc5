import { asc, eq } from 'drizzle-orm'
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

/** The findings of a company's latest crawl, worst first as they were saved. */
export const listFindings = async (db: Db, companyId: number): Promise<Finding[]> => {
  const rows = await db
    .select()
    .from(findings)
    .where(eq(findings.companyId, companyId))
    .orderBy(asc(findings.id))
  return rows.map(({ rule, category, severity, params, evidence, pageUrl }) => ({
    id: rule as RuleId,
    category,
    severity,
    params,
    evidence,
    pageUrl,
  }))
}
