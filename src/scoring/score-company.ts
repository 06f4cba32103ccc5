import { plain, type Category, type Finding, type Severity } from '#src/analysis/finding.ts'
import type { ScorePoint } from '#src/companies/schema.ts'
import type { Contact } from '#src/crawl/contacts/choose-contact.ts'
import type { Values } from '#src/lib/fill-in.ts'
import { plainPointEvidence } from './evidence-messages.ts'
import { levelOf, type Level } from './levels.ts'
import type { SiteState } from './site-state.ts'
import data from './weights.data.json'

export type ScoreInput = {
  /** One of the twelve statuses, in French as stored. */
  status: string
  /** Told by hand or by the suppression list, besides the three statuses that say so. */
  doNotContact?: boolean
  contact: Contact
  /** 0–5 */
  rating: number | null
  reviewsCount: number | null
  site: SiteState
  findings: readonly Finding[]
}

/** `value` is 0–100 and the sum of `points`; `reason` is a rule's id or a code of messages.ts. */
export type Score = { value: number; level: Level; points: ScorePoint[] }

type Weight = { points: number; why: string }
type FindingWeight = number | Partial<Record<Severity, number>>

const HIGHEST = 100
const MAX_EVIDENCE = 300
const DO_NOT_CONTACT = new Set(['Désabonné', 'Plainte spam', 'Ne pas contacter'])
const BOUNCED = 'Bounce'

const findingWeights: Record<Finding['id'], FindingWeight> = data.findings
const statusWeights: Record<string, Weight> = data.status
const categories = [
  'security',
  'technical',
  'mobile',
  'seo',
  'performance',
  'legal',
] as const satisfies Category[]

/** How worth a call a company is: a weak site (up to 60 points), someone to reach (up to 32), a business that
 *  can pay, and where the conversation stands. Every limit is itself a line, so the points add up to the value. */
export const scoreCompany = (input: ScoreInput): Score => {
  if (input.doNotContact || DO_NOT_CONTACT.has(input.status)) {
    const params: Values = DO_NOT_CONTACT.has(input.status) ? { status: input.status } : {}
    return { value: 0, level: 'excluded', points: [point(0, 'do-not-contact', params)] }
  }
  const contact = input.status === BOUNCED ? withoutEmail(input.contact) : input.contact
  const points = [
    ...scoreSite(input.site, input.findings),
    ...scoreContact(contact),
    ...scoreBusiness(input),
    ...scoreStatus(input),
  ]
  if (contact.kind === 'none') {
    limit(points, data.caps.noContact.points, 'cap-no-contact')
  }
  limit(points, HIGHEST, 'cap-total')
  if (sum(points) < 0) points.push(point(-sum(points), 'floor'))
  const value = sum(points)
  return { value, level: levelIn(input.site, value), points }
}

const withoutEmail = ({ phone, form, ...contact }: Contact): Contact => ({
  ...contact,
  kind: phone ? 'phone' : form ? 'form' : 'none',
  email: null,
  emailKind: null,
  phone,
  form,
})

const scoreContact = ({ kind, email, emailKind, person, role, phone, form }: Contact): ScorePoint[] => {
  const holder: Values = emailKind === 'person' ? { name: person ?? '', role: role ?? '' } : {}
  const params: Values = email
    ? { email, ...holder }
    : { ...(phone && { phone }), ...(kind === 'form' && form && { page: form }) }
  const found = point(data.contact[kind].points, `contact-${kind}`, params)
  return phone !== null && kind !== 'phone'
    ? [found, point(data.phoneToo.points, 'contact-phone-too', { phone })]
    : [found]
}

const scoreSite = (site: SiteState, findings: readonly Finding[]): ScorePoint[] => {
  if (site.state !== 'read') return [point(data.site[site.state].points, `site-${site.state}`, site.params)]
  const weak = categories.flatMap((category) => {
    const points = findings
      .filter((finding) => finding.category === category)
      .map((finding) => point(weightOf(finding), finding.id, finding.params, finding.evidence))
      .filter((line) => line.points > 0)
      .sort((a, b) => b.points - a.points)
    const cap = data.caps[category].points
    limit(points, cap, `cap-${category}`)
    return points
  })
  const cap = data.caps.weaknesses.points
  limit(weak, cap, 'cap-weaknesses')
  return weak.length > 0 ? weak : [point(0, 'site-sound', site.params)]
}

const weightOf = (finding: Finding): number => {
  const weight = findingWeights[finding.id]
  return typeof weight === 'number' ? weight : (weight[finding.severity] ?? 0)
}

const scoreBusiness = ({ rating, reviewsCount }: ScoreInput): ScorePoint[] => {
  const reviews = reviewsCount ?? 0
  const { reviewsMany, reviewsSome, ratingGood } = data.business
  const points: ScorePoint[] = []
  if (reviews >= reviewsSome.from) {
    const many = reviews >= reviewsMany.from
    points.push(point((many ? reviewsMany : reviewsSome).points, 'reviews', { count: reviews }))
  }
  if (rating !== null && rating >= ratingGood.from && reviews >= ratingGood.reviews) {
    points.push(point(ratingGood.points, 'rating', { rating, count: reviews }))
  }
  return points
}

const scoreStatus = ({ status }: ScoreInput): ScorePoint[] => {
  if (status === BOUNCED) return [point(0, 'status-bounce')]
  const weight = Object.hasOwn(statusWeights, status) ? statusWeights[status] : undefined
  return weight ? [point(weight.points, 'status', { status })] : []
}

/** Adds the line that brings `points` down to `most`, when they exceed it. */
const limit = (points: ScorePoint[], most: number, reason: string): void => {
  const excess = sum(points) - most
  if (excess > 0) points.push(point(-excess, reason, { cap: most }))
}

const levelIn = (site: SiteState, value: number): Level =>
  site.state === 'read' || site.state === 'none' ? levelOf(value) : site.state

const point = (
  points: number,
  reason: string,
  params: Values = {},
  evidence = plainPointEvidence(reason, params),
): ScorePoint => ({ points, reason, params, evidence: plain(evidence, MAX_EVIDENCE) })

const sum = (points: readonly ScorePoint[]): number => points.reduce((total, { points }) => total + points, 0)
