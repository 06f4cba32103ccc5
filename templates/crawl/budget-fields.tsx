import { boundsOfField, budgetTexts } from '#src/companies/budget-messages.ts'
import type { BudgetField, CrawlPreset } from '#src/companies/crawl-budget.ts'
import type { CrawlBudget } from '#src/companies/schema.ts'
import { estimateText, presetOption } from '#src/crawl/budget-messages.ts'
import { formatNumber } from '#src/lib/i18n.ts'
import type { PageContext } from '#templates/page.ts'

const PRESETS: CrawlPreset[] = ['quick', 'standard', 'thorough']
const FIELDS: BudgetField[] = ['pages', 'bytes', 'seconds', 'depth']
const MEGABYTE = 1_000_000

type PresetProps = { page: PageContext; chosen: CrawlPreset | null; id: string; own?: boolean }

/** A preset to choose; `own` puts "each record's own" first. */
export const PresetSelect = ({ page, chosen, id, own = false }: PresetProps) => {
  const t = budgetTexts(page.locale)
  return (
    <select class="form-select" name="preset" id={id} {...(own ? { 'aria-label': t.title } : {})}>
      {own && <option value="">{t.own}</option>}
      {PRESETS.map((preset) => (
        <option value={preset} selected={preset === chosen}>
          {presetOption(page.locale, preset)}
        </option>
      ))}
    </select>
  )
}

type BudgetProps = {
  page: PageContext
  budget: CrawlBudget | null
  /** How many sites it is for, to say how long that takes. */
  sites?: number
}

/** The preset and, folded away, the four numbers; read by readCrawlBudget. */
export const BudgetFields = ({ page, budget, sites }: BudgetProps) => {
  const t = budgetTexts(page.locale)
  const limits = budget?.limits ?? {}
  const shown = (field: BudgetField) => {
    const value = limits[field]
    return value === undefined ? '' : String(field === 'bytes' ? value / MEGABYTE : value)
  }
  return (
    <>
      <label class="form-label" for="crawl-preset">
        {t.title}
      </label>
      <PresetSelect page={page} chosen={budget?.preset ?? 'standard'} id="crawl-preset" />
      <ul class="form-hint list-unstyled mt-1 mb-2">
        {PRESETS.map((preset) => (
          <li>
            {t[`${preset}Means`]}
            {sites !== undefined && sites > 0 && (
              <span class="d-block ms-3">{estimateText(page.locale, { preset }, sites)}</span>
            )}
          </li>
        ))}
      </ul>
      <details class="mb-3" open={Object.keys(limits).length > 0}>
        <summary>{t.more}</summary>
        <p class="form-hint my-2" id="crawl-more-hint">
          {t.moreHint}
        </p>
        <div class="row g-2">
          {FIELDS.map((field) => {
            const { min, max } = boundsOfField(field)
            return (
              <div class="col-6">
                <label class="form-label" for={`crawl-${field}`}>
                  {t[field]}
                </label>
                <input
                  class="form-control"
                  id={`crawl-${field}`}
                  name={field === 'bytes' ? 'megabytes' : field}
                  type="number"
                  inputmode="decimal"
                  step={field === 'bytes' ? 'any' : 1}
                  min={min}
                  max={max}
                  value={shown(field)}
                  placeholder={t.between(formatNumber(page.locale, min), formatNumber(page.locale, max))}
                  aria-describedby="crawl-more-hint"
                />
              </div>
            )
          })}
        </div>
      </details>
    </>
  )
}
