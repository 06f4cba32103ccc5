import { and, asc, desc, inArray, sql } from 'drizzle-orm'
import type { Finding } from '#src/analysis/finding.ts'
import type { RuleId } from '#src/analysis/messages.ts'
import { findings } from '#src/analysis/schema.ts'
import type { companies } from '#src/companies/schema.ts'
import { crawlPages, crawls, facts } from '#src/crawl/schema.ts'
import type { EmailFact, FormFact, PersonFact, PhoneFact } from '#src/crawl/site-record.ts'
import type { Db } from '#src/db/open.ts'
import type { ContactFacts } from './best-contact.ts'
import type { ScoreInput } from './score-company.ts'
import { stateOfFailure, stateOfPages, type SiteState } from './site-state.ts'

type CompanyRow = typeof companies.$inferSelect
type Fact = { kind: string; value: string; data: Record<string, unknown>; pageUrl: string; rejected: boolean }

/** What the database knows of each company, ready to be scored; `input` is null for a company whose website was
 *  never visited. A handful of queries whatever the number of companies. */
export const loadKnown = async (
  tx: Db,
  rows: CompanyRow[],
): Promise<{ company: CompanyRow; findings: Finding[]; input: ScoreInput | null }[]> => {
  const ids = rows.map((row) => row.id)
  const [found, sites, ways] = [await findingsOf(tx, ids), await sitesOf(tx, rows), await factsOf(tx, ids)]
  return rows.map((company) => {
    const own = found.get(company.id) ?? []
    const site = sites.get(company.id)
    const { status, rating, reviewsCount } = company
    const contact = contactOf(company, ways.get(company.id) ?? [])
    return {
      company,
      findings: own,
      input: site ? { status, rating, reviewsCount, site, contact, findings: own } : null,
    }
  })
}

const findingsOf = async (tx: Db, ids: number[]): Promise<Map<number, Finding[]>> => {
  const rows = await tx
    .select()
    .from(findings)
    .where(inArray(findings.companyId, ids))
    .orderBy(asc(findings.id))
  const grouped = Map.groupBy(rows, (row) => row.companyId)
  return new Map(
    [...grouped].map(([id, own]) => [
      id,
      own.map(({ rule, category, severity, params, evidence, pageUrl }) => ({
        id: rule as RuleId,
        category,
        severity,
        params,
        evidence,
        pageUrl,
      })),
    ]),
  )
}

const sitesOf = async (tx: Db, rows: CompanyRow[]): Promise<Map<number, SiteState>> => {
  const states = new Map<number, SiteState>()
  for (const { id, website, profileUrl } of rows) {
    if (website !== null) continue
    states.set(id, { state: 'none', evidence: profileUrl ? `only ${profileUrl}` : 'no website known' })
  }
  const latest = await tx
    .selectDistinctOn([crawls.companyId], {
      id: crawls.id,
      companyId: crawls.companyId,
      state: crawls.state,
      errorCode: crawls.errorCode,
      errorMessage: crawls.errorMessage,
    })
    .from(crawls)
    .where(
      inArray(
        crawls.companyId,
        rows.filter((row) => row.website !== null).map((row) => row.id),
      ),
    )
    .orderBy(crawls.companyId, desc(crawls.finishedAt), desc(crawls.id))
  const pages = await pagesOf(
    tx,
    latest.filter((crawl) => crawl.state === 'done').map((crawl) => crawl.id),
  )
  for (const { id, companyId, state, errorCode, errorMessage } of latest) {
    const failed = state === 'failed'
    states.set(
      companyId,
      failed ? stateOfFailure(errorCode ?? '', errorMessage ?? '') : stateOfPages(pages.get(id) ?? []),
    )
  }
  return states
}

const pagesOf = async (tx: Db, crawlIds: number[]) => {
  const rows = await tx
    .select({
      crawlId: crawlPages.crawlId,
      depth: crawlPages.depth,
      status: crawlPages.status,
      finalUrl: sql<string>`coalesce(${crawlPages.record}->>'finalUrl', ${crawlPages.url})`,
      parked: sql<string | null>`${crawlPages.record}->>'parked'`,
      contentType: sql<string | null>`${crawlPages.record}->>'contentType'`,
    })
    .from(crawlPages)
    .where(inArray(crawlPages.crawlId, crawlIds))
    .orderBy(crawlPages.crawlId, crawlPages.depth, crawlPages.id)
  return Map.groupBy(rows, (row) => row.crawlId)
}

const factsOf = async (tx: Db, ids: number[]): Promise<Map<number, Fact[]>> => {
  const rows = await tx
    .select({
      companyId: facts.companyId,
      kind: facts.kind,
      value: facts.value,
      data: facts.data,
      pageUrl: facts.pageUrl,
      rejected: sql<boolean>`coalesce(${facts.verdict} = 'rejected', false)`,
    })
    .from(facts)
    .where(and(inArray(facts.companyId, ids), inArray(facts.kind, ['email', 'phone', 'person', 'form'])))
    .orderBy(facts.id)
  return Map.groupBy(rows, (row) => row.companyId)
}

/** Every way in that is known: the crawl's facts not judged wrong, the import, edits by hand. */
const contactOf = (company: CompanyRow, known: Fact[]): ContactFacts => {
  const rejected = new Set(known.filter((fact) => fact.rejected).map((fact) => fact.value.toLowerCase()))
  const isRejected = (value: string) => rejected.has(value.toLowerCase())
  const of = <T>(kind: string) =>
    known
      .filter((fact) => fact.kind === kind && !isRejected(fact.value))
      .map((fact) => ({ ...fact.data, pageUrl: fact.pageUrl }) as T)
  const contact: ContactFacts = {
    emails: of<EmailFact>('email'),
    people: of<PersonFact>('person'),
    phones: of<PhoneFact>('phone'),
    forms: of<FormFact>('form'),
  }
  const crawled = new Set(contact.emails.map((email) => email.value.toLowerCase()))
  for (const [email, kind] of [
    [company.contactEmail, company.contactEmailKind],
    [company.email, 'role'],
  ] as const) {
    if (!email || crawled.has(email.toLowerCase()) || isRejected(email)) continue
    contact.emails.push({ value: email, kind: kind === 'person' ? 'person' : 'role' })
  }
  if (company.contactEmail && company.contactEmailKind === 'person' && company.contactPerson) {
    const { contactPerson: name, contactRole: role, contactEmail: email } = company
    contact.people.push({ name, role, roleKind: null, email })
  }
  for (const phone of [company.contactPhone, company.phoneE164 ?? company.phone]) {
    if (phone && !isRejected(phone)) contact.phones.push({ value: phone, type: 'other' })
  }
  return contact
}
