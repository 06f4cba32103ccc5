export type CellValue = string | number | boolean | Date | null | undefined
export type TableRows = Iterable<CellValue[]> | AsyncIterable<CellValue[]>

export type TableToWrite = { header: string[]; rows: TableRows }

const BYTE_ORDER_MARK = '\ufeff'
const PIECE_LENGTH = 64 * 1024
const MAX_CELL = 32_767
const MAX_SHEET_NAME = 31
const SAMPLE_WIDTHS = { min: 8, max: 40 }
// What a spreadsheet runs as a formula when it opens a text file (OWASP ASVS 5.0 §1.2.10).
const FORMULA_START = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/
const PHONE_OR_NUMBER = /^\+\d[\d ().-]{5,20}$|^-?\d+(?:[.,]\d+)?$/
const UNPRINTABLE = /(?![\t\n\r])[\p{Cc}\ufffe\uffff]/gu

/** Delimited text as a stream of bytes, pulled row by row: UTF-8 with a byte order mark, CRLF, RFC 4180 quotes.
 *  With `;` (what a French spreadsheet expects) numbers have a decimal comma. A text that a spreadsheet would run
 *  as a formula gets a leading apostrophe, which our own import takes away again. */
export const toCsv = (table: TableToWrite, delimiter: ';' | ',' = ';'): ReadableStream<Uint8Array> => {
  const lines = csvLines(table, delimiter)
  const encoder = new TextEncoder()
  return new ReadableStream({
    async pull(controller) {
      let piece = ''
      while (piece.length < PIECE_LENGTH) {
        const next = await lines.next()
        if (next.done) {
          if (piece !== '') controller.enqueue(encoder.encode(piece))
          return controller.close()
        }
        piece += next.value
      }
      controller.enqueue(encoder.encode(piece))
    },
    async cancel() {
      await lines.return(undefined)
    },
  })
}

async function* csvLines(table: TableToWrite, delimiter: string): AsyncGenerator<string, undefined> {
  const line = (cells: CellValue[]): string =>
    `${cells.map((cell) => csvCell(cell, delimiter)).join(delimiter)}\r\n`
  yield BYTE_ORDER_MARK + line(table.header)
  for await (const cells of table.rows) yield line(cells)
  return undefined
}

const csvCell = (cell: CellValue, delimiter: string): string => {
  if (typeof cell === 'number') {
    if (!Number.isFinite(cell)) return ''
    return delimiter === ';' ? String(cell).replace('.', ',') : String(cell)
  }
  const text = plainText(cell)
  const safe = FORMULA_START.test(text) && !PHONE_OR_NUMBER.test(text) ? `'${text}` : text
  return /["\r\n;,\t]/.test(safe) || /^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** An Excel workbook of one sheet as a stream of bytes, pulled row by row: its memory does not grow with the rows.
 *  Every text is a text cell, so nothing in it can run as a formula; numbers stay numbers. What writes it is loaded
 *  with the first one: it takes 10 MB, and the stream is wanted at once. */
export const toXlsx = (table: TableToWrite, sheetName: string): ReadableStream<Uint8Array> => {
  const { writeXlsxStream } = require('hucre') as typeof import('hucre')
  return writeXlsxStream(xlsxRows(table), {
    name: sheetName.replace(/[[\]:*?/\\]/g, ' ').slice(0, MAX_SHEET_NAME) || 'Export',
    columns: table.header.map((header) => ({
      header: xlsxText(plainText(header)),
      width: Math.min(SAMPLE_WIDTHS.max, Math.max(SAMPLE_WIDTHS.min, header.length + 4)),
    })),
    freezePane: { rows: 1 },
  })
}

async function* xlsxRows(table: TableToWrite): AsyncGenerator<(string | number | boolean | null)[]> {
  for await (const cells of table.rows) yield cells.map(xlsxCell)
}

const xlsxCell = (cell: CellValue): string | number | boolean | null => {
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : null
  if (typeof cell === 'boolean') return cell
  const text = plainText(cell)
  return text === '' ? null : xlsxText(text)
}

// Excel reads _x000D_ as a character code: a text that really says so is written with its underscore coded.
const xlsxText = (text: string): string =>
  text
    .slice(0, MAX_CELL)
    .toWellFormed()
    .replace(/_(?=x[\da-f]{4}_)/gi, '_x005F_')

const plainText = (cell: CellValue): string => {
  if (cell === null || cell === undefined) return ''
  return cell instanceof Date ? cell.toISOString() : String(cell).replace(UNPRINTABLE, '')
}
