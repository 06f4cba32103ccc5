import type { CompanyRow } from '#src/companies/queries-list.ts'
import { isRuleId, ruleName, severityNames } from '#src/analysis/messages.ts'
import type { Locale } from '#src/lib/i18n.ts'
import { statuses } from '#src/companies/statuses.ts'
import { Badge, levelColour, severityColour } from '#templates/components/badge.tsx'
import { Icon } from '#templates/components/icon.tsx'
import { OutsideLink } from '#templates/components/outside-link.tsx'
import { readableUrl, safeHref } from '#templates/html.ts'
import type { PageContext } from '#templates/page.ts'
import { crawlText, emailKindText, levelText, listMessages, statusText, tagText } from './messages.ts'
import { readablePhone } from './readable.ts'

const WEAKNESSES_SHOWN = 3

export const CompanyRows = ({ page, rows }: { page: PageContext; rows: CompanyRow[] }) => {
  const t = listMessages(page.locale)
  return (
    <table class="table table-vcenter card-table table-mobile-md companies">
      <thead>
        <tr>
          <th class="w-1">
            <input
              class="form-check-input"
              type="checkbox"
              data-check-all="ids"
              aria-label={t.selectPage}
              hidden
            />
          </th>
          <th class="w-1"></th>
          <th class="col-company">{t.company}</th>
          <th class="col-contact">{t.whoToContact}</th>
          <th>{t.whatIsWeak}</th>
          <th>{t.score}</th>
          <th>{t.status}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr id={`company-${row.id}`}>
            <td class="w-1 cell-tick">
              <input
                class="form-check-input"
                type="checkbox"
                name="ids"
                value={row.id}
                aria-label={t.select(row.name)}
              />
            </td>
            <td class="w-1 cell-star">
              <FavouriteButton page={page} company={row} inForm />
            </td>
            <td data-label={t.company}>
              <CompanyName page={page} row={row} />
            </td>
            <td data-label={t.whoToContact}>
              <Contact locale={page.locale} row={row} />
            </td>
            <td data-label={t.whatIsWeak}>
              <Weaknesses locale={page.locale} row={row} />
            </td>
            <td data-label={t.score}>
              <Score locale={page.locale} score={row.score} level={row.scoreLevel} />
            </td>
            <td data-label={t.status}>
              <StatusBadge locale={page.locale} status={row.status} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const CompanyName = ({ page, row }: { page: PageContext; row: CompanyRow }) => {
  const t = listMessages(page.locale)
  const site = row.website ?? row.profileUrl
  return (
    <>
      <a class="fw-bold text-reset text-break-all" href={`/companies/${row.id}`}>
        {row.name}
      </a>
      <div class="text-secondary text-break-all">
        {site ? (
          <OutsideLink url={site} class="text-secondary">
            {row.siteKey ?? readableUrl(site)}
          </OutsideLink>
        ) : (
          t.noSite
        )}
      </div>
      <div class="text-secondary small">
        {[row.category, [row.postalCode, row.city].filter(Boolean).join(' ')].filter(Boolean).join(' · ')}
      </div>
      {row.tags.map((tag) => (
        <>
          <Badge colour="blue">{tagText(page.locale, tag)}</Badge>{' '}
        </>
      ))}
    </>
  )
}

/** Who to contact: the name and role, the address with its kind, the phone. */
export const Contact = ({ locale, row }: { locale: Locale; row: CompanyRow }) => {
  const t = listMessages(locale)
  const { contactPerson: person, contactEmail: email, contactPhone: phone } = row
  const kind = row.contactEmail === null ? '' : emailKindText(locale, row.contactEmailKind)
  if (!person && !email && !phone) return <span class="text-secondary">{t.noContact}</span>
  return (
    <>
      {person && (
        <div>
          {person}
          {row.contactRole && <span class="text-secondary"> · {row.contactRole}</span>}
        </div>
      )}
      {email && (
        <div class="text-break-all">
          <a href={safeHref(`mailto:${email}`)}>{email}</a>{' '}
          {kind && <span class="text-secondary small">{kind}</span>}
        </div>
      )}
      {phone && (
        <div>
          <a href={safeHref(`tel:${phone.replace(/[^\d+]/g, '')}`)}>{readablePhone(phone)}</a>
        </div>
      )}
    </>
  )
}

const Weaknesses = ({ locale, row }: { locale: Locale; row: CompanyRow }) => {
  const t = listMessages(locale)
  if (row.crawlState !== 'done' && row.weaknesses.length === 0)
    return <span class="text-secondary">{row.website ? crawlText(locale, row.crawlState) : t.noSite}</span>
  if (row.weaknesses.length === 0) return <span class="text-secondary">{t.noWeakness}</span>
  const hidden = row.weaknesses.length - WEAKNESSES_SHOWN
  return (
    <div class="d-flex flex-wrap gap-1">
      {row.weaknesses.slice(0, WEAKNESSES_SHOWN).map(({ id, severity }) => (
        <span
          class={`badge bg-${severityColour(severity)}-lt text-wrap text-start`}
          title={severityText(locale, severity)}
        >
          {weaknessText(locale, id)}
        </span>
      ))}
      {hidden > 0 && <span class="text-secondary small">{t.more(hidden)}</span>}
    </div>
  )
}

export const severityText = (locale: Locale, severity: string): string =>
  (severityNames(locale) as Record<string, string>)[severity] ?? severity

/** The name of a rule; rules of another version of the program show their id. */
export const weaknessText = (locale: Locale, id: string): string => (isRuleId(id) ? ruleName(locale, id) : id)

export const Score = ({
  locale,
  score,
  level,
}: {
  locale: Locale
  score: number | null
  level: string | null
}) => (
  <div>
    <span class="h3 me-2">{score ?? '–'}</span>
    <Badge colour={levelColour(level)}>{levelText(locale, level)}</Badge>
  </div>
)

export const StatusBadge = ({ locale, status }: { locale: Locale; status: string }) => (
  <span class="text-nowrap">
    <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
      <circle
        cx="5"
        cy="5"
        r="5"
        fill={statuses.find(({ value }) => value === status)?.colour ?? '#64748b'}
      />
    </svg>{' '}
    {statusText(locale, status)}
  </span>
)

/** The star. Inside the selection's form it is a button that posts elsewhere; alone it brings its own form. */
export const FavouriteButton = (props: {
  page: PageContext
  company: { id: number; name: string; favourite: boolean }
  inForm?: boolean
}) => {
  const { id, name, favourite } = props.company
  const t = listMessages(props.page.locale)
  const path = `/companies/${id}/favourite`
  return (
    <button
      class={favourite ? 'btn btn-icon btn-ghost-warning' : 'btn btn-icon btn-ghost-secondary'}
      type="submit"
      name="favourite"
      value={favourite ? '0' : '1'}
      formaction={path}
      formmethod="post"
      hx-post={path}
      hx-target="this"
      hx-swap="outerHTML"
      aria-pressed={favourite ? 'true' : 'false'}
      aria-label={favourite ? t.removeFavourite(name) : t.addFavourite(name)}
    >
      <Icon name={favourite ? 'starFilled' : 'star'} />
    </button>
  )
}
