import { and, asc, desc, eq, isNull, sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import type { DomainCheck } from '../dns-check/check-domain.ts'
import { mailAccounts, type AccountCheck } from './schema.ts'

export type AccountRow = typeof mailAccounts.$inferSelect

/** What the form of an account decides on. */
export type AccountValues = Omit<
  typeof mailAccounts.$inferInsert,
  'id' | 'slug' | 'origin' | 'createdAt' | 'updatedAt' | 'deletedAt' | 'isDefault'
>

const MAX_SLUG = 63
const SLUG_TRIES = 20
const LOCK = 'mail_accounts'

const present = isNull(mailAccounts.deletedAt)
const one = (id: number) => and(eq(mailAccounts.id, id), present)

/** Every account there is, the paused and the inactive ones too: the default first, then by label. Passwords are sealed. */
export const listAccounts = (db: Db): Promise<AccountRow[]> =>
  db
    .select()
    .from(mailAccounts)
    .where(present)
    .orderBy(desc(mailAccounts.isDefault), asc(mailAccounts.label), asc(mailAccounts.id))

/** An account; null when there is none or it was deleted. */
export const findAccount = async (db: Db, id: number): Promise<AccountRow | null> =>
  (await db.select().from(mailAccounts).where(one(id)))[0] ?? null

/** Makes an account; the first one is the default. Returns its id. */
export const insertAccount = (db: Db, values: AccountValues): Promise<number> =>
  db.transaction(async (tx) => {
    await lockAccounts(tx)
    const slug = await freeSlug(tx, values.label)
    const isDefault = (await listAccounts(tx)).length === 0
    const [made] = await tx
      .insert(mailAccounts)
      .values({ ...values, slug, isDefault })
      .returning({ id: mailAccounts.id })
    return made!.id
  })

// Two at once would take the same slug, or both be the first.
const lockAccounts = async (tx: Db): Promise<void> => {
  await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtext(${LOCK}))`)
}

const freeSlug = async (tx: Db, label: string): Promise<string> => {
  const base =
    label
      .normalize('NFD')
      .toLowerCase()
      .replaceAll(/\p{M}/gu, '')
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-+|-+$/g, '')
      .slice(0, MAX_SLUG - 3) || 'account'
  const taken = new Set(
    (await tx.select({ slug: mailAccounts.slug }).from(mailAccounts).where(present)).map(({ slug }) => slug),
  )
  for (let number = 1; number <= SLUG_TRIES; number += 1) {
    const slug = number === 1 ? base : `${base}-${number}`
    if (!taken.has(slug)) return slug
  }
  return `${base.slice(0, MAX_SLUG - 14)}-${Date.now()}`
}

/** Changes an account. False when it is gone. */
export const updateAccount = async (db: Db, id: number, values: Partial<AccountValues>): Promise<boolean> => {
  const rows = await db
    .update(mailAccounts)
    .set({ ...values, updatedAt: sql`now()` })
    .where(one(id))
    .returning({ id: mailAccounts.id })
  return rows.length > 0
}

/** Takes an account away: its passwords are forgotten, the mails it sent keep its name. Another one becomes the default. */
export const deleteAccount = (db: Db, id: number): Promise<boolean> =>
  db.transaction(async (tx) => {
    await lockAccounts(tx)
    const gone = await tx
      .update(mailAccounts)
      .set({ deletedAt: sql`now()`, active: false, isDefault: false, password: null, imapPassword: null })
      .where(one(id))
      .returning({ id: mailAccounts.id })
    if (gone.length === 0) return false
    const left = await listAccounts(tx)
    const next = left.find(({ active }) => active) ?? left[0]
    if (next && !left.some(({ isDefault }) => isDefault)) await setDefault(tx, next.id)
    return true
  })

/** Makes an account the one that single mails leave from. */
export const makeDefault = (db: Db, id: number): Promise<void> =>
  db.transaction(async (tx) => {
    await lockAccounts(tx)
    if ((await findAccount(tx, id)) === null) return
    await tx.update(mailAccounts).set({ isDefault: false }).where(eq(mailAccounts.isDefault, true))
    await setDefault(tx, id)
  })

const setDefault = async (tx: Db, id: number): Promise<void> => {
  await tx.update(mailAccounts).set({ isDefault: true }).where(one(id))
}

/** Notes what a try of an account showed. */
export const saveTest = async (db: Db, id: number, test: AccountCheck): Promise<void> => {
  await db.update(mailAccounts).set({ lastTest: test }).where(one(id))
}

export const saveMailboxTest = async (db: Db, id: number, test: AccountCheck): Promise<void> => {
  await db.update(mailAccounts).set({ lastImapTest: test }).where(one(id))
}

export const saveDnsCheck = async (db: Db, id: number, found: DomainCheck, at: Date): Promise<void> => {
  await db.update(mailAccounts).set({ lastDns: found, lastDnsAt: at }).where(one(id))
}

type EnvironmentValues = Pick<
  AccountValues,
  'senderName' | 'senderAddress' | 'host' | 'port' | 'tls' | 'username'
>

/** The account of MAIL_*, as they are set now: made when there is none, else those values refreshed. What else was said
 *  of it stays. Returns its id. */
export const saveEnvironmentAccount = (db: Db, values: EnvironmentValues): Promise<number> =>
  db.transaction(async (tx) => {
    await lockAccounts(tx)
    const all = await listAccounts(tx)
    const known = all.find(({ origin }) => origin === 'environment')
    if (known) {
      const isSame = (Object.keys(values) as (keyof EnvironmentValues)[]).every(
        (key) => known[key] === values[key],
      )
      if (!isSame)
        await tx
          .update(mailAccounts)
          .set({ ...values, updatedAt: sql`now()` })
          .where(one(known.id))
      return known.id
    }
    const label = values.senderAddress
    const [made] = await tx
      .insert(mailAccounts)
      .values({
        ...values,
        label,
        slug: await freeSlug(tx, label),
        origin: 'environment',
        isDefault: all.length === 0,
      })
      .returning({ id: mailAccounts.id })
    return made!.id
  })
