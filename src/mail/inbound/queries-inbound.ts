import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import { mailAccounts } from '../accounts/schema.ts'
import { inboundMails, mailboxPositions } from './schema.ts'

export type NewInbound = Omit<typeof inboundMails.$inferInsert, 'text'> & { text: string | null }
export type InboundRow = typeof inboundMails.$inferSelect
export type Position = typeof mailboxPositions.$inferSelect

/** Notes a mail that came in; null when it was noted before. */
export const insertInbound = async (tx: Db, mail: NewInbound): Promise<number | null> => {
  const text = mail.text === null ? null : Bun.gzipSync(mail.text)
  const [made] = await tx
    .insert(inboundMails)
    .values({ ...mail, text })
    .onConflictDoNothing()
    .returning({ id: inboundMails.id })
  return made?.id ?? null
}

/** Whether this mail of a mailbox was noted, at its place or, before the mailbox was numbered anew, at another. */
export const isKnown = async (
  db: Db,
  mail: { accountId: number | null; folder: string; uidValidity: number; uid: number; mailId: string | null },
): Promise<boolean> => {
  const { accountId, folder, uidValidity, uid, mailId } = mail
  const [row] = await db.execute(sql`
    SELECT FROM inbound_mails WHERE account_id IS NOT DISTINCT FROM ${accountId}::int
      AND ((folder = ${folder} AND uid_validity = ${uidValidity} AND uid = ${uid})
        OR (mail_id = ${mailId} AND uid_validity <> ${uidValidity})) LIMIT 1`)
  return row !== undefined
}

export const findPosition = async (db: Db, accountId: number, folder: string): Promise<Position | null> => {
  const place = and(eq(mailboxPositions.accountId, accountId), eq(mailboxPositions.folder, folder))
  return (await db.select().from(mailboxPositions).where(place))[0] ?? null
}

/** How far a mailbox has been read; it can be read. */
export const savePosition = async (
  db: Db,
  place: { accountId: number; folder: string; uidValidity: number; lastUid: number; readAt: Date },
): Promise<void> => {
  const { uidValidity, lastUid, readAt } = place
  await db
    .insert(mailboxPositions)
    .values(place)
    .onConflictDoUpdate({
      target: [mailboxPositions.accountId, mailboxPositions.folder],
      set: { uidValidity, lastUid, readAt, problem: null },
    })
}

/** Why a mailbox cannot be read now. */
export const noteProblem = async (
  db: Db,
  place: { accountId: number; folder: string },
  problem: string | null,
): Promise<void> => {
  await db
    .insert(mailboxPositions)
    .values({ ...place, uidValidity: 0, lastUid: 0, problem })
    .onConflictDoUpdate({
      target: [mailboxPositions.accountId, mailboxPositions.folder],
      set: { problem },
    })
}

/** When this account, or the product before there were accounts, sent the first mail; null when none was. */
export const firstSentAt = async (db: Db, accountId: number): Promise<Date | null> => {
  const [row] = await db.execute<{ at: string | null }>(
    sql`SELECT min(sent_at) AS at FROM messages WHERE account_id = ${accountId} OR account_id IS NULL`,
  )
  return row?.at ? (new Date(row.at) as never) : null
}

/** Mails that belong in another folder and could not be moved there. */
export const noteNotMoved = async (
  db: Db,
  place: { accountId: number; folder: string; uidValidity: number; uids: readonly number[] },
  problem: string,
): Promise<void> => {
  const { accountId, folder, uidValidity, uids } = place
  if (uids.length === 0) return
  await db
    .update(inboundMails)
    .set({ moveProblem: problem })
    .where(
      and(
        eq(inboundMails.accountId, accountId),
        eq(inboundMails.folder, folder),
        eq(inboundMails.uidValidity, uidValidity),
        inArray(inboundMails.uid, [...uids]),
      ),
    )
}

/** What a change of its settings changes, to be asked often. */
export const mailboxVersions = async (db: Db): Promise<{ id: number; version: string }[]> => [
  ...(await db.execute<{ id: number; version: string }>(sql`
    SELECT id, md5(row(imap_host, imap_port, imap_tls, imap_username, imap_password, imap_folder, imap_move_to)::text)
      AS version
    FROM ${mailAccounts}
    WHERE deleted_at IS NULL AND imap_host IS NOT NULL AND imap_port IS NOT NULL ORDER BY id`)),
]
