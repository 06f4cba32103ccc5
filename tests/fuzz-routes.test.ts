import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createApp } from '#src/app.ts'
import { companies } from '#src/companies/schema.ts'
import { ensureQueues } from '#src/jobs.ts'
import { createLog, silentLog } from '#src/lib/log.ts'
import { openQueue } from '#src/queue/open-queue.ts'
import { createBatch } from '#src/queue/batches.ts'
import { startThreads } from '#src/threads.ts'
import { authDeps, PASSWORD, testUser } from '#tests/auth/small-app.ts'
import { testDatabase } from '#tests/support/database.ts'
import { browserOf } from '#tests/support/sign-in.ts'

setDefaultTimeout(60_000)

const ROOT = join(import.meta.dir, '..')
const MARKUP = `'"><script>fuzz()</script><img src=x onerror=fuzz()>`
const GARBAGE = [
  MARKUP,
  '',
  '\u0000',
  '\u0007\u001b[31m\ufffe\u202e',
  '\ud800',
  '-1',
  '1e309',
  'NaN',
  '99999999999999999999',
  `'; DROP TABLE companies; --`,
  '%',
  '\\',
  '{"a":[1]}',
  '../../etc/passwd',
  '//evil.example/x',
  'javascript:fuzz()',
  'x'.repeat(100_000),
  '😀é\u0301'.repeat(500),
]
const STRANGE_IDS = [
  '0',
  '-1',
  '1.5',
  'abc',
  '999999',
  '99999999999999999999',
  '%00',
  '%E0%A4%A',
  '1%27--',
  '..%2f1',
  '%F0%9F%98%80',
  'x'.repeat(3_000),
]
// Ends the session, so it comes last of all.
const LEAVES = new Set(['/logout'])

const database = await testDatabase()
const { db, sql } = database
const queue = openQueue({ db, sql, log: silentLog })
const threads = startThreads(1)
const failures: string[] = []
const log = createLog((line) => void (/\berror\b/.test(line) && failures.push(line)))
const deps = { ...authDeps(database, { log }), queue, threads }
await ensureQueues(deps)
const { app, routes } = createApp(deps)
const browser = browserOf(app)
await testUser(deps, 'anne@example.org', 'admin')
await browser.signIn('anne@example.org', PASSWORD)
await browser.get('/settings')
afterAll(async () => {
  threads.close()
  await queue.stop(0)
})

// A row of each kind, so that the paths with the number 1 lead to something.
const [company] = await db
  .insert(companies)
  .values({ name: `Garage ${MARKUP}` })
  .returning()
await sql`INSERT INTO groups (name) VALUES (${MARKUP})`
await db.transaction((tx) =>
  createBatch(tx, queue, {
    job: 'crawl.company',
    label: { key: 'crawl.company', values: { name: MARKUP } },
    subjectIds: [company!.id],
    createdBy: null,
  }),
)

// Every field that a form or a link of the product has, read from the templates.
const fieldNames = [
  ...new Set(
    [...new Bun.Glob('{templates,src}/**/*.tsx').scanSync(ROOT)].flatMap((file) =>
      [
        ...readFileSync(join(ROOT, file), 'utf8').matchAll(
          /\bname="(\w[\w-]*)"|c\.req\.query\('(\w+)'\)|values\['(\w+)'\]/g,
        ),
      ].map((found) => found[1] ?? found[2] ?? found[3] ?? ''),
    ),
  ),
  'page',
  'sort',
  'dir',
  'deleted',
  'batch',
  'state',
  'column-0',
  'sheet',
].filter((name) => name !== 'csrf')

/** `text` is empty for what is no page: a stream, a download. */
type Answer = { status: number; text: string }

const ask = async (
  method: string,
  path: string,
  init: { body?: BodyInit; headers?: Record<string, string> } = {},
): Promise<Answer> => {
  const answer = await browser.request(path, {
    method,
    ...(init.body === undefined ? {} : { body: init.body }),
    headers: { origin: 'http://prospectlab.test', 'x-csrf-token': browser.token(), ...init.headers },
  })
  const isPage = answer.headers.get('content-type')?.startsWith('text/html') ?? false
  if (!isPage) await answer.body?.cancel()
  return { status: answer.status, text: isPage ? await answer.text() : '' }
}

const filled = (path: string, value: string) => path.replace(/:[^/]+/g, value)
const problemOf = ({ status, text }: Answer): string | null =>
  status >= 500
    ? `answered ${status}`
    : text.includes('<script>fuzz') || text.includes('<img src=x')
      ? 'put markup into the page'
      : null

/** A form with all fields, each with the value and, before it, with a number. */
const formOf = (value: string): string =>
  new URLSearchParams(
    fieldNames
      .flatMap((name) => [
        [name, value],
        [name, '1'],
      ])
      .toReversed(),
  ).toString()

const failed: string[] = []
const note = (what: string, answer: Answer) => {
  const problem = problemOf(answer)
  if (problem) failed.push(`${what.slice(0, 120)}: ${problem}`)
}

test('the fields of the product were found', () => {
  expect(fieldNames).toEqual(
    expect.arrayContaining(['q', 'email', 'status', 'tags', 'file', 'other', 'token', 'next']),
  )
})

test('what does not exist is not found, whatever stands in the path', async () => {
  const wrong: string[] = []
  // Public routes never tell whether a token exists (tests/edge/tracking-routes.test.ts, tests/public-api/fuzz.test.ts).
  const withIds = routes.filter(({ path }) => path.includes(':') && !/^\/(track|api\/public)\//.test(path))
  for (const { method, path } of withIds)
    for (const id of STRANGE_IDS) {
      const { status } = await ask(method, filled(path, id))
      const refused = method === 'GET' ? [400, 404] : [303, 400, 404, 422]
      if (!refused.includes(status)) wrong.push(`${method} ${filled(path, id).slice(0, 80)}: ${status}`)
    }
  expect(wrong).toEqual([])
})

test('no query string breaks a page or gets into it as markup', async () => {
  failed.length = 0
  for (const { path } of routes.filter(({ method }) => method === 'GET'))
    for (const value of GARBAGE) {
      const query = new URLSearchParams(fieldNames.map((name) => [name, value.slice(0, 500)]))
      note(`GET ${path} ${value}`, await ask('GET', `${filled(path, '1')}?${query}`))
    }
  for (const query of ['%', '=&=&', 'page=1&page=2', '%E0%A4%A=%C3%28', '[]=1&__proto__=2'])
    for (const { path } of routes.filter(({ method }) => method === 'GET'))
      note(`GET ${path}?${query}`, await ask('GET', `${filled(path, '1')}?${query}`))
  expect(failed).toEqual([])
})

test('no form breaks a page or gets into it as markup', async () => {
  failed.length = 0
  // Written once: the longest has 20 MB.
  const forms = GARBAGE.map((value) => [value, formOf(value)] as const)
  for (const { method, path } of routes.filter((route) => route.method !== 'GET' && !LEAVES.has(route.path)))
    for (const [value, body] of forms) {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      note(`${method} ${path} ${value}`, await ask(method, filled(path, '1'), { body, headers }))
    }
  expect(failed).toEqual([])
})

test('no body that is no form breaks anything', async () => {
  failed.length = 0
  const bodies: [string, BodyInit][] = [
    ['application/json', '{"name":{"$gt":""}}'],
    ['application/json', '{'],
    [
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="file"; filename="a\u0000.csv"\r\n\r\n',
    ],
    ['multipart/form-data', 'nothing'],
    ['application/x-www-form-urlencoded', '%%%=%E0%A4%A&__proto__=1&constructor=2'],
    ['', new Uint8Array([0, 255, 254, 128])],
  ]
  for (const { method, path } of routes.filter((route) => route.method !== 'GET' && !LEAVES.has(route.path)))
    for (const [type, body] of bodies)
      note(
        `${method} ${path} ${type}`,
        await ask(method, filled(path, '1'), { body, headers: { 'content-type': type } }),
      )
  expect(failed).toEqual([])
})

test('what the fuzz has left behind is shown as text on every page', async () => {
  failed.length = 0
  for (const { path } of routes.filter(({ method }) => method === 'GET'))
    note(`GET ${path}`, await ask('GET', filled(path, '1')))
  expect(failed).toEqual([])
  expect((await ask('GET', '/companies')).status).toBe(200)
  expect(failures).toEqual([])
})
