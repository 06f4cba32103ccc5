import { z } from 'zod'
import type { CrawlBudget } from './schema.ts'

export const crawlPresets = ['quick', 'standard', 'thorough'] as const
export type CrawlPreset = CrawlBudget['preset']

/** What may be asked of one site at most, whoever asks: other people's servers pay for it, and one site must not
 *  hold up the list. `bytes` in decoded bytes, `depth` in clicks from the home page. */
export const budgetBounds = {
  pages: { min: 1, max: 200 },
  bytes: { min: 1_000_000, max: 200_000_000 },
  seconds: { min: 10, max: 1_800 },
  depth: { min: 0, max: 8 },
} as const
export type BudgetField = keyof typeof budgetBounds
export const budgetFields = Object.keys(budgetBounds) as BudgetField[]

/** Forms ask for megabytes. */
export const MEGABYTE = 1_000_000

const whole = (field: BudgetField) => {
  const { min, max } = budgetBounds[field]
  return z.coerce.number().int().min(min).max(max)
}

const stored = z.object({
  preset: z.enum(crawlPresets).catch('standard'),
  limits: z
    .object({
      pages: whole('pages').optional().catch(undefined),
      bytes: whole('bytes').optional().catch(undefined),
      seconds: whole('seconds').optional().catch(undefined),
      depth: whole('depth').optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
})

/** A stored budget as it may be obeyed: what is out of bounds falls back to its preset. */
export const tidyBudget = (
  budget: CrawlBudget | null,
): { preset: CrawlPreset; limits: Partial<Record<BudgetField, number | undefined>> } => {
  const { preset, limits = {} } = stored.parse(budget ?? { preset: 'standard' })
  return { preset, limits }
}

export const isPreset = (value: unknown): value is CrawlPreset => crawlPresets.some((one) => one === value)

export type BudgetProblem = { field: BudgetField }

/** `preset`, `pages`, `megabytes`, `seconds`, `depth` of a form; an empty number is the preset's. Null is the
 *  standard preset as it is. */
export const readCrawlBudget = (
  values: Record<string, string>,
): { ok: true; budget: CrawlBudget | null } | { ok: false; problem: BudgetProblem } => {
  const preset = isPreset(values['preset']) ? values['preset'] : 'standard'
  const limits: Record<string, number> = {}
  for (const field of budgetFields) {
    const text = (values[field === 'bytes' ? 'megabytes' : field] ?? '').trim().replace(',', '.')
    if (text === '') continue
    const read = whole(field).safeParse(field === 'bytes' ? Math.round(Number(text) * MEGABYTE) : text)
    if (!read.success) return { ok: false, problem: { field } }
    limits[field] = read.data
  }
  if (Object.keys(limits).length > 0) return { ok: true, budget: { preset, limits } }
  return { ok: true, budget: preset === 'standard' ? null : { preset } }
}
