import { sql, type SQL } from 'drizzle-orm'
import { companies } from '#src/companies/schema.ts'
import type { Db } from '#src/db/open.ts'
import type { Audience, ExclusionReason, RecipientRules } from './audience.ts'
import { audienceCondition } from './queries-filter.ts'
import { outcomeSteps, recipientSteps, type Asked } from './queries-steps.ts'
import { refreshAddresses } from './refresh-addresses.ts'
import type { RecipientRole, Standing } from './standings.ts'

const SAMPLE = 8
const COMPANIES_AT_ONCE = 1_000
// What a count brings up to date before it answers; the job does the rest.
const FRESH_AT_COUNT = 2_000

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
    ${recipientSteps(asked)}
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

const readCount = async (db: Db, asked: Asked): Promise<AudienceCount> => {
  const [row] = await db.execute<{
    companies: number
    reached: number
    recipients: number
    excluded: { reason: ExclusionReason; count: number }[] | null
    over: number
    sample: AudienceCount['sample'] | null
  }>(sql`
    ${outcomeSteps(asked)}, shown AS (
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

export type Excluded = { companyId: number; name: string; address: string | null; contactName: string | null }

/** Who is left out for one reason: the company with the address it is about, if it is about one; the best prospects first. */
export const listExcluded = async (
  db: Db,
  audience: Audience,
  rules: RecipientRules,
  campaignId: number | null,
  { reason, limit, now = new Date() }: { reason: ExclusionReason; limit: number; now?: Date },
): Promise<Excluded[]> => {
  await refreshAddresses(db, FRESH_AT_COUNT)
  const where = await audienceCondition(db, audience)
  const asked = { where, audience, rules, campaignId, now }
  const about = sql`CASE ${reason} WHEN 'duplicate' THEN a.reason IS NULL ELSE a.reason = ${reason} END`
  const rows = await db.execute<{ id: number; name: string; address: string | null; contact: string | null }>(
    reason === 'over_cap'
      ? sql`${outcomeSteps(asked)}
        SELECT o.id, o.name, p.address, p.contact_name AS contact FROM outcome o JOIN picked p ON p.company_id = o.id
        WHERE o.over > 0 AND p.place > ${rules.perCompany}
        ORDER BY o.score DESC NULLS LAST, o.id, p.place LIMIT ${limit}`
      : sql`${outcomeSteps(asked)}, shown AS (
          SELECT id, name, score FROM outcome WHERE reason = ${reason}
          ORDER BY score DESC NULLS LAST, id LIMIT ${limit}
        )
        SELECT DISTINCT ON (s.score, s.id) s.id, s.name, a.address, a.contact_name AS contact
        FROM shown s LEFT JOIN judged a ON a.company_id = s.id AND ${about}
        ORDER BY s.score DESC NULLS LAST, s.id, a.rank`,
  )
  return rows.map(({ id, name, address, contact }) => ({
    companyId: id,
    name,
    address,
    contactName: contact,
  }))
}
