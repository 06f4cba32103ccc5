import type { CompanyList } from '#src/companies/list-companies.ts'
import { crawlStates, scoreLevels, stageValues, statusValues } from '#src/companies/statuses.ts'
import { ruleIds } from '#src/analysis/messages.ts'
import { Icon } from '#templates/components/icon.tsx'
import type { PageContext } from '#templates/page.ts'
import { crawlText, levelText, listMessages, statusText } from './messages.ts'
import { weaknessText } from './company-rows.tsx'

export type ListOptions = {
  groups: { id: number; name: string }[]
  imports: { id: number; fileName: string }[]
}
type Option = { value: string | number; text: string }

/** Search and filters: a plain form; htmx sends it while one types. */
export const ListFilters = (props: { page: PageContext; list: CompanyList; options: ListOptions }) => {
  const { locale } = props.page
  const { filter } = props.list.view
  const t = listMessages(locale)
  const levels = [...scoreLevels, 'unscored']
  const inPanel =
    filter.stage || filter.crawl || filter.group || filter.importId || filter.weakness || filter.tag
  return (
    <form
      class="card mb-3"
      method="get"
      action="/companies"
      role="search"
      id="filters"
      hx-get="/companies"
      hx-target="#results"
      hx-swap="outerHTML"
      hx-sync="this:replace"
      hx-trigger="submit, change, input delay:300ms from:#search"
    >
      <div class="card-body">
        <div class="row g-2">
          <div class="col-12 col-xl">
            <label class="visually-hidden" for="search">
              {t.search}
            </label>
            <div class="input-icon">
              <span class="input-icon-addon">
                <Icon name="search" />
              </span>
              <input
                id="search"
                class="form-control"
                type="search"
                name="q"
                value={filter.q}
                placeholder={t.searchHint}
                maxlength={200}
                autocomplete="off"
              />
            </div>
          </div>
          <Select
            whole
            name="status"
            label={t.status}
            any={t.anyStatus}
            chosen={filter.status[0] ?? ''}
            options={statusValues.map((value) => ({ value, text: statusText(locale, value) }))}
          />
          <Select
            whole
            name="level"
            label={t.level}
            any={t.anyLevel}
            chosen={filter.level}
            options={levels.map((value) => ({ value, text: levelText(locale, value) }))}
          />
          <Select
            whole
            name="contact"
            label={t.contact}
            any={t.anyContact}
            chosen={filter.contact}
            options={[
              { value: 'yes', text: t.withContact },
              { value: 'no', text: t.withoutContact },
            ]}
          />
          <div class="col-auto d-flex align-items-center">
            <label class="form-check m-0">
              <input
                class="form-check-input"
                type="checkbox"
                name="favourite"
                value="1"
                checked={filter.favourite}
              />
              <span class="form-check-label">{t.favouritesOnly}</span>
            </label>
          </div>
        </div>
        <details class="mt-2" open={Boolean(inPanel)}>
          <summary>{t.filters}</summary>
          <div class="row g-2 mt-1">
            <Select
              name="stage"
              label={t.stage}
              any={t.anyStage}
              chosen={filter.stage}
              options={stageValues.map((value) => ({ value, text: statusText(locale, value) }))}
            />
            <Select
              name="crawl"
              label={t.crawl}
              any={t.anyCrawl}
              chosen={filter.crawl}
              options={crawlStates.map((value) => ({ value, text: crawlText(locale, value) }))}
            />
            <Select
              name="weakness"
              label={t.weakness}
              any={t.anyWeakness}
              chosen={filter.weakness}
              options={ruleIds
                .map((value) => ({ value, text: weaknessText(locale, value) }))
                .sort((a, b) => a.text.localeCompare(b.text, locale))}
            />
            <Select
              name="group"
              label={t.group}
              any={t.anyGroup}
              chosen={filter.group ?? ''}
              options={props.options.groups.map(({ id, name }) => ({ value: id, text: name }))}
            />
            <Select
              name="import"
              label={t.importName}
              any={t.anyImport}
              chosen={filter.importId ?? ''}
              options={props.options.imports.map(({ id, fileName }) => ({ value: id, text: fileName }))}
            />
            <div class="col-12 col-sm-6 col-lg-3">
              <label class="visually-hidden" for="filter-tag">
                {t.tag}
              </label>
              <input
                id="filter-tag"
                class="form-control"
                name="tag"
                value={filter.tag}
                placeholder={t.tag}
                maxlength={100}
              />
            </div>
          </div>
        </details>
        <div class="d-flex flex-wrap gap-2 mt-2">
          <button class="btn btn-primary" type="submit">
            <Icon name="filter" /> {t.apply}
          </button>
          <a class="btn" href="/companies">
            {t.clear}
          </a>
        </div>
      </div>
    </form>
  )
}

const Select = (props: {
  name: string
  label: string
  any: string
  chosen: string | number
  options: Option[]
  /** As wide as its longest choice. */
  whole?: boolean
}) => (
  <div class={`col-12 col-sm-6 ${props.whole ? 'col-lg-3 col-xl-auto' : 'col-lg-2'}`}>
    <select class="form-select" name={props.name} aria-label={props.label}>
      <option value="">{props.any}</option>
      {props.options.map(({ value, text }) => (
        <option value={value} selected={String(value) === String(props.chosen)}>
          {text}
        </option>
      ))}
    </select>
  </div>
)
