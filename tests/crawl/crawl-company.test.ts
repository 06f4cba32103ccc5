import { afterAll, expect, test } from 'bun:test'
import { createPoliteness } from '#src/crawl/politeness/politeness.ts'
import { crawlCompany, type AfterCrawl } from '#src/crawl/crawl-company.ts'
import { standardLimits } from '#src/crawl/crawl-limits.ts'
import { crawlTools } from '#src/crawl/crawl-tools.ts'
import { systemClock } from '#src/lib/clock.ts'
import { startThreads } from '#src/threads.ts'
import { testDatabase } from '#tests/support/database.ts'

const { db, sql } = await testDatabase()
const threads = startThreads(1)
const politeness = createPoliteness({ enabled: false })

let contact =
  '<a href="mailto:claire@garage-leger.fr">Claire</a> <a href="tel:+33387000001">03 87 00 00 01</a>'
let down = false
let robots: string | null = null
const asked: string[] = []
const server = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  fetch: (request) => {
    if (down) return new Response('maintenance', { status: 500 })
    const path = new URL(request.url).pathname
    asked.push(path)
    if (path === '/robots.txt' && robots !== null) return new Response(robots)
    const body = path === '/' ? '<a href="/contact">Contact</a>' : path === '/contact' ? contact : null
    if (body === null) return new Response('', { status: 404 })
    return new Response(`<title>Garage \u0000 Léger</title>${body}`, {
      headers: { 'content-type': 'text/html; charset=utf-8' },
    })
  },
})
afterAll(() => {
  threads.close()
  return server.stop(true)
})

const newCompany = async (fields: Record<string, unknown> = {}): Promise<number> => {
  const row = { name: 'Garage Léger', website: `http://127.0.0.1:${server.port}/`, ...fields }
  const [made] = await sql`INSERT INTO companies ${sql(row)} RETURNING id`
  return made!.id as number
}

const nothingMore: AfterCrawl = async () => async () => {}

const crawl = (companyId: number, afterCrawl = nothingMore, finish = async () => {}) =>
  crawlCompany(companyId, {
    db,
    clock: systemClock,
    limits: standardLimits,
    afterCrawl,
    finish,
    tools: crawlTools({
      settings: {
        CRAWL_ALLOW_NETWORKS: ['127.0.0.0/8'],
        BASE_URL: undefined,
        MAIL_DEFAULT_SENDER: undefined,
        ADMIN_EMAIL: undefined,
      },
      politeness,
      threads,
    }),
  })

const company = async (id: number) => (await sql`SELECT * FROM companies WHERE id = ${id}`)[0]!

test('pages, facts, the way in and the history are stored together', async () => {
  const id = await newCompany()
  expect(await crawl(id)).toEqual({ kind: 'done', pages: 2 })
  expect(await company(id)).toMatchObject({
    crawl_state: 'done',
    contact_email: 'claire@garage-leger.fr',
    contact_phone: '+33387000001',
  })
  const facts =
    await sql`SELECT kind, value, page_url FROM facts WHERE company_id = ${id} AND kind IN ('email', 'phone') ORDER BY kind`
  expect(facts.map((fact) => [fact.kind, fact.value, new URL(fact.page_url).pathname])).toEqual([
    ['email', 'claire@garage-leger.fr', '/contact'],
    ['phone', '+33387000001', '/contact'],
  ])
  const [pages] =
    await sql`SELECT count(*)::int AS n FROM crawl_pages JOIN crawls ON crawls.id = crawl_id WHERE company_id = ${id}`
  expect(pages!.n).toBe(2)
  const [end] = await sql`SELECT site->'endedBy' AS by FROM crawls WHERE company_id = ${id}`
  expect(end).toEqual({ by: null })
  const [change] = await sql`SELECT detail FROM company_changes WHERE company_id = ${id} AND kind = 'crawled'`
  expect(change!.detail).toMatchObject({ pages: 2, emails: 1 })
})

test('a failure while saving leaves the company as it was', async () => {
  const id = await newCompany()
  const failing = crawl(id, nothingMore, () => Promise.reject(new Error('lost')))
  await failing.catch(() => {})
  expect(failing).rejects.toThrow('lost')
  expect((await sql`SELECT 1 FROM crawls WHERE company_id = ${id}`).length).toBe(0)
  expect((await sql`SELECT 1 FROM facts WHERE company_id = ${id}`).length).toBe(0)
})

test('a second crawl replaces the facts, keeps their first date and what a person judged', async () => {
  const id = await newCompany()
  await crawl(id)
  const first =
    await sql`UPDATE facts SET verdict = 'rejected' WHERE company_id = ${id} AND kind = 'email' RETURNING first_seen_at`
  contact =
    '<a href="mailto:claire@garage-leger.fr">Claire</a> <a href="mailto:atelier@garage-leger.fr">Atelier</a>'
  await crawl(id)
  const emails =
    await sql`SELECT value, verdict, first_seen_at FROM facts WHERE company_id = ${id} AND kind = 'email' ORDER BY value`
  expect(emails.map((email) => [email.value, email.verdict])).toEqual([
    ['atelier@garage-leger.fr', null],
    ['claire@garage-leger.fr', 'rejected'],
  ])
  expect(emails[1]!.first_seen_at).toEqual(first[0]!.first_seen_at)
  expect((await company(id)).contact_email).toBe('atelier@garage-leger.fr')
  expect((await sql`SELECT 1 FROM facts WHERE company_id = ${id} AND kind = 'phone'`).length).toBe(0)
})

test('a contact edited by hand survives the crawl', async () => {
  const id = await newCompany({ contact_email: 'patron@garage.fr', edited_fields: ['contactEmail'] })
  await crawl(id)
  expect((await company(id)).contact_email).toBe('patron@garage.fr')
})

test('a site that cannot be read is a failed crawl with its reason, and old facts stay', async () => {
  const id = await newCompany()
  await crawl(id)
  down = true
  expect(await crawl(id)).toMatchObject({ kind: 'failed', code: 'unreachable' })
  down = false
  expect(await company(id)).toMatchObject({ crawl_state: 'failed', crawl_error: 'unreachable' })
  expect((await sql`SELECT 1 FROM facts WHERE company_id = ${id} AND kind = 'email'`).length).toBeGreaterThan(
    0,
  )
})

test('a company without a site, or deleted meanwhile, is skipped with its reason', async () => {
  expect(await crawl(await newCompany({ website: null }))).toEqual({ kind: 'skipped', code: 'no_website' })
  expect(await crawl(await newCompany({ deleted_at: '2026-01-01' }))).toEqual({
    kind: 'skipped',
    code: 'deleted',
  })
})

test('the verdict whether the site is the company’s is kept with the crawl, and what each address is worth', async () => {
  contact = '<a href="mailto:claire@garage-leger.fr">Claire</a> <a href="tel:+33387000001">03 87 00 00 01</a>'
  down = false
  const id = await newCompany({ phone: '03 87 00 00 01' })
  await crawl(id)
  const [row] = await sql`SELECT site FROM crawls WHERE company_id = ${id}`
  expect(row!.site.belongs.verdict).toBe('proven')
  expect(row!.site.belongs.evidence.map((one: { field: string }) => one.field)).toEqual(['phone', 'name'])
  expect(row!.site.company.languages).toEqual([])
  const [email] = await sql`SELECT data FROM facts WHERE company_id = ${id} AND kind = 'email'`
  expect(email!.data).toMatchObject({ free: false, disposable: false, mx: null })
  expect(email!.data.reasons).toContain('mx_unchecked')
})

test('a second crawl of an unchanged site asks little, tells the same and says how many pages had not changed', async () => {
  const id = await newCompany()
  await crawl(id)
  const facts = () =>
    sql`SELECT kind, key, value, data, page_url, confidence FROM facts WHERE company_id = ${id} ORDER BY kind, key`
  const before = [...(await facts())]
  asked.length = 0
  await crawl(id)
  expect(asked).toEqual(['/robots.txt', '/', '/contact'])
  expect([...(await facts())]).toEqual(before)
  const crawls = await sql`SELECT unchanged_pages FROM crawls WHERE company_id = ${id} ORDER BY id`
  expect(crawls.map((row) => row.unchanged_pages)).toEqual([0, 2])
})

test('what is kept for the next crawl is saved with the facts or not at all', async () => {
  const id = await newCompany()
  const failing = crawl(id, nothingMore, () => Promise.reject(new Error('lost')))
  await failing.catch(() => {})
  expect(await sql`SELECT 1 FROM kept_pages WHERE company_id = ${id}`).toHaveLength(0)
  await crawl(id)
  const kept =
    await sql`SELECT url, octet_length(parsed) AS bytes FROM kept_pages WHERE company_id = ${id} ORDER BY url`
  expect(kept.map((row) => row.url.replace(/^.*:\d+/, ''))).toEqual(['/', '/contact', 'site'])
  for (const row of kept) expect(row.bytes).toBeLessThan(5_000)
})

test('robots.txt is obeyed unless an admin decided otherwise, which the crawl records', async () => {
  robots = 'User-agent: *\nDisallow: /'
  const id = await newCompany()
  expect(await crawl(id)).toMatchObject({ kind: 'failed', code: 'robots' })
  const decided = JSON.stringify({ at: '2026-11-22T12:00:00Z', userId: null, reason: 'The owner asked' })
  await sql`UPDATE companies SET robots_override = ${decided}::text::jsonb WHERE id = ${id}`
  expect(await crawl(id)).toMatchObject({ kind: 'done', pages: 2 })
  const [row] = await sql`SELECT site FROM crawls WHERE company_id = ${id} AND state = 'done'`
  expect(row!.site.robotsTxt).toMatchObject({ status: 200, disallowsAll: true, ignored: true })
  robots = null
})
