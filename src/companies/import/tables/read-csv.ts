import Papa from 'papaparse'
import type { Sheet, TableNotes, TableRow } from './table.ts'

const DELIMITERS = [';', ',', '\t', '|']
const BATCH = 1_000
const SAMPLE_RECORDS = 30
const SAMPLE_LENGTH = 64 * 1024
// A quoted cell with more lines than this is taken for a quote that somebody forgot to close.
const MAX_LINES_IN_CELL = 100
const MAX_STRAY_QUOTES = 50
const NO_QUOTE = '\u0000'

/** A text file as one sheet. Encoding: byte order mark, else UTF-8 when it is valid, else Windows-1252; the
 *  delimiter is the one that cuts the first lines most evenly. A quote without an end costs its own line only. */
export const readCsv = (bytes: Uint8Array, name: string, notes: TableNotes): Sheet[] => {
  const decoded = decodeText(bytes).replaceAll('\u0000', '').replace(/\r\n?/g, '\n')
  const declared = /^"?sep=(.)"?\n/i.exec(decoded)
  const text = declared ? decoded.slice(declared[0].length) : decoded
  const delimiter = declared?.[1] ?? guessDelimiter(text)
  return [{ name, hidden: false, rows: () => readRows(text, delimiter, notes) }]
}

export const decodeText = (bytes: Uint8Array): string => {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  const silent = unmarkedUtf16(bytes)
  if (silent) return new TextDecoder(silent).decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

// Western text in UTF-16 has a NUL in every other byte; no other encoding has.
const unmarkedUtf16 = (bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined => {
  const length = Math.min(bytes.length, 2_000) & ~1
  let even = 0
  let odd = 0
  for (let i = 0; i < length; i += 2) {
    if (bytes[i] === 0) even++
    if (bytes[i + 1] === 0) odd++
  }
  if (length < 8 || (even > 0 && odd > 0)) return undefined
  if (odd > length * 0.35) return 'utf-16le'
  return even > length * 0.35 ? 'utf-16be' : undefined
}

const guessDelimiter = (text: string): string => {
  const sample = text.slice(0, SAMPLE_LENGTH)
  let best = { delimiter: ',', score: 0 }
  for (const delimiter of DELIMITERS) {
    const { data } = parse(sample, delimiter, '"', SAMPLE_RECORDS)
    const widths = data.filter((cells) => cells.length > 1 || cells[0] !== '').map((cells) => cells.length)
    if (text.length > sample.length && widths.length < SAMPLE_RECORDS) widths.pop()
    const width = widths.toSorted((a, b) => a - b)[Math.floor(widths.length / 2)] ?? 1
    const even = widths.filter((value) => value === width).length / Math.max(1, widths.length)
    const score = width > 1 ? even * 100 + Math.min(width, 50) : 0
    if (score > best.score) best = { delimiter, score }
  }
  return best.delimiter
}

const parse = (text: string, delimiter: string, quoteChar: string, preview: number) => {
  // Fast mode moves the cursor one row too far when `preview` stops it: a row would be lost.
  const parsed = Papa.parse<string[]>(text, { delimiter, newline: '\n', quoteChar, preview, fastMode: false })
  return { data: parsed.data, errors: parsed.errors, cursor: parsed.meta.cursor }
}

function* readRows(text: string, delimiter: string, notes: TableNotes): Generator<TableRow> {
  let at = 0
  let row = 0
  let strays = 0
  while (at < text.length) {
    const rest = at === 0 ? text : text.slice(at)
    const quoteChar = strays > MAX_STRAY_QUOTES ? NO_QUOTE : '"'
    const batch = parse(rest, delimiter, quoteChar, BATCH)
    const stray = quoteChar === NO_QUOTE ? -1 : firstStray(batch, rest.length)
    const good = stray === -1 ? batch.data : batch.data.slice(0, stray)
    for (const cells of good) {
      row++
      if (cells.some((cell) => cell !== '')) yield { row, cells: cells.map(unguard) }
    }
    if (stray === -1) {
      at += batch.cursor
      if (batch.cursor === 0) return
      continue
    }
    strays++
    notes.warn('stray_quotes')
    at += stray === 0 ? 0 : parse(rest, delimiter, quoteChar, stray).cursor
    const end = text.indexOf('\n', at)
    const line = text.slice(at, end === -1 ? text.length : end)
    row++
    const cells = parse(line, delimiter, NO_QUOTE, 1).data[0] ?? []
    yield { row, cells: cells.map((cell) => unguard(cell.replace(/^"|"$/g, ''))) }
    at = end === -1 ? text.length : end + 1
  }
}

const firstStray = (batch: ReturnType<typeof parse>, length: number): number => {
  const unclosed = batch.errors.find((error) => error.code === 'MissingQuotes')?.row
  const long = batch.data.findIndex((cells) => cells.some((cell) => hasTooManyLines(cell)))
  const rows = [unclosed ?? -1, long].filter((row) => row >= 0 && row < batch.data.length)
  return rows.length === 0 || length === 0 ? -1 : Math.min(...rows)
}

const hasTooManyLines = (cell: string): boolean =>
  cell.length > MAX_LINES_IN_CELL && cell.split('\n', MAX_LINES_IN_CELL + 1).length > MAX_LINES_IN_CELL

// Exports put a quote before what a spreadsheet would run as a formula: it is not part of the value.
const unguard = (cell: string): string =>
  /^'\s*[=+\-@＝＋－＠]|^'[\t\r\n]/.test(cell) ? cell.slice(1) : cell
