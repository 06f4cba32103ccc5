import type { Db } from '#src/db/open.ts'
import type { Locale } from '#src/lib/i18n.ts'
import {
  findKeptMail,
  listSeen,
  mailsOfRecipient,
  type RecipientRow,
  type SeenEvent,
} from './queries-recipients.ts'
import { rowEventText, seenEventText } from './messages.ts'
import { variableText } from '../templates/variable-messages.ts'
import { reasonText } from './reason-text.ts'

export type TimelineEntry = { at: string; text: string; detail: string | null; inboundId: number | null }

/** Every mail to the recipient of this ledger row, with its timeline and what was kept of it; empty when there is no such
 *  row in this campaign. Replies that a rehearsal invented are not in the inbox. */
export const viewRecipient = async (
  db: Db,
  campaign: { id: number; kind: 'real' | 'rehearsal' },
  rowId: number,
  locale: Locale,
) => {
  const campaignId = campaign.id
  const rows = await mailsOfRecipient(db, campaignId, rowId)
  const seen = await listSeen(
    db,
    rows.map(({ id }) => id),
  )
  return Promise.all(
    rows.map(async (row) => {
      const kept = row.messageId === null ? null : await findKeptMail(db, campaignId, row.id)
      return {
        row,
        reason: row.reason === null ? null : reasonText(locale, row.reason),
        timeline: timelineOf(
          row,
          seen.filter(({ rowId: of }) => of === row.id),
          { locale, isRead: campaign.kind === 'real' },
        ),
        kept: kept && {
          ...kept,
          evidence: (kept.evidence ?? []).map((one) => ({ ...one, label: labelOf(one.id, locale) })),
          html: undefined,
          hasHtml: kept.html !== null,
          text: unzipped(kept.text),
        },
      }
    }),
  )
}

// A number means nothing without the name of what it counts; a finding says what it is itself.
const labelOf = (id: string, locale: Locale): string | null => {
  const text = variableText(locale, id)
  return text === id ? null : text
}

/** Null when it was forgotten. */
export const unzipped = (bytes: Uint8Array | null): string | null =>
  bytes === null ? null : new TextDecoder().decode(Bun.gunzipSync(new Uint8Array(bytes)))

const timelineOf = (
  row: RecipientRow,
  seen: SeenEvent[],
  { locale, isRead }: { locale: Locale; isRead: boolean },
): TimelineEntry[] => {
  const own = (at: string | null, kind: 'sent' | 'delivered' | 'failed' | 'unknown', detail: string | null) =>
    at === null ? [] : [{ at, text: rowEventText(locale, kind), detail, inboundId: null }]
  const lastTry = row.state === 'failed' || row.state === 'unknown' ? (row.sentAt ?? row.dueAt) : null
  return [
    ...own(row.sentAt, 'sent', row.reply),
    ...(row.sentAt === null && row.state === 'failed' ? own(lastTry, 'failed', row.reply) : []),
    ...(row.state === 'unknown' ? own(lastTry, 'unknown', row.reply) : []),
    ...own(row.deliveredAt, 'delivered', null),
    ...seen.map((event) => ({
      at: event.at,
      text: seenEventText(locale, event),
      detail: event.detail,
      inboundId: isRead && (event.kind === 'reply' || event.kind === 'autoreply') ? event.inboundId : null,
    })),
  ].toSorted((a, b) => a.at.localeCompare(b.at))
}
