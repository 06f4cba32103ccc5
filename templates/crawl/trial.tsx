import type { CrawlPreset } from '#src/companies/crawl-budget.ts'
import { budgetTexts } from '#src/companies/budget-messages.ts'
import { crawlErrorText, siteEndTexts } from '#src/crawl/messages.ts'
import type { Trial } from '#src/crawl/trial/trials.ts'
import { formatNumber } from '#src/lib/i18n.ts'
import { pointEvidenceText } from '#src/scoring/evidence-messages.ts'
import { reasonText } from '#src/scoring/messages.ts'
import { FindingCard } from '#templates/analysis/findings.tsx'
import { detailMessages } from '#templates/companies/detail-messages.ts'
import { levelText } from '#templates/companies/messages.ts'
import { Badge, levelColour } from '#templates/components/badge.tsx'
import { CsrfField, Field } from '#templates/components/form.tsx'
import { Icon } from '#templates/components/icon.tsx'
import { ScoreGauge } from '#templates/components/score-gauge.tsx'
import { OutsideLink } from '#templates/components/outside-link.tsx'
import { readableUrl } from '#templates/html.ts'
import { Layout } from '#templates/layout.tsx'
import type { FormState, PageContext } from '#templates/page.ts'
import { PresetSelect } from './budget-fields.tsx'
import { crawlMessages } from './messages.ts'
import { TrialFacts } from './trial-facts.tsx'
import { trialFailureText, trialMessages } from './trial-messages.ts'

// Without scripts the page asks again by itself.
const REFRESH_SECONDS = 3
const ERRORS_SHOWN = 20

const stateColours = { running: 'blue', done: 'green', failed: 'red', stopped: 'secondary' } as const

type TrialProps = { page: PageContext; trial: Trial; most: number }
type PageProps = {
  page: PageContext
  form: FormState
  preset: CrawlPreset
  trial: Trial | null
  /** Pages that may be read at most. */
  most: number
  /** The trial this page was opened for is no longer there. */
  gone: boolean
}

export const TrialPage = ({ page, form, preset, trial, most, gone }: PageProps) => {
  const t = trialMessages(page.locale)
  const running = trial?.state === 'running'
  const refresh = (
    <noscript>
      <meta http-equiv="refresh" content={String(REFRESH_SECONDS)} />
    </noscript>
  )
  return (
    <Layout page={page} title={t.title} head={running && refresh}>
      {gone && (
        <div class="alert alert-warning" role="status">
          {t.gone}
        </div>
      )}
      {!running && <TrialForm page={page} form={form} preset={preset} isFirst={trial === null} />}
      {running && (
        <div hx-sse:connect="/site-test/events" hx-swap="innerMorph" hx-target="this">
          <TrialProgress page={page} trial={trial} most={most} />
        </div>
      )}
      {trial && !running && <TrialResult page={page} trial={trial} />}
    </Layout>
  )
}

type FormProps = { page: PageContext; form: FormState; preset: CrawlPreset; isFirst: boolean }

const TrialForm = ({ page, form, preset, isFirst }: FormProps) => {
  const t = trialMessages(page.locale)
  return (
    <form class="card mb-3" method="post" action="/site-test" novalidate>
      <div class="card-body">
        <p class="text-secondary">{t.intro}</p>
        <CsrfField token={page.csrf} />
        <div class="row g-2">
          <div class="col-lg-7">
            <Field
              name="url"
              label={t.url}
              form={form}
              type="url"
              required
              autocomplete="url"
              placeholder="https://www.exemple.fr"
              {...(isFirst ? { autofocus: true } : {})}
            />
          </div>
          <div class="col-lg-5 mb-3">
            <label class="form-label" for="trial-preset">
              {budgetTexts(page.locale).title}
            </label>
            <PresetSelect page={page} chosen={preset} id="trial-preset" />
          </div>
        </div>
        <button class="btn btn-primary" type="submit">
          <Icon name="search" /> {t.start}
        </button>
      </div>
    </form>
  )
}

/** What the server sends while the trial is at work; its last word makes the page show the result. */
export const TrialProgress = ({ page, trial, most }: TrialProps) => {
  const t = trialMessages(page.locale)
  if (trial.state !== 'running')
    return (
      <div class="card card-body" hx-get="/site-test/state" hx-trigger="load" hx-swap="none">
        <p role="status">{t.finished}</p>
        <a href={`/site-test?trial=${trial.id}`}>{t.seeResult}</a>
      </div>
    )
  const pages = trial.pages()
  return (
    <>
      <Summary page={page} trial={trial}>
        <p class="mb-2" role="status">
          {pages.length === 0 ? t.opening : t.read(pages.length, most)}
        </p>
        <progress value={pages.length} max={most} aria-label={t.read(pages.length, most)} />
        <form method="post" action="/site-test/stop" class="mt-3">
          <CsrfField token={page.csrf} />
          <button class="btn" type="submit">
            <Icon name="x" /> {t.stop}
          </button>
        </form>
      </Summary>
      <div class="row g-3">
        <div class="col-lg-7">
          <h2>{t.foundSoFar}</h2>
          <TrialFacts page={page} facts={trial.facts()} live />
        </div>
        <div class="col-lg-5">
          <ReadPages page={page} pages={pages.toReversed()} />
        </div>
      </div>
    </>
  )
}

const Summary = (props: { page: PageContext; trial: Trial; children?: unknown }) => {
  const { page, trial } = props
  return (
    <section class="card mb-3" id="trial" aria-label={trial.url}>
      <div class="card-body">
        <div class="d-flex flex-wrap gap-2 align-items-center justify-content-between mb-2">
          <h2 class="h3 mb-0 text-break-all" data-foreign>
            {readableUrl(trial.url)}
          </h2>
          <Badge colour={stateColours[trial.state]}>{trialMessages(page.locale)[trial.state]}</Badge>
        </div>
        {props.children as never}
      </div>
    </section>
  )
}

const TrialResult = ({ page, trial }: Omit<TrialProps, 'most'>) => {
  const { locale } = page
  const t = trialMessages(locale)
  const { result } = trial
  if (!result)
    return (
      <Summary page={page} trial={trial}>
        <p class="mb-0" role="status">
          {trial.failure === null ? t.stoppedText : trialFailureText(locale, trial.failure)}
        </p>
      </Summary>
    )
  const { site, score, document } = result
  const pages = site.pages.map(({ finalUrl, status, title, durationMs }) => ({
    url: finalUrl,
    status,
    title,
    durationMs,
  }))
  return (
    <>
      <Summary page={page} trial={trial}>
        {trial.cut && <p role="status">{t.cut}</p>}
        <p>
          {t.readIn(pages.length, inSeconds(locale, site.durationMs))}.{' '}
          {!trial.cut && siteEndTexts(locale)[site.endedBy ?? 'all']}
        </p>
        <div class="d-flex flex-wrap gap-2">
          <form method="post" action="/site-test/company">
            <CsrfField token={page.csrf} />
            <button class="btn btn-primary" type="submit" aria-describedby="trial-add-hint">
              <Icon name="plus" /> {t.add}
            </button>
          </form>
          <a class="btn" href="/site-test/document" download>
            <Icon name="download" /> {t.download}
          </a>
        </div>
        <p class="form-hint mb-0 mt-2" id="trial-add-hint">
          {t.addHint}
        </p>
      </Summary>
      <div class="row g-3">
        <div class="col-lg-7">
          <h2>{t.found}</h2>
          <TrialFacts page={page} facts={site} live={false} />
        </div>
        <div class="col-lg-5">
          <ScoreCard page={page} score={score} />
          <ReadPages page={page} pages={pages} />
          <NotRead page={page} errors={site.errors} />
        </div>
      </div>
      {document.findings.length > 0 && <h2>{t.weak}</h2>}
      <div class="row">
        {document.findings.map((finding) => (
          <div class="col-lg-6">
            <FindingCard page={page} finding={finding} />
          </div>
        ))}
      </div>
    </>
  )
}

type Score = NonNullable<Trial['result']>['score']

const ScoreCard = ({ page, score }: { page: PageContext; score: Score }) => {
  const { locale } = page
  const t = detailMessages(locale)
  const level = levelText(locale, score.level)
  return (
    <section class="mb-4">
      <h2>{t.scoreTitle}</h2>
      <div class="d-flex align-items-center gap-3 mb-2">
        <ScoreGauge value={score.value} label={t.scoreLabel(String(score.value), level)} />
        <Badge colour={levelColour(score.level)}>{level}</Badge>
      </div>
      <details>
        <summary>{t.scoreHow}</summary>
        <ul class="list-unstyled mt-2">
          {score.points.map((point) => (
            <li class="mb-1 text-break-all">
              <strong>
                {new Intl.NumberFormat(locale, { signDisplay: 'exceptZero' }).format(point.points)}
              </strong>{' '}
              {reasonText(locale, point)}
              <div class="text-secondary small" data-foreign>
                {pointEvidenceText(locale, point)}
              </div>
            </li>
          ))}
        </ul>
      </details>
    </section>
  )
}

const ReadPages = ({ page, pages }: { page: PageContext; pages: ReturnType<Trial['pages']> }) => {
  const t = trialMessages(page.locale)
  const names = crawlMessages(page.locale)
  if (pages.length === 0) return null
  return (
    <section class="mb-4">
      <h2>{t.pages}</h2>
      <table class="table table-sm table-vcenter">
        <thead>
          <tr>
            <th>{names.title}</th>
            <th class="text-end">{names.status}</th>
            <th class="text-end">{t.time}</th>
          </tr>
        </thead>
        <tbody>
          {pages.map(({ url, title, status, durationMs }) => (
            <tr>
              <td class="text-break-all">
                <div data-foreign>{title || names.noTitle}</div>
                <span class="small">
                  <OutsideLink url={url} />
                </span>
              </td>
              <td class="text-end">{status}</td>
              <td class="text-end text-nowrap">
                {durationMs !== null && `${formatNumber(page.locale, durationMs)} ms`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

const NotRead = ({ page, errors }: { page: PageContext; errors: { url: string; code: string }[] }) =>
  errors.length > 0 && (
    <section class="mb-4">
      <h2>{crawlMessages(page.locale).errors}</h2>
      <ul class="text-break-all">
        {errors.slice(0, ERRORS_SHOWN).map(({ url, code }) => (
          <li>
            <OutsideLink url={url} /> <span class="text-secondary">{crawlErrorText(page.locale, code)}</span>
          </li>
        ))}
      </ul>
    </section>
  )

const inSeconds = (locale: PageContext['locale'], ms: number): string =>
  formatNumber(locale, ms < 10_000 ? Math.round(ms / 100) / 10 : Math.round(ms / 1_000))
