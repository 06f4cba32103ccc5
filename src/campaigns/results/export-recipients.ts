import { toCsv, toXlsx, type CellValue } from '#src/companies/write-table.ts'
import type { Db } from '#src/db/open.ts'
import type { Locale } from '#src/lib/i18n.ts'
import { recipientColumns, rowStateText } from './messages.ts'
import { recipientsAfter, type RecipientRow } from './queries-recipients.ts'
import { reasonText } from './reason-text.ts'
import type { RecipientQuery } from './recipient-filter.ts'

const CHUNK = 1_000

type Column = keyof ReturnType<typeof recipientColumns>

/** The recipients of a campaign as a file, streamed in chunks: one line for each mail. */
export const exportRecipients = (
  db: Db,
  wanted: { campaignId: number; name: string } & Pick<RecipientQuery, 'filter' | 'q'>,
  { format, locale }: { format: 'csv' | 'xlsx'; locale: Locale },
): ReadableStream<Uint8Array> => {
  const names = recipientColumns(locale)
  const columns = Object.keys(cells) as Column[]
  const rows = async function* (): AsyncGenerator<CellValue[]> {
    for (let after = 0; ;) {
      const chunk = await recipientsAfter(db, { ...wanted, after, limit: CHUNK })
      for (const row of chunk) yield columns.map((column) => cells[column](row, locale))
      if (chunk.length < CHUNK) return
      after = chunk.at(-1)!.id
    }
  }
  const table = { header: columns.map((column) => names[column]), rows: rows() }
  return format === 'csv' ? toCsv(table, locale === 'fr' ? ';' : ',') : toXlsx(table, wanted.name)
}

const cells: Record<Column, (row: RecipientRow, locale: Locale) => CellValue> = {
  company: (row) => row.company,
  companyId: (row) => row.companyId,
  sector: (row) => row.sector,
  email: (row) => row.address,
  contact: (row) => row.contactName,
  step: (row) => row.step,
  variant: (row) => row.variant,
  account: (row) => row.account,
  provider: (row) => row.provider,
  state: (row, locale) => rowStateText(locale, row.state),
  reason: (row, locale) => (row.reason === null ? null : reasonText(locale, row.reason)),
  reply: (row) => row.reply,
  sentAt: (row) => row.sentAt,
  opens: (row) => row.opens,
  allOpens: (row) => row.allOpens,
  clicks: (row) => row.clicks,
  allClicks: (row) => row.allClicks,
  repliedAt: (row) => row.repliedAt,
  bouncedAt: (row) => row.bouncedAt,
  bounceKind: (row) => row.bounceKind,
  unsubscribedAt: (row) => row.unsubscribedAt,
  complainedAt: (row) => row.complainedAt,
}
