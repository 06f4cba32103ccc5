import type { ListedCampaign } from '#src/campaigns/planning/queries-list.ts'
import { formatDate } from '#src/lib/i18n.ts'
import { Badge } from '#templates/components/badge.tsx'
import { EmptyState } from '#templates/components/empty-state.tsx'
import { CsrfField } from '#templates/components/form.tsx'
import { Icon } from '#templates/components/icon.tsx'
import { Pagination } from '#templates/components/pagination.tsx'
import { Layout } from '#templates/layout.tsx'
import type { PageContext } from '#templates/page.ts'
import { CampaignTabs } from './campaign-tabs.tsx'
import { campaignMessages, campaignStateColour } from './messages.ts'

type ListProps = {
  page: PageContext
  list: { rows: ListedCampaign[]; total: number; number: number; pages: number }
}

/** Every campaign, newest first, with what to do next. */
export const CampaignsPage = ({ page, list }: ListProps) => {
  const t = campaignMessages(page.locale)
  return (
    <Layout page={page} title={t.title} actions={<NewCampaign page={page} />}>
      <CampaignTabs page={page} current="/campaigns" />
      <div class="card">
        {list.rows.length === 0 ? (
          <EmptyState icon="mail" title={t.emptyTitle} text={t.emptyText}>
            <NewCampaign page={page} />
          </EmptyState>
        ) : (
          <table class="table table-vcenter card-table table-mobile-md">
            <thead>
              <tr>
                <th>{t.name}</th>
                <th>{t.state}</th>
                <th>{t.progress}</th>
                <th>{t.begun}</th>
                <th>
                  <span class="visually-hidden">{t.goOn}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {list.rows.map((campaign) => (
                <Row page={page} campaign={campaign} />
              ))}
            </tbody>
          </table>
        )}
      </div>
      <div class="mt-3">
        <Pagination
          label={t.title}
          page={list.number}
          pages={list.pages}
          pathOf={(number) => `/campaigns?page=${number}`}
          texts={{ previous: t.previous, next: t.next, page: t.pageOf(list.number, list.pages) }}
        />
      </div>
    </Layout>
  )
}

const NewCampaign = ({ page }: { page: PageContext }) => (
  <form method="post" action="/campaigns" class="m-0">
    <CsrfField token={page.csrf} />
    <button class="btn btn-primary" type="submit">
      <Icon name="plus" /> {campaignMessages(page.locale).newCampaign}
    </button>
  </form>
)

const Row = ({ page, campaign }: { page: PageContext; campaign: ListedCampaign }) => {
  const t = campaignMessages(page.locale)
  const { id, name, kind, state, total, sent, replied } = campaign
  const path = `/campaigns/${id}`
  const ended = !['draft', 'scheduled', 'running', 'paused'].includes(state)
  const begun = campaign.startedAt ?? campaign.scheduledAt
  return (
    <tr>
      <td data-label={t.name}>
        <a class="text-break-all" href={path}>
          {name}
        </a>{' '}
        {kind === 'rehearsal' && <Badge colour="purple">{t.rehearsal}</Badge>}
      </td>
      <td data-label={t.state}>
        <Badge colour={campaignStateColour(state)}>{t[`state_${state}`]}</Badge>
      </td>
      <td data-label={t.progress}>
        {total > 0 ? (
          <>
            <progress class="progress progress-sm" value={sent} max={total} aria-label={t.progress} />
            <div class="text-secondary small">
              {t.sentOf(sent, total)}
              {replied > 0 && <> · {t.repliesOf(replied)}</>}
            </div>
          </>
        ) : (
          <span class="text-secondary">–</span>
        )}
      </td>
      <td data-label={t.begun}>
        {begun ? (
          <time datetime={begun.toISOString()}>{formatDate(page.locale, begun)}</time>
        ) : (
          <span class="text-secondary">–</span>
        )}
      </td>
      <td>
        <div class="d-flex flex-wrap gap-2 justify-content-end">
          <a class={state === 'draft' ? 'btn btn-primary btn-sm' : 'btn btn-sm'} href={path}>
            {state === 'draft' ? t.goOn : t.seeResults}
          </a>
          <form method="post" action={`${path}/duplicate`} class="m-0">
            <CsrfField token={page.csrf} />
            <button class="btn btn-sm" type="submit">
              {t.duplicate}
            </button>
          </form>
          {(state === 'draft' || ended) && (
            <form method="post" action={`${path}/delete`} class="m-0">
              <CsrfField token={page.csrf} />
              <button
                class="btn btn-sm"
                type="submit"
                data-confirm={t.deleteConfirm}
                aria-label={`${t.delete} : ${name}`}
              >
                <Icon name="trash" />
              </button>
            </form>
          )}
        </div>
      </td>
    </tr>
  )
}
