import type { PrivacySettings } from '#src/privacy/privacy-settings.ts'
import type { Records, Subject } from '#src/privacy/queries-person.ts'
import { formatDay } from '#src/lib/i18n.ts'
import { SettingsFrame } from '#templates/auth/settings-frame.tsx'
import { CsrfField } from '#templates/components/form.tsx'
import { Icon } from '#templates/components/icon.tsx'
import { OutsideLink } from '#templates/components/outside-link.tsx'
import type { FormState, PageContext } from '#templates/page.ts'
import { privacyMessages } from './messages.ts'

type View = {
  subject: Subject
  records: Records
  settings: PrivacySettings
  collectedAt: Date | null
  lastActionAt: Date | null
  eraseAfter: Date | null
  /** How the person was asked for: goes along with each form. */
  query: Record<string, string>
  form: FormState
}
type Props = { page: PageContext; view: View }

const PATH = '/settings/privacy'
const COUNTED = ['messages', 'hits', 'received', 'campaigns', 'suppressions', 'withdrawals'] as const

/** All that is known of one person: each piece with its source, its date and its basis; to hand out, or to erase. */
export const PersonPage = ({ page, view }: Props) => {
  const t = privacyMessages(page.locale)
  const { subject } = view
  return (
    <SettingsFrame page={page} current={PATH}>
      <p>
        <a href={PATH}>
          <Icon name="chevronLeft" /> {t.back}
        </a>
      </p>
      <div class="row row-cards">
        <div class="col-lg-8">
          <div class="card">
            <div class="card-header">
              <h2 class="card-title text-break-all">
                <bdi data-foreign>
                  {[...subject.names, ...subject.addresses].join(' · ') || t.unknownPerson}
                </bdi>
              </h2>
            </div>
            <Sources page={page} view={view} />
            <Rest page={page} view={view} />
          </div>
        </div>
        <div class="col-lg-4">
          <Clock page={page} view={view} />
          <Export page={page} view={view} />
          <Erase page={page} view={view} />
        </div>
      </div>
    </SettingsFrame>
  )
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const day = (page: PageContext, value: unknown): string =>
  value === null || value === undefined ? '' : formatDay(page.locale, new Date(String(value)))

const Sources = ({ page, view: { records, settings } }: Props) => {
  const t = privacyMessages(page.locale)
  const kindOf = (kind: unknown) =>
    kind === 'person' ? t.kind_person : kind === 'email' ? t.kind_email : t.kind_suggested_email
  return (
    <table class="table table-vcenter card-table table-mobile-lg">
      <thead>
        <tr>
          <th>{t.value}</th>
          <th>{t.source}</th>
          <th>{t.firstSeen}</th>
          <th>{t.basisColumn}</th>
        </tr>
      </thead>
      <tbody>
        {records.contacts.map((row) => (
          <tr>
            <td data-label={t.value} class="text-break-all">
              <bdi data-foreign>{text(row['value'])}</bdi>
              <div class="text-secondary small">{kindOf(row['kind'])}</div>
            </td>
            <td data-label={t.source} class="text-break-all">
              {row['method'] === 'manual' ? t.byHand : <OutsideLink url={text(row['page_url'])} />}
              <div class="small">
                <a href={`/companies/${row['company_id']}`}>
                  <bdi data-foreign>{text(row['company'])}</bdi>
                </a>
              </div>
            </td>
            <td data-label={t.firstSeen}>{day(page, row['first_seen_at'])}</td>
            <td data-label={t.basisColumn} class="small">
              {settings.basis}
            </td>
          </tr>
        ))}
        {records.companies.map((row) => (
          <tr>
            <td data-label={t.value} class="text-break-all">
              <bdi data-foreign>{text(row['email']) || text(row['contact_email'])}</bdi>
              <div class="text-secondary small">{t.kind_company}</div>
            </td>
            <td data-label={t.source}>
              {sourceOf(page, row)}
              <div class="small">
                <a href={`/companies/${row['id']}`}>
                  <bdi data-foreign>{text(row['name'])}</bdi>
                </a>
              </div>
            </td>
            <td data-label={t.firstSeen}>{day(page, row['imported_at'] ?? row['created_at'])}</td>
            <td data-label={t.basisColumn} class="small">
              {settings.basis}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const sourceOf = (page: PageContext, row: Record<string, unknown>): string => {
  const t = privacyMessages(page.locale)
  if (!text(row['email'])) return t.chosen
  return text(row['import_file']) ? t.fromList(text(row['import_file'])) : t.byHand
}

const Rest = ({ page, view: { records } }: Props) => {
  const t = privacyMessages(page.locale)
  const told = COUNTED.filter((name) => records[name].length > 0)
  if (told.length === 0) return null
  return (
    <div class="card-body">
      <h3 class="h4">{t.other}</h3>
      <ul class="mb-0">
        {told.map((name) => (
          <li>{t[`count_${name}`](records[name].length)}</li>
        ))}
      </ul>
    </div>
  )
}

const Clock = ({ page, view: { collectedAt, lastActionAt, eraseAfter } }: Props) => {
  const t = privacyMessages(page.locale)
  return (
    <div class="card mb-3">
      <div class="card-body">
        <dl class="mb-0">
          <dt>{t.collected}</dt>
          <dd>{collectedAt ? formatDay(page.locale, collectedAt) : '—'}</dd>
          <dt>{t.lastAction}</dt>
          <dd>{lastActionAt ? formatDay(page.locale, lastActionAt) : t.never}</dd>
          <dt>{t.until}</dt>
          <dd class="mb-0">{eraseAfter ? formatDay(page.locale, eraseAfter) : '—'}</dd>
        </dl>
      </div>
    </div>
  )
}

const Hidden = ({ page, query }: { page: PageContext; query: Record<string, string> }) => (
  <>
    <CsrfField token={page.csrf} />
    {Object.entries(query).map(([name, value]) => (
      <input type="hidden" name={name} value={value} />
    ))}
  </>
)

const Export = ({ page, view: { query } }: Props) => {
  const t = privacyMessages(page.locale)
  return (
    <form method="post" action={`${PATH}/person/export`} class="card mb-3">
      <div class="card-body">
        <Hidden page={page} query={query} />
        <p class="text-secondary">{t.exportText}</p>
        <button type="submit" class="btn w-100">
          <Icon name="download" /> {t.export}
        </button>
      </div>
    </form>
  )
}

const Erase = ({ page, view: { query, form } }: Props) => {
  const t = privacyMessages(page.locale)
  return (
    <form method="post" action={`${PATH}/person/erase`} class="card">
      <div class="card-body">
        <Hidden page={page} query={query} />
        <p>{t.eraseText}</p>
        <p class="text-secondary">{t.eraseBeyond}</p>
        <label class="form-check">
          <input class="form-check-input" type="checkbox" name="sure" value="1" />
          <span class="form-check-label">{t.eraseConfirm}</span>
        </label>
        {form.errors['sure'] && (
          <div class="text-danger small mb-2" role="alert">
            {form.errors['sure']}
          </div>
        )}
        <button type="submit" class="btn w-100">
          {t.erase}
        </button>
      </div>
    </form>
  )
}
