import { expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { testDatabase } from '#tests/support/database.ts'
import { NOW, siteWithHome } from '#tests/support/site-record.ts'
import { analyseSite } from '#src/analysis/analyse-site.ts'
import { listFindings, saveFindings } from '#src/analysis/queries.ts'
import { updateCompanies } from '#src/companies/import/queries-import.ts'
import { companies, importRows, imports } from '#src/companies/schema.ts'
import { judgeFact } from '#src/crawl/contacts/judge-fact.ts'
import { crawlPages, crawls, facts } from '#src/crawl/schema.ts'
import { scoreAgain } from '#src/scoring/queries.ts'
import { scoreImport } from '#src/scoring/score-import.ts'

const { db } = await testDatabase()
const WEBSITE = 'https://www.menuiserie-arbois.fr/'
const weak = siteWithHome({ viewport: null, description: null })

const rowOf = async (id: number) => (await db.select().from(companies).where(eq(companies.id, id)))[0]!
const visited = async (over: Partial<typeof companies.$inferInsert> = {}): Promise<number> => {
  const values = { name: 'Menuiserie Morel', website: WEBSITE, cms: 'Joomla', ...over }
  const [{ id } = { id: 0 }] = await db.insert(companies).values(values).returning({ id: companies.id })
  const crawlId = await visit(id)
  for (const record of weak.pages) {
    const { url, status, title, depth, bytes } = record
    await db.insert(crawlPages).values({ crawlId, url, status, title, depth, bytes, record })
  }
  await saveFindings(db, id, crawlId, analyseSite(weak, NOW))
  await scoreAgain(db, id)
  return id
}
const visit = async (companyId: number, over: Partial<typeof crawls.$inferInsert> = {}): Promise<number> => {
  const times = { startedAt: NOW, finishedAt: NOW, durationMs: 10 }
  const [{ id } = { id: 0 }] = await db
    .insert(crawls)
    .values({ companyId, url: WEBSITE, state: 'done', ...times, ...over })
    .returning({ id: crawls.id })
  return id
}
const addFact = async (companyId: number, kind: 'email' | 'person', value: string, data: object) => {
  const [{ id } = { id: 0 }] = await db
    .insert(facts)
    .values({
      companyId,
      kind,
      key: value,
      value,
      data: { ...(kind === 'email' ? { value } : { name: value }), ...data },
      pageUrl: WEBSITE,
      method: 'mailto',
      snippet: '',
      confidence: 0.9,
    })
    .returning({ id: facts.id })
  return id
}

test('a verdict on a fact changes the contact of the list and the score alike', async () => {
  const id = await visited()
  const owner = await addFact(id, 'email', 'claire@morel.fr', { kind: 'person' })
  await addFact(id, 'email', 'contact@morel.fr', { kind: 'role' })
  await addFact(id, 'person', 'Claire Morel', {
    role: 'Gérante',
    roleKind: 'owner',
    email: 'claire@morel.fr',
  })
  const both = async () => {
    const score = await scoreAgain(db, id)
    const { contactEmail, contactPerson } = await rowOf(id)
    const point = score?.points.find(({ reason }) => reason.startsWith('contact-'))
    return [contactEmail, contactPerson, point?.reason, point?.params['email']]
  }
  expect(await both()).toEqual(['claire@morel.fr', 'Claire Morel', 'contact-owner', 'claire@morel.fr'])
  await judgeFact(db, { companyId: id, factId: owner, verdict: 'rejected', userId: null })
  expect((await rowOf(id)).contactEmail).toBe('contact@morel.fr')
  expect(await both()).toEqual(['contact@morel.fr', 'Claire Morel', 'contact-role', 'contact@morel.fr'])
  await judgeFact(db, { companyId: id, factId: owner, verdict: 'confirmed', userId: null })
  expect(await both()).toEqual(['claire@morel.fr', 'Claire Morel', 'contact-owner', 'claire@morel.fr'])
})

test('what was weak about a site that has since gone down is not shown as weak today', async () => {
  const id = await visited()
  expect((await rowOf(id)).weaknesses).not.toEqual([])
  await visit(id, { state: 'failed', errorCode: 'dns', finishedAt: new Date('2026-11-23T00:00:00Z') })
  await scoreAgain(db, id)
  expect(await rowOf(id)).toMatchObject({ scoreLevel: 'unreachable', weaknesses: [], cms: null })
  expect(await listFindings(db, id)).toEqual([])
})

test('a site that turned the visit away is not read, not down', async () => {
  const id = await visited()
  await visit(id, { state: 'failed', errorCode: 'refused', finishedAt: new Date('2026-11-23T00:00:00Z') })
  expect((await scoreAgain(db, id))?.level).toBe('unread')
})

test('a website changed or cleared by hand leaves nothing of the old one', async () => {
  const id = await visited()
  await db.update(companies).set({ website: 'https://autre.fr/' }).where(eq(companies.id, id))
  expect(await scoreAgain(db, id)).toBeNull()
  expect(await rowOf(id)).toMatchObject({ score: null, weaknesses: [], cms: null })
  expect(await listFindings(db, id)).toEqual([])
  await db.update(companies).set({ website: null }).where(eq(companies.id, id))
  expect((await scoreAgain(db, id))?.points[0]?.reason).toBe('site-none')
  await db.update(companies).set({ website: WEBSITE }).where(eq(companies.id, id))
  await scoreAgain(db, id)
  expect((await rowOf(id)).weaknesses).not.toEqual([])
})

test('after an import, companies without a site have their score at once', async () => {
  const values = [{ name: 'Sans site' }, { name: 'Avec site', website: 'https://neuf.fr/' }]
  const made = await db.insert(companies).values(values).returning({ id: companies.id })
  const draft = { fileName: 'a.csv', format: 'csv', state: 'done' as const }
  const [{ id: importId } = { id: 0 }] = await db.insert(imports).values(draft).returning({ id: imports.id })
  await db
    .insert(importRows)
    .values(made.map(({ id }, i) => ({ importId, row: i + 2, outcome: 'created' as const, companyId: id })))
  await scoreImport(db, importId)
  expect((await rowOf(made[0]!.id)).score).toBe(25)
  expect((await rowOf(made[1]!.id)).score).toBeNull()
})

test('a list that brings another website makes the visit of the former one the past', async () => {
  const id = await visited({ crawlState: 'done', crawledAt: NOW })
  const company = { ...(await rowOf(id)), nameKey: 'menuiserie morel' }
  await updateCompanies(db, [company])
  expect(await rowOf(id)).toMatchObject({ crawlState: 'done', crawledAt: NOW })
  await updateCompanies(db, [{ ...company, website: 'https://nouveau.fr/' }])
  expect(await rowOf(id)).toMatchObject({ crawlState: 'never', crawledAt: null })
})
