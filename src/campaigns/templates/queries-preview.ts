import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import { users } from '#src/auth/schema.ts'
import { companies } from '#src/companies/schema.ts'
import type { Db } from '#src/db/open.ts'
import { mailAccounts } from '#src/mail/accounts/schema.ts'
import type { ValueRecipient } from './values.ts'

const CHOICES = 30

const recipientColumns = {
  companyId: companies.id,
  name: companies.name,
  address: sql<string>`coalesce(${companies.contactEmail}, ${companies.email}, '')`,
  contactName: sql<string | null>`coalesce(${companies.contactPerson}, ${companies.contactName})`,
}

export type PreviewCompany = ValueRecipient & { companyId: number; name: string }

/** Companies to look at a template with: those visited, the best first; `search` is part of a name. */
export const listPreviewCompanies = (db: Db, search: string): Promise<PreviewCompany[]> =>
  db
    .select(recipientColumns)
    .from(companies)
    .where(
      and(
        isNull(companies.deletedAt),
        search === ''
          ? eq(companies.crawlState, 'done')
          : sql`${companies.searchText} LIKE '%' || fold(${likeText(search)}) || '%'`,
      ),
    )
    .orderBy(sql`${companies.score} DESC NULLS LAST`, desc(companies.id))
    .limit(CHOICES)

const likeText = (text: string): string => text.replaceAll(/[\\%_]/g, String.raw`\$&`)

export const findPreviewCompany = async (db: Db, id: number): Promise<PreviewCompany | null> =>
  (
    await db
      .select(recipientColumns)
      .from(companies)
      .where(and(eq(companies.id, id), isNull(companies.deletedAt)))
  )[0] ?? null

/** Companies with an address, the best first, to count for how many a template is ready. */
export const listSampleRecipients = (db: Db, limit: number): Promise<ValueRecipient[]> =>
  db
    .select(recipientColumns)
    .from(companies)
    .where(
      and(
        isNull(companies.deletedAt),
        sql`coalesce(${companies.contactEmail}, ${companies.email}) IS NOT NULL`,
      ),
    )
    .orderBy(sql`${companies.score} DESC NULLS LAST`, desc(companies.id))
    .limit(limit)

/** The account a preview is signed by: the first that may be used. */
export const findPreviewAccount = async (db: Db): Promise<typeof mailAccounts.$inferSelect | null> =>
  (
    await db
      .select()
      .from(mailAccounts)
      .where(and(isNull(mailAccounts.deletedAt), eq(mailAccounts.active, true)))
      .orderBy(sql`${mailAccounts.pausedAt} IS NOT NULL`, mailAccounts.id)
      .limit(1)
  )[0] ?? null

/** Whether an address is one of this house: of somebody who signs in here, or of an account that mails are sent from. */
export const isOfHouse = async (db: Db, address: string): Promise<boolean> => {
  const [row] = await db.execute(sql`
    SELECT FROM ${users} WHERE lower(${users.email}) = lower(${address}) AND ${users.disabledAt} IS NULL
    UNION ALL SELECT FROM ${mailAccounts}
      WHERE lower(${mailAccounts.senderAddress}) = lower(${address})
        AND ${mailAccounts.deletedAt} IS NULL
    LIMIT 1`)
  return row !== undefined
}
