import type { Sql } from '#src/db/open.ts'

export type Counted = { value: string; count: number }

const MAX_VALUES = 1_000

/** Sectors, levels, statuses and tags in use, with how many companies have each, most first. */
export const countTargets = async (sql: Sql) => {
  const [secteurs, opportunites, statuts, tags] = await Promise.all([
    sql<Counted[]>`SELECT secteur AS value, count(*)::int AS count FROM api_companies WHERE secteur <> ''
      GROUP BY secteur ORDER BY count(*) DESC, secteur LIMIT ${MAX_VALUES}`,
    sql<Counted[]>`SELECT max(opportunite) AS value, sum(count)::int AS count FROM (
      SELECT score_level, max(opportunite) AS opportunite, count(*) FROM api_companies GROUP BY score_level
    ) level WHERE opportunite IS NOT NULL GROUP BY score_level ORDER BY count DESC, value`,
    sql<Counted[]>`SELECT statut AS value, count(*)::int AS count FROM api_companies
      GROUP BY statut ORDER BY count(*) DESC, statut`,
    sql<Counted[]>`SELECT tag AS value, count(*)::int AS count
      FROM api_companies, unnest(tags) AS tag WHERE tags <> '{}'
      GROUP BY tag ORDER BY count(*) DESC, tag LIMIT ${MAX_VALUES}`,
  ])
  return { secteurs: [...secteurs], opportunites: [...opportunites], statuts: [...statuts], tags: [...tags] }
}
