import { plainNumber } from './numbers.ts'
import { setCell } from './read-xlsx.ts'
import type { Sheet, TableNotes, TableRow } from './table.ts'
import { ERROR_TEXT } from './tidy-cell.ts'
import { attribute, createXmlReader } from './xml.ts'
import { checkDeclaredSizes, partText, type Zip } from './zip.ts'

const CONTENT = 'content.xml'
const MAX_SPACES = 100
// A value repeated down a column by one tag; a sheet cannot have more rows than this anyway.
const MAX_REPEATED_ROWS = 1_048_576
const MAX_SHEETS = 1_000

type OdsCell = {
  column: number
  repeated: number
  type: string
  value: string
  text: string
  broken: boolean
}

/** The sheets of an OpenDocument spreadsheet. They share one part of the zip: it is read once for their names
 *  and again, row by row, for the sheet that is iterated. */
export const readOds = (zip: Zip, notes: TableNotes): Sheet[] => {
  checkDeclaredSizes(zip, [CONTENT])
  return readSheetNames(zip).map((sheet, index) => ({ ...sheet, rows: () => readRows(zip, index, notes) }))
}

const readSheetNames = (zip: Zip): { name: string; hidden: boolean }[] => {
  const sheets: { name: string; hidden: boolean }[] = []
  const hiddenStyles = new Set<string>()
  let style = ''
  let depth = 0
  const xml = createXmlReader({
    open: (name, attributes) => {
      if (name === 'style') style = attribute(attributes, 'style:name') ?? ''
      else if (name === 'table-properties' && attribute(attributes, 'table:display') === 'false') {
        hiddenStyles.add(style)
      } else if (name === 'table' && depth++ === 0 && sheets.length < MAX_SHEETS) {
        sheets.push({
          name: (attribute(attributes, 'table:name') ?? '').slice(0, 200),
          hidden: hiddenStyles.has(attribute(attributes, 'table:style-name') ?? ''),
        })
      }
    },
    close: (name) => {
      if (name === 'table') depth--
    },
    text: () => {},
  })
  for (const piece of partText(zip, CONTENT)) xml.push(piece)
  xml.end()
  return sheets
}

function* readRows(zip: Zip, index: number, notes: TableNotes): Generator<TableRow> {
  const ready: { row: TableRow; repeated: number }[] = []
  const state = { past: false }
  const xml = createXmlReader(
    createRowHandler(index, notes, state, (row, repeated) => ready.push({ row, repeated })),
  )
  for (const piece of partText(zip, CONTENT)) {
    xml.push(piece)
    yield* repeat(ready)
    ready.length = 0
    if (state.past) return
  }
  xml.end()
  yield* repeat(ready)
}

function* repeat(ready: { row: TableRow; repeated: number }[]): Generator<TableRow> {
  for (const { row, repeated } of ready) {
    for (let i = 0; i < repeated; i++) yield { row: row.row + i, cells: [...row.cells] }
  }
}

const createRowHandler = (
  index: number,
  notes: TableNotes,
  state: { past: boolean },
  emit: (row: TableRow, repeated: number) => void,
) => {
  let sheet = -1
  let depth = 0
  let row = 1
  let repeatedRows = 1
  let cells: string[] = []
  let column = 0
  let cell: OdsCell | undefined
  let aside = 0
  const wanted = (): boolean => sheet === index && depth === 1
  return {
    open: (name: string, attributes: string): void => {
      if (name === 'table') {
        if (depth++ === 0) sheet++
        return
      }
      if (!wanted() || state.past) return
      if (name === 'annotation' || name === 'shapes' || name === 'forms') aside++
      if (aside > 0) return
      if (name === 'table-row') {
        repeatedRows = repeats(attribute(attributes, 'table:number-rows-repeated'), MAX_REPEATED_ROWS)
        cells = []
        column = 0
      } else if (name === 'table-cell' || name === 'covered-table-cell')
        cell = openCell(attributes, column, notes)
      else if (cell) openInCell(cell, name, attributes)
    },
    close: (name: string): void => {
      if (name === 'table') {
        if (--depth === 0 && sheet === index) state.past = true
        return
      }
      if (!wanted() || state.past) return
      if (name === 'annotation' || name === 'shapes' || name === 'forms') aside--
      else if (aside > 0) return
      else if (name === 'table-row') {
        if (cells.length > 0) emit({ row, cells }, repeatedRows)
        row += repeatedRows
      } else if (cell && (name === 'table-cell' || name === 'covered-table-cell')) {
        putCell(cells, cell, notes)
        column += cell.repeated
        cell = undefined
      }
    },
    text: (piece: string): void => {
      if (cell && aside === 0 && cell.text.length <= notes.limits.cellLength) cell.text += piece
    },
  }
}

const repeats = (value: string | undefined, max: number): number =>
  Math.min(max, Math.max(1, Math.trunc(Number(value)) || 1))

const openCell = (attributes: string, column: number, notes: TableNotes): OdsCell => {
  const type = attribute(attributes, 'office:value-type') ?? ''
  return {
    column,
    repeated: repeats(attribute(attributes, 'table:number-columns-repeated'), notes.limits.columns + 1),
    type,
    value: attribute(attributes, VALUE_OF[type] ?? 'office:string-value') ?? '',
    text: '',
    broken: attribute(attributes, 'calcext:value-type') === 'error',
  }
}

const VALUE_OF: Record<string, string> = {
  float: 'office:value',
  percentage: 'office:value',
  currency: 'office:value',
  date: 'office:date-value',
  time: 'office:time-value',
  boolean: 'office:boolean-value',
}

const openInCell = (cell: OdsCell, name: string, attributes: string): void => {
  if (name === 'p' && cell.text !== '') cell.text += '\n'
  else if (name === 's') cell.text += ' '.repeat(repeats(attribute(attributes, 'text:c'), MAX_SPACES))
  else if (name === 'tab') cell.text += ' '
  else if (name === 'line-break') cell.text += '\n'
}

const putCell = (cells: string[], cell: OdsCell, notes: TableNotes): void => {
  const text = cell.broken ? ERROR_TEXT : cellText(cell)
  if (text === '') return
  for (let i = 0; i < cell.repeated; i++) {
    setCell(cells, cell.column + i, text, notes)
    if (cell.column + i >= notes.limits.columns) return
  }
}

const cellText = ({ type, value, text }: OdsCell): string => {
  if (value === '') return text
  if (type === 'date') return value.replace(/T00:00:00(\.0+)?$/, '')
  if (type === 'time')
    return value.replace(/^PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S$/, '$1:$2:$3').replace(/:00$/, '')
  if (type === 'boolean') return value
  if (type in VALUE_OF && Number.isFinite(Number(value))) return numberShown(Number(value), text)
  return text === '' ? value : text
}

// A postal code or phone kept as a number shows its zeros only in the text the program drew ("01000").
const numberShown = (value: number, text: string): string => {
  const digits = text.replace(/[\s\u00a0\u202f.-]/g, '')
  return /^0\d+$/.test(digits) && Number(digits) === value ? digits : plainNumber(value)
}
