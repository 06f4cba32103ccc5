import type { CrawlBudget } from '#src/companies/schema.ts'
import { thoroughLimits } from '#src/crawl/crawl-limits.ts'

// What the existing product's API does without being told.
const DEFAULT = { pages: 30, seconds: 180, depth: 2 }
const MOST = {
  pages: thoroughLimits.pages,
  seconds: thoroughLimits.durationMs / 1_000,
  depth: thoroughLimits.depth,
}
const LEAST = { pages: 1, seconds: 10, depth: 0 }
type Limit = keyof typeof DEFAULT

/** The limits a caller asked for, held within those of the thorough preset: somebody else's server pays for it. */
export const askedBudget = (options: Record<string, unknown>): CrawlBudget => {
  const within = (limit: Limit): number => {
    const asked = options[limit]
    const value = typeof asked === 'number' && Number.isInteger(asked) ? asked : DEFAULT[limit]
    return Math.min(MOST[limit], Math.max(LEAST[limit], value))
  }
  return {
    preset: 'standard',
    limits: { pages: within('pages'), seconds: within('seconds'), depth: within('depth') },
  }
}
