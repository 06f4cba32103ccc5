import type { Company } from '#src/companies/queries-edit.ts'
import { budgetName, budgetTexts } from '#src/companies/budget-messages.ts'
import { formatDate, withColon } from '#src/lib/i18n.ts'
import { CsrfField } from '#templates/components/form.tsx'
import type { PageContext } from '#templates/page.ts'
import { BudgetFields } from './budget-fields.tsx'
import { robotsMessages } from './robots-messages.ts'

type Props = { page: PageContext; company: Company }

/** What a visit of the company's site may cost, and whether its robots.txt is obeyed. */
export const CrawlSettings = ({ page, company }: Props) => {
  const t = budgetTexts(page.locale)
  const base = `/companies/${company.id}`
  if (!company.website || company.deletedAt) return null
  return (
    <section id="crawl-settings" class="mt-4">
      <details>
        <summary class="h3">
          {withColon(page.locale, t.title)} {budgetName(page.locale, company.crawlBudget)}
        </summary>
        <form method="post" action={`${base}/crawls`}>
          <CsrfField token={page.csrf} />
          <BudgetFields page={page} budget={company.crawlBudget} />
          <p class="form-hint">{t.kept}</p>
          <div class="d-flex flex-wrap gap-2">
            <button class="btn" type="submit">
              {t.visit}
            </button>
            <button class="btn" type="submit" formaction={`${base}/crawl-settings`}>
              {t.save}
            </button>
          </div>
        </form>
      </details>
      <RobotsOverride page={page} company={company} />
    </section>
  )
}

const RobotsOverride = ({ page, company }: Props) => {
  const t = robotsMessages(page.locale)
  const { robotsOverride: override } = company
  const isAdmin = page.user?.role === 'admin'
  const path = `/companies/${company.id}/robots-override`
  return (
    <div id="robots" class="mt-3">
      <h3>{t.title}</h3>
      {override ? (
        <>
          <p class="mb-1">{t.ignoredSince(formatDate(page.locale, new Date(override.at)))}</p>
          <p class="text-secondary text-break-all">{t.reasonWas(override.reason)}</p>
          {isAdmin && (
            <form method="post" action={`${path}/end`}>
              <CsrfField token={page.csrf} />
              <button class="btn" type="submit">
                {t.end}
              </button>
            </form>
          )}
        </>
      ) : (
        <p class="text-secondary">{t.obeyed}</p>
      )}
      {!override && isAdmin && (
        <details>
          <summary>{t.ignore}</summary>
          <form method="post" action={path} class="mt-2" data-confirm={t.confirmQuestion}>
            <CsrfField token={page.csrf} />
            <p>{t.responsibility}</p>
            <label class="form-label required" for="robots-reason">
              {t.reason}
            </label>
            <input
              class="form-control"
              id="robots-reason"
              name="reason"
              required
              minlength={5}
              maxlength={500}
              aria-describedby="robots-reason-hint"
            />
            <div class="form-hint mb-2" id="robots-reason-hint">
              {t.reasonHint}
            </div>
            <button class="btn" type="submit">
              {t.confirm}
            </button>
          </form>
        </details>
      )}
    </div>
  )
}
