import { expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { testDatabase } from '#tests/support/database.ts'
import { email, NOW, page, site, siteWithHome } from '#tests/support/site-record.ts'
import { analyseSite } from '#src/analysis/analyse-site.ts'
import { listFindings, saveFindings } from '#src/analysis/queries.ts'
import { weaknessesOf } from '#src/analysis/summarise.ts'
import { companies } from '#src/companies/schema.ts'
import { chooseContact } from '#src/crawl/contacts/choose-contact.ts'
import { crawlPages, crawls, facts } from '#src/crawl/schema.ts'
import type { PageRecord } from '#src/crawl/site-record.ts'
import { saveScore, scoreAgain, scoreManyAgain } from '#src/scoring/queries.ts'
import { scores } from '#src/scoring/schema.ts'
import { scoreCompany } from '#src/scoring/score-company.ts'
import { stateOfPages } from '#src/scoring/site-state.ts'

const { db } = await testDatabase()

const WEBSITE = 'https://www.menuiserie-arbois.fr/'

const newCompany = async (over: Partial<typeof companies.$inferInsert> = {}): Promise<number> => {
  const [row] = await db
    .insert(companies)
    .values({ name: 'Menuiserie Morel', website: WEBSITE, ...over })
    .returning({ id: companies.id })
  return row!.id
}

const crawl = async (
  companyId: number,
  over: Partial<typeof crawls.$inferInsert> = {},
  pages: PageRecord[] = [],
): Promise<number> => {
  const [row] = await db
    .insert(crawls)
    .values({
      companyId,
      url: WEBSITE,
      state: 'done',
      startedAt: NOW,
      finishedAt: NOW,
      durationMs: 10,
      ...over,
    })
    .returning({ id: crawls.id })
  for (const record of pages) {
    const { url, status, title, depth, bytes } = record
    await db.insert(crawlPages).values({ crawlId: row!.id, url, status, title, depth, bytes, record })
  }
  return row!.id
}

const addFact = (
  companyId: number,
  kind: 'email' | 'phone',
  value: string,
  data: object,
  verdict?: 'rejected',
) =>
  db.insert(facts).values({
    companyId,
    kind,
    key: value,
    value,
    data: { value, ...data },
    pageUrl: 'https://a.fr/contact',
    method: 'mailto',
    snippet: '',
    confidence: 1,
    verdict: verdict ?? null,
  })

const companyRow = async (id: number) => (await db.select().from(companies).where(eq(companies.id, id)))[0]!
const historyOf = (id: number) => db.select().from(scores).where(eq(scores.companyId, id)).orderBy(scores.id)

const weak = siteWithHome({ viewport: null, description: null })

test('findings are replaced by those of the latest crawl and come back as they were', async () => {
  const id = await newCompany()
  await saveFindings(db, id, await crawl(id), analyseSite(weak, NOW))
  expect(await listFindings(db, id)).toEqual(analyseSite(weak, NOW))
  await saveFindings(db, id, await crawl(id), [])
  expect(await listFindings(db, id)).toEqual([])
})

test('the score is on the company, and the history grows only when it changes', async () => {
  const id = await newCompany()
  const findings = analyseSite(weak, NOW)
  const input = {
    status: 'Nouveau',
    contact: chooseContact({
      emails: [email('contact@morel.fr', 'role')],
      people: [],
      phones: [],
      forms: [],
    }),
    rating: null,
    reviewsCount: null,
    site: stateOfPages(weak.pages),
    findings,
  }
  const score = scoreCompany(input)
  await db.transaction((tx) => saveScore(tx, id, score, weaknessesOf(findings), 'WordPress'))
  await db.transaction((tx) => saveScore(tx, id, score, weaknessesOf(findings), 'WordPress'))
  expect(await companyRow(id)).toMatchObject({
    score: score.value,
    scoreLevel: score.level,
    scorePoints: score.points,
    cms: 'WordPress',
    weaknesses: [
      { id: 'viewport-missing', severity: 'high' },
      { id: 'description-missing', severity: 'medium' },
    ],
  })
  expect(await historyOf(id)).toHaveLength(1)
  await saveScore(db, id, scoreCompany({ ...input, status: 'Perdu' }), weaknessesOf(findings), 'WordPress')
  const history = await historyOf(id)
  expect(history.map((row) => row.value)).toEqual([score.value, score.value - 15])
})

test('a change of status is scored again from what is stored, without a crawl', async () => {
  const id = await newCompany({ cms: 'Joomla' })
  await saveFindings(db, id, await crawl(id, {}, weak.pages), analyseSite(weak, NOW))
  await addFact(id, 'email', 'contact@morel.fr', { kind: 'role' })
  const before = await scoreAgain(db, id)
  expect(before?.points.map((line) => line.reason)).toEqual([
    'viewport-missing',
    'description-missing',
    'contact-role',
  ])
  await db.update(companies).set({ status: 'Désabonné' }).where(eq(companies.id, id))
  await scoreAgain(db, id)
  expect(await companyRow(id)).toMatchObject({ score: 0, scoreLevel: 'excluded', cms: 'Joomla' })
})

test('an address judged wrong by hand no longer counts, one added by hand does', async () => {
  const id = await newCompany()
  await crawl(id, {}, site().pages)
  await addFact(id, 'email', 'contact@morel.fr', { kind: 'role' }, 'rejected')
  expect((await scoreAgain(db, id))?.points.at(-1)?.reason).toBe('contact-none')
  await db
    .update(companies)
    .set({
      contactEmail: 'claire@morel.fr',
      contactEmailKind: 'person',
      contactPerson: 'Claire Morel',
      contactRole: 'Gérante',
      editedFields: ['contactEmail', 'contactPerson'],
    })
    .where(eq(companies.id, id))
  expect((await scoreAgain(db, id))?.points.at(-1)).toMatchObject({ reason: 'contact-owner', points: 30 })
})

test('a company without a website is scored as it is, one never visited is not', async () => {
  const withoutSite = await newCompany({
    website: null,
    profileUrl: 'https://facebook.com/morel',
    phoneE164: '+33384000000',
  })
  expect(await scoreAgain(db, withoutSite)).toMatchObject({ value: 62, level: 'high' })
  const neverVisited = await newCompany()
  expect(await scoreAgain(db, neverVisited)).toBeNull()
  expect(await companyRow(neverVisited)).toMatchObject({ score: null, scoreLevel: null, scorePoints: [] })
})

test('the latest crawl decides: a site that has since gone down is unreachable', async () => {
  const id = await newCompany({ email: 'contact@morel.fr' })
  await crawl(id, {}, weak.pages)
  await crawl(id, {
    state: 'failed',
    errorCode: 'dns',
    errorMessage: 'no such name',
    finishedAt: new Date('2026-11-23T00:00:00Z'),
  })
  expect((await scoreAgain(db, id))?.level).toBe('unreachable')
  await crawl(id, { finishedAt: new Date('2026-11-24T00:00:00Z') }, [page({ parked: 'for sale' })])
  expect((await scoreAgain(db, id))?.level).toBe('parked')
})

test('a deleted company and an unknown one are left alone', async () => {
  expect(await scoreAgain(db, await newCompany({ deletedAt: NOW }))).toBeNull()
  expect(await scoreAgain(db, 999_999)).toBeNull()
})

test('many companies are scored at once, each by what is known of it', async () => {
  const rows = await db
    .insert(companies)
    .values(
      Array.from({ length: 450 }, (_, i) => ({
        name: `Artisan ${i}`,
        ...(i % 3 === 0 ? { phoneE164: '+33384000000' } : {}),
        ...(i % 3 === 1 ? { email: `contact@artisan-${i}.fr` } : {}),
        ...(i % 5 === 0 ? { status: 'Ne pas contacter' } : {}),
      })),
    )
    .returning({
      id: companies.id,
      phone: companies.phoneE164,
      email: companies.email,
      status: companies.status,
    })
  const scored = await scoreManyAgain(db, [...rows.map((row) => row.id), rows[0]!.id])
  expect(scored.size).toBe(450)
  for (const { id, phone, email, status } of rows) {
    const expected = status === 'Ne pas contacter' ? 0 : phone ? 62 : email ? 72 : 25
    expect([id, scored.get(id)?.value]).toEqual([id, expected])
  }
  expect((await companyRow(rows[1]!.id)).score).toBe(72)
  expect(await scoreManyAgain(db, [])).toEqual(new Map())
})
