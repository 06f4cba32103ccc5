import { AppError, type Problem } from '#src/lib/errors.ts'

export type TableFormat = 'xlsx' | 'ods' | 'xls' | 'csv'

/** Why a file cannot be read at all. Texts for people: `src/companies/messages.ts`. */
export type TableProblemCode =
  | 'empty'
  | 'too_large'
  | 'too_many_rows'
  | 'zip_bomb'
  | 'encrypted'
  | 'not_a_table'
  | 'unreadable'
  | 'unknown_sheet'

/** What was mended while reading; the number is how many cells, rows or columns it touched. */
export type TableWarningCode =
  | 'wrong_extension'
  | 'no_header'
  | 'error_cells'
  | 'cut_cells'
  | 'short_rows'
  | 'long_rows'
  | 'cut_columns'
  | 'stray_quotes'

export type TableWarnings = Partial<Record<TableWarningCode, number>>

/** `row` is the sheet's own row number: the sheet's first row is 1. */
export type TableRow = { row: number; cells: string[] }

export type TableLimits = {
  bytes: number
  rows: number
  columns: number
  cellLength: number
  inflated: number
}

export const DEFAULT_LIMITS: TableLimits = {
  bytes: 64 * 1024 * 1024,
  rows: 100_000,
  columns: 256,
  cellLength: 32_767,
  // Read piece by piece, so this bounds time more than memory: 100,000 rows × 30 columns stay under it.
  inflated: 400 * 1024 * 1024,
}

/** One sheet as a reader of one format sees it: blank rows left out, cells as text, not yet tidied. */
export type Sheet = { name: string; hidden: boolean; rows: () => Iterable<TableRow> }

export type TableNotes = { limits: TableLimits; warn: (code: TableWarningCode, count?: number) => void }

const SENTENCES: Record<TableProblemCode, string> = {
  empty: 'The file has no row to import.',
  too_large: 'The file is too large; split it or remove what is not needed.',
  too_many_rows: 'The sheet has too many rows; split it into several files.',
  zip_bomb: 'The file unpacks to far more than a spreadsheet should; it was refused.',
  encrypted: 'The file is protected by a password; save it without one and try again.',
  not_a_table: 'The file is not a spreadsheet; save it as .xlsx, .ods, .xls or .csv and try again.',
  unreadable: 'The file is damaged and cannot be read; open it in a spreadsheet program and save it again.',
  unknown_sheet: 'The file has no sheet of that name.',
}

export const tableProblem = (
  code: TableProblemCode,
  detail?: string,
): Problem & { code: TableProblemCode } => ({
  code,
  message: detail ? `${SENTENCES[code]} (${detail})` : SENTENCES[code],
})

/** Thrown inside the readers and while rows are iterated; `code` is a TableProblemCode. */
export const tableError = (code: TableProblemCode, detail?: string): AppError =>
  new AppError(code, tableProblem(code, detail).message, { status: code === 'too_large' ? 413 : 422 })
