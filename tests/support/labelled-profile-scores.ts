import type { CompanyProfile, FeatureFact } from '#src/crawl/site-record.ts'
import type { Detail, Score } from './labelled-scores.ts'
import type { CompanyTruth, SiteTruth } from './labelled-sites.ts'
import { nameKey, plain } from './labelled-spelling.ts'

type Field = keyof CompanyTruth
type Said = Record<Field, string[]>

const FIELDS: Field[] = ['legalForm', 'capital', 'director', 'host', 'openingHours', 'languages']
const DAYS = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su']

/** What a site was found to say of its company, where the truth says anything about it; each language counts, the
 *  opening hours are right or wrong as a whole. */
export const scoreCompany = (found: CompanyProfile | undefined, truth: SiteTruth): Score => {
  const asked = truth.company
  const score: Score = { hits: 0, missed: [], wrong: [], details: {} }
  const said = found ? saidBy(found) : null
  for (const field of FIELDS) {
    const detail: Detail = { right: 0, of: 0, differ: [] }
    score.details[field] = detail
    if (!asked || asked[field] === undefined) continue
    const expected = expectedIn(asked, field)
    const reported = said?.[field] ?? []
    const isSame = (one: string, other: string) => sameIn(field, one, other)
    const hits = expected.filter((one) => reported.some((other) => isSame(one, other)))
    const wrong = reported
      .filter((one) => !expected.some((other) => isSame(other, one)))
      .filter((one) => !isTolerated(truth, field, one))
    // Of several directors any one will do.
    const missed =
      field === 'director' && hits.length > 0 ? [] : expected.filter((one) => !hits.includes(one))
    const right = field === 'director' ? Math.min(1, hits.length) : hits.length
    score.hits += right
    score.missed.push(
      ...missed.slice(0, field === 'director' ? 1 : undefined).map((one) => `${field} ${one}`),
    )
    score.wrong.push(...wrong.map((one) => `${field} ${one}`))
    detail.right = right
    detail.of = field === 'director' ? Math.min(1, expected.length) : expected.length
  }
  return score
}

const saidBy = (found: CompanyProfile): Said => ({
  legalForm: found.legalForm ? [found.legalForm.value] : [],
  capital: found.capital ? [String(found.capital.value)] : [],
  director: found.director ? [found.director.value] : [],
  host: found.host ? [found.host.value] : [],
  openingHours: asOne(found.openingHours.map(({ value }) => value)),
  languages: found.languages.map(({ value }) => value),
})

const expectedIn = (truth: CompanyTruth, field: Field): string[] => {
  if (field === 'openingHours') return asOne(truth.openingHours ?? [])
  return [truth[field] ?? []].flat().map(String)
}

const asOne = (hours: string[]): string[] => (hours.length > 0 ? [weekOf(hours)] : [])

/** `Mo 09:00-12:00 14:00-18:00|Tu …`, however the days were gathered. */
const weekOf = (hours: string[]): string => {
  const week = new Map<string, Set<string>>()
  for (const line of hours) {
    const [days = '', ...spans] = line.trim().split(/[\s;]+/)
    for (const day of daysOf(days)) week.set(day, new Set([...(week.get(day) ?? []), ...spans.map(spanOf)]))
  }
  return DAYS.filter((day) => week.has(day))
    .map((day) => `${day} ${[...week.get(day)!].toSorted().join(' ')}`)
    .join('|')
}

const spanOf = (span: string): string =>
  span
    .replace(/[,;]$/, '')
    .replace(/(?<!\d)(\d):/g, '0$1:')
    .replace('-24:00', '-00:00')

const daysOf = (text: string): string[] =>
  text.split(',').flatMap((part) => {
    const [from = '', to = from] = part.split(/[-–]/)
    const [first, last] = [DAYS.indexOf(from), DAYS.indexOf(to)]
    if (first < 0 || last < 0) return [part]
    const length = ((last - first + 7) % 7) + 1
    return Array.from({ length }, (_, index) => DAYS[(first + index) % 7]!)
  })

const sameIn = (field: Field, one: string, other: string): boolean => {
  if (field === 'director') return nameKey(one) === nameKey(other)
  if (field === 'legalForm') return formKey(one) === formKey(other)
  if (field === 'capital') return Number(one) === Number(other)
  if (field === 'host')
    return hostKey(one).startsWith(hostKey(other)) || hostKey(other).startsWith(hostKey(one))
  return one === other
}

const SOLE_TRADER =
  /^(?:ei|entreprise individuelle|entrepreneu(?:r|se) individuel(?:le)?|auto ?entrepreneu(?:r|se)|micro ?entreprise|micro ?entrepreneu(?:r|se))$/

// A sole trader is called many things, and "association loi 1901" is an association.
const formKey = (text: string): string => {
  const key = plain(text.replaceAll('.', ''))
  if (SOLE_TRADER.test(key)) return 'ei'
  return key.startsWith('association') ? 'association' : key
}

const hostKey = (text: string): string =>
  plain(text)
    .replace(/\b(?:sas|sarl|sa|gmbh|inc|ltd|ag|se|llc|bv|com|fr|net|sas)\b/g, '')
    .replaceAll(' ', '')
    .replace(/^(?:societe|la)/, '')

const isTolerated = (truth: SiteTruth, field: Field, value: string): boolean =>
  (truth.tolerated?.company ?? []).some((line) => {
    const at = line.indexOf(' ')
    return line === field || (line.slice(0, at) === field && sameIn(field, line.slice(at + 1), value))
  })

/** Features that the truth says are there or not; those that it does not speak of are left alone. */
export const scoreFeatures = (found: FeatureFact[], truth: SiteTruth): Score => {
  const asked = truth.features
  const detail: Detail = { right: 0, of: 0, differ: [] }
  const score: Score = { hits: 0, missed: [], wrong: [], details: { 'last post': detail } }
  if (!asked) return score
  const reported = new Map(found.filter(({ present }) => present).map((fact) => [String(fact.name), fact]))
  const present = asked.present.filter((name) => name !== 'last_post')
  const tolerated = truth.tolerated?.features ?? []
  score.hits = present.filter((name) => reported.has(name)).length
  score.missed = present.filter((name) => !reported.has(name))
  score.wrong = asked.absent.filter((name) => reported.has(name) && !tolerated.includes(name))
  if (asked.lastPost) {
    const said = reported.get('last_post')?.value ?? 'nothing'
    detail.of = 1
    detail.right = said === asked.lastPost ? 1 : 0
    if (detail.right === 0) detail.differ.push(`${said} for ${asked.lastPost}`)
  } else if (asked.lastPost === null && reported.has('last_post'))
    score.wrong.push(`last_post ${reported.get('last_post')!.value}`)
  return score
}
