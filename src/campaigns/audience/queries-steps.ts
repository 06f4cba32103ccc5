import { sql, type SQL } from 'drizzle-orm'
import { companies } from '#src/companies/schema.ts'
import { exclusionReasons } from './audience.ts'
import { addressReason, companyReason, type Asked } from './queries-reasons.ts'

// Beyond every rank a company can give.
const RANKS = 1_000
const reasonNames = sql`${`{${exclusionReasons.join(',')}}`}::text[]`

/** The steps from an audience to its mails, each a pass over the one before: they are never joined with one another, as the
 *  planner does not know how many rows they have. chosen: companies, with why all of one is left out. judged: with their
 *  addresses, why one is not written to, and the place of the others within the company. */
export const recipientSteps = (asked: Asked): SQL => sql`
  WITH chosen AS (
    SELECT id, score, ${companyReason(asked)} AS company_reason FROM ${companies} WHERE ${asked.where} OFFSET 0
  ), reasoned AS (
    SELECT c.*, a.address, a.rank, a.standing, a.role, a.contact_name, a.shared,
      CASE WHEN a.address IS NOT NULL THEN ${addressReason(asked)} END AS reason
    FROM chosen c LEFT JOIN company_addresses a ON a.company_id = c.id AND c.company_reason IS NULL OFFSET 0
  ), judged AS MATERIALIZED (
    SELECT *, address IS NOT NULL AND reason IS NULL AS fits,
      count(*) FILTER (WHERE address IS NOT NULL AND reason IS NULL) OVER (PARTITION BY id ORDER BY rank) AS place
    FROM reasoned
  )`

/** The same, and what becomes of every company. outcome: why it gets no mail, null when it does; how many `mails`, and
 *  `over` the limit; `first` and `worst`: the rank of the address it is written to first, and of the one that tells why it is
 *  not. An address of several companies is written to for the best prospect. */
export const outcomeSteps = (asked: Asked): SQL => {
  const { perCompany, mostCompanies } = asked.rules
  const cap = sql`${perCompany}::int`
  return sql`
    ${recipientSteps(asked)}, twice AS (
      SELECT id, address, row_number() OVER (PARTITION BY address ORDER BY score DESC NULLS LAST, id) AS turn
      FROM judged WHERE shared AND fits AND place <= ${cap}
    ), written AS (
      SELECT *, fits AND place <= ${cap} AND CASE WHEN shared
        THEN (id, address) NOT IN (SELECT id, address FROM twice WHERE turn > 1) ELSE true END AS written FROM judged
    ), summed AS (
      SELECT id, max(score) AS score, min(company_reason) AS company_reason, count(*) FILTER (WHERE written) AS mails,
        count(*) FILTER (WHERE fits) AS fit,
        coalesce(min(rank) FILTER (WHERE written), min(rank) FILTER (WHERE fits)) AS first,
        min(array_position(${reasonNames}, reason) * ${RANKS}::int + rank) AS worst
      FROM written GROUP BY id
    ), ordered AS (
      SELECT *, ${
        mostCompanies
          ? sql`mails > 0 AND row_number() OVER (ORDER BY mails > 0 DESC, score DESC NULLS LAST, id) > ${mostCompanies}::int`
          : sql`false`
      } AS beyond FROM summed
    ), outcome AS MATERIALIZED (
      SELECT id, score, first, worst % ${RANKS}::int AS worst, coalesce(company_reason, CASE
          WHEN beyond THEN 'beyond_most' WHEN mails > 0 THEN NULL WHEN fit > 0 THEN 'duplicate'
          WHEN worst IS NULL THEN 'no_address' ELSE (${reasonNames})[worst / ${RANKS}::int] END) AS reason,
        mails, CASE WHEN mails > 0 AND NOT beyond THEN greatest(fit - ${cap}, 0) ELSE 0 END AS over
      FROM ordered
    )`
}
