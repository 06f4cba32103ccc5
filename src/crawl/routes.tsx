import { Hono } from 'hono'
import { z } from 'zod'
import { setFlash } from '#src/auth/flash.ts'
import { isHtmx } from '#src/auth/request.ts'
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
import { ContactsPage, FactRow } from '#templates/crawl/contacts.tsx'
import { CrawledPages } from '#templates/crawl/pages.tsx'
import { judgeFact } from './contacts/judge-fact.ts'
import { findLatestCrawl, findLatestRead, listFacts, listPages } from './contacts/queries-facts.ts'
import { requestCrawls } from './request-crawls.ts'

const verdictForm = z.object({
  verdict: z.enum(['confirmed', 'rejected', 'none']).transform((value) => (value === 'none' ? null : value)),
})

/** What the crawl adds to the pages of companies: contacts, pages read, and asking for a crawl. `scoreAgain` is
 *  called when a verdict may have changed the score. */
export const companyCrawlRoutes = (
  deps: Pick<Deps, 'db' | 'queue'>,
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

  app.get('/:id/contacts', async (c) => {
    const company = found(await findCompany(db, idParam(c)))
    const kinds = ['email', 'phone', 'person', 'address', 'company_id', 'social', 'suggested_email'] as const
    const facts = await listFacts(db, company.id, [...kinds])
    const read = await findLatestRead(db, company.id)
    const belongs = read?.site?.belongs ?? null
    return c.html(<ContactsPage page={c.get('page')} company={company} facts={facts} belongs={belongs} />)
  })

  app.get('/:id/pages', async (c) => {
    const company = found(await findCompany(db, idParam(c)))
    const latest = await findLatestCrawl(db, company.id)
    const read = latest?.state === 'done' ? latest : await findLatestRead(db, company.id)
    const pages = read ? await listPages(db, read.id) : []
    return c.html(
      <CrawledPages page={c.get('page')} company={company} latest={latest} read={read} pages={pages} />,
    )
  })

  app.post('/:id/facts/:factId', async (c) => {
    const company = found(await findCompany(db, idParam(c)))
    found(company.deletedAt === null ? company : null)
    const { verdict } = verdictForm.parse(await formValues(c))
    const judged = { companyId: company.id, factId: idParam(c, 'factId'), verdict, userId: userIdOf(c) }
    const fact = found(await judgeFact(db, judged))
    await scoreAgain(company.id)
    if (isHtmx(c)) return c.html(<FactRow page={c.get('page')} company={company} fact={fact} />)
    return c.redirect(`/companies/${company.id}/contacts#fact-${fact.id}`, 303)
  })

  return app
}
