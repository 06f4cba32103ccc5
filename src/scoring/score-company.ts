import { plain, type Category, type Finding, type Severity } from '#src/analysis/finding.ts'
import type { ScorePoint } from '#src/companies/schema.ts'
import { bestContact, type ContactFacts } from './best-contact.ts'
import { levelOf, type Level } from './levels.ts'
import type { SiteState } from './site-state.ts'
import data from './weights.data.json'

export type ScoreInput = {
  /** One of the twelve statuses, in French as stored. */
  status: string
  /** Told by hand or by the suppression list, besides the three statuses that say so. */
  doNotContact?: boolean
  contact: ContactFacts
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
    const evidence = DO_NOT_CONTACT.has(input.status)
      ? `status ${input.status}`
      : 'on the list of those not to contact'
    return { value: 0, level: 'excluded', points: [point(0, 'do-not-contact', evidence)] }
  }
  const reachable = input.status === BOUNCED ? { ...input.contact, emails: [] } : input.contact
  const contact = bestContact(reachable)
  const points = [
    ...scoreSite(input.site, input.findings),
    point(data.contact[contact.kind].points, `contact-${contact.kind}`, contact.evidence),
    ...(contact.phone !== null && contact.kind !== 'phone'
      ? [point(data.phoneToo.points, 'contact-phone-too', contact.phone)]
      : []),
    ...scoreBusiness(input),
    ...scoreStatus(input),
  ]
  if (contact.kind === 'none') {
    limit(points, data.caps.noContact.points, 'cap-no-contact', 'nobody to contact is known')
  }
  limit(points, HIGHEST, 'cap-total', 'the scale ends at 100')
  if (sum(points) < 0) points.push(point(-sum(points), 'floor', 'the scale starts at 0'))
  const value = sum(points)
  return { value, level: levelIn(input.site, value), points }
}

const scoreSite = (site: SiteState, findings: readonly Finding[]): ScorePoint[] => {
  if (site.state !== 'read') return [point(data.site[site.state].points, `site-${site.state}`, site.evidence)]
  const weak = categories.flatMap((category) => {
    const points = findings
      .filter((finding) => finding.category === category)
      .map((finding) => point(weightOf(finding), finding.id, finding.evidence, finding.params))
      .filter((line) => line.points > 0)
      .sort((a, b) => b.points - a.points)
    const cap = data.caps[category].points
    limit(points, cap, `cap-${category}`, `weak points of this kind count ${cap} at most`, { cap })
    return points
  })
  const cap = data.caps.weaknesses.points
  limit(weak, cap, 'cap-weaknesses', `weak points of the site count ${cap} at most`, { cap })
  return weak.length > 0 ? weak : [point(0, 'site-sound', site.evidence)]
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
    points.push(
      point((many ? reviewsMany : reviewsSome).points, 'reviews', `${reviews} reviews`, { count: reviews }),
    )
  }
  if (rating !== null && rating >= ratingGood.from && reviews >= ratingGood.reviews) {
    points.push(
      point(ratingGood.points, 'rating', `rated ${rating} by ${reviews}`, { rating, count: reviews }),
    )
  }
  return points
}

const scoreStatus = ({ status }: ScoreInput): ScorePoint[] => {
  if (status === BOUNCED) return [point(0, 'status-bounce', 'mail came back: addresses are not counted')]
  const weight = Object.hasOwn(statusWeights, status) ? statusWeights[status] : undefined
  return weight ? [point(weight.points, 'status', `status ${status}`, { status })] : []
}

/** Adds the line that brings `points` down to `most`, when they exceed it. */
const limit = (
  points: ScorePoint[],
  most: number,
  reason: string,
  evidence: string,
  params: ScorePoint['params'] = { cap: most },
): void => {
  const excess = sum(points) - most
  if (excess > 0) points.push(point(-excess, reason, evidence, params))
}

const levelIn = (site: SiteState, value: number): Level =>
  site.state === 'read' || site.state === 'none' ? levelOf(value) : site.state

const point = (
  points: number,
  reason: string,
  evidence: string,
  params: ScorePoint['params'] = {},
): ScorePoint => ({ points, reason, params, evidence: plain(evidence, MAX_EVIDENCE) })

const sum = (points: readonly ScorePoint[]): number => points.reduce((total, { points }) => total + points, 0)
