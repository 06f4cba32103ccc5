import { and, desc, eq, inArray, isNull, sql } from 'drizzle-orm'
import { listFindings } from '#src/analysis/queries.ts'
import { weaknessesOf, type Weakness } from '#src/analysis/summarise.ts'
import { companies } from '#src/companies/schema.ts'
import { crawlPages, crawls, facts } from '#src/crawl/schema.ts'
import type { EmailFact, FormFact, PersonFact, PhoneFact } from '#src/crawl/site-record.ts'
import type { Db } from '#src/db/open.ts'
import type { ContactFacts } from './best-contact.ts'
import { scores } from './schema.ts'
import { scoreCompany, type Score } from './score-company.ts'
import { stateOfFailure, stateOfPages, type SiteState } from './site-state.ts'

const ENTRY_PAGES = 50

type CompanyRow = typeof companies.$inferSelect

/** Stores a score on the company's row and, when its value or its points changed, in the history of scores.
 *  A null score means that nothing can be said yet (the site was never read). */
export const saveScore = async (
  tx: Db,
  companyId: number,
  score: Score | null,
  weaknesses: Weakness[],
  cms: string | null,
): Promise<void> => {
  await tx
    .update(companies)
    .set({
      score: score?.value ?? null,
      scoreLevel: score?.level ?? null,
      scorePoints: score?.points ?? [],
      scoredAt: score ? sql`now()` : null,
      weaknesses,
      cms,
    })
    .where(eq(companies.id, companyId))
  if (!score) return
  const [last] = await tx
    .select({ value: scores.value, level: scores.level, points: scores.points })
    .from(scores)
    .where(eq(scores.companyId, companyId))
    .orderBy(desc(scores.at), desc(scores.id))
    .limit(1)
  if (last && Bun.deepEquals(last, { value: score.value, level: score.level, points: score.points })) return
  await tx.insert(scores).values({ companyId, ...score })
}

/** Scores a company anew from what is stored, without a crawl: after a change of status, of a contact, of a
 *  fact's verdict, or after a crawl that failed. Null when the company is gone or its site was never visited. */
export const scoreAgain = (db: Db, companyId: number): Promise<Score | null> =>
  db.transaction(async (tx) => {
    const [company] = await tx
      .select()
      .from(companies)
      .where(and(eq(companies.id, companyId), isNull(companies.deletedAt)))
      .for('update')
    if (!company) return null
    const findings = await listFindings(tx, companyId)
    const site = await siteState(tx, company)
    const score = site
      ? scoreCompany({
          status: company.status,
          contact: await contactFacts(tx, company),
          rating: company.rating,
          reviewsCount: company.reviewsCount,
          site,
          findings,
        })
      : null
    await saveScore(tx, companyId, score, weaknessesOf(findings), company.cms)
    return score
  })

const siteState = async (tx: Db, company: CompanyRow): Promise<SiteState | null> => {
  if (company.website === null) {
    return { state: 'none', evidence: company.profileUrl ? `only ${company.profileUrl}` : 'no website known' }
  }
  const [crawl] = await tx
    .select()
    .from(crawls)
    .where(eq(crawls.companyId, company.id))
    .orderBy(desc(crawls.finishedAt), desc(crawls.id))
    .limit(1)
  if (!crawl) return null
  if (crawl.state === 'failed') return stateOfFailure(crawl.errorCode ?? '', crawl.errorMessage ?? '')
  const pages = await tx
    .select({
      depth: crawlPages.depth,
      status: crawlPages.status,
      finalUrl: sql<string>`coalesce(${crawlPages.record}->>'finalUrl', ${crawlPages.url})`,
      parked: sql<string | null>`${crawlPages.record}->>'parked'`,
      contentType: sql<string | null>`${crawlPages.record}->>'contentType'`,
    })
    .from(crawlPages)
    .where(eq(crawlPages.crawlId, crawl.id))
    .orderBy(crawlPages.depth, crawlPages.id)
    .limit(ENTRY_PAGES)
  return stateOfPages(pages)
}

/** Every way in that the database knows: the crawl's facts not judged wrong, the import, edits by hand. */
const contactFacts = async (tx: Db, company: CompanyRow): Promise<ContactFacts> => {
  const rows = await tx
    .select({
      kind: facts.kind,
      value: facts.value,
      data: facts.data,
      pageUrl: facts.pageUrl,
      verdict: facts.verdict,
    })
    .from(facts)
    .where(and(eq(facts.companyId, company.id), inArray(facts.kind, ['email', 'phone', 'person', 'form'])))
  const rejected = new Set(rows.filter((row) => row.verdict === 'rejected').map((row) => row.value))
  const of = <T>(kind: string) =>
    rows
      .filter((row) => row.kind === kind && !rejected.has(row.value))
      .map((row) => ({ ...row.data, pageUrl: row.pageUrl }) as T)
  const contact: ContactFacts = {
    emails: of<EmailFact>('email'),
    people: of<PersonFact>('person'),
    phones: of<PhoneFact>('phone'),
    forms: of<FormFact>('form'),
  }
  const known = new Set(contact.emails.map((email) => email.value.toLowerCase()))
  for (const [email, kind] of [
    [company.contactEmail, company.contactEmailKind],
    [company.email, 'role'],
  ] as const) {
    if (!email || known.has(email.toLowerCase()) || rejected.has(email)) continue
    contact.emails.push({ value: email, kind: kind === 'person' ? 'person' : 'role' })
  }
  if (company.contactEmail && company.contactEmailKind === 'person' && company.contactPerson) {
    const { contactPerson: name, contactRole: role, contactEmail: email } = company
    contact.people.push({ name, role, roleKind: null, email })
  }
  for (const phone of [company.contactPhone, company.phoneE164 ?? company.phone]) {
    if (phone && !rejected.has(phone)) contact.phones.push({ value: phone, type: 'other' })
  }
  return contact
}

/** The content management system the crawl recognised, for the list. */
export const saveCms = async (tx: Db, companyId: number, cms: string | null): Promise<void> => {
  await tx.update(companies).set({ cms }).where(eq(companies.id, companyId))
}
