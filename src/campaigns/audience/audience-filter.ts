import { z } from 'zod'
import { filterParams, readFilter, type CompanyFilter } from '#src/companies/company-filter.ts'
import { scoreLevels, stageValues, statusValues } from '#src/companies/statuses.ts'

const MAX_WORDS = 30
const MAX_WORD = 100
const MAX_IDS = 200
const RULE_ID = /^[a-z0-9._-]{1,80}$/i

export const weaknessCategories = ['security', 'technical', 'seo', 'performance', 'mobile', 'legal'] as const

/** What an audience asks of a company. All of it must hold; within one list any one is enough. */
export type AudienceFilter = {
  /** What the list of companies asks in the same words; where that has one value and this several, it is empty. */
  list: CompanyFilter
  notStatuses: string[]
  stages: string[]
  levels: string[]
  /** 0–100 */
  scoreMin: number | null
  scoreMax: number | null
  /** The trade in exactly these words; one that holds any of these; none of these in trade or name. */
  sectors: string[]
  sectorWords: string[]
  notWords: string[]
  /** Left out: town halls, schools, universities, prefectures. */
  noPublicBodies: boolean
  /** Postal codes by their beginning, or towns. */
  places: string[]
  weaknesses: string[]
  /** Every one of them, not any one. */
  allWeaknesses: boolean
  /** A serious weakness of such a kind. */
  weakIn: string[]
  cms: string[]
  technologies: string[]
  tags: string[]
  notTags: string[]
  groups: number[]
  notGroups: number[]
  /** Whether anybody wrote to it before. */
  contacted: '' | 'never' | 'yes'
  site: '' | 'yes' | 'no'
}

const percent = z.coerce.number().int().min(0).max(100).nullable().catch(null)
const id = z.coerce.number().int().positive().max(2_147_483_647)

/** The filter named by a query string or a form; what is not understood is left out, never refused. Lists are repeated
 *  fields or texts with commas. */
export const readAudienceFilter = (params: URLSearchParams): AudienceFilter => {
  const words = (name: string): string[] =>
    unique(
      params
        .getAll(name)
        .flatMap((text) => text.split(/[,;\n]/))
        .map((word) =>
          word
            .replace(/\p{Cc}+/gu, ' ')
            .trim()
            .toWellFormed()
            .slice(0, MAX_WORD)
            .trim(),
        )
        .filter(Boolean),
    ).slice(0, MAX_WORDS)
  const known = (name: string, values: readonly string[]) =>
    unique(params.getAll(name)).filter((value) => values.includes(value))
  const ids = (name: string) =>
    unique(params.getAll(name).flatMap((value) => id.safeParse(value).data ?? [])).slice(0, MAX_IDS)
  const number = (name: string) => percent.parse(params.get(name) || null)
  const choice = <T extends string>(name: string, values: readonly T[]): T | '' =>
    values.find((value) => value === params.get(name)) ?? ''
  const weaknesses = words('weakness').filter((value) => RULE_ID.test(value))
  return {
    list: { ...readFilter(params), stage: '', level: '', tag: '', group: null, weakness: '' },
    notStatuses: known('notStatus', statusValues),
    stages: known('stage', stageValues),
    levels: known('level', [...scoreLevels, 'unscored']),
    scoreMin: number('scoreMin'),
    scoreMax: number('scoreMax'),
    sectors: unique(params.getAll('sector').map((text) => text.trim()))
      .filter(Boolean)
      .slice(0, MAX_WORDS),
    sectorWords: words('sectorWords'),
    notWords: words('notWords'),
    noPublicBodies: params.get('noPublicBodies') === '1',
    places: words('place'),
    weaknesses,
    allWeaknesses: params.get('allWeaknesses') === '1' && weaknesses.length > 1,
    weakIn: known('weakIn', weaknessCategories),
    cms: words('cms'),
    technologies: words('technology'),
    tags: words('tag'),
    notTags: words('notTag'),
    groups: ids('group'),
    notGroups: ids('notGroup'),
    contacted: choice('contacted', ['never', 'yes']),
    site: choice('site', ['yes', 'no']),
  }
}

const unique = <T>(values: T[]): T[] => [...new Set(values)]

/** The shortest query string that reads back as the same filter. */
export const audienceParams = (filter: AudienceFilter): URLSearchParams => {
  const params = filterParams(filter.list)
  const all = (name: string, values: readonly (string | number)[]) => {
    for (const value of values) params.append(name, String(value))
  }
  const one = (name: string, value: string | number | boolean | null) => {
    if (value !== '' && value !== null && value !== false)
      params.append(name, value === true ? '1' : String(value))
  }
  all('notStatus', filter.notStatuses)
  all('stage', filter.stages)
  all('level', filter.levels)
  one('scoreMin', filter.scoreMin)
  one('scoreMax', filter.scoreMax)
  all('sector', filter.sectors)
  all('sectorWords', filter.sectorWords)
  all('notWords', filter.notWords)
  one('noPublicBodies', filter.noPublicBodies)
  all('place', filter.places)
  all('weakness', filter.weaknesses)
  one('allWeaknesses', filter.allWeaknesses)
  all('weakIn', filter.weakIn)
  all('cms', filter.cms)
  all('technology', filter.technologies)
  all('tag', filter.tags)
  all('notTag', filter.notTags)
  all('group', filter.groups)
  all('notGroup', filter.notGroups)
  one('contacted', filter.contacted)
  one('site', filter.site)
  return params
}
