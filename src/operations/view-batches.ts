import type { Db } from '#src/db/open.ts'
import {
  findBatch,
  listBatches,
  listItems,
  type BatchItem,
  type BatchSummary,
  type Detail,
  type ItemState,
} from '#src/queue/queries.ts'
import { subjectNames, type SubjectKind } from './queries.ts'

// Fewer ended items than this say little about the speed.
const RATE_NEEDS = 2

export type Subject = { kind: SubjectKind; id: number; name: string | null }

/** A batch as pages show it. */
export type BatchView = Pick<
  BatchSummary,
  'id' | 'label' | 'state' | 'total' | 'counts' | 'createdAt' | 'finishedAt'
> & {
  /** Ended and wanted units; the import of one file counts its rows. */
  progress: { value: number; max: number }
  /** From the speed of the last minute; null when unknown or nothing runs. */
  secondsLeft: number | null
  now: { itemId: number; subject: Subject; detail: Detail | null }[]
}

export type ItemView = Pick<BatchItem, 'id' | 'state' | 'attempts' | 'detail' | 'finishedAt'> & {
  subject: Subject
}

/** What items are about follows from the name of the job: `crawl.company`, `companies.import`. */
const subjectKind = (job: string): SubjectKind => (job.endsWith('.import') ? 'import' : 'company')

/** A page of batches, newest first. */
export const viewBatches = async (db: Db, paging: { limit: number; offset: number }): Promise<BatchView[]> =>
  view(db, await listBatches(db, paging))

/** One batch, or null when there is no such batch. */
export const viewBatch = async (db: Db, id: number): Promise<BatchView | null> => {
  const summary = await findBatch(db, id)
  return summary ? ((await view(db, [summary]))[0] ?? null) : null
}

const view = async (db: Db, summaries: BatchSummary[]): Promise<BatchView[]> => {
  const names = new Map<SubjectKind, Map<number, string>>()
  for (const kind of ['company', 'import'] as const) {
    const own = summaries.filter(({ job }) => subjectKind(job) === kind)
    const ids = own.flatMap(({ running }) => running.map(({ subjectId }) => subjectId))
    names.set(kind, await subjectNames(db, kind, ids))
  }
  return summaries.map(({ id, job, label, state, total, counts, createdAt, finishedAt, recent, running }) => {
    const kind = subjectKind(job)
    const now = running.map(({ itemId, subjectId, detail }) => ({
      itemId,
      subject: { kind, id: subjectId, name: names.get(kind)?.get(subjectId) ?? null },
      detail,
    }))
    const progress = progressOf(total, counts, now[0]?.detail ?? null)
    const secondsLeft = state === 'running' ? timeLeft(counts.pending + counts.running, recent) : null
    return { id, label, state, total, counts, createdAt, finishedAt, progress, secondsLeft, now }
  })
}

const progressOf = (total: number, counts: BatchSummary['counts'], detail: Detail | null) => {
  const { done, total: units } = detail?.values ?? {}
  if (
    total === 1 &&
    counts.running === 1 &&
    typeof done === 'number' &&
    typeof units === 'number' &&
    units > 0
  )
    return { value: Math.min(done, units), max: units }
  return { value: counts.done + counts.failed + counts.cancelled, max: Math.max(total, 1) }
}

/** Seconds until `left` items have ended at the recent speed; null without enough to go by. */
export const timeLeft = (left: number, recent: { ended: number; seconds: number }): number | null =>
  recent.ended < RATE_NEEDS || recent.seconds <= 0 ? null : Math.ceil((left * recent.seconds) / recent.ended)

/** One page of a batch's items, failed ones first. */
export const viewItems = async (
  db: Db,
  batchId: number,
  job: string,
  paging: { state?: ItemState; limit: number; offset: number },
): Promise<ItemView[]> => {
  const items = await listItems(db, batchId, paging)
  const kind = subjectKind(job)
  const names = await subjectNames(
    db,
    kind,
    items.map(({ subjectId }) => subjectId),
  )
  return items.map(({ id, state, attempts, detail, finishedAt, subjectId }) => ({
    id,
    state,
    attempts,
    detail,
    finishedAt,
    subject: { kind, id: subjectId, name: names.get(subjectId) ?? null },
  }))
}
