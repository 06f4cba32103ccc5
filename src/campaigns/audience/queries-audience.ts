import { sql, type SQL } from 'drizzle-orm'
import { companies } from '#src/companies/schema.ts'
import { intArray } from '#src/db/arrays.ts'
import type { Db } from '#src/db/open.ts'
import type { Audience, ExclusionReason, RecipientRules } from './audience.ts'
import { audienceCondition } from './queries-filter.ts'
import { addressReason, reasonCode, reasonNames, type Asked } from './queries-reasons.ts'
import { outcomeSteps, recipientSteps } from './queries-steps.ts'
import { refreshAddresses } from './refresh-addresses.ts'
import { refreshBlocks } from './refresh-blocks.ts'
import type { RecipientRole, Standing } from './standings.ts'

const SAMPLE = 8
// Some of the best prospects may turn out to have no address that fits.
const LOOKED_AT = 8
const COMPANIES_AT_ONCE = 1_000
// What a count brings up to date before it answers; the job does the rest.
const FRESH_AT_COUNT = 2_000

export type Recipient = {
  companyId: number
  /** Lower case, the domain in letters. */
  address: string
  contactName: string | null
  kind: Standing
  /** Why this address: how it stands to the company and whose it is (codes of standings.ts). */
  reasons: [Standing, RecipientRole]
  /** Status and stage of the company at this moment. */
  chosenAs: [string, string]
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
    await refreshBlocks(db)
    const placed = (await readPlaced(db, asked)).filter(({ place }) => place <= rules.perCompany)
    const byCompany = Map.groupBy(placed, ({ companyId }) => companyId)
    const batch: Recipient[] = []
    for (const id of some) {
      const fresh = (byCompany.get(id) ?? []).filter(({ address }) => !written.has(address))
      if (fresh.length === 0 || left === 0) continue
      left--
      for (const recipient of fresh) written.add(recipient.address)
      batch.push(...fresh.map(({ place: _place, ...recipient }) => recipient))
    }
    if (batch.length > 0) yield batch
  }
}

const idIn = (ids: readonly number[]): SQL => sql`${companies.id} = ANY (${intArray(ids)})`

const idsInOrder = async (db: Db, where: SQL): Promise<number[]> => {
  const [row] = await db.execute<{ ids: number[] | null }>(
    sql`SELECT array_agg(id ORDER BY score DESC NULLS LAST, id) AS ids FROM ${companies} WHERE ${where}`,
  )
  return row?.ids ?? []
}

type Placed = Recipient & { place: number }

/** The addresses of these companies that may be written to, with their place within the company from 1. */
const readPlaced = async (db: Db, asked: Asked): Promise<Placed[]> => {
  const rows = await withRoom(db, (tx) =>
    tx.execute<{
      id: number
      address: string
      name: string | null
      standing: Standing
      role: RecipientRole
      place: number
      as: [string, string]
    }>(sql`
      ${recipientSteps(asked)}
      SELECT id, address, contact_name AS name, standing, role, place::int AS place,
        (SELECT jsonb_build_array(c.status, c.stage) FROM companies c WHERE c.id = judged.id) AS "as" FROM judged
      WHERE fits ORDER BY id, place`),
  )
  return rows.map(({ id, address, name, standing, role, place, as }) => ({
    companyId: id,
    address,
    contactName: name,
    kind: standing,
    reasons: [standing, role],
    chosenAs: as,
    place,
  }))
}

// Hundreds of thousands of rows are compared: in memory, found by index as if on a disk of
// today, without compiling anything for it, and by one process: helpers have too much to hand over, and are waited for.
const withRoom = <T>(db: Db, read: (tx: Db) => Promise<T>): Promise<T> =>
  db.transaction(async (tx) => {
    await tx.execute(
      sql`SELECT set_config('work_mem', '64MB', true), set_config('jit', 'off', true), set_config('random_page_cost', '1.1', true),
        set_config('max_parallel_workers_per_gather', '0', true)`,
    )
    return read(tx)
  })

// Of the company `s` the best address of which something holds.
const firstAddress = (condition: SQL): SQL => sql`
  SELECT a.address, a.contact_name, a.standing FROM company_addresses a
  WHERE a.company_id = s.id AND ${condition} ORDER BY a.rank LIMIT 1`

const readCount = async (db: Db, asked: Asked): Promise<AudienceCount> => {
  const [row] = await withRoom(db, (tx) =>
    tx.execute<{
      groups: { reason: ExclusionReason | null; companies: number; mails: number; over: number }[] | null
      sample: AudienceCount['sample'] | null
    }>(sql`
      ${outcomeSteps(asked)}
      SELECT (SELECT jsonb_agg(counted ORDER BY companies DESC, reason) FROM (
          SELECT (${reasonNames})[reason] AS reason, companies, mails, over FROM (
            SELECT reason, count(*) AS companies, sum(mails) AS mails, sum(over) AS over FROM outcome GROUP BY reason
          ) AS grouped
        ) AS counted) AS groups,
        (SELECT jsonb_agg(jsonb_build_object('companyId', s.id, 'name', s.name, 'address', s.address,
            'contactName', s.contact_name, 'kind', s.standing) ORDER BY s.score DESC NULLS LAST, s.id)
          FROM (
            SELECT s.id, s.score, c.name, a.address, a.contact_name, a.standing FROM (
              SELECT * FROM chosen WHERE special OR reason IS NULL
              ORDER BY score DESC NULLS LAST, id LIMIT ${SAMPLE * LOOKED_AT}
            ) AS s JOIN companies c ON c.id = s.id
            CROSS JOIN LATERAL (${firstAddress(sql`${addressReason(asked)} IS NULL`)}) AS a
            ORDER BY s.score DESC NULLS LAST, s.id LIMIT ${SAMPLE}
          ) AS s
        ) AS sample`),
  )
  const groups = row?.groups ?? []
  const written = groups.find(({ reason }) => reason === null)
  const left = groups.flatMap(({ reason, companies: count }) =>
    reason === null ? [] : [{ reason, count, of: 'companies' as const }],
  )
  const over = { reason: 'over_cap' as const, count: written?.over ?? 0, of: 'addresses' as const }
  return {
    companies: groups.reduce((sum, { companies: count }) => sum + count, 0),
    reached: written?.companies ?? 0,
    recipients: written?.mails ?? 0,
    excluded: [...left, ...(over.count > 0 ? [over] : [])],
    sample: row?.sample ?? [],
  }
}

export type Excluded = { companyId: number; name: string; address: string | null; contactName: string | null }

/** Who is left out for one reason: the company with the address it is about, if it is about one; the best prospects first.
 *  `limit` companies at most. */
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
  const why = addressReason(asked)
  const about = reason === 'duplicate' ? sql`${why} IS NULL` : sql`${why} = ${reason}`
  const rows = await withRoom(db, (tx) =>
    tx.execute<Record<'id', number> & Record<'name' | 'address' | 'contact', string>>(sql`
      ${outcomeSteps(asked)}
      SELECT s.id, c.name, a.address, a.contact_name AS contact FROM (
        SELECT * FROM outcome WHERE ${reason === 'over_cap' ? sql`over > 0` : sql`reason = ${reasonCode(reason)}`}
        ORDER BY score DESC NULLS LAST, id LIMIT ${limit}
      ) AS s JOIN companies c ON c.id = s.id
      LEFT JOIN LATERAL (${firstAddress(about)}) AS a ON true
      ORDER BY s.score DESC NULLS LAST, s.id`),
  )
  const found = rows.map(({ id, name, address, contact }) => ({
    companyId: id,
    name,
    address,
    contactName: contact,
  }))
  if (reason !== 'over_cap') return found
  const placed = await readPlaced(db, { ...asked, where: idIn(found.map(({ companyId }) => companyId)) })
  const names = new Map(found.map(({ companyId, name }) => [companyId, name]))
  return placed
    .filter(({ place }) => place > rules.perCompany)
    .map(({ companyId, address, contactName }) => ({
      companyId,
      name: names.get(companyId)!,
      address,
      contactName,
    }))
}
