import { expect, test } from 'bun:test'
import type { Numbers, Point } from '#src/campaigns/results/numbers.ts'
import { Chart } from '#templates/campaign-results/chart.tsx'

const page = { locale: 'fr', theme: 'light', user: null, csrf: '', path: '/', flash: null } as const

const drawn = (points: Point[]): string => {
  const numbers = { unit: 'hour', points } as Numbers
  return String(Chart({ page, numbers }))
}
const hour = (at: string, opens: number): Point => ({ at, sent: 12, opens, clicks: 0, replies: 1 })

test('what people did in the only hour there is can be seen', () => {
  const html = drawn([hour('2026-11-23T06:00:00Z', 3)])
  const lines = [...html.matchAll(/<polyline[^>]*points="([^"]*)"/g)].map(([, points = '']) =>
    points.split(' '),
  )
  // Openings and replies, each from one edge to the other.
  expect(lines.map((line) => line.length)).toEqual([2, 2])
  expect(lines[0]).toEqual(['0,4.0', '600,4.0'])
  expect(html.match(/23 nov\. 2026/g)).toHaveLength(4)
})

test('several hours are joined by lines', () => {
  const html = drawn([hour('2026-11-23T06:00:00Z', 3), hour('2026-11-23T08:00:00Z', 1)])
  expect(/<polyline[^>]*points="([^"]*)"/.exec(html)?.[1]?.split(' ')).toHaveLength(3)
})
