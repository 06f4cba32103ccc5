import type { Db } from '#src/db/open.ts'
import { AppError, type Result } from '#src/lib/errors.ts'
import type { Threads } from '#src/threads.ts'
import { columnsOf, type CompanyColumns } from '#src/companies/import/company-columns.ts'
import { createMatcher, type Match } from './match-rows.ts'
import { knownCompanies } from './queries-import.ts'
import type { Mapping } from './recognise-columns.ts'
import type { ReadRow, TableHead } from '#src/companies/worker.ts'
import type { TableWarnings } from './tables/table.ts'

// A large file makes much garbage in little time: without this a small machine's memory grows to twice as much.
const ROWS_PER_SWEEP = 2_500

export type ImportSource = {
  bytes: Uint8Array
  fileName: string
  mapping: Mapping
  sheet?: string | undefined
}

export type JudgedRow = { row: ReadRow } & (
  | { columns: CompanyColumns; match: Match }
  | { columns: null; match: null }
)

export type ReadReport = TableHead & { warnings: TableWarnings }

export type Reading = { onProgress?: ((rows: number) => void) | undefined; signal?: AbortSignal | undefined }

/** Reads a table and tells for each row which company it means, in chunks, in the sheet's order. Compares with
 *  what `db` sees and with the rows before. */
export const readRows = async (
  { db, threads }: { db: Db; threads: Threads },
  source: ImportSource,
  take: (rows: JudgedRow[]) => Promise<void>,
  { onProgress, signal }: Reading = {},
): Promise<Result<ReadReport>> => {
  const matcher = createMatcher()
  let rows = 0
  // Thrown inside a chunk it would come back as a failure of the thread.
  let failure: unknown
  const takeChunk = async (chunk: ReadRow[]) => {
    if (signal?.aborted) throw new AppError('stopped', 'The import was stopped.', { status: 409 })
    const cleaned = chunk.map((row) => (row.clean?.ok ? columnsOf(row.clean.company) : null))
    for (const known of await knownCompanies(db, keysOf(cleaned))) matcher.add(known)
    await take(
      chunk.map((row, index) => {
        const columns = cleaned[index] ?? null
        return columns ? { row, columns, match: matcher.match(columns) } : { row, columns: null, match: null }
      }),
    )
    rows += chunk.length
    // At once: a sweep put off lets a large list take a third more memory.
    if (rows % ROWS_PER_SWEEP === 0) Bun.gc(true)
    onProgress?.(rows)
  }
  const { bytes, fileName, mapping, sheet } = source
  const options = { mapping, ...(sheet ? { sheet } : {}) }
  const read = await threads
    .readTable({ bytes, fileName, options }, (chunk) =>
      takeChunk(chunk).catch((error: unknown) => {
        failure = error
        throw error
      }),
    )
    .catch((error: unknown) => {
      throw failure ?? error
    })
  if (!read.ok) return read
  const { rows: _, ...head } = read.value
  return { ok: true, value: head }
}

const keysOf = (rows: (CompanyColumns | null)[]) => ({
  siteKeys: [...new Set(rows.flatMap((row) => row?.siteKey ?? []))],
  nameKeys: [...new Set(rows.flatMap((row) => row?.nameKey ?? []))],
})
