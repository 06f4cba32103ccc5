import { expect, test } from 'bun:test'
import { readXlsx } from 'hucre'
import { readFilter } from '#src/companies/company-filter.ts'
import { exportCompanies, type ExportFormat } from '#src/companies/export-companies.ts'
import type { Selection } from '#src/companies/queries-list.ts'
import type { Locale } from '#src/lib/i18n.ts'
import { testDatabase } from '#tests/support/database.ts'
import { insertCompanies } from './insert-companies.ts'

const { db, sql } = await testDatabase()
const render = { level: (code: string) => `level:${code}`, weakness: (id: string) => `rule:${id}` }

const exported = async (selection: Selection, format: ExportFormat, locale: Locale = 'fr') =>
  new Uint8Array(await new Response(exportCompanies(db, selection, { format, locale, render })).arrayBuffer())
const csv = async (selection: Selection, locale: Locale = 'fr') =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(await exported(selection, 'csv', locale))

const [evil, plain, gone] = (await insertCompanies(db, [
  {
    name: '=HYPERLINK("http://evil.example","x")',
    notes: '+cmd|calc',
    city: '@SUM(1)',
    score: 81,
    scoreLevel: 'very-high',
  },
  {
    name: 'Garage; "Durand"',
    rating: 4.5,
    weaknesses: [{ id: 'tls-none', severity: 'critical' }],
    email: 'a@example.fr',
  },
  { name: 'Supprimée', deletedAt: new Date() },
])) as [number, number, number]

test('no cell of a CSV export runs as a formula', async () => {
  const text = await csv({ ids: [evil] })
  expect(text).toContain(`"'=HYPERLINK(""http://evil.example"",""x"")"`)
  expect(text).toContain("'+cmd|calc")
  expect(text).toContain("'@SUM(1)")
})

test('a French export is what a French spreadsheet reads, an English one what an English reads', async () => {
  const french = await csv({ ids: [plain] })
  expect(french.startsWith('\ufeffID ProspectLab;Nom;Site web;')).toBe(true)
  expect(french).toContain('"Garage; ""Durand"""')
  expect(french).toContain(';4,5;')
  expect(french).toContain('rule:tls-none')
  expect(await csv({ ids: [plain] }, 'en')).toStartWith('\ufeffProspectLab ID,Name,Website,')
})

test('a workbook has one row per company and its texts as texts', async () => {
  const book = await readXlsx(await exported({ ids: [evil, plain, gone] }, 'xlsx'))
  const rows = book.sheets[0]!.rows
  expect(rows).toHaveLength(3)
  expect(rows[1]![1]).toBe('=HYPERLINK("http://evil.example","x")')
  expect(rows[2]![1]).toBe('Garage; "Durand"')
})

test('an export of a filter holds every company that matches, beyond one chunk', async () => {
  await sql`INSERT INTO companies (name, tags) SELECT 'Lot ' || i, ARRAY['lot'] FROM generate_series(1, 2500) i`
  const lines = (await csv({ filter: readFilter(new URLSearchParams('tag=lot')) })).trimEnd().split('\r\n')
  expect(lines).toHaveLength(2501)
  expect(new Set(lines).size).toBe(2501)
})
