import { formatDate } from '#src/lib/i18n.ts'
import { EmptyState } from '#templates/components/empty-state.tsx'
import { CsrfField } from '#templates/components/form.tsx'
import { Layout } from '#templates/layout.tsx'
import type { PageContext } from '#templates/page.ts'
import { detailMessages } from './detail-messages.ts'
import { listMessages } from './messages.ts'

type DeletedCompany = {
  id: number
  name: string
  siteKey: string | null
  city: string | null
  deletedAt: Date | null
}

export const BinPage = ({ page, companies }: { page: PageContext; companies: DeletedCompany[] }) => {
  const t = detailMessages(page.locale)
  return (
    <Layout page={page} title={t.binTitle} pretitle={listMessages(page.locale).title}>
      <div class="card">
        {companies.length === 0 ? (
          <EmptyState icon="trash" title={t.binEmptyTitle} text={t.binEmptyText} />
        ) : (
          <ul class="list-group list-group-flush">
            {companies.map(({ id, name, siteKey, city, deletedAt }) => (
              <li class="list-group-item d-flex flex-wrap gap-2 justify-content-between align-items-center">
                <div class="text-break-all">
                  <a href={`/companies/${id}`}>{name}</a>{' '}
                  <span class="text-secondary">{[siteKey, city].filter(Boolean).join(' · ')}</span>
                  <div class="text-secondary small">
                    {t.deletedAt} {deletedAt && formatDate(page.locale, deletedAt)}
                  </div>
                </div>
                <form method="post" action="/companies/restore">
                  <CsrfField token={page.csrf} />
                  <input type="hidden" name="id" value={id} />
                  <button class="btn btn-sm" type="submit">
                    {t.restore}
                  </button>
                </form>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Layout>
  )
}
