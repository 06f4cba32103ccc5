import { afterAll, beforeAll, expect, test } from 'bun:test'
import { takeRequests } from '#src/integrations/analyses/take-requests.ts'
import { findAskedBudget, settleRequests } from '#src/integrations/analyses/queries.ts'
import { startTakingRequests } from '#src/integrations/analyses/take-requests.ts'
import { loadConfig } from '#src/config.ts'
import { silentLog } from '#src/lib/log.ts'
import { defineBatchJob } from '#src/queue/define-batch-job.ts'
import { openQueue } from '#src/queue/open-queue.ts'
import { testDatabase } from '#tests/support/database.ts'
import { until } from '#tests/support/until.ts'
import { insertToken } from './api-tokens.ts'
import { callEndpoint } from './call-endpoint.ts'

const database = await testDatabase()
const { db, sql } = database
const queue = openQueue({ db, sql, log: silentLog })
await queue.ensureQueues([
  defineBatchJob({ db }, { name: 'crawl.company', concurrency: 1, run: async () => undefined }),
])
database.beforeClose(() => queue.stop(0))
const PUBLIC = ['93.184.216.34']
const resolve = async (name: string): Promise<string[]> => {
  if (name.endsWith('.prive.fr')) return ['10.0.0.5']
  if (name.endsWith('.nulle-part.fr')) throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' })
  return PUBLIC
}
const parts = { db, sql, queue, log: silentLog, config: loadConfig({}), resolve }

let stop = async (): Promise<void> => {}
beforeAll(() => {
  stop = startTakingRequests(parts)
})
afterAll(() => stop())

let sites = 0
const newSite = () => `https://atelier-${(sites += 1)}.example.com/`
const POST = 'post /website-analysis'
const GET = 'get /website-analysis'

/** As a crawl would leave it. */
const crawl = async (companyId: number, state: 'done' | 'failed' = 'done') => {
  const [row] = await sql`
    INSERT INTO crawls (company_id, url, state, error_code, started_at, finished_at, duration_ms, page_count, bytes)
    VALUES (${companyId}, 'https://x.example.com/', ${state}, ${state === 'done' ? null : 'timeout'},
      now() - interval '9 seconds', now(), 9000, 7, 123456) RETURNING id`
  return row!.id as number
}
const endItem = (companyId: number, state: 'done' | 'failed') => sql`
  UPDATE batch_items SET state = ${state}, detail = ${state === 'done' ? null : '{"code": "timeout"}'}::text::jsonb
  WHERE subject_id = ${companyId}`

test('an unknown site becomes a company whose crawl is enqueued, and the answer names both', async () => {
  const token = await insertToken(database)
  const website = newSite()
  const { status, body } = await callEndpoint(database, POST, token, { body: { website, max_pages: 500 } })
  expect(status).toBe(202)
  expect(body).toMatchObject({ success: true, website, launched: true })
  const [company] =
    await sql`SELECT name, crawl_state, crawl_budget FROM companies WHERE id = ${body.entreprise_id}`
  expect(company).toMatchObject({ crawl_state: 'queued', crawl_budget: null })
  const [item] = await sql`SELECT batch_id FROM batch_items WHERE subject_id = ${body.entreprise_id}`
  expect(await findAskedBudget(db, item!.batch_id)).toEqual({
    preset: 'standard',
    limits: { pages: 60, seconds: 180, depth: 2 },
  })
  expect(body.tasks.scraping_task_id).toMatch(/^[0-9a-f-]{36}-scraping$/)
  expect(body.tasks.pentest_task_id).toBeNull()

  const running = await callEndpoint(database, GET, token, { query: { website } })
  expect(running.body).toMatchObject({ status: 'running', scraping: { status: 'never', latest: null } })
  const crawlId = await crawl(body.entreprise_id)
  await sql`INSERT INTO findings (company_id, crawl_id, rule, category, severity, evidence, page_url)
    VALUES (${body.entreprise_id}, ${crawlId}, 'seo.title', 'seo', 'low', 'sans titre', 'https://x.example.com/')`
  await endItem(body.entreprise_id, 'done')
  const task = { task_id: body.tasks.seo_task_id }
  await until('the request ends', async () => {
    const answer = await callEndpoint(database, GET, token, { query: { ...task, full: '1' } })
    return answer.body.status === 'done'
  })
  const done = await callEndpoint(database, GET, token, { query: { ...task, full: '1' } })
  expect(done.body).toMatchObject({
    entreprise_id: body.entreprise_id,
    scraping: { status: 'done', latest: { total_pages: 7 }, count: 1 },
    technical: { status: 'done', latest: { total_findings: 0 } },
    seo: { status: 'done', latest: { total_findings: 1, findings: [{ id: 'seo.title' }] } },
    pentest: { status: 'never', latest: null },
  })
  const again = await callEndpoint(database, POST, token, { body: { website } })
  expect([again.status, again.body.scraping.status]).toEqual([200, 'done'])
})

test('a task id is of use to the token that made it only', async () => {
  const [mine, other] = [await insertToken(database), await insertToken(database)]
  const website = newSite()
  const { body } = await callEndpoint(database, POST, mine, { body: { website } })
  const query = { task_id: body.tasks.scraping_task_id }
  expect((await callEndpoint(database, GET, mine, { query })).body.status).toBe('running')
  expect((await callEndpoint(database, GET, other, { query })).status).toBe(404)
  expect((await callEndpoint(database, GET, other, { query: { task_id: 'toto' } })).status).toBe(404)
  expect((await callEndpoint(database, GET, other, { query: { website } })).body.status).toBe('never')
})

test('a site known without an analysis is analysed, one that failed is told with its reason', async () => {
  const token = await insertToken(database)
  const website = newSite()
  const host = new URL(website).hostname
  const [known] = await sql`INSERT INTO companies (name, website, site_key)
    VALUES ('Connue', ${website}, ${host}) RETURNING id`
  const { status, body } = await callEndpoint(database, POST, token, { body: { website: `www.${host}` } })
  expect([status, body.entreprise_id]).toEqual([202, known!.id])
  await crawl(known!.id, 'failed')
  await endItem(known!.id, 'failed')
  await until('the request ends', async () => {
    const answer = await callEndpoint(database, GET, token, { query: { website } })
    return answer.body.status === 'failed' && answer.body.request.reason === 'timeout'
  })
})

test('private addresses, names that do not exist and pages of platforms are refused at once', async () => {
  const token = await insertToken(database)
  for (const website of [
    'http://127.0.0.1/',
    'http://[::1]/',
    'http://169.254.169.254/latest',
    'https://intranet.prive.fr',
    'https://www.nulle-part.fr',
    'https://www.facebook.com/atelier',
    'http://192.168.1.1:8080/',
  ]) {
    const { status, body } = await callEndpoint(database, POST, token, { body: { website } })
    expect([website, status, Object.keys(body)]).toEqual([website, 400, ['error']])
  }
  expect((await sql`SELECT 1 FROM companies WHERE website ~ 'prive|nulle|facebook|127|192'`).length).toBe(0)
})

test('what is no website is answered 400, an unknown one 404', async () => {
  const token = await insertToken(database)
  for (const website of [
    '',
    'pas un site',
    'ftp://example.com',
    'https://u:p@example.com',
    12,
    null,
    undefined,
  ])
    expect((await callEndpoint(database, POST, token, { body: { website } })).status).toBe(400)
  expect((await callEndpoint(database, GET, token, {})).body).toEqual({ error: expect.any(String) })
  const unknown = await callEndpoint(database, GET, token, { query: { website: newSite() } })
  expect([unknown.status, Object.keys(unknown.body)]).toEqual([404, ['error']])
})

test('the quotas of a token and of a site hold however many ask at once', async () => {
  const few = await insertToken(database, { analysesPerDay: 3 })
  const many = await Promise.all(
    Array.from({ length: 8 }, () => callEndpoint(database, POST, few, { body: { website: newSite() } })),
  )
  expect(many.map(({ status }) => status).sort()).toEqual([202, 202, 202, 429, 429, 429, 429, 429])
  const website = newSite()
  const tokens = await Promise.all(Array.from({ length: 8 }, () => insertToken(database)))
  const same = await Promise.all(
    tokens.map((token) => callEndpoint(database, POST, token, { body: { website, force: true } })),
  )
  expect(same.map(({ status }) => status).sort()).toEqual([202, 202, 202, 202, 202, 429, 429, 429])
  const [counted] =
    await sql`SELECT count(DISTINCT batch_id)::int AS batches, count(DISTINCT company_id)::int AS companies
    FROM analysis_requests WHERE site_key = ${new URL(website).hostname}`
  expect(counted).toEqual({ batches: 1, companies: 1 })
})

test('two calls at the edge of a quota take turns: the second counts the first, though not yet committed', async () => {
  const ask = (db: typeof sql, tokenId: number, website: string) =>
    db`SELECT outcome FROM api_request_analysis(${tokenId}, ${website}, '{}')`.then(
      (rows) => rows[0]!.outcome,
    )
  const isWaitedFor = async () =>
    (
      await sql`SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`
    ).length > 0
  const inTurn = async (first: [number, string], second: [number, string]) => {
    const later: Promise<string>[] = []
    await sql.begin(async (tx) => {
      expect(await ask(tx as unknown as typeof sql, ...first)).toBe('created')
      later.push(ask(sql, ...second))
      await until('the second waits', isWaitedFor)
    })
    return later[0]
  }
  const one = await insertToken(database, { analysesPerDay: 1 })
  expect(await inTurn([one.id, newSite()], [one.id, newSite()])).toBe('token_quota')
  const site = newSite()
  const tokens = await Promise.all(Array.from({ length: 6 }, () => insertToken(database)))
  for (const { id } of tokens.slice(0, 4)) expect(await ask(sql, id, site)).toBe('created')
  expect(await inTurn([tokens[4]!.id, site], [tokens[5]!.id, site])).toBe('site_quota')
})

test('asking again while the analysis runs is the same request', async () => {
  const token = await insertToken(database)
  const website = newSite()
  const both = await Promise.all([1, 2].map(() => callEndpoint(database, POST, token, { body: { website } })))
  expect(both[0]!.body.tasks).toEqual(both[1]!.body.tasks)
})

test('a token without the scope, revoked or expired asks for nothing, whatever the edge says', async () => {
  const none = await insertToken(database, { scopes: ['companies:read'] })
  const gone = await insertToken(database)
  await sql`UPDATE api_tokens SET revoked_at = now() WHERE id = ${gone.id}`
  for (const token of [none, gone])
    expect(callEndpoint(database, POST, token, { body: { website: newSite() } })).rejects.toThrow('may not')
})

test('requests made while no server works wait, and nodes that come together take each of them once', async () => {
  await stop()
  const token = await insertToken(database)
  const websites = Array.from({ length: 12 }, newSite)
  const answers = await Promise.all(
    websites.map((website) => callEndpoint(database, POST, token, { body: { website } })),
  )
  expect(answers.map(({ status, body }) => [status, body.launched, body.entreprise_id])).toEqual(
    websites.map(() => [202, false, null]),
  )
  const taken = await Promise.all([takeRequests(parts), takeRequests(parts), takeRequests(parts)])
  expect(taken.reduce((sum, count) => sum + count, 0)).toBe(12)
  const [made] = await sql`SELECT count(*)::int AS companies FROM companies
    WHERE website = ANY (${websites.map((website) => new URL(website).origin)})`
  expect(made).toEqual({ companies: 12 })
  expect(await settleRequests(db)).toBe(0)
}, 20_000)
