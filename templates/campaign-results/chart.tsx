import type { Numbers, Point } from '#src/campaigns/results/numbers.ts'
import { formatDate, formatNumber, type Locale } from '#src/lib/i18n.ts'
import type { PageContext } from '#templates/page.ts'
import { resultMessages } from './messages.ts'
import { dateOf } from './percent.ts'

const WIDTH = 600
const HEIGHT = 160
const HOUR_MS = 3600 * 1000
const MAX_SLOTS = 400
const LINES = ['opens', 'clicks', 'replies'] as const

/** What was sent as bars, what people did as lines; the same numbers as a table below. */
export const Chart = ({ page, numbers }: { page: PageContext; numbers: Numbers }) => {
  const t = resultMessages(page.locale)
  const slots = slotsOf(numbers)
  const [first] = slots
  const last = slots.at(-1)
  return (
    <section class="card mb-3" id="chart">
      <div class="card-header">
        <h2 class="card-title">{t.chartTitle}</h2>
        <span class="text-secondary ms-2">{numbers.unit === 'hour' ? t.chartHour : t.chartDay}</span>
      </div>
      <div class="card-body">
        {!first || !last ? (
          <p class="text-secondary mb-0">{t.chartEmpty}</p>
        ) : (
          <>
            <Legend page={page} />
            <Drawing
              slots={slots}
              label={t.chartLabel(
                momentText(page.locale, numbers.unit, first.at),
                momentText(page.locale, numbers.unit, last.at),
              )}
            />
            <div class="d-flex justify-content-between text-secondary small">
              <span>{momentText(page.locale, numbers.unit, first.at)}</span>
              {first !== last && <span>{momentText(page.locale, numbers.unit, last.at)}</span>}
            </div>
            <details class="mt-2" id="chart-numbers">
              <summary>{t.chartTable}</summary>
              <PointTable page={page} numbers={numbers} />
            </details>
          </>
        )}
      </div>
    </section>
  )
}

const COLOURS = { sent: 'text-secondary', opens: 'text-blue', clicks: 'text-orange', replies: 'text-green' }

const Legend = ({ page }: { page: PageContext }) => {
  const t = resultMessages(page.locale)
  const texts = { sent: t.sentMails, opens: t.opens, clicks: t.clicks, replies: t.replies }
  return (
    <ul class="list-inline mb-2">
      {(['sent', ...LINES] as const).map((key) => (
        <li class="list-inline-item">
          <svg class={COLOURS[key]} width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
            <rect
              width="12"
              height="12"
              rx="2"
              fill="currentColor"
              fill-opacity={key === 'sent' ? '0.4' : '1'}
            />
          </svg>{' '}
          {texts[key]}
        </li>
      ))}
    </ul>
  )
}

/** Every hour or day from the first to the last, those without anything too, unless there are too many to draw. */
const slotsOf = ({ points, unit }: Pick<Numbers, 'points' | 'unit'>): Point[] => {
  const [first] = points
  const last = points.at(-1)
  const step = unit === 'hour' ? HOUR_MS : 24 * HOUR_MS
  if (!first || !last) return []
  const start = dateOf(first.at).getTime()
  // A day that is longer or shorter than others falls to the nearest slot.
  const places = points.map((point) => Math.round((dateOf(point.at).getTime() - start) / step))
  const count = (places.at(-1) ?? 0) + 1
  if (count > MAX_SLOTS) return points
  const slots = Array.from({ length: count }, (_, place) => ({
    at: new Date(start + place * step).toISOString(),
    sent: 0,
    opens: 0,
    clicks: 0,
    replies: 0,
  }))
  points.forEach((point, index) => (slots[places[index] ?? 0] = point))
  return slots
}

const Drawing = ({ slots, label }: { slots: Point[]; label: string }) => {
  const most = { sent: highest(slots, ['sent']), lines: highest(slots, [...LINES]) }
  const slot = WIDTH / slots.length
  const y = (value: number, top: number) => (HEIGHT - (value / top) * (HEIGHT - 4)).toFixed(1)
  const lineOf = (key: (typeof LINES)[number]) => {
    const [only, second] = slots
    // A line needs two ends.
    if (only && !second) return `0,${y(only[key], most.lines)} ${WIDTH},${y(only[key], most.lines)}`
    return slots
      .map((point, place) => `${((place + 0.5) * slot).toFixed(1)},${y(point[key], most.lines)}`)
      .join(' ')
  }
  return (
    <svg
      class="campaign-chart"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width="100%"
      height={HEIGHT}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <line x1="0" y1={HEIGHT} x2={WIDTH} y2={HEIGHT} stroke="currentColor" stroke-opacity="0.3" />
      <g class={COLOURS.sent} fill="currentColor" fill-opacity="0.4">
        {slots.map(({ sent }, place) =>
          sent > 0 ? (
            <rect
              x={(place * slot + slot * 0.1).toFixed(1)}
              y={y(sent, most.sent)}
              width={(slot * 0.8).toFixed(2)}
              height={((sent / most.sent) * (HEIGHT - 4)).toFixed(1)}
            />
          ) : null,
        )}
      </g>
      {LINES.map((key) =>
        slots.some((point) => point[key] > 0) ? (
          <polyline
            class={COLOURS[key]}
            points={lineOf(key)}
            fill="none"
            stroke="currentColor"
            stroke-width="2"
            vector-effect="non-scaling-stroke"
          />
        ) : null,
      )}
    </svg>
  )
}

const highest = (slots: Point[], keys: (keyof Omit<Point, 'at'>)[]): number =>
  Math.max(1, ...slots.flatMap((point) => keys.map((key) => point[key])))

const momentText = (locale: Locale, unit: Numbers['unit'], at: string): string =>
  unit === 'hour'
    ? formatDate(locale, dateOf(at))
    : new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(dateOf(at))

const PointTable = ({ page, numbers }: { page: PageContext; numbers: Numbers }) => {
  const t = resultMessages(page.locale)
  const number = (value: number) => formatNumber(page.locale, value)
  return (
    <div class="table-responsive" tabindex={0} role="region" aria-label={t.chartTable}>
      <table class="table table-sm">
        <thead>
          <tr>
            <th scope="col">{t.moment}</th>
            <th scope="col">{t.sentMails}</th>
            <th scope="col">{t.opens}</th>
            <th scope="col">{t.clicks}</th>
            <th scope="col">{t.replies}</th>
          </tr>
        </thead>
        <tbody>
          {numbers.points.map((point) => (
            <tr>
              <td>{momentText(page.locale, numbers.unit, point.at)}</td>
              <td>{number(point.sent)}</td>
              <td>{number(point.opens)}</td>
              <td>{number(point.clicks)}</td>
              <td>{number(point.replies)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
