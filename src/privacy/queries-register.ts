import { sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'

/** What the register tells in numbers, and the names of the mail servers. */
export const countForRegister = async (db: Db) => {
  const [row] = await db.execute<{
    companies: number
    people: number
    messages: number
    suppressed: number
    webhooks: number
    tokens: number
    servers: string[] | null
  }>(sql`
    SELECT (SELECT count(*)::int FROM companies WHERE deleted_at IS NULL) AS companies,
      (SELECT count(*)::int FROM facts WHERE kind IN ('email', 'person')) AS people,
      (SELECT count(*)::int FROM messages WHERE state = 'sent' AND NOT is_rehearsal(campaign_id)) AS messages,
      (SELECT count(*)::int FROM suppressions) AS suppressed,
      (SELECT count(*)::int FROM webhooks WHERE active) AS webhooks,
      (SELECT count(*)::int FROM api_tokens WHERE revoked_at IS NULL) AS tokens,
      (SELECT array_agg(DISTINCT host) FROM mail_accounts WHERE deleted_at IS NULL) AS servers`)
  return {
    companies: row?.companies ?? 0,
    people: row?.people ?? 0,
    messages: row?.messages ?? 0,
    suppressed: row?.suppressed ?? 0,
    webhooks: row?.webhooks ?? 0,
    apiTokens: row?.tokens ?? 0,
    mailServers: row?.servers ?? [],
  }
}
