import { eq, sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import type { Counts, Hits, Lead, Numbers, Part, Point } from './numbers.ts'
import { campaignResults } from './schema.ts'

const LEADS = 10
/** Parts beyond these are of no use to look at; they are the smallest. The page says how many are shown. */
const PARTS = 10
const HOURLY_FOR_HOURS = 72
const MAX_POINTS = 400

const SENT = sql`m.state IN ('sent', 'delivered', 'bounced', 'replied', 'unsubscribed')`
// What was refused when it was handed over has never been sent.
const BOUNCED = sql`(m.state = 'bounced' OR m.bounced_at IS NOT NULL AND m.bounce_kind = 'hard' AND m.state <> 'failed')`
const UNSUBSCRIBED = sql`(m.unsubscribed_at IS NOT NULL OR seen.unsubscribes > 0)`

// One row for each mail with hits, read from the index alone.
const seenOf = (campaignId: number) => sql`
  SELECT message_id,
    count(*) FILTER (WHERE type = 'open') AS all_opens,
    count(*) FILTER (WHERE type = 'open' AND verdict = 'human') AS opens,
    count(*) FILTER (WHERE type = 'click') AS all_clicks,
    count(*) FILTER (WHERE type = 'click' AND verdict = 'human') AS clicks,
    count(*) FILTER (WHERE type = 'unsubscribe') AS unsubscribes
  FROM tracking_events WHERE campaign_id = ${campaignId} AND message_id IS NOT NULL GROUP BY message_id`

type CountRow = Record<keyof Counts, number> & {
  grouped: number
  variant_id: number | null
  sector: string | null
  provider: string | null
}

/** Everything counted anew, in one look at the ledger and the events. `timeZone`: whose days the points are. */
export const countCampaign = async (db: Db, campaignId: number, timeZone: string): Promise<Numbers> =>
  db.transaction(
    async (tx) => {
      const rows = await countMails(tx, campaignId)
      const labels = await variantLabels(tx, campaignId)
      const hits = await countHits(tx, campaignId)
      const partsOf = (grouped: number, keyOf: (row: CountRow) => string | null): Part[] =>
        rows
          .filter((row) => row.grouped === grouped)
          .map((row) => ({
            key: keyOf(row),
            label: labels.get(row.variant_id ?? 0) ?? keyOf(row),
            counts: countsOf(row),
          }))
          .toSorted((a, b) => b.counts.planned - a.counts.planned)
          .slice(0, PARTS)
      const whole = rows.find((row) => row.grouped === NOTHING_GROUPED)
      const byVariant = partsOf(BY_VARIANT, (row) => String(row.variant_id))
      const order = [...labels.keys()].map(String)
      return {
        counts: whole ? countsOf(whole) : noCounts,
        opens: hitsOf(hits, 'open'),
        clicks: hitsOf(hits, 'click'),
        variants: byVariant.toSorted((a, b) => order.indexOf(a.key ?? '') - order.indexOf(b.key ?? '')),
        sectors: partsOf(BY_SECTOR, (row) => row.sector),
        providers: partsOf(BY_PROVIDER, (row) => row.provider),
        ...(await countOverTime(tx, campaignId, timeZone)),
        leads: await findLeads(tx, campaignId),
      }
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  )

// What GROUPING(variant_id, sector, provider) is: a bit for each of the three that is not grouped by.
const NOTHING_GROUPED = 7
const BY_VARIANT = 3
const BY_SECTOR = 5
const BY_PROVIDER = 6

const countMails = async (db: Db, campaignId: number): Promise<CountRow[]> => [
  ...(await db.execute<CountRow>(sql`
    WITH seen AS (${seenOf(campaignId)}), mails AS (
      SELECT m.variant_id, m.provider, coalesce(c.sector, c.category) AS sector, m.state,
        ${SENT} AS sent, ${BOUNCED} AS bounced, m.replied_at IS NOT NULL AS replied,
        ${UNSUBSCRIBED} IS TRUE AS unsubscribed, m.complained_at IS NOT NULL AS complained,
        m.delivered_at IS NOT NULL AS receipt,
        coalesce(seen.opens, 0) > 0 AS opened, coalesce(seen.all_opens, 0) > 0 AS any_open,
        coalesce(seen.clicks, 0) > 0 AS clicked, coalesce(seen.all_clicks, 0) > 0 AS any_click
      FROM campaign_messages m
      LEFT JOIN seen ON seen.message_id = m.message_id
      LEFT JOIN companies c ON c.id = m.company_id
      WHERE m.campaign_id = ${campaignId}
    )
    SELECT GROUPING(variant_id, sector, provider) AS grouped, variant_id, sector, provider,
      count(*)::int AS planned,
      (count(*) FILTER (WHERE state IN ('planned', 'held', 'claimed', 'sending')))::int AS waiting,
      (count(*) FILTER (WHERE state = 'held'))::int AS held,
      (count(*) FILTER (WHERE sent))::int AS sent,
      (count(*) FILTER (WHERE sent AND NOT bounced))::int AS delivered,
      (count(*) FILTER (WHERE sent AND NOT bounced
        AND (receipt OR replied OR opened OR clicked OR unsubscribed)))::int AS confirmed,
      (count(*) FILTER (WHERE bounced))::int AS bounced,
      (count(*) FILTER (WHERE state = 'failed'))::int AS failed,
      (count(*) FILTER (WHERE state = 'skipped'))::int AS skipped,
      (count(*) FILTER (WHERE state = 'unknown'))::int AS unknown,
      (count(*) FILTER (WHERE replied))::int AS replied,
      (count(*) FILTER (WHERE unsubscribed))::int AS unsubscribed,
      (count(*) FILTER (WHERE complained))::int AS complained,
      (count(*) FILTER (WHERE opened))::int AS "openedByPeople",
      (count(*) FILTER (WHERE any_open AND NOT opened))::int AS "openedByMachines",
      (count(*) FILTER (WHERE clicked))::int AS "clickedByPeople",
      (count(*) FILTER (WHERE any_click AND NOT clicked))::int AS "clickedByMachines"
    FROM mails GROUP BY GROUPING SETS ((), (variant_id), (sector), (provider))`)),
]

const noCounts: Counts = {
  planned: 0,
  waiting: 0,
  held: 0,
  sent: 0,
  delivered: 0,
  confirmed: 0,
  bounced: 0,
  failed: 0,
  skipped: 0,
  unknown: 0,
  replied: 0,
  unsubscribed: 0,
  complained: 0,
  openedByPeople: 0,
  openedByMachines: 0,
  clickedByPeople: 0,
  clickedByMachines: 0,
}

const countsOf = (row: CountRow): Counts =>
  Object.fromEntries(Object.keys(noCounts).map((key) => [key, row[key as keyof Counts]])) as Counts

/** Steps and variants in their order, `1A · template`; versions that write another subject than their template go by it. */
const variantLabels = async (db: Db, campaignId: number): Promise<Map<number, string>> => {
  const rows = await db.execute<{
    id: number
    position: number
    label: string
    subject: string
    name: string | null
  }>(sql`
    SELECT v.id, s.position, v.label, v.subject, CASE WHEN v.subject IN ('', t.subject) THEN t.name END AS name
    FROM campaign_variants v JOIN campaign_steps s ON s.id = v.step_id
    LEFT JOIN mail_templates t ON t.id = v.template_id
    WHERE s.campaign_id = ${campaignId} ORDER BY s.position, v.label`)
  return new Map(
    rows.map(({ id, position, label, subject, name }) => [
      id,
      `${position + 1}${label} · ${name ?? (subject || 'Re: …')}`,
    ]),
  )
}

type HitRow = { type: string; all: number; people: number; nobody: number }

const countHits = async (db: Db, campaignId: number): Promise<HitRow[]> => [
  ...(await db.execute<HitRow>(sql`
    SELECT type, count(*)::int AS all, (count(*) FILTER (WHERE verdict = 'human'))::int AS people,
      (count(*) FILTER (WHERE verdict = 'human' AND message_id IS NULL))::int AS nobody
    FROM tracking_events WHERE campaign_id = ${campaignId} GROUP BY type`)),
]

const hitsOf = (rows: readonly HitRow[], type: string): Hits => {
  const { all = 0, people = 0, nobody = 0 } = rows.find((row) => row.type === type) ?? {}
  return { all, people, nobody }
}

/** Mails sent, openings and clicks of people, replies: by hour in the first three days, by day after that. */
const countOverTime = async (
  db: Db,
  campaignId: number,
  timeZone: string,
): Promise<Pick<Numbers, 'unit' | 'points'>> => {
  const [span] = await db.execute<{ hours: number | null }>(sql`
    SELECT extract(epoch FROM now() - min(sent_at)) / 3600 AS hours
    FROM campaign_messages WHERE campaign_id = ${campaignId}`)
  const hours = Number(span?.hours ?? 0)
  const unit = hours <= HOURLY_FOR_HOURS ? 'hour' : 'day'
  const moment = (column: ReturnType<typeof sql>) => sql`date_trunc(${unit}, ${column}, ${timeZone})`
  const rows = await db.execute<Omit<Point, 'at'> & { at: string }>(sql`
    SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS at, sum(sent)::int AS sent,
      sum(opens)::int AS opens, sum(clicks)::int AS clicks, sum(replies)::int AS replies
    FROM (
      SELECT ${moment(sql`sent_at`)} AS at, count(*) AS sent, 0 AS opens, 0 AS clicks, 0 AS replies
        FROM campaign_messages WHERE campaign_id = ${campaignId} AND sent_at IS NOT NULL GROUP BY 1
      UNION ALL
      SELECT ${moment(sql`replied_at`)}, 0, 0, 0, count(*)
        FROM campaign_messages WHERE campaign_id = ${campaignId} AND replied_at IS NOT NULL GROUP BY 1
      UNION ALL
      SELECT ${moment(sql`at`)}, 0, count(*) FILTER (WHERE type = 'open'), count(*) FILTER (WHERE type = 'click'), 0
        FROM tracking_events WHERE campaign_id = ${campaignId} AND verdict = 'human' AND type IN ('open', 'click')
        GROUP BY 1
    ) counted GROUP BY counted.at ORDER BY counted.at LIMIT ${MAX_POINTS}`)
  return { unit, points: [...rows] }
}

/** Who shows interest and has not said no, the warmest first: answers, then clicks, then openings more than once. */
const findLeads = async (db: Db, campaignId: number): Promise<Lead[]> => [
  ...(await db.execute<Lead>(sql`
    WITH seen AS (
      SELECT message_id, (count(*) FILTER (WHERE type = 'open'))::int AS opens,
        (count(*) FILTER (WHERE type = 'click'))::int AS clicks, max(at) AS at
      FROM tracking_events WHERE campaign_id = ${campaignId} AND message_id IS NOT NULL AND verdict = 'human'
        AND type IN ('open', 'click') GROUP BY message_id
    ), warm AS (
      SELECT DISTINCT ON (m.address) m.id, m.company_id, m.address, m.contact_name, m.replied_at IS NOT NULL AS replied,
        sum(coalesce(seen.clicks, 0)) OVER (PARTITION BY m.address) AS clicks,
        sum(coalesce(seen.opens, 0)) OVER (PARTITION BY m.address) AS opens,
        greatest(m.replied_at, seen.at) AS at
      FROM campaign_messages m LEFT JOIN seen ON seen.message_id = m.message_id
      WHERE m.campaign_id = ${campaignId} AND (m.replied_at IS NOT NULL OR seen.clicks > 0 OR seen.opens > 1)
        AND m.unsubscribed_at IS NULL AND m.complained_at IS NULL AND m.state NOT IN ('bounced', 'unsubscribed')
      ORDER BY m.address, (m.replied_at IS NOT NULL) DESC, m.id DESC
    )
    SELECT warm.id, warm.company_id AS "companyId", c.name AS company, warm.address,
      warm.contact_name AS "contactName", warm.replied, warm.clicks::int, warm.opens::int,
      to_char(warm.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "lastAt"
    FROM warm LEFT JOIN companies c ON c.id = warm.company_id AND c.deleted_at IS NULL
    ORDER BY replied DESC, clicks DESC, opens DESC, warm.at DESC LIMIT ${LEADS}`)),
]

export type StoredNumbers = { numbers: Numbers; countedAt: Date; tookMs: number }

export const findNumbers = async (db: Db, campaignId: number): Promise<StoredNumbers | null> => {
  const [row] = await db.select().from(campaignResults).where(eq(campaignResults.campaignId, campaignId))
  return row ?? null
}

/** Keeps the numbers, unless another node has counted later. */
export const storeNumbers = async (db: Db, campaignId: number, counted: StoredNumbers): Promise<void> => {
  const countedAt = counted.countedAt.toISOString()
  await db
    .insert(campaignResults)
    .values({ campaignId, ...counted })
    .onConflictDoUpdate({
      target: campaignResults.campaignId,
      set: { numbers: counted.numbers, countedAt: counted.countedAt, tookMs: counted.tookMs },
      setWhere: sql`${campaignResults.countedAt} < ${countedAt}::timestamptz`,
    })
}
