import type { BatchView, Subject } from '#src/operations/view-batches.ts'
import { formatDate } from '#src/lib/i18n.ts'
import { Badge } from '#templates/components/badge.tsx'
import { CsrfField } from '#templates/components/form.tsx'
import { Icon, type IconName } from '#templates/components/icon.tsx'
import type { PageContext } from '#templates/page.ts'
import { detailText, labelText } from './batch-texts.ts'
import { jobsMessages } from './jobs-messages.ts'

type BatchProps = { page: PageContext; batch: BatchView; compact?: boolean }

const stateColours = { running: 'blue', paused: 'yellow', cancelled: 'secondary', done: 'green' } as const

/** How far a batch is, kept up to date by the server. `compact` leaves out the buttons. */
export const LiveBatchProgress = ({ page, batch, compact = false }: BatchProps) => (
  <div
    hx-sse:connect={`/jobs/events?batch=${batch.id}${compact ? '&compact' : ''}`}
    hx-swap="innerMorph"
    hx-target="this"
  >
    <BatchProgress page={page} batch={batch} compact={compact} />
  </div>
)

/** How far a batch is at this moment: bar, counts, time left, what is being done, buttons. */
export const BatchProgress = ({ page, batch, compact = false }: BatchProps) => {
  const t = jobsMessages(page.locale)
  const label = labelText(page.locale, batch.label)
  return (
    <section class="card mb-3" id={`batch-${batch.id}`} aria-label={label}>
      <div class="card-body">
        <div class="d-flex flex-wrap gap-2 align-items-center justify-content-between mb-2">
          <h2 class="h3 mb-0 text-break-all">
            <a href={`/jobs/${batch.id}`}>{label}</a>
          </h2>
          <Badge colour={stateColours[batch.state]}>{t[batch.state]}</Badge>
        </div>
        <progress
          value={batch.progress.value}
          max={batch.progress.max}
          aria-label={`${label}: ${t.progress(batch.progress.value, batch.progress.max)}`}
        />
        <Counts page={page} batch={batch} />
        {batch.now.length > 0 && <Now page={page} batch={batch} />}
        {!compact && <Actions page={page} batch={batch} />}
      </div>
    </section>
  )
}

const Counts = ({ page, batch }: BatchProps) => {
  const t = jobsMessages(page.locale)
  const { counts, finishedAt } = batch
  const left = counts.pending + counts.running
  const parts = [
    t.countDone(counts.done),
    counts.failed > 0 ? t.countFailed(counts.failed) : null,
    counts.cancelled > 0 ? t.countCancelled(counts.cancelled) : null,
    left > 0 ? t.countLeft(left) : null,
    batch.state === 'running' && left > 0
      ? batch.secondsLeft === null
        ? t.timeUnknown
        : t.timeLeft(batch.secondsLeft)
      : null,
    finishedAt
      ? `${t.finishedAt} ${formatDate(page.locale, finishedAt)}`
      : `${t.startedAt} ${formatDate(page.locale, batch.createdAt)}`,
  ]
  return <p class="text-secondary mb-2">{parts.filter((part) => part !== null).join(' · ')}</p>
}

const Now = ({ page, batch }: BatchProps) => {
  const t = jobsMessages(page.locale)
  return (
    <>
      <p class="mb-1">{t.now}</p>
      <ul class="list-unstyled text-secondary mb-2">
        {batch.now.map(({ itemId, subject, detail }) => (
          <li id={`now-${itemId}`} class="text-break-all">
            <SubjectLink page={page} subject={subject} />
            {detail && ` – ${detailText(page.locale, detail)}`}
          </li>
        ))}
      </ul>
    </>
  )
}

/** A company or an import by name; what was deleted since has no link. */
export const SubjectLink = ({ page, subject }: { page: PageContext; subject: Subject }) =>
  subject.name === null ? (
    <span>{jobsMessages(page.locale).deletedSubject(subject.id)}</span>
  ) : (
    <a href={`/${subject.kind === 'company' ? 'companies' : 'imports'}/${subject.id}`}>{subject.name}</a>
  )

const Actions = ({ page, batch }: BatchProps) => {
  const t = jobsMessages(page.locale)
  const open = batch.state === 'running' || batch.state === 'paused'
  const retryable = batch.counts.failed + batch.counts.cancelled > 0
  return (
    <div class="d-flex flex-wrap gap-2">
      {batch.state === 'running' && (
        <Action page={page} batch={batch} noun="pauses" icon="pause" text={t.pause} />
      )}
      {batch.state === 'paused' && (
        <Action page={page} batch={batch} noun="resumptions" icon="play" text={t.resume} />
      )}
      {retryable && (
        <Action
          page={page}
          batch={batch}
          noun="retries"
          icon="refresh"
          text={batch.counts.cancelled > 0 ? t.retryCancelled : t.retryFailed}
        />
      )}
      {open && (
        <Action
          page={page}
          batch={batch}
          noun="cancellations"
          icon="x"
          text={t.cancelJob}
          confirm={t.cancelConfirm}
        />
      )}
    </div>
  )
}

type ActionProps = BatchProps & { noun: string; icon: IconName; text: string; confirm?: string }

const Action = ({ page, batch, noun, icon, text, confirm }: ActionProps) => {
  const path = `/jobs/${batch.id}/${noun}`
  return (
    <form
      method="post"
      action={path}
      hx-post={path}
      hx-swap="none"
      class="m-0"
      id={`batch-${batch.id}-${noun}`}
    >
      <CsrfField token={page.csrf} />
      <button class="btn btn-sm" type="submit" data-confirm={confirm}>
        <Icon name={icon} /> {text}
      </button>
    </form>
  )
}
