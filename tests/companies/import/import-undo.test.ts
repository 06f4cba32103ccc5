import { beforeEach, expect, test } from 'bun:test'
import { addCompany } from '#src/companies/add-company.ts'
import { readCompanyForm } from '#src/companies/company-form.ts'
import { editCompany } from '#src/companies/edit-company.ts'
import { importCompanies } from '#src/companies/import/import-companies.ts'
import { finishImport, insertImport } from '#src/companies/import/queries-imports.ts'
import { undoImport } from '#src/companies/import/undo-import.ts'
import { testDatabase } from '#tests/support/database.ts'
import { addsUp, csv, importRows, MAPPING, threads } from './import-tools.ts'

const { db, sql } = await testDatabase()
beforeEach(async () => void (await sql`TRUNCATE companies, imports RESTART IDENTITY CASCADE`))

const row = (name: string, site: string, rest: { phone?: string; town?: string; email?: string } = {}) => [
  name,
  site,
  rest.phone ?? '',
  '',
  '',
  rest.town ?? '',
  rest.email ?? '',
]
const undo = (importId: number) => undoImport(db, importId, { at: new Date(), userId: null })
const all = () => sql<Record<string, unknown>[]>`
  SELECT id, name, email, city, tags, contact_email, import_id, deleted_at IS NULL AS present FROM companies ORDER BY id`
const one = async (id = 1) => (await all()).find((company) => company['id'] === id)!
const countsOf = async (id: number) =>
  (await sql<{ counts: Record<string, number> }[]>`SELECT counts FROM imports WHERE id = ${id}`)[0]!.counts

test('undo puts what was created into the bin, and only once', async () => {
  const { importId } = await importRows(db, [row('A', 'a.fr'), row('B', 'b.fr')])
  expect(await undo(importId)).toEqual({ ok: true, value: { removed: 2, restored: 0, keptEdits: 0 } })
  expect((await all()).map(({ present }) => present)).toEqual([false, false])
  expect(await undo(importId)).toMatchObject({ ok: false, problem: { code: 'import_not_done' } })
  const again = await importRows(db, [row('A', 'a.fr')])
  expect(again.counts.created).toBe(1)
})

test('undo puts changed values back, except where a hand has edited since', async () => {
  await importRows(db, [row('A', 'a.fr', { town: 'Metz' }), row('B', 'b.fr', { town: 'Metz' })])
  const second = await importRows(db, [
    row('A2', 'a.fr', { town: 'Metz', email: 'x@a.fr' }),
    row('B2', 'b.fr', { email: 'x@b.fr' }),
  ])
  expect(second.counts.updated).toBe(2)
  expect(await one()).toMatchObject({ name: 'A2', email: 'x@a.fr', contact_email: 'x@a.fr' })
  const form = readCompanyForm({ name: 'By hand', website: 'https://b.fr', city: 'Metz', email: 'x@b.fr' })
  if (!form.ok) throw new Error('the form is right')
  await editCompany(db, 2, form.company, null)
  expect(await undo(second.importId)).toEqual({ ok: true, value: { removed: 0, restored: 2, keptEdits: 1 } })
  expect(await one()).toMatchObject({ name: 'A', email: null, contact_email: null, present: true })
  expect(await one(2)).toMatchObject({ name: 'By hand', email: null })
})

test('a hand edit wins over a later import', async () => {
  await importRows(db, [row('A', 'a.fr', { email: 'old@a.fr' })])
  const form = readCompanyForm({ name: 'By hand', website: 'https://a.fr', email: '' })
  if (!form.ok) throw new Error('the form is right')
  await editCompany(db, 1, form.company, null)
  const { counts } = await importRows(db, [row('A', 'a.fr', { email: 'new@a.fr', town: 'Metz' })])
  expect(counts).toMatchObject({ updated: 1, created: 0 })
  expect(await one()).toMatchObject({ name: 'By hand', email: null, city: 'Metz' })
})

test('created by one import and changed by a second: undone in either order, nothing of both is left', async () => {
  for (const order of [
    [0, 1],
    [1, 0],
  ] as const) {
    await sql`TRUNCATE companies, imports RESTART IDENTITY CASCADE`
    const first = await importRows(db, [row('A', 'a.fr')])
    const second = await importRows(db, [row('A', 'a.fr', { email: 'x@a.fr' }), row('B', 'b.fr')])
    const ids = [first.importId, second.importId]
    await undo(ids[order[0]]!)
    // While one of the two lists stands, its company does.
    expect(await one()).toMatchObject({ present: true, email: order[0] === 0 ? 'x@a.fr' : null })
    if (order[0] === 0) {
      expect(await one()).toMatchObject({ import_id: second.importId })
      const counts = await countsOf(second.importId)
      expect(counts).toMatchObject({ rows: 2, created: 2, updated: 0, unchanged: 0 })
    }
    await undo(ids[order[1]]!)
    expect((await all()).map(({ present }) => present)).toEqual([false, false])
  }
})

test('two imports changed one value: undone in either order, the value from before both is back', async () => {
  for (const order of [
    [0, 1],
    [1, 0],
  ] as const) {
    await sql`TRUNCATE companies, imports RESTART IDENTITY CASCADE`
    await importRows(db, [row('A', 'a.fr', { email: '0@a.fr' })])
    const first = await importRows(db, [row('A', 'a.fr', { email: '1@a.fr' })])
    const second = await importRows(db, [row('A', 'a.fr', { email: '2@a.fr' })])
    const ids = [first.importId, second.importId]
    await undo(ids[order[0]]!)
    expect(await one()).toMatchObject({ email: order[0] === 0 ? '2@a.fr' : '1@a.fr' })
    await undo(ids[order[1]]!)
    expect(await one()).toMatchObject({ email: '0@a.fr', contact_email: '0@a.fr', present: true })
  }
})

test('tags of an import go with it, tags given since stay', async () => {
  const options = { mapping: { name: 0, website: 1, tags: 2 }, header: ['Nom', 'Site', 'Tags'] }
  await importRows(db, [['A', 'a.fr', 'one']], options)
  const second = await importRows(db, [['A', 'a.fr', 'two']], options)
  await sql`UPDATE companies SET tags = array_append(tags, 'by hand')`
  await undo(second.importId)
  expect(await one()).toMatchObject({ tags: ['one', 'by hand'] })
})

test('what a further row completed on a known company is undone too', async () => {
  await importRows(db, [row('A', 'a.fr')])
  const second = await importRows(db, [row('A', 'a.fr'), row('A', 'a.fr', { email: 'x@a.fr' })])
  expect(second.counts).toMatchObject({ unchanged: 1, duplicates: 1 })
  expect(await one()).toMatchObject({ email: 'x@a.fr' })
  await undo(second.importId)
  expect(await one()).toMatchObject({ email: null })
})

test('a file that breaks off half-way, or an end that fails, leaves nothing behind', async () => {
  const source = { bytes: csv([row('A', 'a.fr'), row('B', 'b.fr')]), fileName: 'a.csv', mapping: MAPPING }
  const plan = {
    userId: null,
    begin: (tx: typeof db) =>
      insertImport(tx, { fileName: 'a.csv', format: 'csv', state: 'running' as const }),
    finish: () => Promise.reject(new Error('the end failed')),
  }
  const problem = { code: 'unreadable' as const, message: 'Damaged.' }
  const breaksOff: typeof threads = {
    ...threads,
    readTable: async (...given) => {
      await threads.readTable(...given)
      return { ok: false, problem }
    },
  }
  expect(await importCompanies({ db, threads: breaksOff }, source, plan)).toEqual({ ok: false, problem })
  await expect(importCompanies({ db, threads }, source, plan)).rejects.toThrow('the end failed')
  expect(await all()).toHaveLength(0)
  for (const table of ['imports', 'import_rows', 'company_changes'])
    expect(await sql`SELECT 1 FROM ${sql(table)}`).toHaveLength(0)
})

test('two imports of one file at once create each company once', async () => {
  const rows = Array.from({ length: 700 }, (_, i) => row(`S${i}`, `s${i}.fr`))
  const both = await Promise.all([importRows(db, rows), importRows(db, rows)])
  expect(both.map(({ counts }) => counts.created).sort((a, b) => a - b)).toEqual([0, 700])
  expect(both.every(addsUp)).toBe(true)
  expect(await all()).toHaveLength(700)
})

test('a company added by hand while an import runs is not created twice, and nobody waits for the other', async () => {
  let adding: ReturnType<typeof addCompany> | undefined
  const form = readCompanyForm({ name: 'S3', website: 'https://s3.fr' })
  if (!form.ok) throw new Error('the form is right')
  const result = await importCompanies(
    { db, threads },
    {
      bytes: csv(Array.from({ length: 10 }, (_, i) => row(`S${i}`, `s${i}.fr`))),
      fileName: 'a.csv',
      mapping: MAPPING,
    },
    {
      userId: null,
      begin: (tx) => insertImport(tx, { fileName: 'a.csv', format: 'csv', state: 'running' }),
      finish: (tx, importId, { counts, warnings }) => finishImport(tx, importId, { counts, warnings }),
    },
    // After the rows were compared, before the import ends.
    {
      onProgress: () => {
        adding ??= addCompany(db, form.company, { userId: null, anyway: false })
      },
    },
  )
  await adding
  if (!result.ok) throw new Error(result.problem.message)
  const doubles =
    await sql`SELECT site_key FROM companies WHERE deleted_at IS NULL GROUP BY 1 HAVING count(*) > 1`
  expect(doubles).toHaveLength(0)
  expect(await all()).toHaveLength(10)
})

test('a merged company is still known: its row changes nothing', async () => {
  await importRows(db, [row('A', 'a.fr', { town: 'Metz' }), row('A', 'a.fr', { town: 'Nancy' })])
  await sql`UPDATE companies SET merged_into_id = 1, deleted_at = now() WHERE id = 2`
  const { counts } = await importRows(db, [
    row('A', 'a.fr', { town: 'Nancy', email: 'x@a.fr' }),
    row('A', 'a.fr', { town: 'Metz' }),
  ])
  expect(counts).toMatchObject({ created: 0, updated: 0, unchanged: 2 })
  expect(await one()).toMatchObject({ email: null, city: 'Metz' })
})
