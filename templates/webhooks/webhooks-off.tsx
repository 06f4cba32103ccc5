import type { PageContext } from '#templates/page.ts'
import { webhookMessages } from './messages.ts'

type OffProps = { page: PageContext; webhooks: { id: number; name: string }[] }

/** Tells an administrator which webhooks the product has switched off. */
export const WebhooksOff = ({ page, webhooks }: OffProps) => {
  const t = webhookMessages(page.locale)
  return webhooks.length > 0 ? (
    <div class="alert alert-danger d-block" role="alert">
      <h2 class="alert-title">{t.noticeTitle}</h2>
      <p class="mb-1">{t.noticeText}</p>
      <ul class="mb-0">
        {webhooks.map(({ id, name }) => (
          <li>
            <a class="text-break-all" href={`/settings/webhooks/${id}`}>
              {name}
            </a>
          </li>
        ))}
      </ul>
    </div>
  ) : null
}
