import { budgetTexts } from '#src/companies/budget-messages.ts'
import type { CrawlPreset } from '#src/companies/crawl-budget.ts'
import type { CrawlBudget } from '#src/companies/schema.ts'
import type { Locale } from '#src/lib/i18n.ts'
import { estimateSeconds, limitsOf, presetLimits, SITES_AT_ONCE } from './crawl-limits.ts'

/** "Rapide (5 pages au plus)". */
export const presetOption = (locale: Locale, preset: CrawlPreset): string => {
  const t = budgetTexts(locale)
  return t.option(t[preset], presetLimits[preset].pages)
}

/** "5 pages par site : 200 sites ≈ 2 min …"; a guess from the pause between requests, not from these sites. */
export const estimateText = (locale: Locale, budget: CrawlBudget | null, sites: number): string => {
  const t = budgetTexts(locale)
  const limits = limitsOf(budget)
  const minutes = Math.ceil(estimateSeconds(limits, sites) / 60)
  const duration = minutes < 120 ? t.minutes(minutes) : t.hours(Math.round(minutes / 60))
  return t.estimate(sites, limits.pages, duration, SITES_AT_ONCE)
}
