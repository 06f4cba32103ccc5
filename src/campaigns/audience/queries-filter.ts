import { and, eq, inArray, isNotNull, isNull, notInArray, or, sql, type SQL } from 'drizzle-orm'
import rules from '#src/analysis/rules.data.json'
import { filterCondition } from '#src/companies/queries-list.ts'
import { companies } from '#src/companies/schema.ts'
import { intArray, textArray } from '#src/db/arrays.ts'
import type { Db } from '#src/db/open.ts'
import type { Audience } from './audience.ts'
import { readAudienceFilter, type AudienceFilter } from './audience-filter.ts'
import { isObjective, objectiveFilter } from './objectives.ts'
import { segments } from './schema.ts'

const SERIOUS = new Set(['critical', 'high', 'medium'])
// Whole words of a name or trade without accents; every one of them holds one of the beginnings.
const PUBLIC_BODY =
  '\\m(mairies?|hotel de ville|prefectures?|lycees?|colleges?|universites?|ecoles? (maternelle|elementaire|primaire|publique)s?|communaute (de communes|urbaine|d.agglomeration)|conseil (departemental|regional|general)|ministere)\\M'
const PUBLIC_BEGINNINGS =
  'mairie|hotel de ville|prefecture|lycee|college|universite|ecole |communaute |conseil |ministere'.split('|')

const escapeLike = (text: string): string => text.replace(/[\\%_]/g, String.raw`\$&`)
const trade = sql`coalesce(${companies.sector}, ${companies.category})`
const inLowerCase = (values: readonly string[]): SQL => textArray(values.map((value) => value.toLowerCase()))
const when = (wanted: boolean, condition: SQL | undefined): SQL | undefined =>
  wanted ? condition : undefined
const any = <T>(values: readonly T[], condition: (value: T) => SQL | undefined): SQL | undefined =>
  values.length === 0 ? undefined : or(...values.map(condition))

/** Companies that somebody wrote to: a mail of its own or one of a campaign that was no rehearsal. */
export const wroteTo = (since: Date | null, exceptCampaign: number | null): SQL => sql`
  SELECT m.company_id FROM messages m WHERE m.company_id IS NOT NULL AND m.sent_at IS NOT NULL
    AND m.state IN ('sent', 'unknown')
    ${since ? sql`AND m.sent_at > ${since.toISOString()}::timestamptz` : sql``}
    AND (m.campaign_id IS NULL OR m.campaign_id IN (SELECT id FROM campaigns WHERE kind = 'real'
      ${exceptCampaign === null ? sql`` : sql`AND id <> ${exceptCampaign}`}))`

/** Companies that another campaign under way is about to write to. */
export const aboutToWriteTo = (exceptCampaign: number | null): SQL => sql`
  SELECT m.company_id FROM campaigns c JOIN campaign_messages m ON m.campaign_id = c.id
  WHERE c.kind = 'real' AND c.state IN ('running', 'paused') AND c.deleted_at IS NULL
    AND c.id IS DISTINCT FROM ${exceptCampaign}::int AND m.company_id IS NOT NULL
    AND m.state IN ('planned', 'held', 'claimed', 'sending', 'unknown')`

const tradeAndName = sql`fold(coalesce(${trade}, '') || ' ' || ${companies.name})`
const holds = (text: SQL, word: string): SQL => sql`${text} LIKE '%' || fold(${escapeLike(word)}) || '%'`
const searched = sql`${companies.searchText}`

// The index knows where the letters stand; whether that is in the trade, the row.
const inTrade = (word: string): SQL => sql`(${holds(searched, word)} AND ${holds(sql`fold(${trade})`, word)})`

// Those few are found by the index, faster than every other company is seen not to be one.
const noPublicBody = sql`${companies.id} NOT IN (SELECT id FROM ${companies} WHERE (${sql.join(
  PUBLIC_BEGINNINGS.map((word) => holds(searched, word)),
  sql` OR `,
)}) AND ${tradeAndName} ~ ${PUBLIC_BODY})`

const inPlace = (place: string): SQL =>
  /^\d{2,5}$/.test(place)
    ? sql`${companies.postalCode} LIKE ${`${place}%`}`
    : sql`fold(${companies.city}) LIKE fold(${escapeLike(place)}) || '%'`

const hasWeakness = (ids: readonly string[]): SQL =>
  sql`${companies.weaknesses} @? ${`$[*] ? (${ids.map((id) => `@.id == ${JSON.stringify(id)}`).join(' || ')})`}::jsonpath`

const seriousRules = (categories: readonly string[]): string[] =>
  Object.entries(rules).flatMap(([id, { category, severity }]) =>
    categories.includes(category) && SERIOUS.has(severity) ? [id] : [],
  )

const inGroups = (ids: readonly number[]): SQL =>
  sql`${companies.id} IN (SELECT company_id FROM company_groups WHERE group_id = ANY (${intArray(ids)}))`

const withTechnology = (names: readonly string[]): SQL => sql`${companies.id} IN (
  SELECT company_id FROM facts WHERE kind = 'technology' AND value = ANY (${textArray(names)})
    AND verdict IS DISTINCT FROM 'rejected')`

/** The filter as a condition on `companies`; deleted companies never match. Technologies are spelled as stored. */
export const audienceFilterCondition = (filter: AudienceFilter): SQL => {
  const { weaknesses, contacted, site } = filter
  const levels = filter.levels.filter((level) => level !== 'unscored')
  return (
    and(
      filterCondition(filter.list),
      when(filter.notStatuses.length > 0, notInArray(companies.status, filter.notStatuses)),
      when(filter.stages.length > 0, inArray(companies.stage, filter.stages)),
      when(
        filter.levels.length > 0,
        or(
          levels.length > 0 ? inArray(companies.scoreLevel, levels) : undefined,
          filter.levels.includes('unscored') ? isNull(companies.scoreLevel) : undefined,
        ),
      ),
      filter.scoreMin === null ? undefined : sql`${companies.score} >= ${filter.scoreMin}`,
      filter.scoreMax === null ? undefined : sql`${companies.score} <= ${filter.scoreMax}`,
      when(filter.sectors.length > 0, sql`${trade} = ANY (${textArray(filter.sectors)})`),
      any(filter.sectorWords, inTrade),
      when(filter.noPublicBodies, noPublicBody),
      any(filter.places, inPlace),
      ...(filter.allWeaknesses
        ? weaknesses.map((id) => sql`${companies.weaknesses} @> ${JSON.stringify([{ id }])}::jsonb`)
        : [when(weaknesses.length > 0, hasWeakness(weaknesses))]),
      when(filter.weakIn.length > 0, hasWeakness(seriousRules(filter.weakIn))),
      when(filter.cms.length > 0, sql`lower(${companies.cms}) = ANY (${inLowerCase(filter.cms)})`),
      when(filter.technologies.length > 0, withTechnology(filter.technologies)),
      when(filter.tags.length > 0, sql`${companies.tags} && ${textArray(filter.tags)}`),
      when(filter.notTags.length > 0, sql`NOT ${companies.tags} && ${textArray(filter.notTags)}`),
      when(filter.groups.length > 0, inGroups(filter.groups)),
      when(filter.notGroups.length > 0, sql`NOT (${inGroups(filter.notGroups)})`),
      when(contacted === 'yes', sql`${companies.id} IN (${wroteTo(null, null)})`),
      when(contacted === 'never', sql`${companies.id} NOT IN (${wroteTo(null, null)})`),
      when(site === 'yes', isNotNull(companies.website)),
      when(site === 'no', isNull(companies.website)),
      // What takes long comes last: only what all else holds of is asked.
      ...filter.notWords.map((word) => sql`NOT (${holds(searched, word)} AND ${holds(tradeAndName, word)})`),
    ) ?? sql`true`
  )
}

const filterOf = async (db: Db, query: string): Promise<SQL> => {
  const filter = readAudienceFilter(new URLSearchParams(query))
  if (filter.technologies.length === 0) return audienceFilterCondition(filter)
  return audienceFilterCondition({ ...filter, technologies: await spellings(db, filter.technologies) })
}

/** The names as they are stored, in whatever letters they were written: so that the index finds them and the planner
 *  knows how many there are. Steps from one stored name to the next. */
const spellings = async (db: Db, names: readonly string[]): Promise<string[]> => {
  const rows = await db.execute<{ value: string }>(sql`
    WITH RECURSIVE known AS (
      (SELECT value FROM facts WHERE kind = 'technology' ORDER BY value LIMIT 1)
      UNION ALL
      SELECT (SELECT value FROM facts WHERE kind = 'technology' AND value > known.value ORDER BY value LIMIT 1)
      FROM known WHERE value IS NOT NULL
    ) SELECT value FROM known WHERE lower(value) = ANY (${inLowerCase(names)})`)
  return rows.map(({ value }) => value)
}

/** The audience as a condition on `companies`, without what was left out by hand. `picked` also names deleted ones, so
 *  that they can be told of. A segment or objective that is gone holds nobody. */
export const audienceCondition = async (db: Db, audience: Audience): Promise<SQL> => {
  const nobody = sql`false`
  if (audience.mode === 'picked') return sql`${companies.id} = ANY (${intArray(audience.companyIds)})`
  const narrowed = await filterOf(db, audience.filter)
  if (audience.mode === 'filter') return narrowed
  if (audience.mode === 'groups')
    return and(narrowed, audience.groupIds.length > 0 ? inGroups(audience.groupIds) : nobody) ?? nobody
  if (audience.mode === 'objective') {
    const objective = audience.objective ?? ''
    return isObjective(objective)
      ? (and(narrowed, await filterOf(db, objectiveFilter(objective))) ?? nobody)
      : nobody
  }
  const [segment] = await db
    .select({ audience: segments.audience })
    .from(segments)
    .where(eq(segments.id, audience.segmentId ?? 0))
  // A segment is never made of another one (read-audience.ts).
  if (!segment || segment.audience.mode === 'segment') return nobody
  const own = await audienceCondition(db, segment.audience)
  const leftOut = sql`${companies.id} <> ALL (${intArray(segment.audience.excludedIds)})`
  return and(narrowed, own, leftOut, isNull(companies.deletedAt)) ?? nobody
}
