import type { Counts, Numbers } from '#src/campaigns/results/numbers.ts'
import { formatNumber, withColon } from '#src/lib/i18n.ts'
import type { PageContext } from '#templates/page.ts'
import { resultMessages } from './messages.ts'
import { percent } from './percent.ts'

type Step = { key: string; filter: string; label: string; count: number; notes: (string | null)[] }

/** How far the mails came, each step with its share of those sent; people and machines apart. */
export const Funnel = ({ page, id, numbers }: { page: PageContext; id: number; numbers: Numbers }) => {
  const t = resultMessages(page.locale)
  const { counts } = numbers
  return (
    <section class="card mb-3" id="funnel">
      <div class="card-header d-block">
        <h2 class="card-title">{t.funnelTitle}</h2>
        <p class="text-secondary mb-0">{t.funnelHint}</p>
      </div>
      <ul class="list-group list-group-flush">
        {stepsOf(page, numbers).map((step) => (
          <Row page={page} id={id} step={step} of={counts.sent} />
        ))}
      </ul>
      <Rest page={page} id={id} counts={counts} />
    </section>
  )
}

const stepsOf = (page: PageContext, { counts, opens, clicks }: Numbers): Step[] => {
  const t = resultMessages(page.locale)
  const step = (filter: string, label: string, count: number, ...notes: (string | null)[]): Step => ({
    key: filter,
    filter,
    label,
    count,
    notes,
  })
  return [
    step('sent', t.sent, counts.sent),
    {
      ...step('sent', t.delivered, counts.delivered, t.deliveredHint, t.confirmed(counts.confirmed)),
      key: 'delivered',
    },
    step(
      'opened',
      t.opened,
      counts.openedByPeople,
      counts.openedByMachines > 0 ? t.machines(counts.openedByMachines) : null,
      opens.nobody > 0 ? t.nobodyOpens(opens.nobody, opens.all) : null,
    ),
    step(
      'clicked',
      t.clicked,
      counts.clickedByPeople,
      counts.clickedByMachines > 0 ? t.machines(counts.clickedByMachines) : null,
      clicks.nobody > 0 ? t.nobodyClicks(clicks.nobody, clicks.all) : null,
    ),
    step('replied', t.replied, counts.replied),
    step('unsubscribed', t.unsubscribed, counts.unsubscribed),
    step('bounced', t.bounced, counts.bounced),
    ...(counts.complained > 0 ? [step('complained', t.complained, counts.complained)] : []),
  ]
}

const Row = ({ page, id, step, of }: { page: PageContext; id: number; step: Step; of: number }) => {
  const { key, filter, label, count, notes } = step
  const share = percent(page.locale, count, of)
  return (
    <li class="list-group-item" id={`funnel-${key}`}>
      <div class="d-flex gap-2 justify-content-between">
        <a href={`/campaigns/${id}?filter=${filter}#recipients`}>{label}</a>
        <span class="text-nowrap">
          <strong>{formatNumber(page.locale, count)}</strong>
          {share !== null && <span class="text-secondary">{` · ${share}`}</span>}
        </span>
      </div>
      <progress
        value={Math.min(count, of)}
        max={Math.max(1, of)}
        aria-label={`${label}: ${share ?? count}`}
      />
      {notes
        .filter((note) => note !== null)
        .map((note) => (
          <div class="text-secondary small">{note}</div>
        ))}
    </li>
  )
}

// What has no place in the funnel, as long as there is any of it.
const Rest = ({ page, id, counts }: { page: PageContext; id: number; counts: Counts }) => {
  const t = resultMessages(page.locale)
  const held = counts.held > 0 ? ` (${formatNumber(page.locale, counts.held)} ${t.held})` : ''
  const rest = [
    { filter: 'all', label: t.planned, count: counts.planned, note: '' },
    { filter: 'waiting', label: t.waiting, count: counts.waiting, note: held },
    { filter: 'failed', label: t.failed, count: counts.failed, note: '' },
    { filter: 'skipped', label: t.skipped, count: counts.skipped, note: '' },
    { filter: 'unknown', label: t.unknown, count: counts.unknown, note: '' },
  ].filter(({ count, filter }) => count > 0 || filter === 'all')
  return (
    <div class="card-footer d-flex flex-wrap gap-3">
      {rest.map(({ filter, label, count, note }) => (
        <a href={`/campaigns/${id}?filter=${filter}#recipients`}>
          {`${withColon(page.locale, label)} ${formatNumber(page.locale, count)}${note}`}
        </a>
      ))}
    </div>
  )
}
