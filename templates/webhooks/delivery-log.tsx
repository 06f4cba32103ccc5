import { formatDate } from '#src/lib/i18n.ts'
import type { Delivery } from '#src/integrations/webhooks/queries.ts'
import type { ListedWebhook } from '#src/integrations/webhooks/queries-log.ts'
import { Badge } from '#templates/components/badge.tsx'
import { EmptyState } from '#templates/components/empty-state.tsx'
import { CsrfField } from '#templates/components/form.tsx'
import { Pagination } from '#templates/components/pagination.tsx'
import { commonMessages } from '#templates/messages.ts'
import type { PageContext } from '#templates/page.ts'
import { eventText, webhookMessages } from './messages.ts'

export type LogPlace = { state: Delivery['state'] | null; page: number; pages: number }

type LogProps = {
  page: PageContext
  webhook: ListedWebhook
  deliveries: Delivery[]
  log: LogPlace
  path: string
}

/** What was sent and answered, newest first; all of it can be sent again. */
export const DeliveryLog = ({ page, webhook, deliveries, log, path }: LogProps) => {
  const t = webhookMessages(page.locale)
  const common = commonMessages(page.locale)
  const state = log.state ? `state=${log.state}&` : ''
  return (
    <section class="card">
      <div class="card-header d-flex flex-wrap gap-2">
        <h2 class="card-title">{t.log}</h2>
        <States page={page} webhook={webhook} current={log.state} path={path} />
      </div>
      {deliveries.length === 0 ? (
        <EmptyState icon="clock" title={t.logEmpty} text={t.logEmptyText} />
      ) : (
        <ul class="list-group list-group-flush">
          {deliveries.map((delivery) => (
            <Row page={page} delivery={delivery} path={path} active={webhook.active} />
          ))}
        </ul>
      )}
      {log.pages > 1 && (
        <div class="card-footer">
          <Pagination
            label={t.pagination}
            page={log.page}
            pages={log.pages}
            pathOf={(target) => `${path}?${state}page=${target}`}
            texts={{
              previous: common.previous,
              next: common.next,
              page: common.page(log.page, log.pages),
            }}
          />
        </div>
      )}
      {webhook.active && webhook.counts.failed > 0 && <ReplayFailed page={page} path={path} />}
    </section>
  )
}

const STATES = [null, 'waiting', 'delivered', 'failed'] as const

type StatesProps = { page: PageContext; webhook: ListedWebhook; current: LogPlace['state']; path: string }

const States = ({ page, webhook, current, path }: StatesProps) => {
  const t = webhookMessages(page.locale)
  const { counts } = webhook
  return (
    <div class="d-flex flex-wrap gap-2 ms-md-auto">
      {STATES.map((state) => (
        <a
          class={state === current ? 'btn btn-sm active' : 'btn btn-sm'}
          href={state ? `${path}?state=${state}` : path}
          aria-current={state === current ? 'true' : undefined}
        >
          {state ? `${t[state]} (${counts[state]})` : t.all}
        </a>
      ))}
    </div>
  )
}

const colours = { waiting: 'azure', delivered: 'green', failed: 'red' } as const

type RowProps = { page: PageContext; delivery: Delivery; path: string; active: boolean }

const Row = ({ page, delivery, path, active }: RowProps) => {
  const t = webhookMessages(page.locale)
  const { id, type, state, tries, statusCode, nextTryAt, createdAt } = delivery
  return (
    <li class="list-group-item">
      <div class="d-flex flex-wrap gap-2 align-items-center">
        <div class="flex-fill">
          <div>{eventText(page.locale, type)}</div>
          <div class="text-secondary small">{formatDate(page.locale, createdAt)}</div>
        </div>
        <div class="text-secondary small">
          {[statusCode === null ? '' : t.statusCode(statusCode), tries > 0 ? t.tries(tries) : '']
            .filter(Boolean)
            .join(' · ')}
        </div>
        <Badge colour={colours[state]}>{t[state]}</Badge>
        {state !== 'waiting' && active && (
          <form method="post" action={`${path}/replay`}>
            <CsrfField token={page.csrf} />
            <button type="submit" class="btn btn-sm" name="delivery" value={id}>
              {t.replay}
            </button>
          </form>
        )}
      </div>
      {state === 'waiting' && tries > 0 && active && (
        <div class="text-secondary small">{t.nextTry(formatDate(page.locale, nextTryAt))}</div>
      )}
      <Details page={page} delivery={delivery} />
    </li>
  )
}

const Details = ({ page, delivery }: { page: PageContext; delivery: Delivery }) => {
  const t = webhookMessages(page.locale)
  return (
    <details class="mt-1">
      <summary class="small">{t.details}</summary>
      <div class="small mt-2">
        <div class="fw-bold">{t.eventId}</div>
        <code class="text-break-all">{delivery.eventId}</code>
        <div class="fw-bold mt-2">{t.payload}</div>
        <pre class="text-wrap text-break-all" data-foreign>
          {JSON.stringify(delivery.payload, null, 2)}
        </pre>
        <div class="fw-bold mt-2">{t.answer}</div>
        {delivery.answer ? (
          <pre class="text-wrap text-break-all mb-0" data-foreign>
            {delivery.answer}
          </pre>
        ) : (
          <p class="mb-0">{t.noAnswer}</p>
        )}
      </div>
    </details>
  )
}

const ReplayFailed = ({ page, path }: { page: PageContext; path: string }) => {
  const t = webhookMessages(page.locale)
  const choices = [
    { hours: 1, label: t.hour },
    { hours: 24, label: t.day },
    { hours: 7 * 24, label: t.week },
    { hours: 30 * 24, label: t.month },
  ]
  return (
    <form
      method="post"
      action={`${path}/replay`}
      class="card-footer d-flex flex-wrap gap-2 align-items-center"
    >
      <CsrfField token={page.csrf} />
      <span>{t.replayFailedTitle}</span>
      <label class="visually-hidden" for="replay-hours">
        {t.replaySince}
      </label>
      <select id="replay-hours" name="hours" class="form-select w-auto">
        {choices.map(({ hours, label }) => (
          <option value={hours} selected={hours === 24}>
            {label}
          </option>
        ))}
      </select>
      <button type="submit" class="btn">
        {t.replay}
      </button>
    </form>
  )
}
