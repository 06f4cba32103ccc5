import { z } from 'zod'
import { defaultRules, emptyAudience, type Audience, type RecipientRules } from './audience.ts'
import { audienceParams, readAudienceFilter } from './audience-filter.ts'
import { isObjective } from './objectives.ts'
import { recipientRoles } from './standings.ts'

export const MAX_PER_COMPANY = 10
const MAX_PICKED = 20_000
const MAX_DAYS = 3_650
const MAX_COMPANIES = 1_000_000
const MODES = ['filter', 'segment', 'objective', 'groups', 'picked'] as const

const id = z.coerce.number().int().positive().max(2_147_483_647)
const whole = (least: number, most: number) => z.coerce.number().int().min(least).max(most)

export type AudienceForm = {
  audience: Audience
  rules: RecipientRules
  /** By field; codes of messages.ts (audienceMessages). */
  problems: Partial<Record<AudienceField, AudienceProblem>>
}
export type AudienceField =
  | 'segmentId'
  | 'objective'
  | 'groupIds'
  | 'perCompany'
  | 'notContactedDays'
  | 'mostCompanies'
export type AudienceProblem =
  | 'chooseSegment'
  | 'chooseObjective'
  | 'chooseGroup'
  | 'perCompanyRange'
  | 'daysRange'
  | 'mostRange'

/** An audience with its rules from a submitted form, or from the address of a list: `mode`, `segmentId`, `objective`,
 *  `groupIds`, `companyIds` and `excludedIds` (repeated or with commas), the fields of the filter, and `perCompany`,
 *  `roles`, `freeProviders`, `otherDomains`, `notContactedDays` ('' for none), `mostCompanies` ('' for all). Rules that are
 *  not in the form are the usual ones: a form that has them sends `rules=1`, as unticked boxes send nothing. */
export const readAudience = (form: FormData | URLSearchParams): AudienceForm => {
  const params = paramsOf(form)
  const problems: AudienceForm['problems'] = {}
  const audience = readWho(params, problems)
  return { audience, rules: params.has('rules') ? readRules(params, problems) : defaultRules, problems }
}

// PostgreSQL refuses U+0000 in a text.
const paramsOf = (form: FormData | URLSearchParams): URLSearchParams => {
  const texts = [...form].filter((pair): pair is [string, string] => typeof pair[1] === 'string')
  return new URLSearchParams(texts.map(([name, value]) => [name, value.replaceAll('\u0000', '')]))
}

const readWho = (params: URLSearchParams, problems: AudienceForm['problems']): Audience => {
  const ids = (name: string): number[] =>
    [
      ...new Set(
        params.getAll(name).flatMap((text) => text.split(',').flatMap((one) => id.safeParse(one).data ?? [])),
      ),
    ].slice(0, MAX_PICKED)
  const mode = MODES.find((one) => one === params.get('mode')) ?? 'filter'
  const companyIds = ids('companyIds')
  const audience: Audience = {
    ...emptyAudience,
    mode,
    filter: mode === 'picked' ? '' : audienceParams(readAudienceFilter(params)).toString(),
    excludedIds: ids('excludedIds'),
  }
  if (mode === 'picked') return { ...audience, companyIds }
  if (mode === 'groups') {
    const groupIds = ids('groupIds')
    if (groupIds.length === 0) problems.groupIds = 'chooseGroup'
    return { ...audience, groupIds }
  }
  if (mode === 'segment') {
    const segmentId = id.safeParse(params.get('segmentId')).data ?? null
    if (segmentId === null) problems.segmentId = 'chooseSegment'
    return { ...audience, segmentId }
  }
  if (mode === 'objective') {
    const objective = params.get('objective') ?? ''
    if (!isObjective(objective)) problems.objective = 'chooseObjective'
    return { ...audience, objective: isObjective(objective) ? objective : null }
  }
  return audience
}

const readRules = (params: URLSearchParams, problems: AudienceForm['problems']): RecipientRules => {
  const optional = (
    name: 'notContactedDays' | 'mostCompanies',
    kind: z.ZodType<number>,
    problem: AudienceProblem,
  ): number | null => {
    const text = params.get(name)?.trim() ?? ''
    if (text === '') return null
    const read = kind.safeParse(text)
    if (!read.success) problems[name] = problem
    return read.data ?? null
  }
  const perCompany = whole(1, MAX_PER_COMPANY).safeParse(params.get('perCompany'))
  if (!perCompany.success) problems.perCompany = 'perCompanyRange'
  return {
    perCompany: perCompany.data ?? defaultRules.perCompany,
    roles: recipientRoles.filter((role) => params.getAll('roles').includes(role)),
    freeProviders: params.get('freeProviders') === '1',
    otherDomains: params.get('otherDomains') === '1',
    notContactedDays: optional('notContactedDays', whole(1, MAX_DAYS), 'daysRange'),
    mostCompanies: optional('mostCompanies', whole(1, MAX_COMPANIES), 'mostRange'),
  }
}

/** The audience as the fields of its form, for the page and for links: `readAudience` reads it back. */
export const audienceFields = (audience: Audience): URLSearchParams => {
  const params = new URLSearchParams(audience.filter)
  params.set('mode', audience.mode)
  if (audience.segmentId !== null) params.set('segmentId', String(audience.segmentId))
  if (audience.objective !== null) params.set('objective', audience.objective)
  for (const groupId of audience.groupIds) params.append('groupIds', String(groupId))
  if (audience.companyIds.length > 0) params.set('companyIds', audience.companyIds.join(','))
  if (audience.excludedIds.length > 0) params.set('excludedIds', audience.excludedIds.join(','))
  return params
}
