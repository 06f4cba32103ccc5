import type { Child } from 'hono/jsx'
import type { Company } from '#src/companies/queries-edit.ts'
import { CsrfField } from '#templates/components/form.tsx'
import { Icon } from '#templates/components/icon.tsx'
import { robotsMessages } from '#templates/crawl/robots-messages.ts'
import { Layout } from '#templates/layout.tsx'
import type { PageContext } from '#templates/page.ts'
import { FavouriteButton, StatusBadge } from './company-rows.tsx'
import { detailMessages } from './detail-messages.ts'

export const tabs = [
  'overview',
  'contacts',
  'site',
  'pages',
  'technical',
  'seo',
  'security',
  'messages',
  'history',
] as const
export type Tab = (typeof tabs)[number]

type FrameProps = { page: PageContext; company: Company; tab: Tab | null; children?: Child }

/** A company's page: its name and actions, the tabs, and the chosen tab's content. */
export const CompanyFrame = ({ page, company, tab, children }: FrameProps) => {
  const t = detailMessages(page.locale)
  const base = `/companies/${company.id}`
  return (
    <Layout
      page={page}
      title={company.name}
      pretitle={t.company}
      actions={!company.deletedAt && <Actions page={page} company={company} />}
    >
      {company.deletedAt && <DeletedNotice page={page} company={company} />}
      <div class="card">
        <div class="card-header">
          <nav class="w-100" aria-label={t.tabs}>
            <ul class="nav nav-tabs card-header-tabs">
              {tabs.map((name) => (
                <li class="nav-item">
                  <a
                    class={name === tab ? 'nav-link active' : 'nav-link'}
                    href={name === 'overview' ? base : `${base}/${name}`}
                    aria-current={name === tab ? 'page' : undefined}
                  >
                    {t[name]}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
        </div>
        <div class="card-body">{children}</div>
      </div>
    </Layout>
  )
}

const Actions = ({ page, company }: { page: PageContext; company: Company }) => {
  const t = detailMessages(page.locale)
  const base = `/companies/${company.id}`
  return (
    <>
      <span class="align-self-center">
        <StatusBadge locale={page.locale} status={company.status} />
        {company.robotsOverride && (
          <a class="badge bg-orange-lt ms-1" href={`${base}#robots`}>
            {robotsMessages(page.locale).badge}
          </a>
        )}
      </span>
      <form method="post" action={`${base}/favourite`}>
        <CsrfField token={page.csrf} />
        <FavouriteButton page={page} company={company} />
      </form>
      {company.website && (
        <form method="post" action={`${base}/crawls`}>
          <CsrfField token={page.csrf} />
          <button class="btn btn-primary" type="submit">
            <Icon name="refresh" /> {company.crawlState === 'never' ? t.crawl : t.crawlAgain}
          </button>
        </form>
      )}
      <a class="btn" href={`${base}/edit`}>
        <Icon name="edit" /> {t.edit}
      </a>
      <a class="btn" href={`${base}/merge`}>
        <Icon name="merge" /> {t.merge}
      </a>
      <form method="post" action={`${base}/delete`} data-confirm={t.deleteConfirm}>
        <CsrfField token={page.csrf} />
        <button class="btn" type="submit">
          <Icon name="trash" /> {t.delete}
        </button>
      </form>
    </>
  )
}

const DeletedNotice = ({ page, company }: { page: PageContext; company: Company }) => {
  const t = detailMessages(page.locale)
  return company.mergedIntoId ? (
    <div class="alert alert-warning" role="status">
      {t.mergedNotice} <a href={`/companies/${company.mergedIntoId}`}>{t.seeMerged}</a>
    </div>
  ) : (
    <div class="alert alert-warning" role="status">
      <form class="d-flex flex-wrap align-items-center gap-3" method="post" action="/companies/restore">
        <CsrfField token={page.csrf} />
        <input type="hidden" name="id" value={company.id} />
        <span>{t.deletedNotice}</span>
        <button class="btn btn-sm" type="submit">
          {t.restore}
        </button>
      </form>
    </div>
  )
}
