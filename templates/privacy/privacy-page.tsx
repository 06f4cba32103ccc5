import type { PrivacySettings } from '#src/privacy/privacy-settings.ts'
import type { listLog } from '#src/privacy/queries-erase.ts'
import type { FoundPerson } from '#src/privacy/queries-person.ts'
import { formatDate, formatDay } from '#src/lib/i18n.ts'
import { SettingsFrame } from '#templates/auth/settings-frame.tsx'
import { FieldNotes } from '#templates/components/field-notes.tsx'
import { CsrfField, Field } from '#templates/components/form.tsx'
import { Icon } from '#templates/components/icon.tsx'
import type { FormState, PageContext } from '#templates/page.ts'
import { privacyMessages } from './messages.ts'

type View = {
  search: string
  people: readonly FoundPerson[]
  /** More were found than are shown. */
  isCut: boolean
  settings: PrivacySettings
  log: Awaited<ReturnType<typeof listLog>>
  form: FormState
}
type Props = { page: PageContext; view: View }

const PATH = '/settings/privacy'

/** Finding a person, how long data is kept, the register, and what was done. */
export const PrivacyPage = ({ page, view }: Props) => (
  <SettingsFrame page={page} current={PATH}>
    <div class="row row-cards">
      <div class="col-lg-8">
        <Search page={page} view={view} />
        <Log page={page} view={view} />
      </div>
      <div class="col-lg-4">
        <Register page={page} />
        <SettingsForm page={page} view={view} />
      </div>
    </div>
  </SettingsFrame>
)

const Search = ({ page, view: { search, people, isCut } }: Props) => {
  const t = privacyMessages(page.locale)
  return (
    <div class="card">
      <div class="card-header">
        <h2 class="card-title">{t.title}</h2>
      </div>
      <div class="card-body">
        <p class="text-secondary">{t.intro}</p>
        <form method="get" action={PATH} class="d-flex gap-2" role="search">
          <input
            class="form-control"
            type="search"
            name="q"
            value={search}
            aria-label={t.search}
            placeholder={t.search}
          />
          <button class="btn btn-primary" type="submit">
            {t.searchButton}
          </button>
        </form>
        {search !== '' && people.length === 0 && (
          <p class="mt-3 mb-0" role="status">
            {t.nobody(search)}
          </p>
        )}
        {isCut && <p class="mt-3 mb-0 text-secondary">{t.tooMany(people.length)}</p>}
      </div>
      {people.length > 0 && (
        <table class="table table-vcenter card-table table-mobile-lg">
          <thead>
            <tr>
              <th>{t.person}</th>
              <th>{t.company}</th>
              <th>{t.seen}</th>
              <th>
                <span class="visually-hidden">{t.open}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {people.map((person) => (
              <Row page={page} person={person} />
            ))}
          </tbody>
        </table>
      )}
    </div>
  )
}

const Row = ({ page, person }: { page: PageContext; person: FoundPerson }) => {
  const t = privacyMessages(page.locale)
  const { address, factId, name, companyId, company, seenAt } = person
  const query = new URLSearchParams(address === null ? { fact: String(factId) } : { address })
  return (
    <tr>
      <td data-label={t.person} class="text-break-all">
        {name && <bdi data-foreign>{name}</bdi>}
        {address && (
          <div class={name ? 'text-secondary small' : ''}>
            <bdi data-foreign>{address}</bdi>
          </div>
        )}
      </td>
      <td data-label={t.company}>
        <a href={`/companies/${companyId}`}>
          <bdi data-foreign>{company}</bdi>
        </a>
      </td>
      <td data-label={t.seen}>{formatDay(page.locale, seenAt)}</td>
      <td>
        <a class="btn btn-sm" href={`${PATH}/person?${query}`} aria-label={t.openOf(name ?? address ?? '')}>
          {t.open}
        </a>
      </td>
    </tr>
  )
}

const Register = ({ page }: { page: PageContext }) => {
  const t = privacyMessages(page.locale)
  return (
    <div class="card mb-3">
      <div class="card-header">
        <h2 class="card-title">{t.register}</h2>
      </div>
      <div class="card-body">
        <p class="text-secondary">{t.registerText}</p>
        <div class="d-flex flex-wrap gap-2">
          <a class="btn" href={`${PATH}/register`}>
            {t.registerOpen}
          </a>
          <a class="btn" href={`${PATH}/register.md`}>
            <Icon name="download" /> {t.registerDownload}
          </a>
        </div>
      </div>
    </div>
  )
}

const SettingsForm = ({ page, view: { settings, form } }: Props) => {
  const t = privacyMessages(page.locale)
  return (
    <form method="post" action={PATH} class="card">
      <div class="card-header">
        <h2 class="card-title">{t.settings}</h2>
      </div>
      <div class="card-body">
        <CsrfField token={page.csrf} />
        <Field
          name="controller"
          label={t.controller}
          form={form}
          value={settings.controller}
          autocomplete="organization"
        />
        <Field name="contact" label={t.contact} form={form} value={settings.contact} hint={t.contactHint} />
        <div class="mb-3">
          <label class="form-label" for="field-basis">
            {t.basis}
          </label>
          <textarea
            id="field-basis"
            class={form.errors['basis'] ? 'form-control is-invalid' : 'form-control'}
            name="basis"
            rows={4}
            maxlength={500}
          >
            {form.values['basis'] ?? settings.basis}
          </textarea>
          <FieldNotes name="basis" error={form.errors['basis']} hint={undefined} />
        </div>
        <Field
          name="retentionMonths"
          label={t.retentionMonths}
          form={form}
          type="number"
          value={String(settings.retentionMonths)}
          hint={t.retentionHint}
        />
      </div>
      <div class="card-footer text-end">
        <button type="submit" class="btn btn-primary">
          {t.save}
        </button>
      </div>
    </form>
  )
}

const Log = ({ page, view: { log } }: Props) => {
  const t = privacyMessages(page.locale)
  return (
    <div class="card mt-3">
      <div class="card-header">
        <h2 class="card-title">{t.log}</h2>
      </div>
      {log.length === 0 && <p class="card-body text-secondary mb-0">{t.logEmpty}</p>}
      {log.length > 0 && (
        <ul class="list-group list-group-flush">
          {log.map(({ at, kind, counts }) => (
            <li class="list-group-item d-flex flex-wrap gap-2">
              <span class="text-secondary">{formatDate(page.locale, at)}</span>
              <span>{t[`log_${kind}`]}</span>
              <span class="ms-auto text-secondary">
                {t.records(Object.values(counts).reduce((sum, count) => sum + count, 0))}
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
