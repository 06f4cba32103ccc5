import { and, eq, inArray, isNull, sql, type SQL } from 'drizzle-orm'
import { companies } from '#src/companies/schema.ts'
import type { Db } from '#src/db/open.ts'
import { messages } from '#src/tracking/schema.ts'
import { mailAccounts } from '../accounts/schema.ts'
import { inboundMails, mailboxPositions } from './schema.ts'

export type InboundKindStored = (typeof inboundMails.$inferSelect)['kind']

export type InboxFilter = {
  kinds: readonly InboundKindStored[]
  unreadOnly: boolean
  /** Part of a sender, a subject or a company's name; '' for none. */
  search: string
}

const COLUMNS = {
  id: inboundMails.id,
  kind: inboundMails.kind,
  reason: inboundMails.reason,
  diagnostic: inboundMails.diagnostic,
  recipient: inboundMails.recipient,
  fromAddress: inboundMails.fromAddress,
  fromName: inboundMails.fromName,
  subject: inboundMails.subject,
  receivedAt: inboundMails.receivedAt,
  readAt: inboundMails.readAt,
  answerId: inboundMails.answerId,
  companyId: companies.id,
  companyName: companies.name,
}

/** What a rehearsal invented is shown on its campaign, not among what people wrote. */
const isReal = sql`NOT is_rehearsal(${messages.campaignId})`

const chosen = ({ kinds, unreadOnly, search }: InboxFilter): SQL | undefined => {
  const like = `%${search.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
  return and(
    inArray(inboundMails.kind, [...kinds]),
    isReal,
    unreadOnly ? isNull(inboundMails.readAt) : undefined,
    search === ''
      ? undefined
      : sql`(${inboundMails.fromAddress} ILIKE ${like} OR ${inboundMails.fromName} ILIKE ${like}
          OR ${inboundMails.subject} ILIKE ${like} OR ${inboundMails.recipient} ILIKE ${like}
          OR ${companies.name} ILIKE ${like})`,
  )
}

const listed = (db: Db) =>
  db
    .select(COLUMNS)
    .from(inboundMails)
    .leftJoin(companies, eq(companies.id, inboundMails.companyId))
    .leftJoin(messages, eq(messages.id, inboundMails.messageId))

export type ListedInbound = Awaited<ReturnType<typeof listInbox>>[number]

/** What came in, the newest first. */
export const listInbox = (db: Db, filter: InboxFilter, page: { limit: number; offset: number }) =>
  listed(db)
    .where(chosen(filter))
    .orderBy(sql`${inboundMails.receivedAt} DESC, ${inboundMails.id} DESC`)
    .limit(page.limit)
    .offset(page.offset)

export const countInbox = async (db: Db, filter: InboxFilter): Promise<number> => {
  const [row] = await db
    .select({ n: sql<number>`count(*)::int` })
    .from(inboundMails)
    .leftJoin(companies, eq(companies.id, inboundMails.companyId))
    .leftJoin(messages, eq(messages.id, inboundMails.messageId))
    .where(chosen(filter))
  return row?.n ?? 0
}

/** How many of each kind nobody has read. */
export const countUnread = async (db: Db): Promise<Map<InboundKindStored, number>> => {
  const rows = await db
    .select({ kind: inboundMails.kind, n: sql<number>`count(*)::int` })
    .from(inboundMails)
    .leftJoin(messages, eq(messages.id, inboundMails.messageId))
    .where(and(isNull(inboundMails.readAt), isReal))
    .groupBy(inboundMails.kind)
  return new Map(rows.map(({ kind, n }) => [kind, n]))
}

/** What a company wrote, those merged into it included, the newest first. */
export const listOfCompany = (db: Db, companyId: number, limit: number) =>
  listed(db)
    .where(
      and(
        isReal,
        sql`${inboundMails.companyId} IN (SELECT id FROM companies WHERE id = ${companyId} OR merged_into_id = ${companyId})`,
      ),
    )
    .orderBy(sql`${inboundMails.receivedAt} DESC, ${inboundMails.id} DESC`)
    .limit(limit)

/** One mail that came in, with the mail it is about; null when there is none. */
export const findInbound = async (db: Db, id: number) => {
  const [row] = await db
    .select({
      mail: inboundMails,
      companyName: companies.name,
      companyDeletedAt: companies.deletedAt,
      about: {
        id: messages.id,
        subject: messages.subject,
        sentAt: messages.sentAt,
        text: messages.text,
        locale: messages.locale,
        campaignId: messages.campaignId,
        accountId: messages.accountId,
        messageId: messages.messageId,
        mailReferences: messages.mailReferences,
      },
    })
    .from(inboundMails)
    .leftJoin(companies, eq(companies.id, inboundMails.companyId))
    .leftJoin(messages, eq(messages.id, inboundMails.messageId))
    .where(and(eq(inboundMails.id, id), isReal))
  return row ?? null
}
export type FoundInbound = NonNullable<Awaited<ReturnType<typeof findInbound>>>

/** The answer that was written to it; null when there is none. */
export const findAnswer = async (db: Db, id: number | null) => {
  if (id === null) return null
  const [row] = await db
    .select({ id: messages.id, text: messages.text, state: messages.state, createdAt: messages.createdAt })
    .from(messages)
    .where(eq(messages.id, id))
  return row ?? null
}
export type Answer = NonNullable<Awaited<ReturnType<typeof findAnswer>>>

export const markRead = async (
  db: Db,
  id: number,
  by: { userId: number | null; at: Date },
): Promise<void> => {
  await db
    .update(inboundMails)
    .set({ readAt: by.at, readBy: by.userId })
    .where(and(eq(inboundMails.id, id), isNull(inboundMails.readAt)))
}

export const markUnread = async (db: Db, id: number): Promise<void> => {
  await db.update(inboundMails).set({ readAt: null, readBy: null }).where(eq(inboundMails.id, id))
}

/** Marks all of these kinds. Returns how many were unread. */
export const markAllRead = async (
  db: Db,
  kinds: readonly InboundKindStored[],
  by: { userId: number | null; at: Date },
): Promise<number> => {
  const rows = await db
    .update(inboundMails)
    .set({ readAt: by.at, readBy: by.userId })
    .where(and(inArray(inboundMails.kind, [...kinds]), isNull(inboundMails.readAt)))
    .returning({ id: inboundMails.id })
  return rows.length
}

/** Notes which mail answers it: the one with this key. */
export const setAnswer = async (db: Db, id: number, token: string): Promise<void> => {
  await db.execute(sql`UPDATE inbound_mails SET answer_id = m.id FROM messages m
    WHERE inbound_mails.id = ${id} AND m.token = ${token}`)
}

/** The mailboxes that are read, with what is wrong with them. */
export const listMailboxes = (db: Db) =>
  db
    .select({
      accountId: mailAccounts.id,
      label: mailAccounts.label,
      readAt: mailboxPositions.readAt,
      problem: mailboxPositions.problem,
    })
    .from(mailAccounts)
    .leftJoin(
      mailboxPositions,
      and(
        eq(mailboxPositions.accountId, mailAccounts.id),
        eq(mailboxPositions.folder, mailAccounts.imapFolder),
      ),
    )
    .where(and(isNull(mailAccounts.deletedAt), sql`${mailAccounts.imapHost} IS NOT NULL`))
    .orderBy(mailAccounts.label)
export type ListedMailbox = Awaited<ReturnType<typeof listMailboxes>>[number]
