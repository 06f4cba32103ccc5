import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { createApp } from '#src/app.ts'
import { createPoliteness } from '#src/crawl/politeness/politeness.ts'
import type { Deps } from '#src/deps.ts'
import { silentLog } from '#src/lib/log.ts'
import { defineBatchJob } from '#src/queue/define-batch-job.ts'
import { openQueue } from '#src/queue/open-queue.ts'
import { startThreads } from '#src/threads.ts'
import { authDeps, PASSWORD, testUser } from '#tests/auth/small-app.ts'
import { testDatabase } from '#tests/support/database.ts'
import { browserOf, type Browser } from '#tests/support/sign-in.ts'
import { until } from '#tests/support/until.ts'

const database = await testDatabase()
const { db, sql } = database
const queue = openQueue({ ...database, log: silentLog })
const threads = startThreads(1)
const environment = { CRAWL_ALLOW_NETWORKS: '127.0.0.0/8' }
const deps: Deps = {
  ...authDeps(database, { environment, clock: { now: () => new Date() } }),
  queue,
  threads,
  politeness: createPoliteness({ enabled: false }),
}
const { app } = createApp(deps)
const [anne, bob, carl, dora] = [browserOf(app), browserOf(app), browserOf(app), browserOf(app)]

/** Pages of the site by path; a function decides when it answers. */
const pages: Record<string, string | (() => Promise<Response> | Response)> = {}
const server = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  fetch: (request) => {
    const page = pages[new URL(request.url).pathname]
    if (page === undefined) return new Response('', { status: 404 })
    if (typeof page !== 'string') return page()
    const body = `<!doctype html><title>Garage Léger</title><meta property="og:site_name" content="Garage Léger">${page}`
    return new Response(body, { headers: { 'content-type': 'text/html; charset=utf-8' } })
  },
})
const SITE: string = `http://127.0.0.1:${server.port}/`

let release = () => {}
/** A page that waits until `release()` is called. */
const held = () => {
  const free = new Promise<void>((resolve) => (release = resolve))
  return async () => {
    await free
    return new Response('<title>Tarifs</title>', { headers: { 'content-type': 'text/html' } })
  }
}

beforeAll(async () => {
  const asked = { name: 'crawl.company', concurrency: 1, run: async () => undefined }
  await queue.ensureQueues([defineBatchJob({ db }, asked)])
  for (const [name, browser] of Object.entries({ anne, bob, carl, dora })) {
    await testUser(deps, `${name}@example.org`)
    await browser.signIn(`${name}@example.org`, PASSWORD)
    await browser.get('/site-test')
  }
})
afterAll(() => {
  threads.close()
  return server.stop(true)
})
database.beforeClose(() => queue.stop(0))
beforeEach(async () => {
  release()
  await sql`TRUNCATE companies RESTART IDENTITY CASCADE`
  for (const path of Object.keys(pages)) delete pages[path]
  pages['/'] = '<a href="/contact">Contact</a> <a href="/tarifs">Tarifs</a>'
  pages['/contact'] = '<a href="mailto:claire@garage-leger.fr">Claire</a> 03 87 00 00 01'
  pages['/tarifs'] = '<h1>Tarifs</h1>'
})

const text = async (browser: Browser, path: string) => (await browser.get(path)).text()
const start = (browser: Browser, url: string, form: Record<string, string> = {}) =>
  browser.post('/site-test', { url, ...form })
const atRest = (browser: Browser) =>
  until(
    'the trial has ended',
    async () => (await browser.get('/site-test/state')).headers.has('hx-refresh'),
    20_000,
  )
const tried = async (browser: Browser, url: string) => {
  const { headers } = await start(browser, url)
  await atRest(browser)
  return text(browser, headers.get('location') ?? '')
}

test('the page asks for an address and says that nothing is stored', async () => {
  const html = await text(anne, '/site-test?url=https%3A%2F%2Fgarage-leger.fr')
  expect(html).toContain('value="https://garage-leger.fr"')
  expect(html).toContain('Rien n’est enregistré')
  expect(html).not.toContain('http-equiv="refresh"')
})

test('what is found is there while the site is still read, and again after a reload', async () => {
  pages['/tarifs'] = held()
  const started = await start(anne, SITE, { preset: 'standard' })
  const path = started.headers.get('location')!
  expect(started.status).toBe(303)
  await until('the contact page is read', async () =>
    (await text(anne, path)).includes('claire@garage-leger.fr'),
  )
  const live = await text(anne, '/site-test')
  expect(live).toContain('2 pages lues sur 20 au plus')
  expect(live).toContain('03 87 00 00 01')
  expect(live).toContain('<noscript><meta http-equiv="refresh" content="3"/></noscript>')
  expect(live).toContain('hx-sse:connect="/site-test/events"')
  expect(live).not.toContain('action="/site-test/company"')
  expect((await anne.get('/site-test/document')).status).toBe(404)

  release()
  await atRest(anne)
  const done = await text(anne, path)
  expect(done).toContain('3 pages lues en')
  expect(done).toContain('claire@garage-leger.fr')
  expect(done).toContain('Score d’opportunité')
  expect(done).toContain('Points faibles')
  expect(done).not.toContain('http-equiv="refresh"')
  expect(await sql`SELECT 1 FROM companies`).toHaveLength(0)
  expect(await sql`SELECT 1 FROM crawls`).toHaveLength(0)
})

test('the stream sends the pages as they are read, and says when it is over', async () => {
  pages['/tarifs'] = held()
  await start(anne, SITE)
  const answer = await anne.get('/site-test/events')
  expect(answer.headers.get('content-type')).toContain('text/event-stream')
  const reader = answer.body!.getReader()
  let seen = ''
  const readUntil = async (wanted: string) => {
    while (!seen.includes(wanted)) seen += new TextDecoder().decode((await reader.read()).value)
  }
  await readUntil('claire@garage-leger.fr')
  expect(seen).not.toContain('hx-get="/site-test/state"')
  release()
  await readUntil('hx-get="/site-test/state"')
  await reader.cancel()
})

test('the document is the one of `analyse URL --json`', async () => {
  await tried(anne, SITE)
  const answer = await anne.get('/site-test/document')
  expect(answer.headers.get('content-disposition')).toBe('attachment; filename="127.0.0.1.json"')
  const document = (await answer.json()) as Record<string, unknown>
  expect(document).toMatchObject({ url: SITE, emails: [{ value: 'claire@garage-leger.fr' }] })
  for (const key of ['pages', 'phones', 'technologies', 'findings', 'score', 'grades'])
    expect(document).toHaveProperty(key)
})

test('a trial that is stopped shows what its pages said', async () => {
  pages['/tarifs'] = held()
  await start(anne, SITE)
  await until('the contact page is read', async () =>
    (await text(anne, '/site-test')).includes('claire@garage-leger.fr'),
  )
  await anne.post('/site-test/stop')
  await atRest(anne)
  const html = await text(anne, '/site-test')
  expect(html).toContain('Arrêté avant la fin')
  expect(html).toContain('claire@garage-leger.fr')
})

test('a trial that is stopped before its first page says so', async () => {
  pages['/'] = held()
  await start(anne, SITE)
  expect(await text(anne, '/site-test')).toContain('Ouverture du site')
  await anne.post('/site-test/stop')
  await atRest(anne)
  expect(await text(anne, '/site-test')).toContain('avant qu’une page ait pu être lue')
})

test('one trial of each person, few on the server, each seen by its own person only', async () => {
  pages['/tarifs'] = held()
  for (const browser of [anne, bob, carl]) expect((await start(browser, SITE)).status).toBe(303)
  await start(anne, 'http://127.0.0.1:1/')
  expect(await text(anne, '/site-test')).toContain('encore en cours')
  const refused = await start(dora, SITE)
  expect(refused.headers.get('location')).toBe(`/site-test?url=${encodeURIComponent(SITE)}`)
  const html = await text(dora, refused.headers.get('location')!)
  expect(html).toContain('D’autres personnes testent déjà')
  expect(html).not.toContain('En cours')
  release()
  for (const browser of [anne, bob, carl]) await atRest(browser)
  expect((await start(dora, SITE)).headers.get('location')).toContain('?trial=')
  await atRest(dora)
})

test('a trial of before a restart is gone, and the page says to start again', async () => {
  expect(await text(anne, '/site-test?trial=of-yesterday')).toContain('le serveur a redémarré')
})

test('the company tried is added under its own name, and crawled to the same extent', async () => {
  await start(anne, SITE, { preset: 'thorough' })
  await atRest(anne)
  const added = await anne.post('/site-test/company')
  expect(added.headers.get('location')).toBe('/companies/1')
  const [company] = await sql`SELECT name, website, crawl_state, crawl_budget FROM companies`
  expect(company).toEqual({
    name: 'Garage Léger',
    website: SITE.slice(0, -1),
    crawl_state: 'queued',
    crawl_budget: { preset: 'thorough' },
  })
  const again = await anne.post('/site-test/company')
  expect(again.headers.get('location')).toBe('/companies/1')
  expect(await text(anne, '/companies/1')).toContain('déjà dans la liste')
  expect(await sql`SELECT 1 FROM companies`).toHaveLength(1)
})

test.each([
  ['nothing', '', 'Donnez l’adresse d’un site'],
  ['ftp', 'ftp://garage-leger.fr/', 'Seules les adresses http et https'],
  ['a script', 'javascript:alert(1)', 'Seules les adresses http et https'],
  ['words', 'le garage de Metz', 'Cette adresse n’en est pas une'],
])('what is no address of a site is refused at once: %s', async (_, url, message) => {
  const answer = await start(anne, url)
  expect(answer.status).toBe(422)
  const html = await answer.text()
  expect(html).toContain(message)
  expect(html).not.toContain('href="javascript:')
})

test.each([
  [
    'a host that does not exist',
    (): string => 'https://no-such-host.invalid/',
    'Le nom de ce site n’existe pas',
  ],
  ['a machine of the local network', (): string => 'http://192.168.1.1/', 'mène à un réseau privé'],
  ['the cloud’s own address', (): string => 'http://169.254.169.254/latest', 'mène à un réseau privé'],
  ['a port nobody answers on', (): string => 'http://127.0.0.1:1/', 'ne répond pas'],
  ['a home page that is not there', (): string => `${SITE}rien`, 'La page d’accueil est en erreur'],
  ['a PDF', (): string => `${SITE}tarif.pdf`, 'mais à un autre fichier'],
  ['a site that forbids robots', (): string => SITE, 'interdit sa visite par des robots'],
] as const)('what cannot be read is said in words: %s', async (title, url, message) => {
  pages['/tarif.pdf'] = () => new Response('%PDF-1.4', { headers: { 'content-type': 'application/pdf' } })
  if (title.includes('robots'))
    pages['/robots.txt'] = () =>
      new Response('User-agent: *\nDisallow: /', { headers: { 'content-type': 'text/plain' } })
  const html = await tried(anne, url())
  expect(html).toContain(message)
  expect(html).toContain('name="url"')
})

test('localhost is refused where no network is allowed, kindly and in English', async () => {
  const strict = { ...authDeps(database, { clock: { now: () => new Date() } }), queue, threads }
  const other = browserOf(createApp({ ...strict, politeness: deps.politeness }).app)
  await other.signIn('bob@example.org', PASSWORD)
  await other.get('/settings')
  await other.post('/settings/appearance', { locale: 'en', theme: 'auto' })
  expect(await tried(other, `http://localhost:${server.port}/`)).toContain('leads to a private network')
})
