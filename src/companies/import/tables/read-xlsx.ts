import { numberStyle, numberText, type NumberStyle } from './numbers.ts'
import { tableError, type Sheet, type TableNotes, type TableRow } from './table.ts'
import { ERROR_TEXT } from './tidy-cell.ts'
import { attribute, createXmlReader } from './xml.ts'
import { checkDeclaredSizes, partText, type Zip } from './zip.ts'

const MAX_STYLES = 70_000
const MAX_SHEETS = 1_000
const MAX_SHARED_STRINGS = 4_000_000
// The only part that is held whole while the rows stream by.
const MAX_SHARED_TEXT = 64 * 1024 * 1024

type Book = { shared: string[]; styles: NumberStyle[]; from1904: boolean; notes: TableNotes }

/** The sheets of an Office Open XML workbook; rows are read from the zip as they are iterated. Formulas give
 *  the value the program last stored, error cells give an empty text and a warning. */
export const readXlsx = (zip: Zip, notes: TableNotes): Sheet[] => {
  const workbook = workbookPath(zip)
  const targets = readRelations(zip, workbook)
  const { sheets, from1904 } = readWorkbook(zip, workbook)
  const found = sheets.flatMap((sheet) => {
    const path = targets.get(sheet.id)?.path
    return path && zip.entries.has(path) ? [{ name: sheet.name, hidden: sheet.hidden, path }] : []
  })
  const parts = [...targets.values()]
  const stylesPath = parts.find((part) => part.type.endsWith('/styles'))?.path
  const sharedPath = parts.find((part) => part.type.endsWith('/sharedStrings'))?.path
  checkDeclaredSizes(zip, [workbook, stylesPath ?? '', sharedPath ?? '', ...found.map((sheet) => sheet.path)])
  let book: Book | undefined
  const open = (): Book =>
    (book ??= {
      shared: sharedPath && zip.entries.has(sharedPath) ? readSharedStrings(zip, sharedPath) : [],
      styles: stylesPath && zip.entries.has(stylesPath) ? readStyles(zip, stylesPath) : [],
      from1904,
      notes,
    })
  return found.map(({ name, hidden, path }) => ({ name, hidden, rows: () => readRows(zip, path, open()) }))
}

const workbookPath = (zip: Zip): string => {
  const main = zip.entries.has('_rels/.rels')
    ? [...readRelationsFile(zip, '_rels/.rels', '').values()].find((part) =>
        part.type.endsWith('/officeDocument'),
      )
    : undefined
  const path = main?.path ?? 'xl/workbook.xml'
  if (path.endsWith('.bin')) throw tableError('not_a_table', 'binary workbooks (.xlsb) are not read')
  return path
}

const readRelations = (zip: Zip, path: string): Map<string, { type: string; path: string }> => {
  const slash = path.lastIndexOf('/')
  const folder = path.slice(0, slash + 1)
  return readRelationsFile(zip, `${folder}_rels/${path.slice(slash + 1)}.rels`, folder)
}

const readRelationsFile = (
  zip: Zip,
  file: string,
  folder: string,
): Map<string, { type: string; path: string }> => {
  const relations = new Map<string, { type: string; path: string }>()
  readPart(zip, file, (name, attributes) => {
    if (name !== 'Relationship' || attribute(attributes, 'TargetMode') === 'External') return
    const target = attribute(attributes, 'Target') ?? ''
    relations.set(attribute(attributes, 'Id') ?? '', {
      type: attribute(attributes, 'Type') ?? '',
      path: resolvePath(folder, target),
    })
  })
  return relations
}

const resolvePath = (folder: string, target: string): string => {
  const steps = target.startsWith('/') ? [] : folder.split('/').filter(Boolean)
  for (const step of target.split('/')) {
    if (step === '..') steps.pop()
    else if (step !== '' && step !== '.') steps.push(step)
  }
  return steps.join('/')
}

const readPart = (
  zip: Zip,
  path: string,
  open: (name: string, attributes: string) => void,
  close: (name: string) => void = () => {},
  text: (text: string) => void = () => {},
): void => {
  const xml = createXmlReader({ open, close, text })
  for (const piece of partText(zip, path)) xml.push(piece)
  xml.end()
}

const readWorkbook = (zip: Zip, path: string) => {
  const sheets: { id: string; name: string; hidden: boolean }[] = []
  let from1904 = false
  readPart(zip, path, (name, attributes) => {
    if (name === 'workbookPr') from1904 = /^(1|true)$/.test(attribute(attributes, 'date1904') ?? '')
    if (name !== 'sheet' || sheets.length >= MAX_SHEETS) return
    sheets.push({
      name: (attribute(attributes, 'name') ?? '').slice(0, 200),
      hidden: (attribute(attributes, 'state') ?? 'visible') !== 'visible',
      id: /:id\s*=\s*["']([^"']*)/.exec(attributes)?.[1] ?? '',
    })
  })
  return { sheets, from1904 }
}

const readStyles = (zip: Zip, path: string): NumberStyle[] => {
  const codes = new Map<number, string>()
  const styles: NumberStyle[] = []
  let inCellFormats = false
  readPart(
    zip,
    path,
    (name, attributes) => {
      if (name === 'numFmt') {
        codes.set(Number(attribute(attributes, 'numFmtId')), attribute(attributes, 'formatCode') ?? '')
      } else if (name === 'cellXfs') inCellFormats = true
      else if (name === 'xf' && inCellFormats && styles.length < MAX_STYLES) {
        const id = Number(attribute(attributes, 'numFmtId') ?? 0)
        styles.push(numberStyle(id, codes.get(id)))
      }
    },
    (name) => {
      if (name === 'cellXfs') inCellFormats = false
    },
  )
  return styles
}

const readSharedStrings = (zip: Zip, path: string): string[] => {
  const strings: string[] = []
  const spoken = createTextCollector()
  let size = 0
  readPart(
    zip,
    path,
    (name) => (name === 'si' ? spoken.start() : spoken.open(name)),
    (name) => {
      if (name !== 'si') return spoken.close(name)
      const text = spoken.take()
      size += text.length
      if (size > MAX_SHARED_TEXT || strings.length >= MAX_SHARED_STRINGS) throw tableError('too_large')
      strings.push(text)
    },
    spoken.text,
  )
  return strings
}

// The <t> texts of a string, without the pronunciation guides (<rPh>) Asian files carry.
const createTextCollector = () => {
  let text = ''
  let inText = false
  let inGuide = false
  return {
    start: () => {
      text = ''
      inText = inGuide = false
    },
    open: (name: string) => {
      if (name === 't') inText = true
      else if (name === 'rPh') inGuide = true
    },
    close: (name: string) => {
      if (name === 't') inText = false
      else if (name === 'rPh') inGuide = false
    },
    text: (piece: string) => {
      if (inText && !inGuide) text += piece
    },
    take: () => decodeEscapes(text),
  }
}

// Office writes characters XML cannot carry as _x000D_.
const decodeEscapes = (text: string): string =>
  text.includes('_x')
    ? text.replace(/_x([0-9a-f]{4})_/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text

function* readRows(zip: Zip, path: string, book: Book): Generator<TableRow> {
  const ready: TableRow[] = []
  const xml = createXmlReader(createRowHandler(book, (row) => ready.push(row)))
  for (const piece of partText(zip, path)) {
    xml.push(piece)
    yield* ready
    ready.length = 0
  }
  xml.end()
  yield* ready
}

const createRowHandler = (book: Book, emit: (row: TableRow) => unknown) => {
  const inline = createTextCollector()
  let row = 0
  let cells: string[] = []
  let column = 0
  let type = ''
  let style: NumberStyle | undefined
  let value = ''
  let reading: 'nothing' | 'value' | 'inline' = 'nothing'
  const endCell = (): void => {
    const text = cellText(type, type === 'inlineStr' ? inline.take() : value, style, book)
    if (text !== '') setCell(cells, column, text, book.notes)
    column++
  }
  return {
    open: (name: string, attributes: string): void => {
      if (name === 'row') {
        row = Math.max(row + 1, Number(attribute(attributes, 'r')) || 0)
        cells = []
        column = 0
      } else if (name === 'c') {
        const reference = columnOf(attribute(attributes, 'r') ?? '')
        if (reference >= 0) column = reference
        type = attribute(attributes, 't') ?? ''
        style = book.styles[Number(attribute(attributes, 's') ?? -1)]
        value = ''
        inline.start()
      } else if (name === 'v') reading = 'value'
      else if (name === 'is') reading = 'inline'
      else if (reading === 'inline') inline.open(name)
    },
    close: (name: string): void => {
      if (name === 'v' || name === 'is') reading = 'nothing'
      else if (name === 'c') endCell()
      else if (name === 'row') {
        if (cells.length > 0) emit({ row, cells })
        cells = []
      } else if (reading === 'inline') inline.close(name)
    },
    text: (piece: string): void => {
      if (reading === 'value') value += piece
      else if (reading === 'inline') inline.text(piece)
    },
  }
}

const columnOf = (reference: string): number => {
  let column = 0
  let at = 0
  for (; at < reference.length && at < 4; at++) {
    const letter = reference.charCodeAt(at) & ~32
    if (letter < 65 || letter > 90) break
    column = column * 26 + letter - 64
  }
  return column - 1
}

/** Puts a text at its column, filling the gap before it; columns past the limit are counted and left out. */
export const setCell = (cells: string[], column: number, text: string, notes: TableNotes): void => {
  if (column >= notes.limits.columns) return notes.warn('cut_columns')
  while (cells.length < column) cells.push('')
  cells[column] = text
}

const cellText = (type: string, value: string, style: NumberStyle | undefined, book: Book): string => {
  if (type === 's') return book.shared[Number(value)] ?? ''
  if (type === 'inlineStr') return value
  if (type === 'str') return decodeEscapes(value)
  if (type === 'b') return value === '1' || value === 'true' ? 'true' : value === '' ? '' : 'false'
  if (type === 'd') return value.replace(/T00:00:00(\.0+)?Z?$/, '')
  if (type === 'e') return ERROR_TEXT
  return value === '' ? '' : numberText(value, style, book.from1904)
}
