import { recogniseHeader } from '../recognise-columns.ts'
import { looksLikeData } from '../recognise-content.ts'
import type { TableRow } from './table.ts'

const MIN_NAMES = 2

/** The header among the first rows (blank ones left out): the row with the most known column names; else the
 *  first row as wide as the data under it. A file whose first row is already data gets a made-up header. */
export const findHeader = (rows: TableRow[]): { header: string[]; row: number } => {
  const known = rows.map(({ cells }) => recogniseHeader(cells))
  const most = Math.max(...known)
  const width = Math.max(...rows.map(({ cells }) => filled(cells).length))
  let at = known.indexOf(most)
  if (most < Math.min(MIN_NAMES, width)) at = rows.findIndex(({ cells }) => filled(cells).length * 2 > width)
  const found = rows[Math.max(0, at)]!
  if (most < MIN_NAMES && looksLikeData(found.cells)) return { header: madeUp(rows), row: 0 }
  return { header: trimEnd(found.cells), row: found.row }
}

const filled = (cells: string[]): string[] => cells.filter((cell) => cell !== '')

const madeUp = (rows: TableRow[]): string[] =>
  Array.from(
    { length: Math.max(...rows.map(({ cells }) => trimEnd(cells).length)) },
    (_, i) => `Column ${i + 1}`,
  )

const trimEnd = (cells: string[]): string[] => cells.slice(0, cells.findLastIndex((cell) => cell !== '') + 1)
