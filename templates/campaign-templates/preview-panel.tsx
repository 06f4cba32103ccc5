import { Icon } from '#templates/components/icon.tsx'
import type { PageContext } from '#templates/page.ts'
import { templateMessages } from './messages.ts'

export type PreviewChoice = {
  /** Where the frame is filled from; the form posts there too, with what is written. */
  path: string
  companyId: number | null
  companies: readonly { companyId: number; name: string }[]
  search: string
}

const SHOW = 'preview-show'

export const previewViews = ['desktop', 'phone', 'dark', 'asText'] as const

/** The message as one company would get it, drawn in a frame of its own. Part of the form: its buttons send what is
 *  written, saved or not. */
export const PreviewPanel = ({ page, preview }: { page: PageContext; preview: PreviewChoice }) => {
  const t = templateMessages(page.locale)
  const { path, companyId, companies, search } = preview
  return (
    <section class="card-body border-top" aria-labelledby="preview-title">
      <h2 class="card-title" id="preview-title">
        {t.preview}
      </h2>
      <div class="row g-2 align-items-end mb-2">
        <div class="col-sm-6">
          <label class="form-label" for="preview-company">
            {t.previewWith}
          </label>
          <select class="form-select" id="preview-company" name="company" data-submit-on-change={SHOW}>
            <option value="" selected={companyId === null}>
              {t.sample}
            </option>
            {companies.map(({ companyId: id, name }) => (
              <option value={String(id)} selected={id === companyId}>
                {name}
              </option>
            ))}
          </select>
        </div>
        <div class="col-sm-6">
          <label class="form-label" for="preview-search">
            {t.findCompany}
          </label>
          <div class="input-group">
            <input class="form-control" id="preview-search" name="search" value={search} autocomplete="off" />
            <button class="btn" type="submit" name="do" value="search">
              {t.search}
            </button>
          </div>
        </div>
      </div>
      <fieldset class="mb-2">
        <legend class="form-label">{t.view}</legend>
        {previewViews.map((view) => (
          <label class="form-check form-check-inline">
            <input
              class="form-check-input"
              type="radio"
              name="view"
              value={view}
              checked={view === 'desktop'}
              data-submit-on-change={SHOW}
            />
            <span class="form-check-label">{t[view]}</span>
          </label>
        ))}
      </fieldset>
      <button class="btn mb-2" id={SHOW} type="submit" formaction={path} formtarget="preview" formnovalidate>
        <Icon name="refresh" /> {t.show}
      </button>
      <p class="form-hint">{t.showHint}</p>
      <iframe
        class="preview-frame"
        name="preview"
        title={t.previewFrame}
        src={companyId === null ? path : `${path}?company=${companyId}`}
      />
    </section>
  )
}
