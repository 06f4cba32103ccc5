import { expect, test } from 'bun:test'
import { mergeCompanies, undoMerge } from '#src/companies/merge-companies.ts'
import { findCompany } from '#src/companies/queries-edit.ts'
import { groupIdsOf } from '#src/companies/queries-groups.ts'
import { listFacts, moveFacts, moveFactsBack } from '#src/crawl/contacts/queries-facts.ts'
import { facts } from '#src/crawl/schema.ts'
import { testDatabase } from '#tests/support/database.ts'
import { insertCompanies, type NewCompany } from './insert-companies.ts'

const { db, sql } = await testDatabase()
const records = { move: moveFacts, moveBack: moveFactsBack }
const at = new Date('2026-03-01T10:00:00Z')

const pair = async (keep: NewCompany, other: NewCompany): Promise<[number, number]> => {
  const [keepId, otherId] = await insertCompanies(db, [keep, other])
  return [keepId!, otherId!]
}
const email = (companyId: number, value: string) => ({
  companyId,
  kind: 'email' as const,
  key: value,
  value,
  data: { kind: 'role' },
  pageUrl: 'https://example.fr/contact',
  method: 'mailto',
  snippet: '',
  confidence: 0.9,
})
const emailsOf = async (id: number) => (await listFacts(db, id, ['email'])).map(({ value }) => value).sort()
const merge = (keepId: number, otherId: number) =>
  mergeCompanies(db, { keepId, otherId, userId: null, at }, records)

test('the company that stays takes what it lacks and keeps what it has', async () => {
  const [keepId, otherId] = await pair(
    { name: 'Garde', city: 'Metz', tags: ['a'], notes: 'première' },
    {
      name: 'Autre',
      city: 'Nancy',
      website: 'https://autre.fr',
      siteKey: 'autre.fr',
      phone: '03 87 00 00 01',
      phoneE164: '+33387000001',
      contactEmail: 'x@autre.fr',
      contactEmailKind: 'role',
      tags: ['b'],
      notes: 'seconde',
      favourite: true,
      editedFields: ['phone'],
    },
  )
  expect(await merge(keepId, otherId)).toHaveProperty('ok', true)
  expect(await findCompany(db, keepId)).toMatchObject({
    name: 'Garde',
    city: 'Metz',
    website: 'https://autre.fr',
    siteKey: 'autre.fr',
    phoneE164: '+33387000001',
    contactEmail: 'x@autre.fr',
    tags: ['a', 'b'],
    notes: 'première\n\nseconde',
    favourite: true,
    editedFields: ['phone'],
  })
  expect(await findCompany(db, otherId)).toMatchObject({ mergedIntoId: keepId, deletedAt: at })
})

test('facts and groups move, and everything returns when the merge is undone', async () => {
  const [keepId, otherId] = await pair(
    { name: 'Garde 2' },
    { name: 'Autre 2', city: 'Toul', crawledAt: at, website: 'https://a2.fr', siteKey: 'a2.fr' },
  )
  await db
    .insert(facts)
    .values([email(keepId, 'both@a2.fr'), email(otherId, 'both@a2.fr'), email(otherId, 'new@a2.fr')])
  const [one, two] = await sql`INSERT INTO groups (name) VALUES ('G1'), ('G2') RETURNING id`
  await sql`INSERT INTO company_groups VALUES (${keepId}, ${one!.id}), (${otherId}, ${one!.id}), (${otherId}, ${two!.id})`

  const merged = await merge(keepId, otherId)
  if (!merged.ok) throw new Error(merged.problem.code)
  expect(await emailsOf(keepId)).toEqual(['both@a2.fr', 'new@a2.fr'])
  expect((await groupIdsOf(db, keepId)).length).toBe(2)

  await undoMerge(db, { companyId: keepId, changeId: merged.value, userId: null }, records)
  expect(await emailsOf(keepId)).toEqual(['both@a2.fr'])
  expect(await emailsOf(otherId)).toEqual(['both@a2.fr', 'new@a2.fr'])
  expect(await groupIdsOf(db, keepId)).toEqual([one!.id as number])
  expect(await findCompany(db, keepId)).toMatchObject({
    city: null,
    website: null,
    siteKey: null,
    crawledAt: null,
  })
  expect(await findCompany(db, otherId)).toMatchObject({ mergedIntoId: null, deletedAt: null, city: 'Toul' })
})

test('undoing a merge leaves alone what was changed since', async () => {
  const [keepId, otherId] = await pair({ name: 'Garde 3' }, { name: 'Autre 3', city: 'Toul', sector: 'Auto' })
  const merged = await merge(keepId, otherId)
  if (!merged.ok) throw new Error(merged.problem.code)
  await sql`UPDATE companies SET city = 'Verdun' WHERE id = ${keepId}`
  await undoMerge(db, { companyId: keepId, changeId: merged.value, userId: null }, records)
  expect(await findCompany(db, keepId)).toMatchObject({ city: 'Verdun', sector: null })
  expect(undoMerge(db, { companyId: keepId, changeId: merged.value, userId: null }, records)).rejects.toThrow(
    'no longer',
  )
})

test('a company is not merged with itself, nor with one that is gone', async () => {
  const [keepId, otherId] = await pair({ name: 'Garde 4' }, { name: 'Autre 4' })
  expect(await merge(keepId, keepId)).toMatchObject({ ok: false, problem: { code: 'same_company' } })
  await merge(keepId, otherId)
  expect(await merge(keepId, otherId)).toMatchObject({ ok: false, problem: { code: 'company_gone' } })
})

test('two merges of one pair in both directions at once end with one of them', async () => {
  const [a, b] = await pair({ name: 'Croisée A' }, { name: 'Croisée B' })
  const results = await Promise.all([merge(a, b), merge(b, a)])
  expect(results.filter(({ ok }) => ok)).toHaveLength(1)
})
