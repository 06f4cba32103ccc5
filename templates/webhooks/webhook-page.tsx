import { formatDate } from '#src/lib/i18n.ts'
import type { Delivery } from '#src/integrations/webhooks/queries.ts'
import type { ListedWebhook } from '#src/integrations/webhooks/queries-log.ts'
import { SettingsFrame } from '#templates/auth/settings-frame.tsx'
import { CsrfField } from '#templates/components/form.tsx'
import type { FormState, PageContext } from '#templates/page.ts'
import { DeliveryLog, type LogPlace } from './delivery-log.tsx'
import { webhookMessages } from './messages.ts'
import { WebhookForm } from './webhook-form.tsx'
import { WebhookState } from './webhooks-page.tsx'

type WebhookProps = {
  page: PageContext
  webhook: ListedWebhook
  eventTypes: readonly string[]
  deliveries: Delivery[]
  log: LogPlace
  /** Just made, shown this once. */
  secret: string | null
  form: FormState
  chosen: readonly string[]
}

/** One webhook: its settings, what can be done with it, and what became of its deliveries. */
export const WebhookPage = (props: WebhookProps) => {
  const { page, webhook, eventTypes, deliveries, log, secret, form, chosen } = props
  const t = webhookMessages(page.locale)
  const path = `/settings/webhooks/${webhook.id}`
  return (
    <SettingsFrame page={page} current="/settings/webhooks">
      <p>
        <a href="/settings/webhooks">{t.backToList}</a>
      </p>
      <div class="d-flex flex-wrap gap-2 align-items-center mb-3">
        <h2 class="mb-0 text-break-all">{webhook.name}</h2>
        <WebhookState page={page} webhook={webhook} />
        <div class="d-flex flex-wrap gap-2 ms-md-auto">
          <Actions page={page} webhook={webhook} path={path} />
        </div>
      </div>
      {secret && <NewSecret page={page} secret={secret} />}
      <Trouble page={page} webhook={webhook} />
      <div class="row row-cards">
        <div class="col-lg-7">
          <DeliveryLog page={page} webhook={webhook} deliveries={deliveries} log={log} path={path} />
        </div>
        <div class="col-lg-5">
          <WebhookForm
            page={page}
            action={path}
            title={t.settings}
            submit={t.save}
            form={form}
            values={webhook}
            eventTypes={eventTypes}
            chosen={chosen}
          />
        </div>
      </div>
    </SettingsFrame>
  )
}

type ButtonProps = { page: PageContext; action: string; label: string; confirm?: string; colour?: string }

const Button = ({ page, action, label, confirm, colour }: ButtonProps) => (
  <form method="post" action={action}>
    <CsrfField token={page.csrf} />
    <button type="submit" class={colour ? `btn btn-${colour}` : 'btn'} data-confirm={confirm}>
      {label}
    </button>
  </form>
)

const Actions = ({ page, webhook, path }: { page: PageContext; webhook: ListedWebhook; path: string }) => {
  const t = webhookMessages(page.locale)
  return (
    <>
      {webhook.active ? (
        <>
          <Button page={page} action={`${path}/test`} label={t.test} colour="primary" />
          <Button page={page} action={`${path}/disable`} label={t.disable} />
        </>
      ) : (
        <Button page={page} action={`${path}/enable`} label={t.enable} colour="primary" />
      )}
      <Button page={page} action={`${path}/secret`} label={t.newSecret} confirm={t.confirmSecret} />
      <Button
        page={page}
        action={`${path}/delete`}
        label={t.delete}
        confirm={t.confirmDelete(webhook.name)}
      />
    </>
  )
}

const NewSecret = ({ page, secret }: { page: PageContext; secret: string }) => {
  const t = webhookMessages(page.locale)
  return (
    <div class="alert alert-success d-block" role="status">
      <h3 class="alert-title">{t.secretTitle}</h3>
      <p class="mb-2">{t.secretText}</p>
      <code class="user-select-all text-break-all">{secret}</code>
    </div>
  )
}

const Trouble = ({ page, webhook }: { page: PageContext; webhook: ListedWebhook }) => {
  const t = webhookMessages(page.locale)
  const { active, disabledReason, failingSince } = webhook
  if (!active && disabledReason)
    return (
      <div class="alert alert-danger" role="alert">
        {disabledReason === 'gone' ? t.offGone : t.offFailing}
      </div>
    )
  return active && failingSince ? (
    <div class="alert alert-warning" role="status">
      {t.failingSince(formatDate(page.locale, failingSince))}
    </div>
  ) : null
}
