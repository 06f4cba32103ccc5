import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { crawlPresets, isPreset } from '#src/companies/crawl-budget.ts'
import { applyProfile, readProfile } from '#src/companies/import/profiles.ts'
import {
  checkImport,
  importCompanies,
  type ImportPlan,
  type ImportReport,
} from '#src/companies/import/import-companies.ts'
import { finishImport, insertImport } from '#src/companies/import/queries-imports.ts'
import type { Mapping } from '#src/companies/import/recognise-columns.ts'
import type { CrawlBudget, ImportCounts } from '#src/companies/schema.ts'
import type { TableHead } from '#src/companies/worker.ts'
import { rejectReasonText } from '#src/companies/import/messages.ts'
import { requestCrawls } from '#src/crawl/request-crawls.ts'
import type { Db } from '#src/db/open.ts'
import type { Deps } from '#src/deps.ts'
import { ensureQueues } from '#src/jobs.ts'
import { scoreImport } from '#src/scoring/score-import.ts'
import { AppError, messageOf, type Result } from '#src/lib/errors.ts'
import { assemble } from './assemble.ts'
import { json, UsageError, type Command } from './command.ts'

const PREVIEW_ROWS = 50

export const importCommand: Command = {
  usage: 'import FILE [--dry-run] [--profile P] [--crawl] [--preset quick|standard|thorough] [--json]',
  summary: 'import companies from XLSX, CSV, ODS or XLS',
  run: async ({ args, config, log, print }) => {
    const options = readOptions(args)
    const source = { bytes: readSource(options.file), fileName: basename(options.file) }
    const assembly = await assemble(config(), log, 'command')
    try {
      await assembly.prepare({ once: true })
      const document = await runImport(assembly.deps, source, options)
      print(options.asJson ? json(document) : summaryOf(document))
      return 0
    } finally {
      await assembly.close()
    }
  },
}

type Options = {
  file: string
  dryRun: boolean
  crawl: boolean
  asJson: boolean
  profile: string | undefined
  crawlBudget: CrawlBudget | null
}

const readOptions = (args: string[]): Options => {
  const { values, positionals } = parseArgs({
    args,
    options: {
      'dry-run': { type: 'boolean' },
      profile: { type: 'string' },
      crawl: { type: 'boolean' },
      preset: { type: 'string' },
      json: { type: 'boolean' },
    },
    allowPositionals: true,
  })
  const [file] = positionals
  if (!file || positionals.length > 1) throw new UsageError('import needs one FILE')
  return {
    file,
    dryRun: values['dry-run'] ?? false,
    crawl: values.crawl ?? false,
    asJson: values.json ?? false,
    profile: values.profile,
    crawlBudget: readPreset(values.preset),
  }
}

/** Kept for the crawl at once and for later ones; null is the standard preset. */
const readPreset = (preset: string | undefined): CrawlBudget | null => {
  if (preset === undefined) return null
  if (!isPreset(preset)) throw new UsageError(`--preset is one of ${crawlPresets.join(', ')}`)
  return preset === 'standard' ? null : { preset }
}

const readSource = (file: string): Uint8Array => {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new AppError('unreadable_file', `${file} cannot be read: ${messageOf(error)}`)
  }
}

export type ImportDocument = Omit<ImportCounts, 'rejected'> & {
  rejected: { row: number; reason: string }[]
  importId: number | null
  warnings: ImportReport['warnings']
}

const runImport = async (
  deps: Deps,
  source: { bytes: Uint8Array; fileName: string },
  options: Options,
): Promise<ImportDocument> => {
  const { mapping, head } = await findMapping(deps, source, options.profile)
  if (options.dryRun) return documentOf(read(source, await checkImport(deps, { ...source, mapping })), null)
  if (options.crawl) await ensureQueues(deps)
  const { format, header, sheet, sheets } = head
  const plan: ImportPlan = {
    userId: null,
    crawlBudget: options.crawlBudget,
    begin: (tx) =>
      insertImport(tx, {
        fileName: source.fileName,
        format,
        state: 'running',
        header,
        sheet,
        sheets,
        mapping,
        crawlAfter: options.crawl,
        crawlBudget: options.crawlBudget,
      }),
    finish: async (tx, importId, { counts, warnings }, created) => {
      const crawlBatchId = options.crawl ? await crawlCreated(deps, tx, source.fileName, created) : null
      await finishImport(tx, importId, { counts, warnings, crawlBatchId })
      await scoreImport(tx, importId)
    },
  }
  const report = read(source, await importCompanies(deps, { ...source, mapping }, plan))
  return documentOf(report, report.importId)
}

const crawlCreated = async (deps: Deps, tx: Db, file: string, created: number[]) =>
  (
    await requestCrawls(tx, deps.queue, created, {
      createdBy: null,
      label: { key: 'crawl.import', values: { file } },
    })
  ).batchId

const findMapping = async (
  deps: Deps,
  source: { bytes: Uint8Array; fileName: string },
  profileName: string | undefined,
): Promise<{ mapping: Mapping; head: TableHead }> => {
  const preview = await deps.threads.readTable(
    { ...source, options: { preview: PREVIEW_ROWS } },
    async () => {},
  )
  if (!preview.ok) throw new AppError(preview.problem.code, `${source.fileName}: ${preview.problem.message}`)
  const mapping = profileName
    ? await profileMapping(deps.db, profileName, preview.value.header)
    : preview.value.suggested
  if (mapping.name === undefined)
    throw new AppError(
      'no_name_column',
      `${source.fileName}: no column was recognised as the company's name. Name it "name" or "nom", or use --profile.`,
    )
  return { mapping, head: preview.value }
}

const profileMapping = async (db: Db, name: string, header: string[]): Promise<Mapping> => {
  const profile = await readProfile(db, { name })
  if (!profile) throw new AppError('unknown_profile', `There is no import profile named "${name}".`)
  return applyProfile(profile.columns, header)
}

const read = <T>(source: { fileName: string }, result: Result<T>): T => {
  if (!result.ok) throw new AppError(result.problem.code, `${source.fileName}: ${result.problem.message}`)
  return result.value
}

const documentOf = (report: ImportReport, importId: number | null): ImportDocument => ({
  ...report.counts,
  rejected: report.rejected.map(({ row, reason }) => ({ row, reason: rejectReasonText('en', reason) })),
  importId,
  warnings: report.warnings,
})

const summaryOf = (document: ImportDocument): string =>
  [
    `${document.rows} rows: ${document.created} created (${document.branches} of them branches), ${document.updated} updated, ${document.unchanged} unchanged, ${document.duplicates} duplicates, ${document.rejected.length} rejected`,
    ...document.rejected.slice(0, 20).map(({ row, reason }) => `row ${row}: ${reason}`),
    ...(document.rejected.length > 20 ? [`… and ${document.rejected.length - 20} more`] : []),
    ...(document.importId === null ? ['Dry run: nothing was stored.'] : []),
  ].join('\n')
