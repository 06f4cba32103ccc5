import type { Db } from '#src/db/open.ts'
import type { Locale } from '#src/lib/i18n.ts'
import { rejectedColumns, rejectReasonText } from './messages.ts'
import { rejectedRows, type ImportView } from './queries-imports.ts'
import { toCsv, type CellValue } from '#src/companies/write-table.ts'

const CHUNK = 1_000

/** The rejected rows as they were, each with its row number and reason: to be mended and imported again. */
export const rejectedFile = (
  db: Db,
  { id, header }: Pick<ImportView, 'id' | 'header'>,
  locale: Locale,
): ReadableStream<Uint8Array> => {
  const t = rejectedColumns(locale)
  const rows = async function* (): AsyncGenerator<CellValue[]> {
    for (let after = -1; ;) {
      const part = await rejectedRows(db, id, { after, limit: CHUNK })
      for (const { row, reason, cells } of part)
        yield [row, rejectReasonText(locale, reason ?? 'unreadable'), ...(cells ?? [])]
      if (part.length < CHUNK) return
      after = part.at(-1)!.row
    }
  }
  return toCsv({ header: [t.row, t.reason, ...header], rows: rows() }, locale === 'fr' ? ';' : ',')
}
