import { sql, type SQL } from 'drizzle-orm'
import { exclusionReasons, type Audience, type RecipientRules } from './audience.ts'
import { aboutToWriteTo, wroteTo } from './queries-filter.ts'

const DAY_MS = 86_400_000
// Beyond every rank that an address can have.
const RANKS = 1_000
const FORBIDDING = ['Désabonné', 'Plainte spam', 'Ne pas contacter']

/** What is asked of an audience: companies by a condition on `companies`, and the rules for them. */
export type Asked = {
  where: SQL
  audience: Audience
  rules: RecipientRules
  campaignId: number | null
  now: Date
}

/** The reasons in the order in which they are told, as an array of texts. */
export const reasonNames = sql`${`{${exclusionReasons.join(',')}}`}::text[]`

const listOf = (values: readonly string[]): SQL =>
  sql.join(
    values.map((value) => sql`${value}`),
    sql`, `,
  )

/** Why all of a company (`companies`) is left out, else null. */
export const companyReason = ({ audience, rules, campaignId, now }: Asked): SQL => sql`CASE
  WHEN deleted_at IS NOT NULL THEN 'deleted'
  WHEN id = ANY (${`{${audience.excludedIds.join(',')}}`}::int[]) THEN 'left_out'
  WHEN status IN (${listOf(FORBIDDING)}) THEN 'status'
  WHEN id IN (SELECT c.id FROM suppressions s JOIN companies c ON c.site_key = substr(s.address, 6)
    WHERE s.kind = 'company' AND s.address LIKE 'site:%' AND ${inForce(campaignId)}) THEN 'suppressed_company'
  WHEN 'siren:' || coalesce(siren, left(siret, 9)) IN (${suppressedCompanies(campaignId)})
    OR site_key IS NULL AND siren IS NULL AND siret IS NULL AND 'name:' || name_key IN (${suppressedCompanies(campaignId)})
    THEN 'suppressed_company'
  ${contactedRecently(rules, campaignId, now)}
END`

const contactedRecently = ({ notContactedDays }: RecipientRules, campaignId: number | null, now: Date): SQL =>
  notContactedDays === null
    ? sql``
    : sql`WHEN id IN (${wroteTo(new Date(now.getTime() - notContactedDays * DAY_MS), campaignId)})
        OR id IN (${aboutToWriteTo(campaignId)}) THEN 'contacted_recently'`

const suppressedCompanies = (campaignId: number | null): SQL => sql`
  SELECT s.address FROM suppressions s WHERE s.kind = 'company' AND ${inForce(campaignId)}`

/** Why an address (`a`, a row of company_addresses) is never written to in bulk, whatever the rules; else null. */
export const neverReason = sql`CASE a.standing
  WHEN 'no_mail' THEN 'no_mail_server' WHEN 'foreign' THEN 'third_party' WHEN 'erased' THEN 'suppressed'
  WHEN 'disposable' THEN 'disposable' WHEN 'unread' THEN 'unread' WHEN 'placeholder' THEN 'placeholder'
  WHEN 'guessed' THEN 'guessed' END`

/** Why an address (`a`) is not written to, else null; asks `blocked`. */
export const addressReason = ({ rules }: Asked): SQL => sql`CASE
  WHEN a.standing = 'free' AND NOT ${rules.freeProviders}::boolean THEN 'free_provider'
  WHEN a.standing = 'other' AND NOT ${rules.otherDomains ?? false}::boolean THEN 'other_domain'
  WHEN a.standing NOT IN ('own', 'published', 'kept', 'free', 'other') THEN ${neverReason}
  ${rules.roles.length === 0 ? sql`` : sql`WHEN a.role NOT IN (${listOf(rules.roles)}) THEN 'role_not_chosen'`}
  WHEN ${rowKey('a')} IN (SELECT ${rowKey('b')} FROM blocked b WHERE b.reason = 'suppressed') THEN 'suppressed'
  WHEN ${rowKey('a')} IN (SELECT ${rowKey('b')} FROM blocked b WHERE b.reason = 'bounced') THEN 'bounced'
END`

// Rows are told apart by a number: those concerned are few and found by indexes, and every row is looked up among them.
const rowKey = (table: 'a' | 'b'): SQL => sql.raw(`(${table}.company_id::bigint * ${RANKS} + ${table}.rank)`)

const inForce = (campaignId: number | null): SQL =>
  sql`(s.scope = 'all' OR s.campaign_id = ${campaignId}::int)`

/** blocked: the addresses that said no, or that bounced for good. They are few and found by indexes. Domains below another one
 *  are rare, and the only ones that are compared one by one. */
export const blockedStep = ({ campaignId }: Asked): SQL => sql`blocked AS MATERIALIZED (
    SELECT b.company_id, b.rank, 'suppressed' AS reason FROM suppressions s
      JOIN company_addresses b ON b.address = s.address WHERE s.kind = 'address' AND ${inForce(campaignId)}
    UNION ALL SELECT b.company_id, b.rank, 'suppressed' FROM suppressions s
      JOIN company_addresses b ON b.domain = substr(s.address, 2) WHERE s.kind = 'domain' AND ${inForce(campaignId)}
    UNION ALL SELECT b.company_id, b.rank, 'suppressed' FROM suppressions s
      JOIN company_addresses b ON b.domain LIKE '%.%.%' AND b.domain LIKE '%.' || substr(s.address, 2)
      WHERE s.kind = 'domain' AND ${inForce(campaignId)}
    UNION ALL SELECT b.company_id, b.rank, 'bounced' FROM campaign_messages m
      JOIN company_addresses b ON b.address = m.address WHERE m.bounce_kind = 'hard' AND NOT m.rehearsed
  )`

/** Companies about an address of which more than its standing must be asked: blocked, or of several companies. */
export const specialCompanies = sql`
  SELECT company_id FROM blocked UNION ALL SELECT company_id FROM company_addresses WHERE shared`
