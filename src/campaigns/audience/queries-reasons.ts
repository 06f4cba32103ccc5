import { sql, type SQL } from 'drizzle-orm'
import type { Audience, RecipientRules } from './audience.ts'
import { wroteTo } from './queries-filter.ts'

const DAY_MS = 86_400_000
const FORBIDDING = ['Désabonné', 'Plainte spam', 'Ne pas contacter']

/** What is asked of an audience: companies by a condition on `companies`, and the rules for them. */
export type Asked = {
  where: SQL
  audience: Audience
  rules: RecipientRules
  campaignId: number | null
  now: Date
}

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
  WHEN 'site:' || site_key IN (${entries('company', campaignId)})
    OR 'siren:' || coalesce(siren, left(siret, 9)) IN (${entries('company', campaignId)})
    OR site_key IS NULL AND siren IS NULL AND siret IS NULL AND 'name:' || name_key IN (${entries('company', campaignId)})
    THEN 'suppressed_company'
  ${contactedRecently(rules, campaignId, now)}
END`

const contactedRecently = ({ notContactedDays }: RecipientRules, campaignId: number | null, now: Date): SQL =>
  notContactedDays === null
    ? sql``
    : sql`WHEN id IN (${wroteTo(new Date(now.getTime() - notContactedDays * DAY_MS), campaignId)})
        THEN 'contacted_recently'`

const entries = (kind: 'address' | 'domain' | 'company', campaignId: number | null): SQL => sql`
  SELECT address FROM suppressions WHERE kind = ${kind} AND (scope = 'all' OR campaign_id = ${campaignId}::int)`

/** Why an address (`a`, a row of company_addresses) is not written to, else null. What never changes comes first, as it costs
 *  nothing. A domain of more than two parts may be below a suppressed one. */
export const addressReason = ({ rules, campaignId }: Asked): SQL => sql`CASE
  WHEN a.standing = 'free' AND NOT ${rules.freeProviders}::boolean THEN 'free_provider'
  WHEN a.standing = 'other' AND NOT ${rules.otherDomains ?? false}::boolean THEN 'other_domain'
  WHEN a.standing = 'no_mail' THEN 'no_mail_server'
  WHEN a.standing = 'foreign' THEN 'third_party'
  WHEN a.standing = 'erased' THEN 'suppressed'
  WHEN a.standing IN ('disposable', 'unread', 'placeholder', 'guessed') THEN a.standing
  ${rules.roles.length === 0 ? sql`` : sql`WHEN a.role NOT IN (${listOf(rules.roles)}) THEN 'role_not_chosen'`}
  WHEN a.address IN (${entries('address', campaignId)}) THEN 'suppressed'
  WHEN '@' || a.domain IN (${entries('domain', campaignId)}) THEN 'suppressed'
  WHEN a.domain LIKE '%.%.%' AND EXISTS (SELECT FROM suppressions s WHERE s.kind = 'domain'
    AND (s.scope = 'all' OR s.campaign_id = ${campaignId}::int) AND a.domain LIKE '%.' || substr(s.address, 2))
    THEN 'suppressed'
  WHEN a.address IN (SELECT address FROM campaign_messages WHERE bounce_kind = 'hard' AND NOT rehearsed) THEN 'bounced'
END`
