import { formatDate, formatNumber, withColon } from '#src/lib/i18n.ts'
import { pauseReasonText, pauseText, providerName } from '#src/mail/limits/messages.ts'
import type { LimitsOverview, UsedWindow } from '#src/mail/limits/read-overview.ts'
import { SettingsFrame } from '#templates/auth/settings-frame.tsx'
import { EmptyState } from '#templates/components/empty-state.tsx'
import { CsrfField, Field } from '#templates/components/form.tsx'
import type { FormState, PageContext } from '#templates/page.ts'
import { BreakersCard, PausesCard } from './breakers-card.tsx'
import { limitMessages, shareText } from './messages.ts'

const SECOND_MS = 1_000

type Props = { page: PageContext; overview: LimitsOverview }

type LimitsProps = Props & {
  /** Names for the list of choices. */
  providers: readonly string[]
  form: FormState
}

/** What an account has used of its limits, its limits per provider, and what holds it back. */
export const LimitsPage = ({ page, overview, providers, form }: LimitsProps) => {
  const t = limitMessages(page.locale)
  return (
    <SettingsFrame page={page} current="/settings/mail">
      <p>
        <a href={`/settings/mail/${overview.id}`}>{t.back}</a>
      </p>
      <h2 class="text-break-all">{t.title(overview.label)}</h2>
      <p class="text-secondary">{t.intro}</p>
      <Standing page={page} overview={overview} />
      <div class="row row-cards">
        <div class="col-lg-7">
          <UsedCard page={page} overview={overview} />
          <ProvidersCard page={page} overview={overview} />
          <ProviderForm page={page} overview={overview} providers={providers} form={form} />
        </div>
        <div class="col-lg-5">
          <HealthCard page={page} overview={overview} />
          <BreakersCard page={page} overview={overview} />
          <PausesCard page={page} overview={overview} />
        </div>
      </div>
    </SettingsFrame>
  )
}

const Standing = ({ page, overview }: Props) => {
  const t = limitMessages(page.locale)
  const { pause, active, opensAt, id } = overview
  if (pause)
    return (
      <div class="alert alert-danger" role="alert">
        <h3 class="alert-title">{t.pausedTitle(pauseReasonText(page.locale, pause.reason))}</h3>
        <p>{pauseText(page.locale, pause)}</p>
        <p>{t.pausedSince(formatDate(page.locale, pause.at))}</p>
        <Switch page={page} action={`/settings/mail/${id}/limits/resume`} label={t.resume} primary />
      </div>
    )
  const closed = opensAt === 'never' ? t.never : opensAt && t.opens(formatDate(page.locale, opensAt))
  return (
    <div class="d-flex flex-wrap gap-2 align-items-center mb-3">
      <div class="flex-fill">{active ? (closed ?? t.sending) : t.inactive}</div>
      <Switch page={page} action={`/settings/mail/${id}/limits/pause`} label={t.pause} />
    </div>
  )
}

type SwitchProps = { page: PageContext; action: string; label: string; primary?: boolean }

const Switch = ({ page, action, label, primary }: SwitchProps) => (
  <form method="post" action={action}>
    <CsrfField token={page.csrf} />
    <button type="submit" class={primary ? 'btn btn-primary' : 'btn'}>
      {label}
    </button>
  </form>
)

const UsedCard = ({ page, overview }: Props) => {
  const t = limitMessages(page.locale)
  const { windows, warmup, minGapMs, gapJitterMs } = overview
  const seconds = (ms: number) => formatNumber(page.locale, ms / SECOND_MS)
  return (
    <section class="card mb-3">
      <div class="card-header">
        <h3 class="card-title">{t.used}</h3>
      </div>
      <div class="card-body">
        {windows.map((used) => (
          <Used page={page} used={used} name={t[used.window]} />
        ))}
        {warmup && (
          <p class="mb-1">
            {t.warmup(warmup.day, formatNumber(page.locale, warmup.limit))}{' '}
            {warmup.until !== null && t.warmupUntil(formatNumber(page.locale, warmup.until))}
          </p>
        )}
        {minGapMs + gapJitterMs > 0 && <p class="mb-0">{t.gap(seconds(minGapMs), seconds(gapJitterMs))}</p>}
      </div>
    </section>
  )
}

/** How full a window is: the bar repeats what the words say. */
const Used = ({ page, used, name }: { page: PageContext; used: UsedWindow; name: string }) => {
  const t = limitMessages(page.locale)
  const count = formatNumber(page.locale, used.used)
  const text = used.limit === null ? t.unlimited(count) : t.of(count, formatNumber(page.locale, used.limit))
  return (
    <div class="mb-3">
      <div class="d-flex flex-wrap gap-2">
        <span class="flex-fill">{name}</span>
        <span>{text}</span>
      </div>
      {used.limit !== null && (
        <progress
          class="progress progress-sm w-100"
          value={Math.min(used.used, used.limit)}
          max={Math.max(1, used.limit)}
          aria-label={`${withColon(page.locale, name)} ${text}`}
        />
      )}
    </div>
  )
}

const HealthCard = ({ page, overview: { health } }: Props) => {
  const t = limitMessages(page.locale)
  const tried = health.sent + health.refused
  return (
    <section class="card mb-3">
      <div class="card-header">
        <h3 class="card-title">{t.health(health.days)}</h3>
      </div>
      <div class="card-body">
        {tried + health.bounced + health.complained === 0 ? (
          <p>{t.healthEmpty}</p>
        ) : (
          <dl class="row mb-2">
            <dt class="col-7">{t.sent}</dt>
            <dd class="col-5">{formatNumber(page.locale, health.sent)}</dd>
            <dt class="col-7">{t.bounced}</dt>
            <dd class="col-5">{shareText(page.locale, health.bounced + health.refused, tried)}</dd>
            <dt class="col-7">{t.complained}</dt>
            <dd class="col-5">{shareText(page.locale, health.complained, tried)}</dd>
          </dl>
        )}
        <p class="text-secondary small mb-0">{t.healthRule}</p>
      </div>
    </section>
  )
}

const ProvidersCard = ({ page, overview }: Props) => {
  const t = limitMessages(page.locale)
  return (
    <section class="card mb-3">
      <div class="card-header">
        <h3 class="card-title">{t.providers}</h3>
      </div>
      {overview.providers.length === 0 ? (
        <EmptyState icon="mail" title={t.providersEmpty} text={t.providersEmptyText} />
      ) : (
        <ul class="list-group list-group-flush">
          {overview.providers.map(({ provider, windows }) => (
            <li class="list-group-item">
              <div class="d-flex flex-wrap gap-2 align-items-center mb-2">
                <strong class="flex-fill text-break-all">{providerName(page.locale, provider)}</strong>
                <form method="post" action={`/settings/mail/${overview.id}/limits/delete`}>
                  <CsrfField token={page.csrf} />
                  <button
                    type="submit"
                    class="btn btn-sm"
                    name="provider"
                    value={provider}
                    aria-label={t.removeOf(providerName(page.locale, provider))}
                  >
                    {t.remove}
                  </button>
                </form>
              </div>
              {windows.map((used) =>
                provider === '*' ? (
                  <div>
                    {withColon(page.locale, t[used.window])} {formatNumber(page.locale, used.limit ?? 0)}
                  </div>
                ) : (
                  <Used page={page} used={used} name={t[used.window]} />
                ),
              )}
            </li>
          ))}
        </ul>
      )}
      <div class="card-footer text-secondary small">{t.providersIntro}</div>
    </section>
  )
}

const ProviderForm = ({ page, overview, providers, form }: LimitsProps) => {
  const t = limitMessages(page.locale)
  const number = { type: 'number', form, hint: t.numberHint, autocomplete: 'off' }
  return (
    <form method="post" action={`/settings/mail/${overview.id}/limits`} class="card mb-3" novalidate>
      <div class="card-header">
        <h3 class="card-title">{t.add}</h3>
      </div>
      <div class="card-body">
        <CsrfField token={page.csrf} />
        <Field
          name="provider"
          label={t.provider}
          form={form}
          hint={t.providerHint}
          list="known-providers"
          autocomplete="off"
          required
        />
        <datalist id="known-providers">
          {['*', ...providers].map((provider) => (
            <option value={provider}>{providerName(page.locale, provider)}</option>
          ))}
        </datalist>
        <div class="row">
          <div class="col-md-4">
            <Field name="minute" label={t.perMinute} {...number} />
          </div>
          <div class="col-md-4">
            <Field name="hour" label={t.perHour} {...number} />
          </div>
          <div class="col-md-4">
            <Field name="day" label={t.perDay} {...number} />
          </div>
        </div>
      </div>
      <div class="card-footer text-end">
        <button type="submit" class="btn btn-primary">
          {t.save}
        </button>
      </div>
    </form>
  )
}
