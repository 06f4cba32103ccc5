import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import { messageLinks, messages } from '#src/tracking/schema.ts'
import type { TrackedLink } from './track-html.ts'

/** Longer than any mail is on its way (deliver-mail.ts): what still waits then was left behind by a crash. */
const LEFT_BEHIND_AFTER = sql`interval '5 minutes'`

export type NewMessage = Omit<typeof messages.$inferInsert, 'html' | 'text'> & { html: string; text: string }
export type Message = typeof messages.$inferSelect

/** Notes a mail before anything is sent; null when there is one with this token already. */
export const insertMessage = (
  db: Db,
  message: NewMessage,
  links: readonly TrackedLink[],
): Promise<number | null> =>
  db.transaction(async (tx) => {
    const [made] = await tx
      .insert(messages)
      .values({ ...message, html: Bun.gzipSync(message.html), text: Bun.gzipSync(message.text) })
      .onConflictDoNothing({ target: messages.token })
      .returning({ id: messages.id })
    if (!made) return null
    const rows = links.map(({ target, honeypot }, position) => ({
      messageId: made.id,
      position,
      target,
      honeypot,
    }))
    if (rows.length > 0) await tx.insert(messageLinks).values(rows)
    return made.id
  })

/** What became of a mail. Who gives up waiting for an answer may note it after the answer that came after all. */
export const settleMessage = async (
  db: Db,
  id: number,
  outcome: Pick<Message, 'state' | 'smtpReply' | 'sentAt'>,
): Promise<void> => {
  const isOpen = outcome.state === 'unknown' ? eq(messages.state, 'waiting') : undefined
  await db
    .update(messages)
    .set(outcome)
    .where(and(eq(messages.id, id), isOpen))
}

/** Mails whose sender died before it could say what became of them. */
export const settleLeftBehind = async (db: Db): Promise<number> => {
  const rows = await db
    .update(messages)
    .set({ state: 'unknown' })
    .where(and(eq(messages.state, 'waiting'), sql`${messages.createdAt} < now() - ${LEFT_BEHIND_AFTER}`))
    .returning({ id: messages.id })
  return rows.length
}

export const findMessage = async (db: Db, token: string): Promise<Message | null> =>
  (await db.select().from(messages).where(eq(messages.token, token)))[0] ?? null

/** Whether hits of this address may be kept with it. */
export const hasWithdrawnConsent = async (db: Db, address: string): Promise<boolean> => {
  const [row] = await db.execute<{ gone: boolean }>(
    sql`SELECT EXISTS (SELECT FROM consent_withdrawals WHERE active AND address = lower(${address})) AS gone`,
  )
  return row?.gone === true
}

/** A mail of a company with what happened to it: every hit counted, and those of people. */
export type SentMessage = Pick<
  Message,
  'id' | 'recipient' | 'subject' | 'state' | 'smtpReply' | 'opens' | 'clicks' | 'createdAt' | 'sentAt'
> & {
  rawOpens: number
  humanOpens: number
  rawClicks: number
  humanClicks: number
  unsubscribedAt: Date | null
}

/** The mails of a company and of those merged into it, the newest first. */
export const listSentMessages = async (db: Db, companyId: number, limit: number): Promise<SentMessage[]> => {
  const merged = sql`(SELECT id FROM companies WHERE id = ${companyId} OR merged_into_id = ${companyId})`
  const rows = await db
    .select({
      id: messages.id,
      recipient: messages.recipient,
      subject: messages.subject,
      state: messages.state,
      smtpReply: messages.smtpReply,
      opens: messages.opens,
      clicks: messages.clicks,
      createdAt: messages.createdAt,
      sentAt: messages.sentAt,
    })
    .from(messages)
    .where(sql`${messages.companyId} IN ${merged} AND NOT is_rehearsal(${messages.campaignId})`)
    .orderBy(sql`${messages.createdAt} DESC, ${messages.id} DESC`)
    .limit(limit)
  const counts = await countHits(
    db,
    rows.map(({ id }) => id),
  )
  return rows.map((row) => ({ ...row, ...(counts.get(row.id) ?? NO_HITS) }))
}

const NO_HITS = { rawOpens: 0, humanOpens: 0, rawClicks: 0, humanClicks: 0, unsubscribedAt: null }

const countHits = async (db: Db, ids: number[]): Promise<Map<number, typeof NO_HITS>> => {
  if (ids.length === 0) return new Map()
  const rows = await db.execute<{
    id: number
    raw_opens: number
    human_opens: number
    raw_clicks: number
    human_clicks: number
    unsubscribed_at: string | null
  }>(sql`
    SELECT message_id AS id,
      count(*) FILTER (WHERE type = 'open')::int AS raw_opens,
      count(*) FILTER (WHERE type = 'open' AND verdict = 'human')::int AS human_opens,
      count(*) FILTER (WHERE type = 'click')::int AS raw_clicks,
      count(*) FILTER (WHERE type = 'click' AND verdict = 'human')::int AS human_clicks,
      min(at) FILTER (WHERE type = 'unsubscribe') AS unsubscribed_at
    FROM tracking_events WHERE ${inArray(sql`message_id`, ids)} GROUP BY message_id`)
  return new Map(
    rows.map((row) => [
      row.id,
      {
        rawOpens: row.raw_opens,
        humanOpens: row.human_opens,
        rawClicks: row.raw_clicks,
        humanClicks: row.human_clicks,
        unsubscribedAt: row.unsubscribed_at === null ? null : (new Date(row.unsubscribed_at) as never),
      },
    ]),
  )
}

/** Openings of mails of no campaign that are counted with nobody, since that moment: all, and those of people. */
export const countBucket = async (db: Db, since: Date): Promise<{ raw: number; human: number }> => {
  const [row] = await db.execute<{ raw: number; human: number }>(sql`
    SELECT count(*)::int AS raw, count(*) FILTER (WHERE verdict = 'human')::int AS human
    FROM tracking_events
    WHERE at >= ${since.toISOString()}::timestamptz AND type = 'open' AND message_id IS NULL AND campaign_id IS NULL`)
  return row ?? { raw: 0, human: 0 }
}
