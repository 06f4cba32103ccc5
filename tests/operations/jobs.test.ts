import { expect, test } from 'bun:test'
import { Hono } from 'hono'
import { testDatabase } from '#tests/support/database.ts'
import { until } from '#tests/support/until.ts'
import { companies } from '#src/companies/schema.ts'
import { deleteSession } from '#src/auth/queries.ts'
import { sessions, users } from '#src/auth/schema.ts'
import type { AppEnv } from '#src/http-env.ts'
import { systemClock } from '#src/lib/clock.ts'
import { AppError } from '#src/lib/errors.ts'
import { silentLog } from '#src/lib/log.ts'
import { jobsRoutes } from '#src/operations/jobs-routes.tsx'
import { timeLeft } from '#src/operations/view-batches.ts'
import { createBatch } from '#src/queue/batches.ts'
import { defineBatchJob } from '#src/queue/define-batch-job.ts'
import { openQueue } from '#src/queue/open-queue.ts'
import { findBatch } from '#src/queue/queries.ts'
import type { PageContext } from '#templates/page.ts'

const { db, sql, beforeClose } = await testDatabase()

let hold = Promise.resolve()
let release = () => {}
const refused = new Set<number>()
const work = defineBatchJob(
  { db },
  {
    name: 'test.company',
    concurrency: 1,
    run: async ({ subjectId }, { report }) => {
      report({ code: 'crawling', values: { host: 'example.com', pages: 2 } })
      await hold
      return refused.has(subjectId) ? { failed: { code: 'unreachable' } } : undefined
    },
  },
)
const queue = openQueue({ db, sql, log: silentLog })
await queue.start([work])
beforeClose(() => queue.stop(0))

const page: PageContext = {
  locale: 'fr',
  theme: 'auto',
  user: { id: 1, email: 'a@example.com', name: 'A', role: 'admin' },
  csrf: 'token',
  path: '/jobs',
  flash: null,
}
const [reader] = await db
  .insert(users)
  .values({ email: 'a@example.com', role: 'admin', passwordHash: '' })
  .returning()
const openSession = async (idHash: string) =>
  void (await db.insert(sessions).values({
    idHash,
    userId: reader!.id,
    expiresAt: new Date(Date.now() + 3_600_000),
  }))
await openSession('theirs')
let sessionId = 'theirs'
const app = new Hono<AppEnv>()
app.use(async (c, next) => {
  c.set('page', page)
  c.set('sessionId', sessionId)
  await next()
})
app.route('/jobs', jobsRoutes({ db, sql, queue, clock: systemClock }))
app.onError((error, c) => c.text(error.message, error instanceof AppError ? error.status : 500))

const addCompanies = async (names: string[]) =>
  (
    await db
      .insert(companies)
      .values(names.map((name) => ({ name })))
      .returning({ id: companies.id })
  ).map(({ id }) => id)

const start = (subjectIds: number[]) =>
  db.transaction((tx) =>
    createBatch(tx, queue, {
      job: 'test.company',
      label: { key: 'crawl.companies', values: { count: subjectIds.length } },
      subjectIds,
      createdBy: null,
    }),
  )
const state = async (id: number) => (await findBatch(db, id))!.state
const holdItems = () => {
  hold = new Promise((resolve) => (release = resolve))
}

/** Reads an event stream as a browser does; `last` is the newest fragment. */
const listen = async (path: string) => {
  const response = await app.request(path)
  const reader = response.body!.getReader()
  const decoder = new TextDecoder()
  const fragments: string[] = []
  let buffer = ''
  let ended = false
  const reading = (async () => {
    for (;;) {
      const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }))
      if (done) return void (ended = true)
      buffer += decoder.decode(value, { stream: true })
      const events = buffer.split('\n\n')
      buffer = events.pop()!
      for (const event of events) {
        const lines = event.split('\n').filter((line) => line.startsWith('data:'))
        if (lines.length > 0) fragments.push(lines.map((line) => line.slice('data: '.length)).join('\n'))
      }
    }
  })()
  const close = async () => {
    await reader.cancel()
    await reading
  }
  return { response, fragments, close, ended: () => ended, last: () => fragments.at(-1) ?? '' }
}

test('without any job the page says what to do next', async () => {
  const response = await app.request('/jobs')
  expect(response.status).toBe(200)
  expect(await response.text()).toContain('href="/imports"')
})

test('the page shows what is done, what is being done and what is left', async () => {
  holdItems()
  const id = await start(await addCompanies(['Boulangerie <Noël>', 'Second']))
  await until('one item runs', async () => (await findBatch(db, id))!.running[0]?.detail?.code)
  const html = await (await app.request('/jobs')).text()
  expect(html).toContain('<progress value="0" max="2"')
  expect(html).toContain('Boulangerie &lt;Noël&gt;')
  expect(html).toContain('example.com : 2 pages lues')
  expect(html).toContain('2 restants')
  expect(html).not.toContain('style=')
  release()
  await until('the batch is done', async () => (await state(id)) === 'done')
})

test('two browsers follow a batch live, and one that comes back sees how it stands', async () => {
  holdItems()
  const id = await start(await addCompanies(['One', 'Two', 'Three']))
  const [first, second] = [await listen('/jobs/events'), await listen(`/jobs/events?batch=${id}`)]
  expect(first.response.headers.get('content-type')).toContain('text/event-stream')
  expect(first.response.headers.get('x-accel-buffering')).toBe('no')
  await until('both show the start', () =>
    [first, second].every(({ last }) => last().includes('<progress value="0" max="3"')),
  )
  await second.close()
  release()
  await until('the first shows the end', () => first.last().includes('<progress value="3" max="3"'))
  const again = await listen(`/jobs/events?batch=${id}`)
  await until('the second shows the end after coming back', () => again.last().includes('max="3"'))
  expect(again.fragments[0]).toContain('<progress value="3" max="3"')
  await first.close()
  await again.close()
})

test('the stream sends what the page itself renders', async () => {
  const stream = await listen('/jobs/events')
  await until('a fragment came', () => stream.fragments.length > 0)
  const html = await (await app.request('/jobs')).text()
  expect(html.includes(stream.last())).toBe(true)
  await stream.close()
})

test('the stream of someone who has been signed out ends with the next change', async () => {
  await openSession('ended')
  sessionId = 'ended'
  const stream = await listen('/jobs/events')
  await until('a fragment came', () => stream.fragments.length > 0)
  sessionId = 'theirs'
  await deleteSession(db, 'ended')
  const seen = stream.fragments.length
  await start(await addCompanies(['Afterwards']))
  await until('the stream ended', () => stream.ended())
  expect(stream.fragments).toHaveLength(seen)
})

test('a batch is paused, resumed and cancelled from the page', async () => {
  holdItems()
  const id = await start(await addCompanies(['a', 'b', 'c']))
  const post = (noun: string, headers = {}) => app.request(`/jobs/${id}/${noun}`, { method: 'POST', headers })
  const paused = await post('pauses')
  expect([paused.status, paused.headers.get('location')]).toEqual([303, `/jobs/${id}`])
  expect(await state(id)).toBe('paused')
  expect((await post('resumptions', { 'hx-request': 'true' })).status).toBe(204)
  expect(await state(id)).toBe('running')
  await post('cancellations')
  expect(await state(id)).toBe('cancelled')
  expect((await post('cancellations')).status).toBe(409)
  release()
})

test('failed items are listed with their reason and can be tried again', async () => {
  const ids = await addCompanies(['good', 'bad', 'worse'])
  refused.add(ids[1]!).add(ids[2]!)
  const id = await start(ids)
  await until('the batch is done', async () => (await state(id)) === 'done')
  const html = await (await app.request(`/jobs/${id}?state=failed`)).text()
  expect(html).toContain('Le site ne répond pas.')
  expect(html).toContain('>bad</a>')
  expect(html).not.toContain('>good</a>')
  refused.clear()
  const item = /items\/(\d+)\/retries/.exec(html)![1]
  await app.request(`/jobs/${id}/items/${item}/retries`, { method: 'POST' })
  await until('one is left', async () => (await findBatch(db, id))!.counts.failed === 1)
  await app.request(`/jobs/${id}/retries`, { method: 'POST' })
  await until('all are done', async () => (await findBatch(db, id))!.counts.done === 3)
})

test('a job that does not exist is not found', async () => {
  for (const path of ['/jobs/999999', '/jobs/0', '/jobs/abc', '/jobs/99999999999', '/jobs/999999/items'])
    expect((await app.request(path)).status).toBe(404)
  expect((await app.request('/jobs/999999/pauses', { method: 'POST' })).status).toBe(404)
})

test('the time left follows from what ended lately', () => {
  expect(timeLeft(30, { ended: 10, seconds: 20 })).toBe(60)
  expect(timeLeft(30, { ended: 1, seconds: 20 })).toBeNull()
  expect(timeLeft(0, { ended: 10, seconds: 20 })).toBe(0)
})
