import { sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'

const MAX_WRITTEN = 20

/** A mail that was sent, as far as what comes back is concerned. */
export type SentMail = {
  id: number
  accountId: number | null
  companyId: number | null
  campaignId: number | null
  recipient: string
  sentAt: Date | null
  /** Of a rehearsal: it never left the machine. */
  rehearsed: boolean
}

type Row = Omit<SentMail, 'sentAt'> & { sentAt: string | null }

const COLUMNS = sql`m.id, m.account_id AS "accountId", m.company_id AS "companyId", m.campaign_id AS "campaignId",
  m.recipient, m.sent_at AS "sentAt", is_rehearsal(m.campaign_id) AS rehearsed`

const textArray = (values: readonly string[]) =>
  sql`ARRAY(SELECT jsonb_array_elements_text(${JSON.stringify(values)}::jsonb))`

const toMail = (rows: Iterable<Row>): SentMail[] =>
  [...rows].map((row) => ({ ...row, sentAt: row.sentAt === null ? null : (new Date(row.sentAt) as never) }))

/** The mails with these keys. */
export const findByToken = async (db: Db, tokens: readonly string[]): Promise<SentMail[]> =>
  tokens.length === 0
    ? []
    : toMail(
        await db.execute<Row>(
          sql`SELECT ${COLUMNS} FROM messages m WHERE m.token = ANY (${textArray(tokens)})`,
        ),
      )

/** The mails with these Message-IDs, in the order of the ids. */
export const findByMessageId = async (db: Db, ids: readonly string[]): Promise<SentMail[]> =>
  ids.length === 0
    ? []
    : toMail(
        await db.execute<Row>(sql`
          SELECT ${COLUMNS} FROM messages m WHERE m.message_id = ANY (${textArray(ids)})
          ORDER BY array_position(${textArray(ids)}, m.message_id)`),
      )

type Wanted = { addresses: readonly string[]; accountId: number | null; since: Date; rehearsed: boolean }

export type WrittenMail = SentMail & {
  writtenAt: Date
  subject: string
  /** Whether its envelope named the mail (VERP). */
  hasOwnEnvelope: boolean
  /** The account's, in lower case. */
  sender: string
}

/** The last mails, newest first, that this account itself sent to these addresses since then. */
export const findWritten = async (db: Db, wanted: Wanted): Promise<WrittenMail[]> => {
  const { addresses, accountId, since, rehearsed } = wanted
  if (addresses.length === 0 || accountId === null) return []
  type Found = Row & Pick<WrittenMail, 'subject' | 'hasOwnEnvelope' | 'sender'> & { writtenAt: string }
  const rows = await db.execute<Found>(sql`
    SELECT ${COLUMNS}, coalesce(m.sent_at, m.created_at) AS "writtenAt", m.subject,
      m.envelope_from IS NOT NULL AS "hasOwnEnvelope", lower(a.sender_address) AS sender
    FROM messages m JOIN mail_accounts a ON a.id = m.account_id
    WHERE lower(m.recipient) = ANY (${textArray(addresses)}) AND m.state IN ('sent', 'unknown')
      AND coalesce(m.sent_at, m.created_at) >= ${since.toISOString()}::timestamptz
      AND m.account_id = ${accountId} AND is_rehearsal(m.campaign_id) = ${rehearsed}
    ORDER BY coalesce(m.sent_at, m.created_at) DESC LIMIT ${MAX_WRITTEN}`)
  return rows.map((row) => ({
    ...row,
    sentAt: row.sentAt === null ? null : new Date(row.sentAt),
    writtenAt: new Date(row.writtenAt),
  }))
}

/** The last mail that went to one of these addresses since then, the first address first. An account's own mails; those
 *  from before there were accounts count for each. */
export const findByRecipient = async (db: Db, wanted: Wanted): Promise<SentMail[]> => {
  const { addresses, accountId, since, rehearsed } = wanted
  if (addresses.length === 0) return []
  return toMail(
    await db.execute<Row>(sql`
      SELECT ${COLUMNS} FROM messages m
      WHERE lower(m.recipient) = ANY (${textArray(addresses)}) AND m.state IN ('sent', 'unknown')
        AND coalesce(m.sent_at, m.created_at) >= ${since.toISOString()}::timestamptz
        AND (m.account_id IS NULL OR m.account_id = ${accountId}) AND is_rehearsal(m.campaign_id) = ${rehearsed}
      ORDER BY array_position(${textArray(addresses)}, lower(m.recipient)), coalesce(m.sent_at, m.created_at) DESC
      LIMIT 1`),
  )
}
