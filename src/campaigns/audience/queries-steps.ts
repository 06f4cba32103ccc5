import { sql, type SQL } from 'drizzle-orm'
import { companies } from '#src/companies/schema.ts'
import {
  addressReason,
  blockedStep,
  codeOf,
  companyReason,
  companySteps,
  reasonCode,
  specialCompanies,
  type Asked,
} from './queries-reasons.ts'

// What follows is passes over what came before, never joined with one another: the planner does not know how many rows they
// have, and would compare each with each.

/** chosen: the companies of an audience, with why all of one is left out. judged: with their addresses, why one is not
 *  written to, and the place of the others within the company. */
export const recipientSteps = (asked: Asked): SQL => sql`
  WITH ${blockedStep(asked)}, ${companySteps(asked)}, chosen AS (
    SELECT id, score, CASE WHEN deleted_at IS NOT NULL THEN ${reasonCode('deleted')} ELSE ${companyReason(asked)} END AS company_reason
    FROM ${companies} WHERE ${asked.where} OFFSET 0
  ), ${judged(asked, sql`chosen`, false)}`

// Of `few` companies the addresses are fetched one by one, as the planner takes them for many.
const addressesOf = sql`LATERAL (
  SELECT * FROM company_addresses WHERE company_id = c.id AND c.company_reason IS NULL OFFSET 0) AS a ON true`

const judged = (asked: Asked, from: SQL, few: boolean): SQL => sql`reasoned AS (
    SELECT c.id, c.score, c.company_reason, a.address, a.rank, a.standing, a.role, a.contact_name, a.shared,
      CASE WHEN a.address IS NOT NULL THEN ${addressReason(asked)} END AS reason
    FROM ${from} c LEFT JOIN ${few ? addressesOf : sql`company_addresses a ON a.company_id = c.id AND c.company_reason IS NULL`} OFFSET 0
  ), judged AS MATERIALIZED (
    SELECT *, address IS NOT NULL AND reason IS NULL AS fits,
      count(*) FILTER (WHERE address IS NOT NULL AND reason IS NULL) OVER (PARTITION BY id ORDER BY rank) AS place
    FROM reasoned
  )`

/** outcome: of every company why it gets no mail (reasonCode), null when it does; how many `mails`, and how many addresses
 *  `over` the limit. An address of several companies is written to for the best prospect. Companies are counted by what is
 *  summed up of their addresses; only where something is special about one, or the rules ask for roles, each is judged.
 *  Of all companies only numbers are kept: texts would take longer than all the rest. */
export const outcomeSteps = (asked: Asked): SQL => {
  const { perCompany, mostCompanies, roles, freeProviders, otherDomains } = asked.rules
  const cap = sql`${perCompany}::int`
  const fit = sql`(r.sure${freeProviders ? sql` + r.free` : sql``}${otherDomains ? sql` + r.other` : sql``})`
  // Only those picked by hand may be deleted; of others an index tells all.
  const deleted = asked.audience.mode === 'picked' ? sql`deleted_at IS NOT NULL` : sql`false`
  return sql`
    WITH ${blockedStep(asked)}, ${companySteps(asked)}, matching AS NOT MATERIALIZED (
      SELECT c.id, c.score, c.deleted, coalesce(${fit}, 0)::int AS fit,
        CASE WHEN ${fit} > 0 THEN NULL
          WHEN r.never IN ('suppressed', 'bounced') THEN ${codeOf(sql`r.never`)}
          ${freeProviders ? sql`` : sql`WHEN r.free > 0 THEN ${reasonCode('free_provider')}`}
          ${otherDomains ? sql`` : sql`WHEN r.other > 0 THEN ${reasonCode('other_domain')}`}
          WHEN r.never IS NULL THEN ${reasonCode('no_address')} ELSE ${codeOf(sql`r.never`)} END AS otherwise
      FROM (SELECT id, score, ${deleted} AS deleted FROM ${companies} WHERE ${asked.where}) AS c
      LEFT JOIN company_reach r ON r.company_id = c.id OFFSET 0
    ), marked AS NOT MATERIALIZED (
      SELECT *, id IN (${specialCompanies(asked)}) AS special FROM matching OFFSET 0
    ), known AS NOT MATERIALIZED (
      SELECT id, score, fit, otherwise, special, CASE WHEN deleted THEN ${reasonCode('deleted')}
        WHEN special THEN ${companyReason(asked)} END AS company_reason FROM marked OFFSET 0
    ), chosen AS MATERIALIZED (
      SELECT id, score, fit, coalesce(company_reason, otherwise) AS reason,
        company_reason IS NULL AND ${roles.length > 0 ? sql`true` : sql`special`} AS special FROM known
    ), ${judged(asked, sql`(SELECT id, score, NULL AS company_reason FROM chosen WHERE special)`, roles.length === 0)}, twice AS (
      SELECT id, address, row_number() OVER (PARTITION BY address ORDER BY score DESC NULLS LAST, id) AS turn
      FROM judged WHERE shared AND fits AND place <= ${cap}
    ), written AS (
      SELECT *, fits AND place <= ${cap} AND CASE WHEN shared
        THEN (id, address) NOT IN (SELECT id, address FROM twice WHERE turn > 1) ELSE true END AS written FROM judged
    ), summed AS (
      SELECT id, max(score) AS score, count(*) FILTER (WHERE written) AS mails, count(*) FILTER (WHERE fits) AS fit,
        min(${codeOf(sql`reason`)}) AS worst
      FROM written GROUP BY id
    ), every AS (
      SELECT id, score, fit, CASE WHEN reason IS NULL THEN least(fit, ${cap}) ELSE 0 END AS mails, reason
      FROM chosen WHERE NOT special
      UNION ALL SELECT id, score, fit::int, mails::int, CASE WHEN mails > 0 THEN NULL WHEN fit > 0 THEN ${reasonCode('duplicate')}
        ELSE coalesce(worst, ${reasonCode('no_address')}) END FROM summed
    ), outcome AS NOT MATERIALIZED (
      ${mostCompanies ? upTo(mostCompanies, cap) : sql`SELECT id, score, reason, mails, ${over(cap)} AS over FROM every`}
    )`
}

const over = (cap: SQL): SQL => sql`CASE WHEN reason IS NULL THEN greatest(fit - ${cap}, 0) ELSE 0 END`

// The best prospects of those who would get a mail.
const upTo = (most: number, cap: SQL): SQL => sql`
  SELECT id, score, CASE WHEN reason IS NULL AND turn > ${most}::int THEN ${reasonCode('beyond_most')} ELSE reason END AS reason, mails,
    CASE WHEN turn > ${most}::int THEN 0 ELSE ${over(cap)} END AS over
  FROM (SELECT *, row_number() OVER (ORDER BY reason IS NULL DESC, score DESC NULLS LAST, id) AS turn FROM every) AS every`
