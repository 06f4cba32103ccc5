import { AppError, type Result } from '#src/lib/errors.ts'
import { findHeader } from './find-header.ts'
import { readCsv } from './read-csv.ts'
import { readOds } from './read-ods.ts'
import { readXls } from './read-xls.ts'
import { readXlsx } from './read-xlsx.ts'
import { sniffFormat } from './sniff-format.ts'
import * as table from './table.ts'
import { isErrorCell, tidyCell } from './tidy-cell.ts'
import { openZip } from './zip.ts'

// Enough rows to find the header below a logo, a title and a few notes.
const PEEKED_ROWS = 30
const MIN_ROWS_OF_DATA = 2

export type Table = {
  format: table.TableFormat
  /** Every sheet, hidden ones last. */
  sheets: string[]
  sheet: string
  header: string[]
  /** The sheet row of the header; 0 when the file has none and `header` was made up. */
  headerRow: number
  /** Read from the file as it is iterated, once; blank rows left out. Iterating throws an AppError whose code is
   *  a TableProblemCode (`too_many_rows`, `zip_bomb`, `unreadable`). */
  rows: Iterable<table.TableRow>
  /** Grows while `rows` is iterated. */
  warnings: table.TableWarnings
}

export type ReadTableOptions = { sheet?: string; limits?: Partial<table.TableLimits> }

/** Reads a spreadsheet (.xlsx, .ods, .xls, or delimited text) whose first sheet with data, or the one named, has a
 *  header. The content decides the format, not the file's extension. CPU only, safe for hostile files. */
export const readTable = async (
  bytes: Uint8Array,
  fileName: string,
  options: ReadTableOptions = {},
): Promise<Result<Table, { code: table.TableProblemCode; message: string }>> => {
  try {
    return { ok: true, value: await openTable(bytes, fileName, options) }
  } catch (error) {
    return { ok: false, problem: problemOf(error) }
  }
}

/** What an error thrown by a reader, or while rows are iterated, means for the person who chose the file. */
export const problemOf = (error: unknown): { code: table.TableProblemCode; message: string } =>
  error instanceof AppError
    ? { code: error.code as table.TableProblemCode, message: error.message }
    : table.tableProblem('unreadable')

const openTable = async (bytes: Uint8Array, fileName: string, options: ReadTableOptions): Promise<Table> => {
  const limits = { ...table.DEFAULT_LIMITS, ...options.limits }
  const warnings: table.TableWarnings = {}
  const notes: table.TableNotes = {
    limits,
    warn: (code, count = 1) => void (warnings[code] = (warnings[code] ?? 0) + count),
  }
  if (bytes.length > limits.bytes) throw table.tableError('too_large')
  const { format, expected } = sniffFormat(bytes, fileName)
  if (!expected) notes.warn('wrong_extension')
  const read = await readSheets(bytes, fileName, format, notes)
  const sheets = read.map((sheet) => ({ ...sheet, name: tidyCell(sheet.name) }))
  const { sheet, rows, peeked } = chooseSheet(sheets, options.sheet, notes)
  const silent: table.TableNotes = { limits, warn: () => {} }
  const found = findHeader(
    peeked.map(({ row, cells }) => ({ row, cells: cells.map((cell) => tidy(cell, silent)) })),
  )
  if (found.row === 0) notes.warn('no_header')
  return {
    format,
    sheets: sheets.toSorted((a, b) => Number(a.hidden) - Number(b.hidden)).map(({ name }) => name),
    sheet: sheet.name,
    header: found.header,
    headerRow: found.row,
    // Spreadsheet programs leave out the empty cells at the end of a row; only text files say how long it is.
    rows: dataRows(peeked, rows, found, format === 'csv', notes),
    warnings,
  }
}

const readSheets = async (
  bytes: Uint8Array,
  fileName: string,
  format: table.TableFormat,
  notes: table.TableNotes,
): Promise<table.Sheet[]> => {
  if (format === 'xls') return readXls(bytes, notes)
  if (format === 'csv') return readCsv(bytes, fileName.replace(/^.*[/\\]/, '').slice(0, 200), notes)
  const zip = openZip(bytes, notes.limits)
  return format === 'ods' ? readOds(zip, notes) : readXlsx(zip, notes)
}

type Peeked = { sheet: table.Sheet; rows: Iterator<table.TableRow>; peeked: table.TableRow[] }

const chooseSheet = (sheets: table.Sheet[], wanted: string | undefined, notes: table.TableNotes): Peeked => {
  if (wanted !== undefined) {
    const sheet = sheets.find(({ name }) => name === wanted)
    if (!sheet) throw table.tableError('unknown_sheet')
    return peek(sheet, notes)
  }
  const visible = sheets.filter(({ hidden }) => !hidden)
  let first: Peeked | undefined
  for (const sheet of visible.length > 0 ? visible : sheets) {
    const opened = peek(sheet, notes, true)
    if (opened.peeked.length >= MIN_ROWS_OF_DATA) return opened
    if (opened.peeked.length > 0) first ??= opened
  }
  if (!first) throw table.tableError('empty')
  return first
}

const peek = (sheet: table.Sheet, notes: table.TableNotes, mayBeEmpty = false): Peeked => {
  const rows = sheet.rows()[Symbol.iterator]()
  const peeked: table.TableRow[] = []
  while (peeked.length < PEEKED_ROWS) {
    const next = rows.next()
    if (next.done) break
    if (next.value.cells.some((cell) => tidyCell(cell) !== '')) peeked.push(next.value)
  }
  if (peeked.length === 0 && !mayBeEmpty) throw table.tableError('empty')
  return { sheet, rows, peeked }
}

function* dataRows(
  peeked: table.TableRow[],
  rest: Iterator<table.TableRow>,
  found: { header: string[]; row: number },
  countShort: boolean,
  notes: table.TableNotes,
): Generator<table.TableRow> {
  let count = 0
  for (const { row, cells } of chain(peeked, rest)) {
    if (row <= found.row) continue
    const fitted = fitRow(cells, found.header.length, notes)
    if (!fitted) continue
    if (countShort && cells.length < fitted.length) notes.warn('short_rows')
    if (++count > notes.limits.rows) throw table.tableError('too_many_rows', `at most ${notes.limits.rows}`)
    yield { row, cells: fitted }
  }
}

function* chain(peeked: table.TableRow[], rest: Iterator<table.TableRow>): Generator<table.TableRow> {
  yield* peeked
  for (let next = rest.next(); !next.done; next = rest.next()) yield next.value
}

/** The row with as many cells as the header, or undefined when nothing is left in it. */
const fitRow = (cells: string[], width: number, notes: table.TableNotes): string[] | undefined => {
  let filled = false
  const fitted: string[] = []
  for (let i = 0; i < width; i++) {
    const cell = cells[i] ?? ''
    const text = tidy(cell, notes)
    // A row of errors alone is a row that lost its values, not a blank one.
    if (text !== '' || isErrorCell(tidyCell(cell))) filled = true
    fitted.push(text)
  }
  const extra = cells
    .slice(width)
    .map(tidyCell)
    .some((cell) => cell !== '' && !isErrorCell(cell))
  if (!filled && !extra) return undefined
  if (extra) notes.warn('long_rows')
  return fitted
}

const tidy = (cell: string, notes: table.TableNotes): string => {
  let text = tidyCell(cell)
  if (isErrorCell(text)) {
    notes.warn('error_cells')
    return ''
  }
  if (text.length > notes.limits.cellLength) {
    notes.warn('cut_cells')
    text = text.slice(0, notes.limits.cellLength).toWellFormed()
  }
  return text
}
