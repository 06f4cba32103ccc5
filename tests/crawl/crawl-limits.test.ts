import { expect, test } from 'bun:test'
import { readCrawlBudget } from '#src/companies/crawl-budget.ts'
import { estimateText } from '#src/crawl/budget-messages.ts'
import { limitsOf, quickLimits, standardLimits, thoroughLimits } from '#src/crawl/crawl-limits.ts'

test('a company without a budget gets the standard preset, each preset its own limits', () => {
  expect(limitsOf(null)).toEqual(standardLimits)
  expect(limitsOf({ preset: 'standard' })).toEqual(standardLimits)
  expect(limitsOf({ preset: 'quick' })).toEqual(quickLimits)
  expect(limitsOf({ preset: 'thorough' })).toEqual(thoroughLimits)
})

test('numbers changed by hand win over the preset, the rest stays', () => {
  const limits = limitsOf({ preset: 'quick', limits: { pages: 12, seconds: 90, depth: 0 } })
  expect(limits).toMatchObject({ pages: 12, durationMs: 90_000, depth: 0, bytes: quickLimits.bytes })
})

test('no page may be larger than the whole site may be', () => {
  expect(limitsOf({ preset: 'quick', limits: { bytes: 2_000_000 } }).pageBytes).toBe(2_000_000)
})

test('more pages by hand mean more patience with pages that bring nothing', () => {
  expect(limitsOf({ preset: 'standard', limits: { pages: 150 } }).fruitlessPages).toBe(50)
})

test('a stored number out of bounds is not obeyed', () => {
  const wrong: Record<string, number>[] = [{ pages: 10_000 }, { pages: -1 }, { pages: 2.5 }, { page: 3 }]
  for (const limits of wrong) expect(limitsOf({ preset: 'standard', limits })).toEqual(standardLimits)
  expect(limitsOf({ preset: 'everything' } as never)).toEqual(standardLimits)
})

test('a form is read as preset and numbers, the standard preset alone as nothing to store', () => {
  expect(readCrawlBudget({})).toEqual({ ok: true, budget: null })
  expect(readCrawlBudget({ preset: 'standard', pages: ' ' })).toEqual({ ok: true, budget: null })
  expect(readCrawlBudget({ preset: 'quick' })).toEqual({ ok: true, budget: { preset: 'quick' } })
  expect(readCrawlBudget({ preset: 'standard', megabytes: '12,5', depth: '0' })).toEqual({
    ok: true,
    budget: { preset: 'standard', limits: { bytes: 12_500_000, depth: 0 } },
  })
})

test.each([
  ['pages', { pages: '10000' }],
  ['pages', { pages: '0' }],
  ['bytes', { megabytes: 'many' }],
  ['seconds', { seconds: '5' }],
  ['depth', { depth: '1.5' }],
] as const)('a number out of bounds is refused by its name: %s', (field, values) => {
  expect(readCrawlBudget(values)).toEqual({ ok: false, problem: { field } })
})

test('the estimate says pages, sites and time in both languages', () => {
  expect(estimateText('fr', { preset: 'quick' }, 200)).toBe(
    '5 pages par site : 200 sites ≈ 1 min, à 500 sites en même temps par machine.',
  )
  expect(estimateText('en', null, 10_000)).toBe(
    '20 pages per site: 10,000 sites ≈ 67 min, at 500 sites at once per machine.',
  )
})
