import { openCompoundFile } from './cfb.ts'
import { numberStyle, numberText, type NumberStyle } from './numbers.ts'
import { setCell } from './read-xlsx.ts'
import { tableError, type Sheet, type TableNotes, type TableRow } from './table.ts'
import { ERROR_TEXT } from './tidy-cell.ts'
import { createStringReader, readRecords, type XlsRecord } from './xls-records.ts'

// Record numbers of MS-XLS §2.3.
const BOF = 0x0809
const EOF = 0x000a
const FILE_PASSWORD = 0x002f
const DATE_MODE = 0x0022
const FORMAT = 0x041e
const CELL_STYLE = 0x00e0
const BOUND_SHEET = 0x0085
const SHARED_STRINGS = 0x00fc
const SHARED_STRING_CELL = 0x00fd
const LABEL = 0x0204
const RICH_LABEL = 0x00d6
const NUMBER = 0x0203
const SHORT_NUMBER = 0x027e
const SHORT_NUMBERS = 0x00bd
const BOOLEAN_OR_ERROR = 0x0205
const FORMULA = 0x0006
const FORMULA_TEXT = 0x0207

const BIFF8 = 0x0600
const BIFF5 = 0x0500
const MAX_SHEETS = 1_000
const MAX_STYLES = 70_000

type Book = { wide: boolean; shared: string[]; styles: NumberStyle[]; from1904: boolean; notes: TableNotes }

/** The sheets of an Excel 95–2003 workbook. Formulas give the value the program last stored. */
export const readXls = (bytes: Uint8Array, notes: TableNotes): Sheet[] => {
  const streams = openCompoundFile(bytes)
  if (streams.has('EncryptedPackage')) throw tableError('encrypted')
  const open =
    streams.get('Workbook') ?? streams.get('Book') ?? streams.get('WORKBOOK') ?? streams.get('BOOK')
  if (!open) throw tableError('not_a_table', 'it is another kind of document')
  const stream = open()
  const { book, sheets } = readGlobals(stream, notes)
  return sheets.map(({ name, hidden, at }) => ({ name, hidden, rows: () => readRows(stream, at, book) }))
}

const readGlobals = (stream: Uint8Array, notes: TableNotes) => {
  const book: Book = { wide: true, shared: [], styles: [], from1904: false, notes }
  const sheets: { name: string; hidden: boolean; at: number }[] = []
  const codes = new Map<number, string>()
  const formats: number[] = []
  let first = true
  for (const record of readRecords(stream, 0)) {
    const { id, view } = record
    if (first && (id !== BOF || view.byteLength < 2)) throw tableError('unreadable')
    if (first) book.wide = isWide(view.getUint16(0, true))
    first = false
    if (id === EOF) break
    if (id === FILE_PASSWORD) throw tableError('encrypted')
    if (id === DATE_MODE) book.from1904 = view.getUint16(0, true) === 1
    else if (id === FORMAT)
      codes.set(view.getUint16(0, true), textOf(record, 2, book.wide, book.wide ? 2 : 1))
    else if (id === CELL_STYLE && formats.length < MAX_STYLES) formats.push(view.getUint16(2, true))
    else if (id === SHARED_STRINGS)
      book.shared = createStringReader(record.blocks, 8).readAll(view.getUint32(4, true))
    // Charts and macro sheets are listed too; only type 0 has rows.
    else if (id === BOUND_SHEET && view.getUint8(5) === 0 && sheets.length < MAX_SHEETS) {
      const name = textOf(record, 6, book.wide, 1)
      sheets.push({ name, hidden: (view.getUint8(4) & 3) !== 0, at: view.getUint32(0, true) })
    }
  }
  book.styles = formats.map((format) => numberStyle(format, codes.get(format)))
  return { book, sheets }
}

const isWide = (version: number): boolean => {
  if (version === BIFF8) return true
  if (version === BIFF5) return false
  throw tableError('not_a_table', 'its Excel version is too old')
}

const textOf = (record: XlsRecord, at: number, wide: boolean, lengthBytes: 1 | 2): string => {
  if (wide) return createStringReader(record.blocks, at).read(lengthBytes)
  const { view } = record
  const length = lengthBytes === 1 ? view.getUint8(at) : view.getUint16(at, true)
  const start = view.byteOffset + at + lengthBytes
  const end = Math.min(start + length, view.byteOffset + view.byteLength)
  return new TextDecoder('windows-1252').decode(new Uint8Array(view.buffer, start, Math.max(0, end - start)))
}

/** Rows are collected first: the format does not promise them in order. There are at most 65,536. */
function* readRows(stream: Uint8Array, at: number, book: Book): Generator<TableRow> {
  const rows: (string[] | undefined)[] = []
  let depth = 0
  let waiting: { row: number; column: number } | undefined
  const put = (row: number, column: number, text: string): void => {
    if (text !== '') setCell((rows[row] ??= []), column, text, book.notes)
  }
  for (const record of readRecords(stream, at)) {
    if (record.id === BOF) depth++
    // A chart inside the sheet has a beginning and an end of its own.
    else if (record.id === EOF && --depth <= 0) break
    else if (depth !== 1) continue
    else if (record.id === FORMULA_TEXT) {
      if (waiting) put(waiting.row, waiting.column, textOf(record, 0, book.wide, 2))
      waiting = undefined
    } else if (record.view.byteLength >= 6) waiting = readCells(record, book, put) ?? waiting
  }
  for (const [i, cells] of rows.entries()) {
    if (cells && cells.length > 0) yield { row: i + 1, cells }
  }
}

/** Puts what one record holds; returns the cell of a formula whose text comes in a later record. */
const readCells = (
  record: XlsRecord,
  book: Book,
  put: (row: number, column: number, text: string) => void,
): { row: number; column: number } | undefined => {
  const { id, view } = record
  const row = view.getUint16(0, true)
  const column = view.getUint16(2, true)
  const style = book.styles[view.getUint16(4, true)]
  const number = (value: number, of = style): string => numberText(String(value), of, book.from1904)
  if (id === SHARED_STRING_CELL) put(row, column, book.shared[view.getUint32(6, true)] ?? '')
  else if (id === LABEL || id === RICH_LABEL) put(row, column, textOf(record, 6, book.wide, 2))
  else if (id === NUMBER) put(row, column, number(view.getFloat64(6, true)))
  else if (id === SHORT_NUMBER) put(row, column, number(shortNumber(view, 6)))
  else if (id === SHORT_NUMBERS) {
    for (let at = 4, i = 0; at + 6 <= view.byteLength - 2; at += 6, i++) {
      put(row, column + i, number(shortNumber(view, at + 2), book.styles[view.getUint16(at, true)]))
    }
  } else if (id === BOOLEAN_OR_ERROR) {
    if (view.getUint8(7) === 0) put(row, column, view.getUint8(6) === 0 ? 'false' : 'true')
    else put(row, column, ERROR_TEXT)
  } else if (id === FORMULA) {
    if (view.getUint16(12, true) !== 0xffff) put(row, column, number(view.getFloat64(6, true)))
    else if (view.getUint8(6) === 0) return { row, column }
    else if (view.getUint8(6) === 1) put(row, column, view.getUint8(8) === 0 ? 'false' : 'true')
    else if (view.getUint8(6) === 2) put(row, column, ERROR_TEXT)
  }
  return undefined
}

// MS-XLS §2.5.217: 30 bits of an integer or of a double's upper half, and "divide by 100".
const shortNumber = (view: DataView, at: number): number => {
  const bits = view.getInt32(at, true)
  const upper = new DataView(new ArrayBuffer(8))
  upper.setInt32(4, bits & ~3, true)
  const value = (bits & 2) !== 0 ? bits >> 2 : upper.getFloat64(0, true)
  return (bits & 1) !== 0 ? value / 100 : value
}
