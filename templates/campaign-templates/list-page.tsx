import type { MailTemplate } from '#src/campaigns/templates/queries.ts'
import { formatDate } from '#src/lib/i18n.ts'
import { Badge } from '#templates/components/badge.tsx'
import { EmptyState } from '#templates/components/empty-state.tsx'
import { Icon } from '#templates/components/icon.tsx'
import { Layout } from '#templates/layout.tsx'
import type { PageContext } from '#templates/page.ts'
import { CampaignTabs } from '#templates/campaigns/campaign-tabs.tsx'
import { categoryText, templateMessages } from './messages.ts'

type Listed = Pick<
  MailTemplate,
  'id' | 'name' | 'category' | 'description' | 'locale' | 'subject' | 'starter' | 'updatedAt' | 'createdAt'
>
type Props = { page: PageContext; templates: readonly Listed[]; language: 'fr' | 'en' | null }

/** Every template of a language, or of both. */
export const TemplatesPage = ({ page, templates, language }: Props) => {
  const t = templateMessages(page.locale)
  const choices = [
    { path: '/templates?language=fr', label: t.fr, active: language === 'fr' },
    { path: '/templates?language=en', label: t.en, active: language === 'en' },
    { path: '/templates?language=all', label: t.allLanguages, active: language === null },
  ]
  return (
    <Layout
      page={page}
      title={t.title}
      actions={
        <>
          <a class="btn btn-primary" href="/templates/new">
            <Icon name="plus" /> {t.new}
          </a>
          <a class="btn" href="/templates/import">
            <Icon name="upload" /> {t.import}
          </a>
          <a class="btn" href="/templates/export">
            <Icon name="download" /> {t.export}
          </a>
        </>
      }
    >
      <CampaignTabs page={page} current="/templates" />
      <p class="text-secondary">{t.intro}</p>
      <nav class="d-flex flex-wrap gap-2 mb-3" aria-label={t.language}>
        {choices.map(({ path, label, active }) => (
          <a class={active ? 'btn active' : 'btn'} href={path} aria-current={active ? 'true' : undefined}>
            {label}
          </a>
        ))}
      </nav>
      {templates.length === 0 ? (
        <div class="card">
          <EmptyState icon="mail" title={t.emptyTitle} text={t.emptyText}>
            <a class="btn btn-primary" href="/templates/new">
              {t.new}
            </a>
          </EmptyState>
        </div>
      ) : (
        <div class="row row-cards">
          {templates.map((template) => (
            <TemplateCard page={page} template={template} />
          ))}
        </div>
      )}
    </Layout>
  )
}

const TemplateCard = ({ page, template }: { page: PageContext; template: Listed }) => {
  const t = templateMessages(page.locale)
  const { id, name, category, description, locale, starter, updatedAt, createdAt } = template
  const isChanged = updatedAt.getTime() > createdAt.getTime()
  return (
    <div class="col-sm-6 col-lg-4">
      <div class="card h-100">
        <div class="card-body">
          <h2 class="h3 mb-1">
            <a class="text-break-all" href={`/templates/${id}`} lang={locale}>
              {name}
            </a>
          </h2>
          <div class="d-flex flex-wrap gap-1 mb-2">
            {category !== '' && <Badge colour="blue">{categoryText(page.locale, category)}</Badge>}
            <Badge colour="secondary">{t[locale]}</Badge>
            <Badge colour={starter ? 'secondary' : 'green'}>{starter ? t.starter : t.own}</Badge>
          </div>
          <p class="mb-1 text-break-all" lang={locale}>
            {description}
          </p>
          {isChanged && <p class="text-secondary mb-0">{t.changed(formatDate(page.locale, updatedAt))}</p>}
        </div>
      </div>
    </div>
  )
}
