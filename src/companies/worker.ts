import { ok, type Result } from '#src/lib/errors.ts'
import { cleanRow, type CleanRow } from './import/clean-row.ts'
import { recogniseColumns, type Mapping } from './import/recognise-columns.ts'
import { problemOf, readTable, type ReadTableOptions } from './import/tables/read-table.ts'
import type { TableFormat, TableProblemCode, TableRow, TableWarnings } from './import/tables/table.ts'

const ROWS_PER_CHUNK = 500
const SAMPLE_ROWS = 50

/** `preview` stops after so many rows; with `mapping` each row also comes cleaned (see clean-row.ts). */
export type ReadTableInput = {
  bytes: Uint8Array
  fileName: string
  options?: ReadTableOptions & { mapping?: Mapping; defaultCountry?: string; preview?: number }
}

export type TableHead = {
  format: TableFormat
  sheets: string[]
  sheet: string
  header: string[]
  headerRow: number
  /** What the columns seem to be, from their names and the first rows. */
  suggested: Mapping
  unmapped: number[]
}

/** With a mapping, `cells` are those of rejected rows only: every chunk is copied between threads. */
export type ReadRow = TableRow & { clean?: CleanRow }

/** Up to 500 rows, in the sheet's order. */
export type ReadTableChunk = ReadRow[]

/** Comes after the last chunk. A problem found half-way (`too_many_rows`, `unreadable`) comes after the chunks
 *  before it: nothing of them may then be kept. */
export type ReadTableResult = Result<
  TableHead & { rows: number; warnings: TableWarnings },
  { code: TableProblemCode; message: string }
>

/** Reads a table and hands its rows on in chunks, each awaited before more are read. */
export const readTableInChunks = async (
  { bytes, fileName, options = {} }: ReadTableInput,
  onChunk: (chunk: ReadTableChunk) => Promise<void>,
): Promise<ReadTableResult> => {
  const opened = await readTable(bytes, fileName, options)
  if (!opened.ok) return opened
  const { rows, warnings, ...table } = opened.value
  const { mapping: wanted, defaultCountry, preview = Infinity } = options
  const sample: string[][] = []
  const source = rows[Symbol.iterator]()
  let count = 0
  while (count < preview) {
    const chunk: ReadRow[] = []
    try {
      takeRows(source, Math.min(ROWS_PER_CHUNK, preview - count), chunk)
    } catch (error) {
      return { ok: false, problem: problemOf(error) }
    }
    if (chunk.length === 0) break
    count += chunk.length
    for (const row of chunk) {
      if (sample.length < SAMPLE_ROWS) sample.push(row.cells)
      if (!wanted) continue
      row.clean = cleanRow(row.cells, wanted, defaultCountry)
      if (row.clean.ok) row.cells = []
    }
    await onChunk(chunk)
  }
  const { mapping, unmapped } = recogniseColumns(table.header, sample)
  return ok({ ...table, suggested: mapping, unmapped, rows: count, warnings })
}

const takeRows = (source: Iterator<TableRow>, count: number, chunk: ReadRow[]): void => {
  while (chunk.length < count) {
    const next = source.next()
    if (next.done) return
    chunk.push(next.value)
  }
}

// The other side of src/threads.ts: one call at a time; every chunk waits for the main thread to ask for the next.
declare const self: Worker
let next: (() => void) | undefined

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
const say = (message: unknown): void => self.postMessage(message)

const onMessage = async (message: { id: number; next?: true; input?: ReadTableInput }): Promise<void> => {
  if (message.next) return next?.()
  if (!message.input) return
  const { id } = message
  const onChunk = (chunk: ReadTableChunk): Promise<void> =>
    new Promise((resolve) => {
      next = resolve
      say({ id, chunk })
    })
  try {
    say({ id, ok: true, result: await readTableInChunks(message.input, onChunk) })
  } catch (error) {
    say({ id, ok: false, message: error instanceof Error ? error.message : String(error) })
  }
}

if (!Bun.isMainThread) {
  self.addEventListener('message', (event: MessageEvent) => void onMessage(event.data))
}
