import { readXls as readBiff } from 'hucre'
import { isoDate, plainNumber } from './numbers.ts'
import { setCell } from './read-xlsx.ts'
import { tableError, type Sheet, type TableNotes, type TableRow } from './table.ts'

const SECTOR = 512
const BOF = 0x0809
const EOF = 0x000a
const FILE_PASSWORD = 0x002f
const BOUND_SHEET = 0x0085
const GLOBALS = 0x0005
const MAX_RECORDS = 200_000

/** The sheets of an Excel 97–2003 workbook. Formulas give the stored value; formats other than dates are not
 *  kept by the reader, so a postal code typed as a number has lost its first zero here. */
export const readXls = async (bytes: Uint8Array, notes: TableNotes): Promise<Sheet[]> => {
  if (includesText(bytes, 'EncryptedPackage')) throw tableError('encrypted')
  const globals = readGlobals(bytes)
  if (globals.encrypted) throw tableError('encrypted')
  const book = await readBiff(bytes).catch((error: unknown) => {
    throw tableError('unreadable', error instanceof Error ? error.message.slice(0, 120) : undefined)
  })
  return book.sheets.map((sheet, index) => ({
    name: sheet.name.slice(0, 200),
    hidden: globals.hidden[index] ?? false,
    rows: () => readRows(sheet.rows, notes),
  }))
}

const includesText = (bytes: Uint8Array, text: string): boolean =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(Buffer.from(text, 'utf16le'))

// The library surfaces neither passwords nor hidden sheets: both are told by the first records of the workbook,
// which start on a sector of the container. When they cannot be found, every sheet counts as visible.
const readGlobals = (bytes: Uint8Array): { encrypted: boolean; hidden: boolean[] } => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const found = { encrypted: false, hidden: [] as boolean[] }
  let at = SECTOR
  const isStart = (): boolean => view.getUint16(at, true) === BOF && view.getUint16(at + 6, true) === GLOBALS
  while (at + 8 <= bytes.length && !isStart()) at += SECTOR
  for (let i = 0; i < MAX_RECORDS && at + 4 <= bytes.length; i++) {
    const id = view.getUint16(at, true)
    const length = view.getUint16(at + 2, true)
    if (id === EOF) break
    if (id === FILE_PASSWORD) found.encrypted = true
    if (id === BOUND_SHEET && at + 9 <= bytes.length) found.hidden.push((view.getUint8(at + 8) & 3) !== 0)
    at += 4 + length
  }
  return found
}

function* readRows(rows: unknown[][], notes: TableNotes): Generator<TableRow> {
  for (let i = 0; i < rows.length; i++) {
    const cells: string[] = []
    for (const [column, value] of (rows[i] ?? []).entries()) {
      const text = cellText(value)
      if (text !== '') setCell(cells, column, text, notes)
    }
    if (cells.length > 0) yield { row: i + 1, cells }
  }
}

const cellText = (value: unknown): string => {
  if (typeof value === 'number') return plainNumber(value)
  if (value instanceof Date) return isoDate(value)
  return value === null || value === undefined ? '' : String(value)
}
