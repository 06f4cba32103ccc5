import { Hono, type Context } from 'hono'
import { z } from 'zod'
import { isHtmx } from '#src/auth/request.ts'
import { isSessionAlive } from '#src/auth/sessions.ts'
import type { Db } from '#src/db/open.ts'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import { AppError } from '#src/lib/errors.ts'
import { cancelBatch, pauseBatch, resumeBatch, retryBatch } from '#src/queue/batches.ts'
import { progressEvents } from '#src/queue/progress-events.ts'
import { countBatches, findBatch } from '#src/queue/queries.ts'
import { BatchItems } from '#templates/operations/batch-items.tsx'
import { BatchProgress } from '#templates/operations/batch-progress.tsx'
import { JobPage, JobsList, JobsPage } from '#templates/operations/jobs.tsx'
import { streamProgress } from './progress-stream.ts'
import { viewBatch, viewBatches, viewItems } from './view-batches.ts'

const BATCHES_PER_PAGE = 20
const ITEMS_PER_PAGE = 50

const itemState = z.enum(['pending', 'running', 'done', 'failed', 'cancelled'])
const pageNumber = z.coerce.number().int().min(1).max(100_000).catch(1)
const listQuery = z.object({ page: pageNumber })
const itemsQuery = z.object({ page: pageNumber, state: itemState.optional().catch(undefined) })
const idOf = z.coerce.number().int().min(1).max(2_147_483_647)

const idParam = (c: Context, name: string): number => {
  const parsed = idOf.safeParse(c.req.param(name))
  if (!parsed.success) throw noSuchJob()
  return parsed.data
}

const noSuchJob = () => new AppError('batch_not_found', 'There is no such job.', { status: 404 })

/** The jobs of the product as their reader sees them: batches, live, with what failed and why. */
export const jobsRoutes = (deps: Pick<Deps, 'db' | 'sql' | 'queue' | 'clock'>): Hono<AppEnv> => {
  const { db, queue } = deps
  const events = progressEvents(deps.sql)
  const app = new Hono<AppEnv>()

  app.get('/', async (c) => {
    const { page } = listQuery.parse(c.req.query())
    const batches = await viewBatches(db, { limit: BATCHES_PER_PAGE, offset: (page - 1) * BATCHES_PER_PAGE })
    const pages = Math.max(1, Math.ceil((await countBatches(db)) / BATCHES_PER_PAGE))
    return c.html(<JobsPage page={c.get('page')} batches={batches} paging={{ page, pages }} />)
  })

  // `?batch=ID` follows one batch, for the page of that batch and for others that show it.
  app.get('/events', (c) => {
    const page = c.get('page')
    const one = idOf.safeParse(c.req.query('batch'))
    const compact = c.req.query('compact') !== undefined
    const renderOne = async (id: number) => {
      const batch = await viewBatch(db, id)
      return batch ? (<BatchProgress page={page} batch={batch} compact={compact} />).toString() : ''
    }
    const renderList = async () =>
      (
        <JobsList page={page} batches={await viewBatches(db, { limit: BATCHES_PER_PAGE, offset: 0 })} />
      ).toString()
    return streamProgress(c, {
      events,
      concerns: (batchId) => !one.success || batchId === one.data,
      mayWatch: () => isSessionAlive(deps, c.get('sessionId')),
      render: () => (one.success ? renderOne(one.data) : renderList()),
    })
  })

  app.get('/:id', async (c) => {
    const id = idParam(c, 'id')
    const batch = await viewBatch(db, id)
    if (!batch) throw noSuchJob()
    return c.html(<JobPage page={c.get('page')} batch={batch} items={await itemsOf(c, id)} />)
  })

  app.get('/:id/items', async (c) => {
    const items = await itemsOf(c, idParam(c, 'id'))
    return c.html(<BatchItems page={c.get('page')} items={items} />)
  })

  const itemsOf = async (c: Context<AppEnv>, batchId: number) => {
    const { page, state } = itemsQuery.parse(c.req.query())
    const batch = await findBatch(db, batchId)
    if (!batch) throw noSuchJob()
    const paging = { limit: ITEMS_PER_PAGE, offset: (page - 1) * ITEMS_PER_PAGE }
    const rows = await viewItems(db, batchId, batch.job, { ...paging, ...(state ? { state } : {}) })
    const total = state ? batch.counts[state] : batch.total
    const pages = Math.max(1, Math.ceil(total / ITEMS_PER_PAGE))
    const live = batch.counts.pending + batch.counts.running > 0
    return {
      batchId,
      rows,
      state: state ?? null,
      counts: batch.counts,
      total: batch.total,
      page,
      pages,
      live,
    }
  }

  // The live fragment shows what has changed: htmx needs no answer, a browser without scripts goes back.
  const change = async (c: Context<AppEnv>, action: (tx: Db, id: number) => Promise<unknown>) => {
    const id = idParam(c, 'id')
    await db.transaction((tx) => action(tx, id))
    return isHtmx(c) ? c.body(null, 204) : c.redirect(`/jobs/${id}`, 303)
  }

  app.post('/:id/pauses', (c) => change(c, (tx, id) => pauseBatch(tx, queue, id)))
  app.post('/:id/resumptions', (c) => change(c, (tx, id) => resumeBatch(tx, queue, id)))
  app.post('/:id/cancellations', (c) => change(c, (tx, id) => cancelBatch(tx, queue, id)))
  app.post('/:id/retries', (c) => change(c, (tx, id) => retryBatch(tx, queue, id)))
  app.post('/:id/items/:item/retries', (c) =>
    change(c, (tx, id) => retryBatch(tx, queue, id, idParam(c, 'item'))),
  )
  return app
}
