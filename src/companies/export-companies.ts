import type { Db } from '#src/db/open.ts'
import type { Locale } from '#src/lib/i18n.ts'
import { companyColumns } from './messages.ts'
import { findExportRows, type ExportRow } from './queries-export.ts'
import type { Selection } from './queries-list.ts'
import { toCsv, toXlsx, type CellValue } from './write-table.ts'

export type ExportFormat = 'csv' | 'xlsx'

const CHUNK = 1_000
const SHEET = 'ProspectLab'

type Column = keyof ReturnType<typeof companyColumns>
const cells: Record<Column, (row: ExportRow) => CellValue> = {
  id: (row) => row.id,
  name: (row) => row.name,
  website: (row) => row.website ?? row.profileUrl,
  contactName: (row) => row.contactPerson ?? row.contactName,
  contactRole: (row) => row.contactRole,
  // As chosen from the list and the site together: without the addresses that somebody rejected or corrected.
  email: (row) => row.contactEmail,
  phone: (row) => row.contactPhone,
  status: (row) => row.status,
  stage: (row) => row.stage,
  score: (row) => row.score,
  level: (row) => row.scoreLevel,
  weaknesses: (row) => row.weaknesses.length,
  cms: (row) => row.cms,
  category: (row) => row.category,
  sector: (row) => row.sector,
  address1: (row) => row.address1,
  address2: (row) => row.address2,
  postalCode: (row) => row.postalCode,
  city: (row) => row.city,
  country: (row) => row.country,
  longitude: (row) => row.longitude,
  latitude: (row) => row.latitude,
  rating: (row) => row.rating,
  reviewsCount: (row) => row.reviewsCount,
  siren: (row) => row.siren,
  siret: (row) => row.siret,
  tags: (row) => row.tags.join(', '),
  favourite: (row) => (row.favourite ? 1 : 0),
  notes: (row) => row.notes,
  crawledAt: (row) => row.crawledAt,
}

/** The selection as a file, streamed: read from the database in chunks, never held whole. The headers are names
 *  that our own import recognises. `render` puts codes (levels, weaknesses) into the reader's words. */
export const exportCompanies = (
  db: Db,
  selection: Selection,
  options: {
    format: ExportFormat
    locale: Locale
    render: { level: (code: string) => string; weakness: (id: string) => string }
  },
): ReadableStream<Uint8Array> => {
  const { locale, render } = options
  const names = companyColumns(locale)
  const columns = Object.keys(cells) as Column[]
  const valueOf = (row: ExportRow, column: Column): CellValue => {
    if (column === 'level') return row.scoreLevel === null ? null : render.level(row.scoreLevel)
    if (column === 'weaknesses') return row.weaknesses.map(({ id }) => render.weakness(id)).join(', ')
    return cells[column](row)
  }
  const rows = async function* (): AsyncGenerator<CellValue[]> {
    let after = 0
    for (;;) {
      const chunk = await findExportRows(db, selection, { after, limit: CHUNK })
      for (const row of chunk) yield columns.map((column) => valueOf(row, column))
      if (chunk.length < CHUNK) return
      after = chunk.at(-1)!.id
    }
  }
  const table = { header: columns.map((column) => names[column]), rows: rows() }
  return options.format === 'csv' ? toCsv(table, locale === 'fr' ? ';' : ',') : toXlsx(table, SHEET)
}

export const exportType: Record<ExportFormat, string> = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}
