import type { ListedToken } from '#src/integrations/tokens/queries.ts'
import type { Scope } from '#src/public-api/endpoint.ts'
import { formatDate, formatNumber } from '#src/lib/i18n.ts'
import { CsrfField } from '#templates/components/form.tsx'
import type { PageContext } from '#templates/page.ts'
import { apiTokenMessages } from './messages.ts'

type Props = { page: PageContext; token: ListedToken; now: Date }

const OVERLAPS = [0, 1, 24, 24 * 7, 24 * 30]
const DEFAULT_OVERLAP = 24

const stateOf = ({ revokedAt, expiresAt }: ListedToken, now: Date): 'revoked' | 'expired' | 'active' =>
  revokedAt ? 'revoked' : expiresAt && expiresAt <= now ? 'expired' : 'active'

export const TokenRow = ({ page, token, now }: Props) => {
  const t = apiTokenMessages(page.locale)
  const state = stateOf(token, now)
  return (
    <tr>
      <td class="text-break" data-label={t.name}>
        {token.name}
        <div class="text-secondary small">
          <code>{token.preview}…</code> {t.since(token.id, formatDate(page.locale, token.createdAt))}
          {token.createdBy && ` ${t.by(token.createdBy)}`}
          {token.replacesId !== null && `, ${t.replaces(token.replacesId)}`}
        </div>
        {token.appUrl && <div class="text-secondary small text-break">{token.appUrl}</div>}
      </td>
      <td data-label={t.rights}>
        <Rights page={page} token={token} />
      </td>
      <td data-label={t.state}>
        <span class={state === 'active' ? 'badge bg-green-lt' : 'badge bg-secondary-lt'}>{t[state]}</span>
        {state === 'active' && token.expiresAt && (
          <div class="text-secondary small">{t.until(formatDate(page.locale, token.expiresAt))}</div>
        )}
      </td>
      <td data-label={t.lastUse}>
        {token.lastUsedAt ? formatDate(page.locale, token.lastUsedAt) : t.never}
        {token.lastAddress && <div class="text-secondary small">{t.from(token.lastAddress)}</div>}
      </td>
      <td data-label={t.actions}>
        <Actions page={page} token={token} active={state === 'active'} />
      </td>
    </tr>
  )
}

const Rights = ({ page, token }: Omit<Props, 'now'>) => {
  const t = apiTokenMessages(page.locale)
  const calls = formatNumber(page.locale, token.requestsPerMinute)
  const analyses = formatNumber(page.locale, token.analysesPerDay)
  return (
    <>
      <ul class="list-unstyled mb-1">
        {token.scopes.map((scope) => (
          <li>{scope in t ? t[scope as Scope] : scope}</li>
        ))}
      </ul>
      <div class="text-secondary small">{t.limits(calls, analyses)}</div>
      {token.allowedNetworks.length > 0 && (
        <div class="text-secondary small">{t.networks(token.allowedNetworks.join(', '))}</div>
      )}
      {token.allowedOrigins.length > 0 && (
        <div class="text-secondary small text-break">{t.origins(token.allowedOrigins.join(', '))}</div>
      )}
    </>
  )
}

const Actions = ({ page, token, active }: { page: PageContext; token: ListedToken; active: boolean }) => {
  const t = apiTokenMessages(page.locale)
  const path = `/settings/api/${token.id}`
  if (!active)
    return (
      <Action page={page} action={`${path}/delete`} label={t.delete} confirm={t.confirmDelete(token.name)} />
    )
  const overlapText = (hours: number) =>
    hours === 0 ? t.overlapNone : hours < 24 ? t.overlapHours(hours) : t.overlapDays(hours / 24)
  return (
    <div class="d-flex flex-wrap gap-2">
      <form method="post" action={`${path}/rotate`} class="d-flex flex-wrap gap-2">
        <CsrfField token={page.csrf} />
        <select
          class="form-select form-select-sm w-auto"
          name="overlap"
          aria-label={t.overlap}
          title={t.overlap}
        >
          {OVERLAPS.map((hours) => (
            <option value={String(hours)} selected={hours === DEFAULT_OVERLAP}>
              {overlapText(hours)}
            </option>
          ))}
        </select>
        <button type="submit" class="btn btn-sm" data-confirm={t.confirmRotate(token.name)}>
          {t.rotate}
        </button>
      </form>
      <Action page={page} action={`${path}/revoke`} label={t.revoke} confirm={t.confirmRevoke(token.name)} />
    </div>
  )
}

type ActionProps = { page: PageContext; action: string; label: string; confirm: string }

const Action = ({ page, action, label, confirm }: ActionProps) => (
  <form method="post" action={action}>
    <CsrfField token={page.csrf} />
    <button type="submit" class="btn btn-sm" data-confirm={confirm}>
      {label}
    </button>
  </form>
)
