import type { Belonging } from '#src/crawl/contacts/belongs-to-company.ts'
import { factRows, storable } from '#src/crawl/fact-rows.ts'
import { refreshContacts } from '#src/crawl/contacts/refresh-contacts.ts'
import { insertCrawl, replaceFacts, saveCrawlOnCompany } from '#src/crawl/queries-save.ts'
import type { SiteRecord } from '#src/crawl/site-record.ts'
import type { Db } from '#src/db/open.ts'
import { site } from '#tests/support/site-record.ts'

/** Saves a crawl of this site as the crawl does. Returns its id. */
export const saveCrawl = (
  db: Db,
  companyId: number,
  at: string,
  over: Partial<SiteRecord> = {},
  belongs?: Belonging,
): Promise<number> =>
  db.transaction(async (tx) => {
    const read = site(over)
    const finishedAt = new Date(at)
    const { tls, httpRedirectsToHttps, robotsTxt, sitemap, redirects, company, features, endedBy } = read
    const crawlId = await insertCrawl(
      tx,
      {
        companyId,
        url: read.url,
        finalUrl: read.finalUrl,
        state: 'done',
        startedAt: finishedAt,
        finishedAt,
        durationMs: 900,
        pageCount: read.pages.length,
        unchangedPages: read.pages.filter((page) => page.unchanged).length,
        site: storable({
          tls,
          httpRedirectsToHttps,
          robotsTxt,
          sitemap,
          redirects,
          company,
          features,
          endedBy,
          ...(belongs ? { belongs } : {}),
        }),
        errors: read.errors,
      },
      storable(read.pages),
    )
    await replaceFacts(tx, {
      companyId,
      crawlId,
      rows: factRows(read),
      errors: read.errors,
      at: finishedAt,
    })
    await saveCrawlOnCompany(tx, companyId, { at: finishedAt, error: null, proven: {} })
    await refreshContacts(tx, [companyId])
    return crawlId
  })
