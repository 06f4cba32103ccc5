import { sql, type SQL } from 'drizzle-orm'
import { companies } from '#src/companies/schema.ts'
import { exclusionReasons, type Audience, type RecipientRules } from './audience.ts'
import { wroteTo } from './queries-filter.ts'

const DAY_MS = 86_400_000
const FORBIDDING = ['Désabonné', 'Plainte spam', 'Ne pas contacter']

/** What the steps below are asked: companies by a condition on `companies`, and the rules for them. */
export type Asked = {
  where: SQL
  audience: Audience
  rules: RecipientRules
  campaignId: number | null
  now: Date
}

/** The steps from an audience to its mails. chosen: its companies, with why all of one is left out. judged: the addresses
 *  of the others, with why one is not written to. picked: those that may be, in their order within the company. */
export const recipientSteps = ({ where, audience, rules, campaignId, now }: Asked): SQL => sql`
  WITH chosen AS MATERIALIZED (
    SELECT id, score, name, CASE
      WHEN deleted_at IS NOT NULL THEN 'deleted'
      WHEN id = ANY (${`{${audience.excludedIds.join(',')}}`}::int[]) THEN 'left_out'
      WHEN status IN (${sql.join(
        FORBIDDING.map((status) => sql`${status}`),
        sql`, `,
      )}) THEN 'status'
      WHEN ${suppressedCompany(campaignId)} THEN 'suppressed_company'
      ${contactedRecently(rules, campaignId, now)}
    END AS reason
    FROM ${companies} WHERE ${where}
  ), judged AS MATERIALIZED (
    SELECT a.company_id, a.address, a.rank, a.standing, a.role, a.contact_name, c.score, ${addressReason(rules, campaignId)} AS reason
    FROM chosen c JOIN company_addresses a ON a.company_id = c.id WHERE c.reason IS NULL
  ), picked AS (
    SELECT *, row_number() OVER (PARTITION BY company_id ORDER BY rank) AS place FROM judged WHERE reason IS NULL
  )`

const contactedRecently = ({ notContactedDays }: RecipientRules, campaignId: number | null, now: Date): SQL =>
  notContactedDays === null
    ? sql``
    : sql`WHEN id IN (${wroteTo(new Date(now.getTime() - notContactedDays * DAY_MS), campaignId)})
        THEN 'contacted_recently'`

const entries = (kind: 'address' | 'domain' | 'company', campaignId: number | null): SQL => sql`
  SELECT address FROM suppressions WHERE kind = ${kind} AND (scope = 'all' OR campaign_id = ${campaignId}::int)`

const suppressedCompany = (campaignId: number | null): SQL => sql`(
  'site:' || site_key IN (${entries('company', campaignId)})
  OR 'siren:' || coalesce(siren, left(siret, 9)) IN (${entries('company', campaignId)})
  OR site_key IS NULL AND siren IS NULL AND siret IS NULL AND 'name:' || name_key IN (${entries('company', campaignId)}))`

// What never changes comes first, as it costs nothing. A domain of more than two parts may be below a suppressed one.
const addressReason = (rules: RecipientRules, campaignId: number | null): SQL => sql`CASE
  WHEN a.standing = 'free' AND NOT ${rules.freeProviders}::boolean THEN 'free_provider'
  WHEN a.standing = 'other' AND NOT ${rules.otherDomains ?? false}::boolean THEN 'other_domain'
  WHEN a.standing = 'no_mail' THEN 'no_mail_server'
  WHEN a.standing = 'foreign' THEN 'third_party'
  WHEN a.standing = 'erased' THEN 'suppressed'
  WHEN a.standing IN ('disposable', 'unread', 'placeholder', 'guessed') THEN a.standing
  ${
    rules.roles.length === 0
      ? sql``
      : sql`WHEN a.role NOT IN (${sql.join(
          rules.roles.map((role) => sql`${role}`),
          sql`, `,
        )}) THEN 'role_not_chosen'`
  }
  WHEN a.address IN (${entries('address', campaignId)}) THEN 'suppressed'
  WHEN '@' || a.domain IN (${entries('domain', campaignId)}) THEN 'suppressed'
  WHEN a.domain LIKE '%.%.%' AND EXISTS (SELECT FROM suppressions s WHERE s.kind = 'domain'
    AND (s.scope = 'all' OR s.campaign_id = ${campaignId}::int) AND a.domain LIKE '%.' || substr(s.address, 2)) THEN 'suppressed'
  WHEN a.address IN (SELECT address FROM campaign_messages WHERE bounce_kind = 'hard' AND NOT rehearsed) THEN 'bounced'
END`

/** The order of the reasons as numbers: the first that fits tells why nobody of a company is written to. */
const reasonOrder = sql`array_position(${`{${exclusionReasons.join(',')}}`}::text[], reason)`

/** The same, and what becomes of every company. capped: addresses within the limit per company. reached: companies that get
 *  a mail. outcome: why a company gets none, null for those reached; `over`: its addresses beyond the limit. */
export const outcomeSteps = (asked: Asked): SQL => {
  const { rules } = asked
  return sql`
    ${recipientSteps(asked)}, capped AS MATERIALIZED (
      SELECT * FROM picked WHERE place <= ${rules.perCompany}
    ), twice AS (
      SELECT company_id, address, row_number() OVER (PARTITION BY address ORDER BY score DESC NULLS LAST, company_id) AS turn
      FROM capped WHERE address IN (SELECT address FROM capped GROUP BY address HAVING count(*) > 1)
    ), written AS MATERIALIZED (
      SELECT company_id, count(*) AS mails FROM capped
      WHERE (company_id, address) NOT IN (SELECT company_id, address FROM twice WHERE turn > 1) GROUP BY company_id
    ), reached AS MATERIALIZED (
      SELECT w.company_id, w.mails FROM written w
      ${rules.mostCompanies ? sql`JOIN chosen c ON c.id = w.company_id ORDER BY c.score DESC NULLS LAST, c.id LIMIT ${rules.mostCompanies}` : sql``}
    ), wanting AS (
      SELECT company_id, min(${reasonOrder}) AS worst, count(*) FILTER (WHERE reason IS NULL) AS fit
      FROM judged GROUP BY company_id
    ), outcome AS (
      SELECT c.id, c.name, c.score, coalesce(c.reason, CASE WHEN r.company_id IS NOT NULL THEN NULL
        WHEN x.company_id IS NOT NULL THEN 'beyond_most' WHEN w.company_id IS NULL THEN 'no_address'
        WHEN w.fit > 0 THEN 'duplicate' ELSE (${`{${exclusionReasons.join(',')}}`}::text[])[w.worst] END) AS reason,
        CASE WHEN r.company_id IS NOT NULL THEN greatest(w.fit - ${rules.perCompany}, 0) ELSE 0 END AS over
      FROM chosen c LEFT JOIN wanting w ON w.company_id = c.id LEFT JOIN written x ON x.company_id = c.id
      LEFT JOIN reached r ON r.company_id = c.id)`
}
