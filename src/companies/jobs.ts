import { z } from 'zod'
import type { Db } from '#src/db/open.ts'
import type { Deps } from '#src/deps.ts'
import type { ItemContext } from '#src/queue/define-batch-job.ts'
import { defineBatchJob } from '#src/queue/define-batch-job.ts'
import { defineJob, type JobDefinition } from '#src/queue/define-job.ts'
import { checkImport, importCompanies } from './import/import-companies.ts'
import { IMPORT_JOB } from './import/drafts.ts'
import { insertImportRows } from './import/queries-import.ts'
import {
  deleteImportRows,
  deleteOldDrafts,
  findImport,
  finishImport,
  lockImport,
  readFile,
  updateImport,
  type ImportView,
} from './import/queries-imports.ts'
import type { ImportSource } from './import/read-rows.ts'

export const FORGET_DRAFTS_JOB = 'companies.forget-drafts'
const DRAFT_KEPT_MS = 30 * 24 * 3_600_000

/** What the domains that build on companies do for an import, handed over by jobs.ts. */
export type ImportNeighbours = {
  /** Asks for the crawl of new companies in the import's own transaction. Returns the batch. */
  requestCrawls: (
    tx: Db,
    request: { companyIds: number[]; fileName: string; createdBy: number | null },
  ) => Promise<number | null>
  /** Scores what needs no visit for it, in the import's own transaction. */
  score: (tx: Db, importId: number) => Promise<void>
}

export const companyJobs = (
  deps: Pick<Deps, 'db' | 'threads' | 'clock'>,
  neighbours: ImportNeighbours,
): JobDefinition[] => [
  defineBatchJob(deps, {
    name: IMPORT_JOB,
    concurrency: 1,
    run: async ({ subjectId }, context) => {
      const record = await findImport(deps.db, subjectId)
      const bytes = await readFile(deps.db, subjectId)
      if (!record || !bytes) return { failed: { code: 'import_gone' } }
      const { fileName, mapping, sheet } = record
      const source = { bytes, fileName, mapping, sheet }
      return record.state === 'running'
        ? run(deps, neighbours, record, source, context)
        : check(deps, record, source, context)
    },
  }),
  defineJob({
    name: FORGET_DRAFTS_JOB,
    input: z.object({}),
    concurrency: 1,
    retryLimit: 2,
    run: async () =>
      void (await deleteOldDrafts(deps.db, new Date(deps.clock.now().getTime() - DRAFT_KEPT_MS))),
  }),
]

type Tools = Pick<Deps, 'db' | 'threads'>

const check = ({ db, threads }: Tools, record: ImportView, source: ImportSource, context: ItemContext) => {
  const { report, finish, signal } = context
  return db.transaction(async (tx) => {
    await deleteImportRows(tx, record.id)
    const checked = await checkImport({ db: tx, threads }, source, {
      signal,
      onProgress: (done) => report({ code: 'checking_rows', values: { done } }),
      onRows: (rows) =>
        insertImportRows(
          tx,
          record.id,
          rows.filter(({ outcome }) => outcome === 'rejected'),
        ),
    })
    if (!checked.ok) {
      await deleteImportRows(tx, record.id)
      return unreadable(checked.problem.code)
    }
    const { counts, warnings } = checked.value
    await updateImport(tx, record.id, { counts, warnings })
    await finish(tx)
    return undefined
  })
}

const run = async (
  tools: Tools,
  neighbours: ImportNeighbours,
  record: ImportView,
  source: ImportSource,
  { report, finish, signal }: ItemContext,
) => {
  const total = record.counts?.rows ?? 0
  const imported = await importCompanies(
    tools,
    source,
    {
      userId: record.createdBy,
      crawlBudget: record.crawlBudget,
      begin: async (tx) => {
        await lockImport(tx, record.id)
        await deleteImportRows(tx, record.id)
        return record.id
      },
      finish: async (tx, importId, { counts, warnings }, created) => {
        const { fileName, createdBy, crawlAfter } = record
        const request = { companyIds: created, fileName, createdBy }
        const crawlBatchId = crawlAfter ? await neighbours.requestCrawls(tx, request) : null
        await finishImport(tx, importId, { counts, warnings, crawlBatchId })
        await neighbours.score(tx, importId)
        await finish(tx)
      },
    },
    {
      signal,
      onProgress: (done) =>
        report(
          total > 0
            ? { code: 'importing', values: { done, total } }
            : { code: 'checking_rows', values: { done } },
        ),
    },
  )
  return imported.ok ? undefined : unreadable(imported.problem.code)
}

const unreadable = (problem: string) => ({ failed: { code: 'import_unreadable', values: { problem } } })
