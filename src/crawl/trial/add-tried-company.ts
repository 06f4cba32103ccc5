import { addCompany, type Double } from '#src/companies/add-company.ts'
import { companyFromUrl } from '#src/companies/company-form.ts'
import type { CrawlBudget } from '#src/companies/schema.ts'
import type { Db } from '#src/db/open.ts'
import type { Queue } from '#src/queue/open-queue.ts'
import { proveName } from '../contacts/prove-name.ts'
import { requestCrawls } from '../request-crawls.ts'
import type { Trial } from './trials.ts'

/** Makes a company of the site tried, called as the site calls itself, and asks for its crawl to the same extent.
 *  Null when the address is not that of a company's site. */
export const addTriedCompany = async (
  { db, queue }: { db: Db; queue: Queue },
  { result, preset }: Pick<Trial, 'preset'> & { result: NonNullable<Trial['result']> },
  userId: number | null,
): Promise<{ id: number } | { doubles: Double[] } | null> => {
  const read = companyFromUrl(new URL(result.site.finalUrl).origin)
  if (!read.ok || !read.company.website) return null
  const { company } = read
  const named = { ...company, ...proveName(result.site, { ...company, editedFields: [] }) }
  const added = await addCompany(db, named, { userId, anyway: false })
  if ('doubles' in added) return added
  const budget: CrawlBudget | null = preset === 'standard' ? null : { preset }
  const label = { key: 'crawl.company', values: { name: named.name } }
  await db.transaction((tx) => requestCrawls(tx, queue, [added.id], { createdBy: userId, label, budget }))
  return added
}
