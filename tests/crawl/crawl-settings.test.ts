import { beforeAll, beforeEach, expect, test } from 'bun:test'
import { createApp } from '#src/app.ts'
import type { Deps } from '#src/deps.ts'
import { keepCrawlBudget } from '#src/crawl/queries-request.ts'
import { silentLog } from '#src/lib/log.ts'
import { defineBatchJob } from '#src/queue/define-batch-job.ts'
import { openQueue } from '#src/queue/open-queue.ts'
import { authDeps, PASSWORD, testUser } from '#tests/auth/small-app.ts'
import { testDatabase } from '#tests/support/database.ts'
import { browserOf } from '#tests/support/sign-in.ts'

const database = await testDatabase()
const { db, sql } = database
const queue = openQueue({ ...database, log: silentLog })
const deps: Deps = { ...authDeps(database), queue }
const { app } = createApp(deps)
const admin = browserOf(app)
const member = browserOf(app)
let adminId = 0

beforeAll(async () => {
  // The crawls are only asked for here: their run has tests of its own.
  const asked = { name: 'crawl.company', concurrency: 1, run: async () => undefined }
  await queue.ensureQueues([defineBatchJob({ db }, asked)])
  adminId = (await testUser(deps, 'admin@example.org', 'admin')).id
  await testUser(deps, 'member@example.org')
  await admin.signIn('admin@example.org', PASSWORD)
  await member.signIn('member@example.org', PASSWORD)
  await member.get('/companies')
  await admin.get('/companies')
})
database.beforeClose(() => queue.stop(0))
beforeEach(async () => {
  await sql`TRUNCATE companies RESTART IDENTITY CASCADE`
})

const newCompany = async (fields: Record<string, unknown> = {}): Promise<number> => {
  const row = { name: 'Garage', website: 'https://garage.fr', site_key: 'garage.fr', ...fields }
  const [made] = await sql`INSERT INTO companies ${sql(row)} RETURNING id`
  return made!.id as number
}
const company = async (id: number) => (await sql`SELECT * FROM companies WHERE id = ${id}`)[0]!
const text = async (browser: typeof admin, path: string) => (await browser.get(path)).text()

test('the preset chosen on the page of a company is kept with its crawl', async () => {
  const id = await newCompany()
  expect(await text(member, `/companies/${id}`)).toContain('Étendue de la visite : Normale')
  await member.post(`/companies/${id}/crawls`, { preset: 'quick', pages: '7', megabytes: '2' })
  expect(await company(id)).toMatchObject({
    crawl_state: 'queued',
    crawl_budget: { preset: 'quick', limits: { pages: 7, bytes: 2_000_000 } },
  })
  const page = await text(member, `/companies/${id}`)
  expect(page).toContain('Étendue de la visite : Rapide, réglée à la main')
  expect(page).toMatch(/name="pages"[^>]*value="7"/)
})

test('the button beside the name crawls by the budget that is there', async () => {
  const id = await newCompany()
  await keepCrawlBudget(db, [id], { preset: 'thorough' })
  await member.post(`/companies/${id}/crawls`)
  expect(await company(id)).toMatchObject({ crawl_state: 'queued', crawl_budget: { preset: 'thorough' } })
})

test('a budget is saved without a crawl, and taken back by the standard preset', async () => {
  const id = await newCompany()
  await member.post(`/companies/${id}/crawl-settings`, { preset: 'thorough' })
  expect(await company(id)).toMatchObject({ crawl_state: 'never', crawl_budget: { preset: 'thorough' } })
  await member.post(`/companies/${id}/crawl-settings`, { preset: 'standard' })
  expect((await company(id)).crawl_budget).toBeNull()
})

test('ten thousand pages are refused with the bounds, and nothing is crawled', async () => {
  const id = await newCompany()
  for (const path of ['crawls', 'crawl-settings']) {
    await member.post(`/companies/${id}/${path}`, { preset: 'quick', pages: '10000' })
    expect(await text(member, `/companies/${id}`)).toContain('un nombre entier de 1 à 200')
  }
  expect(await company(id)).toMatchObject({ crawl_state: 'never', crawl_budget: null })
})

test('the bulk crawl gives its preset to every company selected, or leaves each its own', async () => {
  const [first, second] = [await newCompany(), await newCompany()]
  await keepCrawlBudget(db, [second], { preset: 'thorough' })
  const ask = (preset: string) => member.post('/companies/crawls', { all: '1', filter: '', preset })
  await ask('')
  expect((await company(second)).crawl_budget).toEqual({ preset: 'thorough' })
  await ask('quick')
  for (const id of [first, second]) expect((await company(id)).crawl_budget).toEqual({ preset: 'quick' })
  await ask('standard')
  for (const id of [first, second]) expect((await company(id)).crawl_budget).toBeNull()
})

test('an administrator lets a site be crawled against its robots.txt, for a reason, and takes it back', async () => {
  const id = await newCompany()
  expect(await text(admin, `/companies/${id}`)).toContain('engage votre responsabilité')
  await admin.post(`/companies/${id}/robots-override`, { reason: 'Accord du gérant <b>le 12 mars</b>' })
  expect((await company(id)).robots_override).toMatchObject({
    userId: adminId,
    reason: 'Accord du gérant <b>le 12 mars</b>',
  })
  const seen = await text(member, `/companies/${id}/contacts`)
  expect(seen).toContain('robots.txt non respecté')
  expect(await text(member, `/companies/${id}`)).toContain('Motif : Accord du gérant &lt;b&gt;le 12 mars')
  expect(await text(member, `/companies/${id}/history`)).toContain('N’est plus respecté. Motif : Accord')

  await admin.post(`/companies/${id}/robots-override/end`)
  expect((await company(id)).robots_override).toBeNull()
  expect(await text(admin, `/companies/${id}/history`)).toContain('De nouveau respecté.')
  expect(await text(admin, `/companies/${id}`)).not.toContain('robots.txt non respecté')
  const kinds = await sql`SELECT kind, user_id FROM company_changes WHERE company_id = ${id} ORDER BY id`
  expect(kinds.map((change) => [change.kind, change.user_id])).toEqual([
    ['robots', adminId],
    ['robots', adminId],
  ])
})

test('without a reason, or without a site, robots.txt stays obeyed', async () => {
  const id = await newCompany()
  await admin.post(`/companies/${id}/robots-override`, { reason: '  \u0000 ' })
  expect(await text(admin, `/companies/${id}`)).toContain('Donnez le motif')
  const other = await newCompany({ website: null, site_key: null })
  await admin.post(`/companies/${other}/robots-override`, { reason: 'accord du gérant' })
  for (const one of [id, other]) expect((await company(one)).robots_override).toBeNull()
})

test('a member does not see the control, and is refused', async () => {
  const id = await newCompany()
  expect(await text(member, `/companies/${id}`)).not.toContain('name="reason"')
  for (const path of ['robots-override', 'robots-override/end'])
    expect((await member.post(`/companies/${id}/${path}`, { reason: 'because I can' })).status).toBe(403)
  expect((await company(id)).robots_override).toBeNull()
})

test('another website has a robots.txt of its own: the decision falls, and the history says why', async () => {
  const id = await newCompany()
  await admin.post(`/companies/${id}/robots-override`, { reason: 'accord du gérant' })
  await member.post(`/companies/${id}/edit`, { name: 'Garage', website: 'https://autre-garage.fr' })
  expect((await company(id)).robots_override).toBeNull()
  expect(await text(member, `/companies/${id}/history`)).toContain('car l’adresse du site a changé')
})

test('a deleted company has no settings any more', async () => {
  const id = await newCompany({ deleted_at: '2026-01-01' })
  expect((await member.post(`/companies/${id}/crawl-settings`, { preset: 'quick' })).status).toBe(404)
  expect((await admin.post(`/companies/${id}/robots-override`, { reason: 'accord' })).status).toBe(404)
  expect(await text(admin, `/companies/${id}`)).not.toContain('id="crawl-settings"')
})
