import type { Company } from '#src/companies/queries-edit.ts'
import { stageValues, statusValues } from '#src/companies/statuses.ts'
import { CsrfField } from '#templates/components/form.tsx'
import { commonMessages } from '#templates/messages.ts'
import type { PageContext } from '#templates/page.ts'
import { detailMessages } from './detail-messages.ts'
import { statusText } from './messages.ts'

export type GroupChoice = { id: number; name: string; member: boolean }

type FollowUpProps = { page: PageContext; company: Company; groups: GroupChoice[] }

/** What the salesperson keeps about the company, in one form. */
export const FollowUp = ({ page, company, groups }: FollowUpProps) => {
  const { locale } = page
  const t = detailMessages(locale)
  return (
    <form method="post" action={`/companies/${company.id}/follow-up`}>
      <CsrfField token={page.csrf} />
      <h2 class="h3">{t.followUp}</h2>
      <div class="row g-2">
        <Choice
          name="status"
          label={t.status}
          values={statusValues}
          chosen={company.status}
          locale={locale}
        />
        <Choice name="stage" label={t.stage} values={stageValues} chosen={company.stage} locale={locale} />
      </div>
      <label class="form-label mt-2" for="company-tags">
        {t.tags}
      </label>
      <input
        id="company-tags"
        class="form-control"
        name="tags"
        value={company.tags.join(', ')}
        aria-describedby="tags-hint"
      />
      <div class="form-hint" id="tags-hint">
        {t.tagsHint}
      </div>
      <label class="form-label mt-2" for="company-notes">
        {t.notes}
      </label>
      <textarea id="company-notes" class="form-control" name="notes" rows={4} maxlength={20_000}>
        {company.notes}
      </textarea>
      <fieldset class="mt-2">
        <legend class="form-label">{t.groups}</legend>
        {groups.length === 0 && (
          <>
            <p class="text-secondary mb-1">{t.noGroups}</p>
            <a href="/groups">{t.groups}</a>
          </>
        )}
        {groups.map(({ id, name, member }) => (
          <label class="form-check form-check-inline">
            <input class="form-check-input" type="checkbox" name="groups" value={id} checked={member} />
            <span class="form-check-label">{name}</span>
          </label>
        ))}
      </fieldset>
      <button class="btn btn-primary mt-2" type="submit">
        {commonMessages(locale).save}
      </button>
    </form>
  )
}

type ChoiceProps = {
  name: string
  label: string
  values: readonly string[]
  chosen: string
  locale: PageContext['locale']
}

const Choice = ({ name, label, values, chosen, locale }: ChoiceProps) => (
  <div class="col-6">
    <label class="form-label" for={`company-${name}`}>
      {label}
    </label>
    <select id={`company-${name}`} class="form-select" name={name}>
      {values.map((value) => (
        <option value={value} selected={value === chosen}>
          {statusText(locale, value)}
        </option>
      ))}
    </select>
  </div>
)
