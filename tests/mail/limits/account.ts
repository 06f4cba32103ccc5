import type { Db } from '#src/db/open.ts'
import { mailAccounts } from '#src/mail/accounts/schema.ts'
import type { Wanted } from '#src/mail/limits/decide.ts'

let made = 0

/** An account that sends without any limit but those given. */
export const newAccount = async (
  db: Db,
  values: Partial<typeof mailAccounts.$inferInsert> = {},
): Promise<number> => {
  made += 1
  const [row] = await db
    .insert(mailAccounts)
    .values({
      slug: `account-${made}`,
      label: `Account ${made}`,
      senderAddress: `hello@agence-${made}.fr`,
      host: '127.0.0.1',
      port: 25,
      tls: 'none',
      ...values,
    })
    .returning({ id: mailAccounts.id })
  return row!.id
}

/** So many mails to one provider, numbered from 1. */
export const wants = (count: number, provider = 'google'): Wanted[] =>
  Array.from({ length: count }, (_, index) => ({ id: index + 1, provider }))
