import { formatDate } from '#src/lib/i18n.ts'
import { breakerText, pauseReasonText, providerName } from '#src/mail/limits/messages.ts'
import type { LimitsOverview } from '#src/mail/limits/read-overview.ts'
import { Badge } from '#templates/components/badge.tsx'
import { CsrfField } from '#templates/components/form.tsx'
import type { PageContext } from '#templates/page.ts'
import { limitMessages } from './messages.ts'

type Props = { page: PageContext; overview: LimitsOverview }

/** How mails to each provider fare, and which of them wait. */
export const BreakersCard = ({ page, overview }: Props) => {
  const t = limitMessages(page.locale)
  return (
    <section class="card mb-3">
      <div class="card-header">
        <h3 class="card-title">{t.breakers}</h3>
      </div>
      {overview.breakers.length === 0 ? (
        <div class="card-body">{t.breakersEmpty}</div>
      ) : (
        <ul class="list-group list-group-flush">
          {overview.breakers.map((breaker) => (
            <Breaker page={page} id={overview.id} breaker={breaker} />
          ))}
        </ul>
      )}
      <div class="card-footer text-secondary small">{t.breakersIntro}</div>
    </section>
  )
}

type BreakerProps = { page: PageContext; id: number; breaker: LimitsOverview['breakers'][number] }

const Breaker = ({ page, id, breaker }: BreakerProps) => {
  const t = limitMessages(page.locale)
  const { provider, sent, bounced, openUntil, reason } = breaker
  return (
    <li class="list-group-item">
      <div class="d-flex flex-wrap gap-2 align-items-center">
        <strong class="flex-fill text-break-all">
          {provider === '' ? t.server : providerName(page.locale, provider)}
        </strong>
        {openUntil ? (
          <Badge colour="orange">{t.shut(formatDate(page.locale, openUntil))}</Badge>
        ) : (
          <Badge colour="green">{t.open}</Badge>
        )}
      </div>
      {provider !== '' && <div class="text-secondary small">{t.lately(sent, bounced)}</div>}
      {openUntil && (
        <>
          <p class="mb-2">{`${provider === '' ? t.server : providerName(page.locale, provider)} ${breakerText(page.locale, reason ?? 'busy')}.`}</p>
          <form method="post" action={`/settings/mail/${id}/limits/try`}>
            <CsrfField token={page.csrf} />
            <button type="submit" class="btn btn-sm" name="provider" value={provider}>
              {t.tryNow}
            </button>
          </form>
        </>
      )}
    </li>
  )
}

/** When and why the account stood still. */
export const PausesCard = ({ page, overview: { pauses } }: Props) => {
  const t = limitMessages(page.locale)
  if (pauses.length === 0) return null
  return (
    <section class="card mb-3">
      <div class="card-header">
        <h3 class="card-title">{t.pauses}</h3>
      </div>
      <ul class="list-group list-group-flush">
        {pauses.map(({ at, reason, resumedAt }) => (
          <li class="list-group-item">
            <div>{pauseReasonText(page.locale, reason)}</div>
            <div class="text-secondary small">
              {formatDate(page.locale, at)},{' '}
              {resumedAt ? t.until(formatDate(page.locale, resumedAt)) : t.stillPaused}
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}
