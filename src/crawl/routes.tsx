import { Hono } from 'hono'
import { setFlash } from '#src/auth/flash.ts'
import { outOfBoundsText } from '#src/companies/budget-messages.ts'
import { readFilter } from '#src/companies/company-filter.ts'
import { readCrawlBudget } from '#src/companies/crawl-budget.ts'
import { findCompany } from '#src/companies/queries-edit.ts'
import { findSelectedIds } from '#src/companies/queries-list.ts'
import { formValues, found, idParam, readSelection, userIdOf } from '#src/companies/read-request.ts'
import { filterPath } from '#src/companies/company-filter.ts'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import { detailMessages } from '#templates/companies/detail-messages.ts'
import { CrawledPages } from '#templates/crawl/pages.tsx'
import { contactRoutes } from './contacts/routes.tsx'
import { findVisit, listPages } from './contacts/queries-facts.ts'
import { requestCrawls } from './request-crawls.ts'

/** What the crawl adds to the pages of companies: contacts, pages read, and asking for a crawl. `scoreAgain` is
 *  called when a verdict may have changed the score. */
export const companyCrawlRoutes = (
  deps: Pick<Deps, 'db' | 'queue' | 'clock'>,
  scoreAgain: (companyId: number) => Promise<unknown>,
): Hono<AppEnv> => {
  const { db, queue } = deps
  const app = new Hono<AppEnv>()

  app.post('/crawls', async (c) => {
    const values = await formValues(c)
    const selection = await readSelection(c)
    const t = detailMessages(c.get('page').locale)
    const label = { key: 'crawl.companies', values: {} }
    const preset = values['preset'] ? readCrawlBudget({ preset: values['preset'] }) : null
    const request = { createdBy: userIdOf(c), label, ...(preset?.ok ? { budget: preset.budget } : {}) }
    const { batchId, requested, leftOut } = selection
      ? await db.transaction(async (tx) =>
          requestCrawls(tx, queue, await findSelectedIds(tx, selection), request),
        )
      : { batchId: null, requested: 0, leftOut: 0 }
    const refusal = selection ? t.noCrawls : t.nothingSelected
    setFlash(
      c,
      batchId === null ? 'warning' : 'success',
      batchId === null ? refusal : t.crawlsRequested(requested, leftOut),
    )
    const list = filterPath(readFilter(new URLSearchParams(values['filter'])))
    return c.redirect(batchId === null ? list : `/jobs/${batchId}`, 303)
  })

  app.post('/:id/crawls', async (c) => {
    const { id, name, deletedAt } = found(await findCompany(db, idParam(c)))
    found(deletedAt === null ? id : null)
    const label = { key: 'crawl.company', values: { name } }
    const values = await formValues(c)
    // The button beside the name sends no preset: the company's own budget holds.
    const read = values['preset'] === undefined ? null : readCrawlBudget(values)
    if (read?.ok === false) {
      setFlash(c, 'warning', outOfBoundsText(c.get('page').locale, read.problem.field))
      return c.redirect(`/companies/${id}#crawl-settings`, 303)
    }
    const request = { createdBy: userIdOf(c), label, ...(read ? { budget: read.budget } : {}) }
    const { batchId } = await db.transaction((tx) => requestCrawls(tx, queue, [id], request))
    const t = detailMessages(c.get('page').locale)
    setFlash(
      c,
      batchId === null ? 'warning' : 'success',
      batchId === null ? t.noCrawls : t.crawlsRequested(1, 0),
    )
    return c.redirect(`/companies/${id}`, 303)
  })

  app.get('/:id/pages', async (c) => {
    const company = found(await findCompany(db, idParam(c)))
    const { latest, read } = await findVisit(db, company.id)
    const pages = read ? await listPages(db, read.id) : []
    return c.html(
      <CrawledPages page={c.get('page')} company={company} latest={latest} read={read} pages={pages} />,
    )
  })

  app.route('/', contactRoutes(deps, scoreAgain))

  return app
}
