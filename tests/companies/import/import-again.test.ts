import { beforeEach, describe, expect, test } from 'bun:test'
import { setPageField } from '#src/companies/edit-company.ts'
import { deleteOldDrafts, insertImport } from '#src/companies/import/queries-imports.ts'
import { testDatabase } from '#tests/support/database.ts'
import { addsUp, importRows } from './import-tools.ts'

const { db, sql } = await testDatabase()
beforeEach(async () => void (await sql`TRUNCATE companies, imports RESTART IDENTITY CASCADE`))

/** Mulberry32: the same seed, the same files. */
const random = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
}

// Few values, so that rows meet in every way.
const VALUES = [
  ['Noël', 'NOEL', 'Martin', ''],
  [
    '',
    'noel.fr',
    'https://www.noel.fr/contact',
    'martin.fr',
    'facebook.com/noel',
    'http://10.0.0.1:81',
    'rubbish',
  ],
  ['', '', '03 87 00 00 01', '+33387000001', '03 87 00 00 02', '12'],
  ['', '', '12 rue des Lilas', '12, r. des lilas', '3 place du Lac'],
  ['', '', '57000', '74000'],
  ['', '', 'Metz', 'Annecy'],
  ['', '', 'a@noel.fr', 'b@noel.fr'],
]

const randomRows = (seed: number): string[][] => {
  const next = random(seed)
  const one = (values: string[]) => values[Math.floor(next() * values.length)]!
  return Array.from({ length: 2 + Math.floor(next() * 14) }, () => VALUES.map(one)).filter((row) =>
    row.some(Boolean),
  )
}

const stored = async () => {
  const [row] = await sql<{ count: number }[]>`SELECT count(*)::int AS count FROM companies`
  return row!.count
}

describe('a second import of the same file', () => {
  const seeds = Array.from({ length: Number(process.env['IMPORT_SEEDS'] ?? 25) }, (_, seed) => seed + 1)

  test.each(seeds)('creates nothing, whatever the file (%d)', async (seed) => {
    const rows = randomRows(seed)
    const first = await importRows(db, rows)
    expect(addsUp(first)).toBe(true)
    const before = await stored()
    expect(before).toBe(first.counts.created)
    const second = await importRows(db, rows)
    expect(addsUp(second)).toBe(true)
    expect(second.counts.rows).toBe(rows.length)
    expect({ rows, created: second.counts.created }).toEqual({ rows, created: 0 })
    expect(second.counts.rejected).toBe(first.counts.rejected)
    expect(await stored()).toBe(before)
  })
})

test('a tag taken off by hand and notes emptied by hand stay so when the list is read again', async () => {
  const list = { header: ['Nom', 'Tags', 'Notes'], mapping: { name: 0, tags: 1, notes: 2 } }
  const rows = [['Noël', 'salon, froid', 'à rappeler']]
  await importRows(db, rows, list)
  const [company] = await sql`SELECT id, tags FROM companies`
  expect(company!.tags).toEqual(['salon', 'froid'])
  await setPageField(db, company!.id, { tags: ['salon'] }, null)
  await setPageField(db, company!.id, { notes: '' }, null)
  expect((await importRows(db, rows, list)).counts).toMatchObject({ unchanged: 1, updated: 0 })
  expect(await sql`SELECT tags, notes FROM companies`).toMatchObject([{ tags: ['salon'], notes: '' }])
})

test('an upload nobody came back to is forgotten after its time, an import never', async () => {
  const made = (state: 'draft' | 'done') => insertImport(db, { fileName: 'a.csv', format: 'csv', state })
  const [draft, done] = [await made('draft'), await made('done')]
  expect(await deleteOldDrafts(db, new Date(Date.now() - 60_000))).toBe(0)
  expect(await deleteOldDrafts(db, new Date(Date.now() + 60_000))).toBe(1)
  expect((await sql`SELECT id FROM imports`).map((row) => row.id)).toEqual([done])
  expect(draft).not.toBe(done)
})
