import { sql, type SQL } from 'drizzle-orm'
import { companies } from '#src/companies/schema.ts'
import type { Db } from '#src/db/open.ts'
import { exclusionReasons, type Audience, type ExclusionReason, type RecipientRules } from './audience.ts'
import { audienceCondition, wroteTo } from './queries-filter.ts'
import { refreshAddresses } from './refresh-addresses.ts'
import type { RecipientRole, Standing } from './standings.ts'

const DAY_MS = 86_400_000
const SAMPLE = 8
const COMPANIES_AT_ONCE = 1_000
// What a count brings up to date before it answers; the job does the rest.
const FRESH_AT_COUNT = 2_000
const FORBIDDING = ['Désabonné', 'Plainte spam', 'Ne pas contacter']

export type Recipient = {
  companyId: number
  /** Lower case, the domain in ASCII. */
  address: string
  contactName: string | null
  kind: Standing
  /** Why this address: how it stands to the company and whose it is (codes of standings.ts). */
  reasons: [Standing, RecipientRole]
}

export type AudienceCount = {
  /** Those of the audience, those that get a mail, and how many mails that is. */
  companies: number
  reached: number
  recipients: number
  /** Of companies: with `reached` they make `companies`. Of addresses: those of companies that are reached. Most first. */
  excluded: { reason: ExclusionReason; count: number; of: 'companies' | 'addresses' }[]
  /** The best prospects among those reached. */
  sample: Pick<Shown, 'companyId' | 'name' | 'address' | 'contactName' | 'kind'>[]
}

type Shown = Recipient & { name: string }
type Asked = { where: SQL; audience: Audience; rules: RecipientRules; campaignId: number | null; now: Date }

/** How many companies and addresses an audience reaches now, and who is left out for which reason. `campaignId`: also what
 *  holds for that campaign only; its own mails are no earlier contact. Addresses found within the last minute may still be
 *  missing when thousands of companies changed at once. */
export const countAudience = async (
  db: Db,
  audience: Audience,
  rules: RecipientRules,
  campaignId: number | null,
  now = new Date(),
): Promise<AudienceCount> => {
  await refreshAddresses(db, FRESH_AT_COUNT)
  const where = await audienceCondition(db, audience)
  return readCount(db, { where, audience, rules, campaignId, now })
}

/** Everybody an audience reaches, in batches: the best prospects first, the addresses of a company together and the best
 *  contact first, no address twice. Each batch is judged when it is asked for. */
export async function* listRecipients(
  db: Db,
  audience: Audience,
  rules: RecipientRules,
  campaignId: number | null,
  now = new Date(),
): AsyncGenerator<Recipient[]> {
  await refreshAddresses(db)
  const where = await audienceCondition(db, audience)
  const ids = await idsInOrder(db, where)
  const written = new Set<string>()
  let left = rules.mostCompanies ?? Infinity
  for (let at = 0; at < ids.length && left > 0; at += COMPANIES_AT_ONCE) {
    const some = ids.slice(at, at + COMPANIES_AT_ONCE)
    const asked = { where: idIn(some), audience, rules, campaignId, now }
    const byCompany = Map.groupBy(await readPicked(db, asked), ({ companyId }) => companyId)
    const batch: Recipient[] = []
    for (const id of some) {
      const fresh = (byCompany.get(id) ?? []).filter(({ address }) => !written.has(address))
      if (fresh.length === 0 || left === 0) continue
      left--
      for (const recipient of fresh) written.add(recipient.address)
      batch.push(...fresh)
    }
    if (batch.length > 0) yield batch
  }
}

const idIn = (ids: readonly number[]): SQL => sql`${companies.id} = ANY (${`{${ids.join(',')}}`}::int[])`

const idsInOrder = async (db: Db, where: SQL): Promise<number[]> => {
  const [row] = await db.execute<{ ids: number[] | null }>(
    sql`SELECT array_agg(id ORDER BY score DESC NULLS LAST, id) AS ids FROM ${companies} WHERE ${where}`,
  )
  return row?.ids ?? []
}

const readPicked = async (db: Db, asked: Asked): Promise<Recipient[]> => {
  const rows = await db.execute<{
    id: number
    address: string
    name: string | null
    standing: Standing
    role: RecipientRole
  }>(sql`
    ${tables(asked)}
    SELECT company_id AS id, address, contact_name AS name, standing, role FROM picked
    WHERE place <= ${asked.rules.perCompany} ORDER BY company_id, place`)
  return rows.map(({ id, address, name, standing, role }) => ({
    companyId: id,
    address,
    contactName: name,
    kind: standing,
    reasons: [standing, role],
  }))
}

/** The steps from an audience to its mails. chosen: its companies, with why all of one is left out. judged: the addresses
 *  of the others, with why one is not written to. picked: those that may be, in their order within the company. */
const tables = ({ where, audience, rules, campaignId, now }: Asked): SQL => sql`
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

const readCount = async (db: Db, asked: Asked): Promise<AudienceCount> => {
  const { perCompany, mostCompanies } = asked.rules
  const [row] = await db.execute<{
    companies: number
    reached: number
    recipients: number
    excluded: { reason: ExclusionReason; count: number }[] | null
    over: number
    sample: AudienceCount['sample'] | null
  }>(sql`
    ${tables(asked)}, capped AS MATERIALIZED (
      SELECT * FROM picked WHERE place <= ${perCompany}
    ), twice AS (
      SELECT company_id, address, row_number() OVER (PARTITION BY address ORDER BY score DESC NULLS LAST, company_id) AS turn
      FROM capped WHERE address IN (SELECT address FROM capped GROUP BY address HAVING count(*) > 1)
    ), written AS MATERIALIZED (
      SELECT company_id, count(*) AS mails FROM capped
      WHERE (company_id, address) NOT IN (SELECT company_id, address FROM twice WHERE turn > 1) GROUP BY company_id
    ), reached AS MATERIALIZED (
      SELECT w.company_id, w.mails FROM written w
      ${mostCompanies ? sql`JOIN chosen c ON c.id = w.company_id ORDER BY c.score DESC NULLS LAST, c.id LIMIT ${mostCompanies}` : sql``}
    ), wanting AS (
      SELECT company_id, min(${reasonOrder}) AS worst, count(*) FILTER (WHERE reason IS NULL) AS fit
      FROM judged GROUP BY company_id
    ), outcome AS (
      SELECT coalesce(c.reason, CASE WHEN r.company_id IS NOT NULL THEN NULL
        WHEN x.company_id IS NOT NULL THEN 'beyond_most' WHEN w.company_id IS NULL THEN 'no_address'
        WHEN w.fit > 0 THEN 'duplicate' ELSE (${`{${exclusionReasons.join(',')}}`}::text[])[w.worst] END) AS reason,
        CASE WHEN r.company_id IS NOT NULL THEN greatest(w.fit - ${perCompany}, 0) ELSE 0 END AS over
      FROM chosen c LEFT JOIN wanting w ON w.company_id = c.id LEFT JOIN written x ON x.company_id = c.id
      LEFT JOIN reached r ON r.company_id = c.id
    ), shown AS (
      SELECT c.id, c.name, c.score FROM reached r JOIN chosen c ON c.id = r.company_id
      ORDER BY c.score DESC NULLS LAST, c.id LIMIT ${SAMPLE}
    )
    SELECT (SELECT count(*)::int FROM chosen) AS companies, (SELECT count(*)::int FROM reached) AS reached,
      (SELECT coalesce(sum(mails), 0)::int FROM reached) AS recipients,
      (SELECT coalesce(sum(over), 0)::int FROM outcome) AS over,
      (SELECT jsonb_agg(jsonb_build_object('reason', reason, 'count', count) ORDER BY count DESC, reason) FROM (
        SELECT reason, count(*) FROM outcome WHERE reason IS NOT NULL GROUP BY reason) AS counted) AS excluded,
      (SELECT jsonb_agg(jsonb_build_object('companyId', s.id, 'name', s.name, 'address', p.address,
        'contactName', p.contact_name, 'kind', p.standing) ORDER BY s.score DESC NULLS LAST, s.id)
        FROM shown s JOIN capped p ON p.company_id = s.id AND p.place = 1) AS sample`)
  const { over = 0, excluded, sample, ...counted } = row ?? { companies: 0, reached: 0, recipients: 0 }
  const ofAddresses = over > 0 ? [{ reason: 'over_cap' as const, count: over, of: 'addresses' as const }] : []
  return {
    ...counted,
    excluded: [...(excluded ?? []).map((one) => ({ ...one, of: 'companies' as const })), ...ofAddresses],
    sample: sample ?? [],
  }
}
