import type { Sql } from '#src/db/open.ts'

const HOT_LEADS = 20
const PRIORITY = 20
const RECENT = 10
const TOP_TAGS = 20
const QUARTERS = 8
const HOT_DAYS = 90
// Statuses of companies that nobody has written to yet, and of those that need no more chasing.
const NOT_CONTACTED = ['Nouveau', 'À qualifier']
const OVER = ['Gagné', 'Perdu', 'Réponse négative', 'Désabonné', 'Ne pas contacter', 'Plainte spam', 'Bounce']

export type Totals = { companies: number; withEmail: number; favourites: number; placed: number }
export type Group = { value: string | null; count: number }

/** Numbers of all companies: in total, and by what they are told apart. */
export const countCompaniesBy = async (sql: Sql) => {
  const by = (column: 'statut' | 'secteur' | 'opportunite' | 'etape_prospection' | 'pays') =>
    sql<Group[]>`SELECT ${sql(column)} AS value, count(*)::int AS count FROM api_companies
      GROUP BY 1 ORDER BY 2 DESC, 1`
  const [totals, statuts, secteurs, opportunites, etapes, pays, tags, wonSectors, quarters] =
    await Promise.all([
      sql<Totals[]>`SELECT count(*)::int AS companies, (count(email_principal))::int AS "withEmail",
      (count(*) FILTER (WHERE favori))::int AS favourites,
      (count(*) FILTER (WHERE latitude IS NOT NULL AND longitude IS NOT NULL))::int AS placed FROM api_companies`,
      by('statut'),
      by('secteur'),
      by('opportunite'),
      by('etape_prospection'),
      by('pays'),
      sql<Group[]>`SELECT tag AS value, count(*)::int AS count FROM api_companies, unnest(tags) AS tag
      WHERE tags <> '{}' GROUP BY tag ORDER BY 2 DESC, 1 LIMIT ${TOP_TAGS}`,
      sql<Group[]>`SELECT secteur AS value, count(*)::int AS count FROM api_companies
      WHERE statut IN ('Gagné', 'Réponse positive') GROUP BY secteur ORDER BY 2 DESC, 1 LIMIT ${TOP_TAGS}`,
      sql<Group[]>`SELECT to_char(created_at AT TIME ZONE 'UTC', 'YYYY"-T"Q') AS value, count(*)::int AS count
      FROM api_companies WHERE created_at >= date_trunc('quarter', now()) - ${QUARTERS - 1} * interval '3 months'
      GROUP BY 1 ORDER BY 1`,
    ])
  return { totals: totals[0]!, statuts, secteurs, opportunites, etapes, pays, tags, wonSectors, quarters }
}

export type Mailing = { sent: number; opened: number; clicked: number; opensRaw: number; clicksRaw: number }

/** Mails handed over, and how many of them people opened or clicked in; hits counted in aggregate as one mail each. */
export const countMailing = async (sql: Sql): Promise<Mailing> => {
  const [[mails], hits] = await Promise.all([
    sql<{ sent: number }[]>`SELECT count(*)::int AS sent FROM api_messages WHERE state = 'sent'`,
    sql<{ type: string; raw: number; mails: number }[]>`
      SELECT type, sum(raw)::int AS raw,
        (count(*) FILTER (WHERE human > 0 AND message_id IS NOT NULL)
          + coalesce(sum(human) FILTER (WHERE message_id IS NULL), 0))::int AS mails
      FROM (
        SELECT type, message_id, count(*) AS raw, count(*) FILTER (WHERE verdict = 'human') AS human
        FROM api_events WHERE type IN ('open', 'click') GROUP BY type, message_id
      ) message GROUP BY type`,
  ])
  const of = (type: string) => hits.find((one) => one.type === type)
  return {
    sent: mails?.sent ?? 0,
    opened: of('open')?.mails ?? 0,
    clicked: of('click')?.mails ?? 0,
    opensRaw: of('open')?.raw ?? 0,
    clicksRaw: of('click')?.raw ?? 0,
  }
}

export type ShortCompany = {
  id: number
  nom: string
  ville: string | null
  secteur: string | null
  statut: string
  opportunite: string | null
  score: number | null
  email_principal: string | null
}

/** Companies to look at: those whose people clicked lately, the best nobody wrote to, the last won. */
export const listLeads = async (sql: Sql) => {
  const short = sql`c.id, c.nom, c.ville, c.secteur, c.statut, c.opportunite, c.score, c.email_principal`
  const [hot, priority, won] = await Promise.all([
    sql<(ShortCompany & { clics: number })[]>`
      SELECT ${short}, lead.clics FROM (
        SELECT m.company_id, count(*)::int AS clics FROM api_events e JOIN api_messages m ON m.id = e.message_id
        WHERE e.type = 'click' AND e.verdict = 'human' AND e.at > now() - ${HOT_DAYS} * interval '1 day'
        GROUP BY m.company_id
      ) lead JOIN api_companies c ON c.id = lead.company_id
      WHERE c.statut <> ALL (${OVER}::text[]) ORDER BY lead.clics DESC, c.id LIMIT ${HOT_LEADS}`,
    sql<ShortCompany[]>`
      SELECT ${short} FROM api_companies c WHERE c.score IS NOT NULL AND c.statut = ANY (${NOT_CONTACTED}::text[])
        AND c.email_principal IS NOT NULL
      ORDER BY c.score DESC NULLS LAST, c.id DESC LIMIT ${PRIORITY}`,
    sql<(ShortCompany & { date_modification: string })[]>`
      SELECT ${short}, c.date_modification FROM api_companies c WHERE c.statut IN ('Gagné', 'Réponse positive')
      ORDER BY c.date_modification DESC, c.id DESC LIMIT ${RECENT}`,
  ])
  return { hot: [...hot], priority: [...priority], won: [...won] }
}

export const countCampaigns = async (sql: Sql): Promise<number> => {
  const [row] = await sql<{ count: number }[]>`SELECT count(*)::int AS count FROM api_campaigns`
  return row?.count ?? 0
}

export const countImports = async (sql: Sql): Promise<number> => {
  const [row] = await sql<{ count: number }[]>`SELECT count(*)::int AS count FROM api_imports`
  return row?.count ?? 0
}

/** Companies, and addresses found on their sites. */
export const countOverview = async (
  sql: Sql,
): Promise<{ companies: number; emails: number; sent: number }> => {
  const [row] = await sql<{ companies: number; emails: number; sent: number }[]>`
    SELECT (SELECT count(*) FROM api_companies)::int AS companies, (SELECT count(*) FROM api_emails)::int AS emails,
      (SELECT count(*) FROM api_messages WHERE state = 'sent')::int AS sent`
  return row!
}

/** Companies added on each of the last days (UTC), oldest first; a day without any is told too. */
export const countAddedByDay = (
  sql: Sql,
  now: Date,
  days: number,
): Promise<{ date: string; count: number }[]> => {
  const today = now.toISOString()
  return sql<{ date: string; count: number }[]>`
    SELECT to_char(day, 'YYYY-MM-DD') AS date, count(c.id)::int AS count
    FROM generate_series(date_trunc('day', ${today}::timestamptz AT TIME ZONE 'UTC') - ${days - 1} * interval '1 day',
      date_trunc('day', ${today}::timestamptz AT TIME ZONE 'UTC'), interval '1 day') AS day
    LEFT JOIN api_companies c ON c.created_at >= day AT TIME ZONE 'UTC'
      AND c.created_at < (day + interval '1 day') AT TIME ZONE 'UTC'
    GROUP BY day ORDER BY day`
}
