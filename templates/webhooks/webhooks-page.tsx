import type { ListedWebhook } from '#src/integrations/webhooks/queries-log.ts'
import { SettingsFrame } from '#templates/auth/settings-frame.tsx'
import { Badge } from '#templates/components/badge.tsx'
import { EmptyState } from '#templates/components/empty-state.tsx'
import type { FormState, PageContext } from '#templates/page.ts'
import { webhookMessages } from './messages.ts'
import { WebhookForm } from './webhook-form.tsx'

type WebhooksProps = {
  page: PageContext
  webhooks: ListedWebhook[]
  eventTypes: readonly string[]
  form: FormState
  chosen: readonly string[]
}

/** All webhooks, and the form for another. */
export const WebhooksPage = ({ page, webhooks, eventTypes, form, chosen }: WebhooksProps) => {
  const t = webhookMessages(page.locale)
  return (
    <SettingsFrame page={page} current="/settings/webhooks">
      <p class="text-secondary">{t.intro}</p>
      <div class="row row-cards">
        <div class="col-lg-7">
          <div class="card mb-3">
            {webhooks.length === 0 ? (
              <EmptyState icon="world" title={t.emptyTitle} text={t.emptyText} />
            ) : (
              <table class="table table-vcenter card-table table-mobile-md">
                <thead>
                  <tr>
                    <th>{t.name}</th>
                    <th>{t.state}</th>
                    <th>{t.deliveries}</th>
                  </tr>
                </thead>
                <tbody>
                  {webhooks.map((webhook) => (
                    <Row page={page} webhook={webhook} />
                  ))}
                </tbody>
              </table>
            )}
          </div>
          <HowItWorks page={page} />
        </div>
        <div class="col-lg-5">
          <WebhookForm
            page={page}
            action="/settings/webhooks"
            title={t.add}
            submit={t.create}
            form={form}
            values={{ name: '', url: '' }}
            eventTypes={eventTypes}
            chosen={chosen}
          />
        </div>
      </div>
    </SettingsFrame>
  )
}

const Row = ({ page, webhook }: { page: PageContext; webhook: ListedWebhook }) => {
  const t = webhookMessages(page.locale)
  const { id, name, url, counts } = webhook
  return (
    <tr>
      <td data-label={t.name}>
        <a class="text-break-all" href={`/settings/webhooks/${id}`}>
          {name}
        </a>
        <div class="text-secondary small text-break-all" data-foreign>
          {url}
        </div>
      </td>
      <td data-label={t.state}>
        <WebhookState page={page} webhook={webhook} />
      </td>
      <td data-label={t.deliveries}>
        <div>{t.countDelivered(counts.delivered)}</div>
        {counts.waiting > 0 && <div>{t.countWaiting(counts.waiting)}</div>}
        {counts.failed > 0 && <div>{t.countFailed(counts.failed)}</div>}
      </td>
    </tr>
  )
}

/** Active, failing or off. */
export const WebhookState = ({ page, webhook }: { page: PageContext; webhook: ListedWebhook }) => {
  const t = webhookMessages(page.locale)
  if (!webhook.active)
    return <Badge colour={webhook.disabledReason ? 'red' : 'secondary'}>{t.inactive}</Badge>
  return webhook.failingSince ? (
    <Badge colour="orange">{t.failing}</Badge>
  ) : (
    <Badge colour="green">{t.active}</Badge>
  )
}

const HowItWorks = ({ page }: { page: PageContext }) => {
  const t = webhookMessages(page.locale)
  return (
    <section class="card">
      <div class="card-body">
        <h2 class="card-title">{t.howTitle}</h2>
        <ul class="mb-0">
          {[t.howSigned, t.howOnce, t.howRetry, t.howDisabled].map((text) => (
            <li>{text}</li>
          ))}
        </ul>
      </div>
    </section>
  )
}
