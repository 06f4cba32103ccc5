import type { CrawlBudget } from '#src/companies/schema.ts'
import type { Db } from '#src/db/open.ts'
import { failed, ok, type Result } from '#src/lib/errors.ts'
import { createBatch } from '#src/queue/batches.ts'
import type { Queue } from '#src/queue/open-queue.ts'
import type { Threads } from '#src/threads.ts'
import { cleanRow, type CleanRow } from './clean-row.ts'
import { applyProfile, profileFor, readProfile, saveProfile } from './profiles.ts'
import {
  deleteImport,
  deleteImportRows,
  insertImport,
  lockImport,
  readFile,
  storeFile,
  updateImport,
  type ImportPhase,
  type ImportView,
} from './queries-imports.ts'
import { companyFields, type Mapping } from './recognise-columns.ts'
import type { TableHead } from '#src/companies/worker.ts'

export const IMPORT_JOB = 'companies.import'
const SAMPLE_ROWS = 50
const SHOWN_ROWS = 10
const MAX_SHEETS = 100
const MAX_FILE_NAME = 200
const OPEN: ImportPhase[] = ['draft', 'checked', 'stopped', 'failed']

type Tools = { db: Db; threads: Threads; queue: Queue }
type Upload = { bytes: Uint8Array; fileName: string; userId: number | null }

/** Takes an uploaded file in as a draft, its columns recognised, or by the profile of a file with the same
 *  columns. A file that cannot be read is a problem and leaves nothing behind. */
export const receiveUpload = async (
  { db, threads }: Pick<Tools, 'db' | 'threads'>,
  { bytes, fileName, userId }: Upload,
): Promise<Result<number>> => {
  const read = await readHead(threads, { bytes, fileName })
  if (!read.ok) return read
  const profile = await profileFor(db, read.value.header)
  const mapping = profile ? applyProfile(profile.columns, read.value.header) : read.value.suggested
  return db.transaction(async (tx) => {
    const id = await insertImport(tx, {
      fileName: tidyName(fileName),
      state: 'draft',
      createdBy: userId,
      profileId: profile?.id ?? null,
      mapping,
      ...columnsOfHead(read.value),
    })
    await storeFile(tx, id, bytes)
    return ok(id)
  })
}

type Head = TableHead & { sample: { row: number; cells: string[] }[]; warnings: Record<string, number> }

const readHead = async (
  threads: Threads,
  { bytes, fileName, sheet }: { bytes: Uint8Array; fileName: string; sheet?: string | undefined },
): Promise<Result<Head>> => {
  const sample: Head['sample'] = []
  const options = { preview: SAMPLE_ROWS, ...(sheet === undefined ? {} : { sheet }) }
  const read = await threads.readTable({ bytes, fileName, options }, async (chunk) => {
    sample.push(...chunk.map(({ row, cells }) => ({ row, cells })))
  })
  if (!read.ok) return read
  if (sample.length === 0) return failed('empty', 'The sheet has no row below its header.')
  return ok({ ...read.value, sample })
}

const columnsOfHead = ({ format, sheets, sheet, header, sample, warnings }: Head) => ({
  format,
  sheets: sheets.slice(0, MAX_SHEETS),
  sheet,
  header,
  sample,
  warnings,
})

const tidyName = (name: string): string =>
  name
    .replace(/^.*[/\\]/, '')
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(-MAX_FILE_NAME)
    .toWellFormed() || 'import'

export type MappingChoice = {
  mapping: Mapping
  sheet: string | undefined
  /** Applied instead of `mapping`. */
  profileId: number | null
  /** Remembers the mapping under this name. */
  saveAs: string
}

/** Stores what was chosen in the mapping step; an earlier check no longer counts. */
export const chooseMapping = (
  { db, threads }: Pick<Tools, 'db' | 'threads'>,
  importId: number,
  choice: MappingChoice,
): Promise<Result<null>> =>
  db.transaction(async (tx) => {
    const record = await lockImport(tx, importId)
    if (!record || !OPEN.includes(record.phase)) return notOpen()
    const isOther = choice.sheet !== undefined && choice.sheet !== record.sheet
    const other = isOther ? await readSheet(tx, threads, record, choice.sheet!) : null
    if (other && !other.ok) return other
    const header = other?.value.header ?? record.header
    const profile = choice.profileId === null ? null : await readProfile(tx, { id: choice.profileId })
    const mapping = profile
      ? applyProfile(profile.columns, header)
      : (other?.value.suggested ?? within(choice.mapping, header))
    const named = choice.saveAs && !other && !profile
    const profileId = named
      ? await saveProfile(tx, choice.saveAs, header, mapping)
      : (profile?.id ?? record.profileId)
    await deleteImportRows(tx, importId)
    await updateImport(tx, importId, {
      ...(other ? columnsOfHead(other.value) : {}),
      state: 'draft',
      mapping,
      profileId,
      counts: null,
      batchId: null,
    })
    return ok(null)
  })

const notOpen = () => failed('import_busy', 'This import is at work or has ended.')

const readSheet = async (
  tx: Db,
  threads: Threads,
  record: ImportView,
  sheet: string,
): Promise<Result<Head>> => {
  const bytes = await readFile(tx, record.id)
  return bytes ? readHead(threads, { bytes, fileName: record.fileName, sheet }) : notOpen()
}

const within = (mapping: Mapping, header: string[]): Mapping =>
  Object.fromEntries(Object.entries(mapping).filter(([, column]) => column < header.length))

type StartOptions = {
  kind: 'check' | 'run'
  userId: number | null
  /** Whether the sites of the new companies are visited at once. */
  crawl?: boolean
  /** What a visit of them may cost, now or later. */
  crawlBudget?: CrawlBudget | null
}

/** Starts what comes next as a job: the check (nothing is stored) or the import itself. A second click while it
 *  is at work starts nothing. */
export const startImport = (
  { db, queue }: Pick<Tools, 'db' | 'queue'>,
  importId: number,
  { kind, userId, crawl = false, crawlBudget }: StartOptions,
): Promise<Result<null>> =>
  db.transaction(async (tx) => {
    const record = await lockImport(tx, importId)
    if (!record || !OPEN.includes(record.phase)) return notOpen()
    if (record.mapping['name'] === undefined) return failed('no_name_column', 'No column holds the name.')
    const batchId = await createBatch(tx, queue, {
      job: IMPORT_JOB,
      label: { key: kind === 'run' ? 'import' : 'import.check', values: { file: record.fileName } },
      subjectIds: [importId],
      createdBy: userId,
    })
    await updateImport(tx, importId, {
      batchId,
      state: kind === 'run' ? 'running' : 'draft',
      crawlAfter: kind === 'run' && crawl,
      ...(crawlBudget === undefined ? {} : { crawlBudget }),
    })
    return ok(null)
  })

/** Throws an upload away that was not imported. */
export const discardImport = (db: Db, importId: number): Promise<Result<null>> =>
  db.transaction(async (tx) => {
    const record = await lockImport(tx, importId)
    if (!record || !OPEN.includes(record.phase)) return notOpen()
    await deleteImport(tx, importId)
    return ok(null)
  })

export type PreviewRow = { row: number; clean: CleanRow }

/** The first rows as they will be stored. */
export const previewRows = ({ sample, mapping }: Pick<ImportView, 'sample' | 'mapping'>): PreviewRow[] =>
  sample.slice(0, SHOWN_ROWS).map(({ row, cells }) => ({ row, clean: cleanRow(cells, mapping) }))

/** A form's answer: field name → column, as text. What is not a column is left out. */
export const readMapping = (fieldOfColumn: Map<number, string>): Mapping => {
  const mapping: Mapping = {}
  for (const [column, name] of fieldOfColumn) {
    const field = companyFields.find((known) => known === name)
    if (field) mapping[field] ??= column
  }
  return mapping
}
