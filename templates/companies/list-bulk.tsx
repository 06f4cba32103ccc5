import type { CompanyList } from '#src/companies/list-companies.ts'
import { statusValues } from '#src/companies/statuses.ts'
import { Icon } from '#templates/components/icon.tsx'
import { PresetSelect } from '#templates/crawl/budget-fields.tsx'
import type { PageContext } from '#templates/page.ts'
import type { ListOptions } from './list-filters.tsx'
import { listMessages, statusText } from './messages.ts'

/** What can be done with the ticked companies, or with all of the result. Part of the selection's form. */
export const BulkActions = (props: {
  page: PageContext
  list: CompanyList
  options: ListOptions
  countText: string
}) => {
  const { locale } = props.page
  const t = listMessages(locale)
  return (
    <details class="card-body border-bottom py-2">
      <summary>
        {t.bulk} <span class="badge bg-blue-lt ms-1" data-counts="ids" hidden></span>
      </summary>
      <p class="text-secondary mt-2 mb-2">{t.bulkHint}</p>
      <label class="form-check">
        <input class="form-check-input" type="checkbox" name="all" value="1" />
        <span class="form-check-label">{t.selectAll(props.countText)}</span>
      </label>
      <div class="row g-2">
        <div class="col-12 col-lg-8">
          <div class="input-group">
            <PresetSelect page={props.page} chosen={null} id="bulk-preset" own />
            <button class="btn" type="submit" formaction="/companies/crawls">
              <Icon name="refresh" /> {t.crawlSelection}
            </button>
          </div>
        </div>
        <div class="col-12 d-flex flex-wrap gap-2">
          <button class="btn btn-primary" type="submit" formaction="/audience/campaign">
            <Icon name="mail" /> {t.campaignSelection}
          </button>
          <a class="btn" href={`/segments/new?${props.list.filterQuery}`}>
            <Icon name="filter" /> {t.keepAsSegment}
          </a>
        </div>
        <div class="col-12 d-flex flex-wrap gap-2">
          <button class="btn" type="submit" formaction="/companies/export" name="format" value="csv">
            <Icon name="download" /> {t.exportCsv}
          </button>
          <button class="btn" type="submit" formaction="/companies/export" name="format" value="xlsx">
            <Icon name="download" /> {t.exportXlsx}
          </button>
          <button class="btn" type="submit" name="action" value="delete" data-confirm={t.deleteConfirm}>
            <Icon name="trash" /> {t.delete}
          </button>
        </div>
        <div class="col-12 col-lg-4">
          <div class="input-group">
            <select class="form-select" name="newStatus" aria-label={t.status}>
              {statusValues.map((value) => (
                <option value={value}>{statusText(locale, value)}</option>
              ))}
            </select>
            <button class="btn" type="submit" name="action" value="status">
              {t.setStatus}
            </button>
          </div>
        </div>
        <div class="col-12 col-lg-4">
          <div class="input-group">
            <input class="form-control" name="newTag" maxlength={60} placeholder={t.tag} aria-label={t.tag} />
            <button class="btn" type="submit" name="action" value="add-tag">
              {t.addTag}
            </button>
            <button
              class="btn btn-icon"
              type="submit"
              name="action"
              value="remove-tag"
              aria-label={t.removeTag}
              title={t.removeTag}
            >
              <Icon name="minus" />
            </button>
          </div>
        </div>
        {props.options.groups.length > 0 && (
          <div class="col-12 col-lg-4">
            <div class="input-group">
              <select class="form-select" name="newGroup" aria-label={t.chooseGroup}>
                {props.options.groups.map(({ id, name }) => (
                  <option value={id}>{name}</option>
                ))}
              </select>
              <button class="btn" type="submit" name="action" value="add-group">
                {t.addToGroup}
              </button>
              <button
                class="btn btn-icon"
                type="submit"
                name="action"
                value="remove-group"
                aria-label={t.removeFromGroup}
                title={t.removeFromGroup}
              >
                <Icon name="minus" />
              </button>
            </div>
          </div>
        )}
      </div>
    </details>
  )
}
