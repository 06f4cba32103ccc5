import { and, asc, desc, eq, getTableColumns, inArray, isNull, sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import { locales, type Locale } from '#src/lib/i18n.ts'
import { mailImages, mailTemplates } from './schema.ts'
import { letterWords, startersOf, type Starter } from './starters/starters.ts'

export type MailTemplate = typeof mailTemplates.$inferSelect
export type TemplateValues = Pick<
  MailTemplate,
  'name' | 'category' | 'description' | 'locale' | 'subject' | 'html' | 'text'
>

const present = isNull(mailTemplates.deletedAt)

/** Templates by language, those made here first, then the starters: they are put there when the list is read first. */
export const listTemplates = async (db: Db, locale?: Locale): Promise<MailTemplate[]> => {
  await addStarters(db)
  return db
    .select()
    .from(mailTemplates)
    .where(and(present, locale ? eq(mailTemplates.locale, locale) : undefined))
    .orderBy(asc(mailTemplates.locale), sql`${mailTemplates.starter} IS NOT NULL`, asc(mailTemplates.id))
}

/** A starter that was deleted stays away. */
const addStarters = async (db: Db): Promise<void> => {
  const all = locales.flatMap((locale) => startersOf(locale).map((starter) => ({ locale, starter })))
  const [known] = await db
    .select({
      keys: sql<
        string[]
      >`coalesce(array_agg(DISTINCT ${mailTemplates.locale} || ':' || ${mailTemplates.starter}), '{}')`,
    })
    .from(mailTemplates)
    .where(sql`${mailTemplates.starter} IS NOT NULL`)
  const missing = all.filter(({ locale, starter }) => !known?.keys.includes(`${locale}:${starter.id}`))
  if (missing.length === 0) return
  await db
    .insert(mailTemplates)
    .values(missing.map(({ locale, starter }) => starterRow(locale, starter)))
    .onConflictDoNothing()
}

const starterRow = (locale: Locale, { id, name, category, description, subject, body }: Starter) => ({
  starter: id,
  locale,
  name,
  category,
  description,
  subject,
  html: letterWords(locale, body),
  text: '',
})

export const findTemplate = async (db: Db, id: number): Promise<MailTemplate | null> =>
  (
    await db
      .select()
      .from(mailTemplates)
      .where(and(eq(mailTemplates.id, id), present))
  )[0] ?? null

export const insertTemplate = async (
  db: Db,
  values: TemplateValues,
  createdBy: number | null,
): Promise<number> => {
  const [made] = await db
    .insert(mailTemplates)
    .values({ ...values, createdBy })
    .returning({ id: mailTemplates.id })
  return made!.id
}

/** What a campaign was made of keeps its own words: nothing that is sent changes by this. */
export const updateTemplate = async (db: Db, id: number, values: TemplateValues): Promise<void> => {
  await db
    .update(mailTemplates)
    .set({ ...values, updatedAt: sql`now()` })
    .where(and(eq(mailTemplates.id, id), present))
}

/** A starter's own words again; false for a template that is none. */
export const restoreStarter = async (db: Db, { id, locale, starter }: MailTemplate): Promise<boolean> => {
  const original = startersOf(locale).find((one) => one.id === starter)
  if (!original) return false
  await updateTemplate(db, id, starterRow(locale, original))
  return true
}

export const deleteTemplate = async (db: Db, id: number): Promise<void> => {
  await db
    .update(mailTemplates)
    .set({ deletedAt: sql`now()` })
    .where(eq(mailTemplates.id, id))
}

/** Whether there is one that says the same, whatever it is called. */
export const hasSameTemplate = async (
  db: Db,
  { subject, html, text }: Pick<MailTemplate, 'subject' | 'html' | 'text'>,
): Promise<boolean> => {
  const same = and(
    present,
    eq(mailTemplates.subject, subject),
    eq(mailTemplates.html, html),
    eq(mailTemplates.text, text),
  )
  return (await db.select({ id: mailTemplates.id }).from(mailTemplates).where(same).limit(1)).length > 0
}

export type MailImage = typeof mailImages.$inferSelect
export type ListedImage = Omit<MailImage, 'bytes'> & { size: number }

export const listImages = (db: Db, limit: number): Promise<ListedImage[]> => {
  const { bytes, ...columns } = getTableColumns(mailImages)
  return db
    .select({ ...columns, size: sql<number>`length(${bytes})` })
    .from(mailImages)
    .orderBy(desc(mailImages.createdAt), desc(mailImages.id))
    .limit(limit)
}

export const insertImage = async (db: Db, image: typeof mailImages.$inferInsert): Promise<void> => {
  await db.insert(mailImages).values(image)
}

export const findImages = (db: Db, keys: readonly string[]): Promise<MailImage[]> =>
  keys.length === 0
    ? Promise.resolve([])
    : db
        .select()
        .from(mailImages)
        .where(inArray(mailImages.key, [...keys]))

/** Templates and messages that show it lose it. */
export const deleteImage = async (db: Db, key: string): Promise<void> => {
  await db.delete(mailImages).where(eq(mailImages.key, key))
}
