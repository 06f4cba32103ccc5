import type { AudienceCount as Count } from '#src/campaigns/audience/queries-audience.ts'
import type { Segment } from '#src/campaigns/audience/queries-segments.ts'
import type { AudienceView } from '#src/campaigns/audience/view-audience.ts'
import { EmptyState } from '#templates/components/empty-state.tsx'
import { CsrfField, Field } from '#templates/components/form.tsx'
import { Icon } from '#templates/components/icon.tsx'
import { Layout } from '#templates/layout.tsx'
import type { FormState, PageContext } from '#templates/page.ts'
import { CampaignTabs } from '#templates/campaigns/campaign-tabs.tsx'
import { AudienceCount } from './audience-count.tsx'
import { AudienceFields } from './audience-fields.tsx'
import { audienceMessages } from './messages.ts'

/** The segments with what can be done with each. */
export const SegmentsPage = ({ page, segments }: { page: PageContext; segments: Segment[] }) => {
  const t = audienceMessages(page.locale)
  const add = (
    <a class="btn btn-primary" href="/segments/new">
      <Icon name="plus" /> {t.newSegment}
    </a>
  )
  return (
    <Layout page={page} title={t.segmentsTitle} actions={segments.length > 0 && add}>
      <CampaignTabs page={page} current="/segments" />
      <p class="text-secondary">{t.segmentsIntro}</p>
      {segments.length === 0 && (
        <div class="card">
          <EmptyState icon="filter" title={t.segmentsEmptyTitle} text={t.segmentsEmptyText}>
            {add}
          </EmptyState>
        </div>
      )}
      {segments.map((segment) => (
        <Row page={page} segment={segment} />
      ))}
    </Layout>
  )
}

const Row = ({ page, segment }: { page: PageContext; segment: Segment }) => {
  const t = audienceMessages(page.locale)
  const { id, name, description } = segment
  const action = (verb: string) => `/segments/${id}/${verb}`
  return (
    <div class="card mb-2">
      <div class="card-body d-flex flex-wrap gap-2 justify-content-between align-items-start">
        <div class="flex-fill">
          <a class="h3 mb-0 text-break-all" href={`/segments/${id}`}>
            <bdi data-foreign>{name}</bdi>
          </a>
          {description && (
            <p class="text-secondary mb-1 text-break">
              <bdi data-foreign>{description}</bdi>
            </p>
          )}
          <span hx-get={action('count')} hx-trigger="revealed" hx-swap="outerHTML" />
        </div>
        <div class="d-flex flex-wrap gap-2">
          <form method="post" action={action('campaign')}>
            <CsrfField token={page.csrf} />
            <button class="btn" type="submit">
              <Icon name="mail" /> {t.use}
            </button>
          </form>
          <a class="btn" href={`/segments/${id}`}>
            <Icon name="edit" /> {t.edit}
          </a>
          <form method="post" action={action('duplicate')}>
            <CsrfField token={page.csrf} />
            <button class="btn" type="submit">
              {t.duplicate}
            </button>
          </form>
          <form method="post" action={action('delete')} data-confirm={t.removeConfirm(name)}>
            <CsrfField token={page.csrf} />
            <button class="btn" type="submit">
              <Icon name="trash" /> {t.remove}
            </button>
          </form>
        </div>
      </div>
    </div>
  )
}

/** How many a segment reaches now, in a line of the list. */
export const SegmentCount = ({ page, count }: { page: PageContext; count: Count }) => {
  const t = audienceMessages(page.locale)
  return (
    <span class="text-secondary">
      {count.reached === 0 ? t.nobody : t.reached(count.recipients, count.reached)},{' '}
      {t.outOf(count.companies)}
    </span>
  )
}

type FormProps = {
  page: PageContext
  /** Null: a new one. */
  id: number | null
  form: FormState
  view: AudienceView
  count: Count
}

/** A new segment, or an old one to be renamed and changed. */
export const SegmentPage = ({ page, id, form, view, count }: FormProps) => {
  const t = audienceMessages(page.locale)
  return (
    <Layout
      page={page}
      title={id === null ? t.newSegment : form.values['name'] || t.segment}
      pretitle={t.segmentsTitle}
    >
      <form method="post" action={id === null ? '/segments' : `/segments/${id}`} novalidate>
        <CsrfField token={page.csrf} />
        <div class="row g-3">
          <div class="col-lg-7">
            <div class="card">
              <div class="card-body">
                <Field name="name" label={t.segmentName} form={form} required />
                <Field name="description" label={t.segmentDescription} form={form} />
                <AudienceFields page={page} view={view} inSegment />
              </div>
            </div>
          </div>
          <div class="col-lg-5">
            <AudienceCount page={page} count={count} />
          </div>
        </div>
        <div class="d-flex flex-wrap gap-2 mt-3">
          <button class="btn btn-primary" type="submit">
            <Icon name="check" /> {t.saveSegment}
          </button>
          <a class="btn" href="/segments">
            {t.segmentsTitle}
          </a>
        </div>
      </form>
    </Layout>
  )
}
