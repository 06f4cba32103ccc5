import { intArray, textArray } from '#src/db/arrays.ts'
import { sql, type SQL } from 'drizzle-orm'
import { exclusionReasons, type Audience, type ExclusionReason, type RecipientRules } from './audience.ts'
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
export const reasonNames = textArray(exclusionReasons)

/** The place of a reason among them, from 1: what is counted by numbers is counted sooner. */
export const reasonCode = (reason: ExclusionReason): SQL => sql.raw(`${exclusionReasons.indexOf(reason) + 1}`)

/** The same for a text; null for null. */
export const codeOf = (reason: SQL): SQL => sql`array_position(${reasonNames}, ${reason})`

const listOf = (values: readonly string[]): SQL =>
  sql.join(
    values.map((value) => sql`${value}`),
    sql`, `,
  )

/** Why all of a company (`id`) is left out (reasonCode), else null; asks `silent`, `barred` and `recent`. Deleted ones are told apart
 *  by whoever asks. */
export const companyReason = ({ audience }: Asked): SQL => sql`CASE
  WHEN id = ANY (${intArray(audience.excludedIds)}) THEN ${reasonCode('left_out')}
  WHEN id IN (SELECT company_id FROM silent) THEN ${reasonCode('status')}
  WHEN id IN (SELECT company_id FROM barred) THEN ${reasonCode('suppressed_company')}
  WHEN id IN (SELECT company_id FROM recent) THEN ${reasonCode('contacted_recently')}
END`

/** silent: companies with a status that forbids mails; barred: those that said no; recent: those written to lately, or
 *  about to be. They are found by indexes, sooner than each other one is seen not to be one. */
export const companySteps = ({ rules, campaignId, now }: Asked): SQL => sql`silent AS MATERIALIZED (
    SELECT id AS company_id FROM companies WHERE status IN (${listOf(FORBIDDING)}) AND deleted_at IS NULL
  ), barred AS MATERIALIZED (
    SELECT company_id FROM company_reach WHERE barred
    UNION ALL SELECT c.id FROM suppressions s JOIN companies c ON c.site_key = substr(s.address, 6)
      WHERE s.kind = 'company' AND s.address LIKE 'site:%' AND ${onlyFor(campaignId)}
    UNION ALL SELECT c.id FROM suppressions s JOIN companies c ON coalesce(c.siren, left(c.siret, 9)) = substr(s.address, 7)
      WHERE s.kind = 'company' AND s.address LIKE 'siren:%' AND ${onlyFor(campaignId)}
    UNION ALL SELECT c.id FROM suppressions s JOIN companies c ON c.name_key = substr(s.address, 6)
        AND c.site_key IS NULL AND c.siren IS NULL AND c.siret IS NULL
      WHERE s.kind = 'company' AND s.address LIKE 'name:%' AND ${onlyFor(campaignId)}
  ), recent AS MATERIALIZED (${contactedRecently(rules, campaignId, now)})`

const contactedRecently = ({ notContactedDays }: RecipientRules, campaignId: number | null, now: Date): SQL =>
  notContactedDays === null
    ? sql`SELECT 0 AS company_id WHERE false`
    : sql`${wroteTo(new Date(now.getTime() - notContactedDays * DAY_MS), campaignId)}
        UNION ALL ${aboutToWriteTo(campaignId)}`

/** Why an address (`a`, a row of company_addresses) is never written to in bulk, whatever the rules; else null. */
export const neverReason = sql`CASE a.standing
  WHEN 'no_mail' THEN 'no_mail_server' WHEN 'foreign' THEN 'third_party' WHEN 'erased' THEN 'suppressed'
  WHEN 'disposable' THEN 'disposable' WHEN 'unread' THEN 'unread' WHEN 'placeholder' THEN 'placeholder'
  WHEN 'guessed' THEN 'guessed' END`

/** Why an address (`a`) is not written to, else null; asks `blocked`. */
export const addressReason = ({ rules }: Asked): SQL => sql`CASE
  WHEN a.standing NOT IN ('own', 'published', 'kept', 'free', 'other') THEN ${neverReason}
  WHEN a.blocked IS NOT NULL THEN a.blocked
  WHEN ${rowKey('a')} IN (SELECT ${rowKey('b')} FROM blocked b) THEN 'suppressed'
  WHEN a.standing = 'free' AND NOT ${rules.freeProviders}::boolean THEN 'free_provider'
  WHEN a.standing = 'other' AND NOT ${rules.otherDomains ?? false}::boolean THEN 'other_domain'
  ${rules.roles.length === 0 ? sql`` : sql`WHEN a.role NOT IN (${listOf(rules.roles)}) THEN 'role_not_chosen'`}
END`

// Rows are told apart by a number: those concerned are few and found by indexes, and every row is looked up among them.
const rowKey = (table: 'a' | 'b'): SQL => sql.raw(`(${table}.company_id::bigint * ${RANKS} + ${table}.rank)`)

// What holds for all campaigns is known of each address and company (refresh-blocks.ts).
const onlyFor = (campaignId: number | null): SQL =>
  sql`s.campaign_id = ${campaignId}::int AND s.scope = 'campaign'`

/** blocked: the addresses that said no to this campaign only. They are few and found by indexes. */
export const blockedStep = ({ campaignId }: Asked): SQL => sql`blocked AS MATERIALIZED (
    SELECT b.company_id, b.rank FROM suppressions s
      JOIN company_addresses b ON b.address = s.address WHERE s.kind = 'address' AND ${onlyFor(campaignId)}
    UNION ALL SELECT b.company_id, b.rank FROM suppressions s
      JOIN company_addresses b ON b.domain = substr(s.address, 2) WHERE s.kind = 'domain' AND ${onlyFor(campaignId)}
    UNION ALL SELECT b.company_id, b.rank FROM suppressions s
      JOIN company_addresses b ON b.domain LIKE '%.%.%' AND b.domain LIKE '%.' || substr(s.address, 2)
      WHERE s.kind = 'domain' AND ${onlyFor(campaignId)}
  )`

/** Companies of which more must be asked than how many addresses they have: known for something, left out by hand, or with
 *  an address that said no to this campaign or is of several companies. */
export const specialCompanies = ({ audience }: Asked): SQL => sql`
  SELECT company_id FROM blocked UNION ALL SELECT company_id FROM company_addresses WHERE shared
  UNION ALL SELECT company_id FROM silent UNION ALL SELECT company_id FROM barred UNION ALL SELECT company_id FROM recent
  UNION ALL SELECT unnest(${intArray(audience.excludedIds)})`
