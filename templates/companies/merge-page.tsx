import type { Company } from '#src/companies/queries-edit.ts'
import type { CompanyRow } from '#src/companies/queries-list.ts'
import { CsrfField } from '#templates/components/form.tsx'
import { commonMessages } from '#templates/messages.ts'
import { Layout } from '#templates/layout.tsx'
import type { PageContext } from '#templates/page.ts'
import { detailMessages } from './detail-messages.ts'

type MergeProps = { page: PageContext; company: Company; query: string; found: CompanyRow[] }

export const MergePage = ({ page, company, query, found }: MergeProps) => {
  const t = detailMessages(page.locale)
  const path = `/companies/${company.id}/merge`
  return (
    <Layout page={page} title={t.mergeTitle} pretitle={company.name}>
      <div class="card">
        <div class="card-body">
          <p class="text-secondary">{t.mergeText}</p>
          <form class="mb-3" method="get" action={path} role="search">
            <label class="form-label" for="merge-search">
              {t.mergeSearch}
            </label>
            <div class="input-group">
              <input
                id="merge-search"
                class="form-control"
                type="search"
                name="q"
                value={query}
                maxlength={200}
              />
              <button class="btn" type="submit">
                {commonMessages(page.locale).search}
              </button>
            </div>
          </form>
          {query && found.length === 0 && <p class="text-secondary">{t.mergeNothing}</p>}
          <ul class="list-unstyled mb-0">
            {found.map((other) => (
              <li class="border-bottom py-2 d-flex flex-wrap gap-2 justify-content-between align-items-center">
                <div class="text-break-all">
                  <a href={`/companies/${other.id}`}>{other.name}</a>{' '}
                  <span class="text-secondary">
                    {[other.siteKey, other.city].filter(Boolean).join(' · ')}
                  </span>
                </div>
                <form method="post" action={path}>
                  <CsrfField token={page.csrf} />
                  <input type="hidden" name="other" value={other.id} />
                  <button class="btn btn-sm btn-primary" type="submit" aria-label={t.mergeWith(other.name)}>
                    {t.mergeChoose}
                  </button>
                </form>
              </li>
            ))}
          </ul>
          <a class="btn mt-3" href={`/companies/${company.id}`}>
            {commonMessages(page.locale).cancel}
          </a>
        </div>
      </div>
    </Layout>
  )
}
