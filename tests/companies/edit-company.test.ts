import { expect, test } from 'bun:test'
import { addCompany } from '#src/companies/add-company.ts'
import { companyFromUrl, readCompanyForm, type CompanyFields } from '#src/companies/company-form.ts'
import { deleteCompanies, restoreCompanies } from '#src/companies/delete-companies.ts'
import { editCompany, readTags, setPageField } from '#src/companies/edit-company.ts'
import { findCompany, setStatusOf, tagSelection } from '#src/companies/queries-edit.ts'
import { listChanges } from '#src/companies/queries-detail.ts'
import { testDatabase } from '#tests/support/database.ts'
import { insertCompanies } from './insert-companies.ts'

const { db } = await testDatabase()

const fields = (values: Record<string, string>): CompanyFields => {
  const read = readCompanyForm(values)
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return read.company
}
const problems = (values: Record<string, string>) => {
  const read = readCompanyForm(values)
  return read.ok ? {} : read.problems
}
const oneCompany = async (row: Parameters<typeof insertCompanies>[1][number]): Promise<number> =>
  (await insertCompanies(db, [row]))[0]!
const changesOf = async (id: number) =>
  (await listChanges(db, id)).map(({ kind, detail }) => ({ kind, detail }))

test('a form names every field at fault', () => {
  expect(
    problems({
      name: '  ',
      website: 'not a site',
      email: 'paul@',
      latitude: '91',
      rating: 'good',
      reviewsCount: '1.5',
      siren: '123456789',
      siret: '732829320',
      city: 'x'.repeat(201),
    }),
  ).toEqual({
    name: 'required',
    website: 'website',
    email: 'email',
    latitude: 'range',
    rating: 'number',
    reviewsCount: 'number',
    siren: 'company_id',
    siret: 'company_id',
    city: 'too_long',
  })
})

test('a form is read as a company: site key, phone, decimal commas, SIREN from SIRET', () => {
  const company = fields({
    name: ' Garage\u0000 Durand ',
    website: 'WWW.Garage-Durand.fr',
    phone: '03 87 00 00 01',
    rating: '4,5',
    siret: '732 829 320 00074',
    city: '',
  })
  expect(company).toMatchObject({
    name: 'Garage Durand',
    siteKey: 'garage-durand.fr',
    phoneE164: '+33387000001',
    rating: 4.5,
    siren: '732829320',
    siret: '73282932000074',
    city: null,
  })
})

test('a page on a social network given as website is kept as profile', () => {
  const company = fields({ name: 'A', website: 'https://www.facebook.com/garage.durand' })
  expect([company.website, company.siteKey]).toEqual([null, null])
  expect(company.profileUrl).toContain('facebook.com/garage.durand')
  expect(companyFromUrl('')).toEqual({ ok: false, problems: { url: 'required' } })
  expect(companyFromUrl('javascript:alert(1)')).toEqual({ ok: false, problems: { url: 'website' } })
})

test('an edit by hand is noted with before and after, and protects its fields and the contact they give', async () => {
  const id = await oneCompany({
    name: 'Ancien nom',
    email: 'old@example.fr',
    contactEmail: 'crawl@example.fr',
    contactEmailKind: 'role',
  })
  const changed = await editCompany(db, id, fields({ name: 'Nouveau nom', email: 'new@example.fr' }), null)
  expect(changed).toEqual(['name', 'email'])
  const company = (await findCompany(db, id))!
  expect(company).toMatchObject({
    name: 'Nouveau nom',
    email: 'new@example.fr',
    contactEmail: 'new@example.fr',
    contactEmailKind: null,
  })
  expect(company.editedFields.sort()).toEqual(['contactEmail', 'contactEmailKind', 'email', 'name'])
  expect(await changesOf(id)).toEqual([
    {
      kind: 'edited',
      detail: { name: ['Ancien nom', 'Nouveau nom'], email: ['old@example.fr', 'new@example.fr'] },
    },
  ])
})

test('an edit that changes nothing leaves no trace', async () => {
  const id = await oneCompany({ name: 'Pareil' })
  expect(await editCompany(db, id, fields({ name: 'Pareil' }), null)).toEqual([])
  expect(await changesOf(id)).toEqual([])
  expect((await findCompany(db, id))!.editedFields).toEqual([])
})

test('status, stage and tags keep a history, notes only that they changed', async () => {
  const id = await oneCompany({ name: 'Suivi' })
  await setPageField(db, id, { status: 'Relance' }, null)
  await setPageField(db, id, { status: 'Relance' }, null)
  await setPageField(db, id, { tags: ['vip'] }, null)
  await setPageField(db, id, { notes: 'Rappeler lundi' }, null)
  expect((await changesOf(id)).map(({ detail }) => detail)).toEqual([
    { notes: [] },
    { tags: [[], ['vip']] },
    { status: ['Nouveau', 'Relance'] },
  ])
  expect(readTags(' a, b;a ,, \n c')).toEqual(['a', 'b', 'c'])
})

test('a company that is there already is not added twice, unless it is said to be another branch', async () => {
  const company = fields({ name: 'Optique Nord', website: 'https://optique-nord.fr' })
  const first = await addCompany(db, company, { userId: null, anyway: false })
  const second = await addCompany(db, { ...company, name: 'Autre nom' }, { userId: null, anyway: false })
  expect(second).toEqual({
    doubles: [{ id: (first as { id: number }).id, name: 'Optique Nord', city: null }],
  })
  expect(await addCompany(db, company, { userId: null, anyway: true })).toHaveProperty('id')
})

test('a deletion is taken back as a whole and only that one', async () => {
  const [a, b, c] = await insertCompanies(db, [{ name: 'A' }, { name: 'B' }, { name: 'C' }])
  const at = new Date('2026-03-01T10:00:00.123Z')
  await deleteCompanies(db, { ids: [c!] }, { at: new Date('2026-03-01T09:00:00Z'), userId: null })
  expect((await deleteCompanies(db, { ids: [a!, b!, c!] }, { at, userId: null })).count).toBe(2)
  expect((await restoreCompanies(db, { at }, null)).sort()).toEqual([a!, b!])
  expect((await findCompany(db, c!))!.deletedAt).not.toBeNull()
  expect((await changesOf(a!)).map(({ kind }) => kind)).toEqual(['restored', 'deleted'])
})

test('a status given to many notes each change and leaves those that have it alone', async () => {
  const [a, b] = await insertCompanies(db, [{ name: 'S1' }, { name: 'S2', status: 'Perdu' }])
  expect(await setStatusOf(db, { ids: [a!, b!] }, { status: 'Perdu', userId: null })).toEqual([a!])
  expect(await changesOf(a!)).toEqual([{ kind: 'edited', detail: { status: ['Nouveau', 'Perdu'] } }])
  expect(await changesOf(b!)).toEqual([])
})

test('a tag is added once and taken away again', async () => {
  const [a, b] = await insertCompanies(db, [{ name: 'T1' }, { name: 'T2', tags: ["l'été", 'x'] }])
  expect(await tagSelection(db, { ids: [a!, b!] }, "l'été", true)).toBe(1)
  expect(await tagSelection(db, { ids: [a!, b!] }, "l'été", false)).toBe(2)
  expect((await findCompany(db, b!))!.tags).toEqual(['x'])
})
