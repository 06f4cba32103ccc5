import type { Clue } from './weigh-headers.ts'
import type { Hit } from './traffic-document.ts'

/** How far on each side of a hit others may bear on it: its verdict is final when this has passed. */
export const WINDOW_MS = 10_000
/** Others looked at on each side, so that a flood takes time in proportion to its length. */
const MAX_NEIGHBOURS = 60
const CROWD = 4
const SWEEP = { links: 3, fastMs: 2_000, brisk: 4_000 }
const PAIR = { instantMs: 700, fastMs: 1_500 }
const EARLY_MS = { instant: 2_000, soon: 10_000, minute: 60_000 }
const IMAGE_WITH_CLICK_MS = 500
const ECHO_MARGIN = 1

/** A hit with what it says by itself; `weight` is the sum of its clues, Infinity for a certain machine. */
export type Weighed = { hit: Hit; weight: number; isCertainHuman: boolean }

/** The hits within the window around one, itself not among them: from the nearest back, then from the nearest on. */
export const neighboursOf = (hits: readonly Weighed[], position: number): Weighed[] => {
  const here = hits[position]?.hit.at ?? 0
  const near: Weighed[] = []
  for (let i = position - 1; i >= 0 && position - i <= MAX_NEIGHBOURS; i--) {
    const other = hits[i]
    if (!other || here - other.hit.at > WINDOW_MS) break
    near.push(other)
  }
  for (let i = position + 1; i < hits.length && i - position <= MAX_NEIGHBOURS; i++) {
    const other = hits[i]
    if (!other || other.hit.at - here > WINDOW_MS) break
    near.push(other)
  }
  return near
}

/** The nearest requests for other links on one side, each link once, as many as a crowd needs. */
type Reach = { link: string; afterMs: number }[]

const reachOf = (hit: Hit, others: readonly Hit[], isOnSide: (other: Hit) => boolean): Reach => {
  const reach: Reach = []
  for (const other of others) {
    if (reach.length >= CROWD - 1) break
    const { link } = other
    if (link === null || link === hit.link || !isOnSide(other) || reach.some((seen) => seen.link === link))
      continue
    reach.push({ link, afterMs: Math.abs(other.at - hit.at) })
  }
  return reach
}

/** How long it took to ask for `count` different links, this hit's among them; Infinity when it never did. */
const spanOf = (before: Reach, after: Reach, count: number): number => {
  let best = Infinity
  for (let back = 0; back <= before.length; back++)
    for (let on = 0; on <= after.length; on++) {
      const links = new Set([...before.slice(0, back), ...after.slice(0, on)].map(({ link }) => link))
      const span = (before[back - 1]?.afterMs ?? 0) + (after[on - 1]?.afterMs ?? 0)
      if (links.size >= count - 1) best = Math.min(best, span)
    }
  return best
}

const sweepWeight = (hit: Hit, others: readonly Hit[]): number => {
  const isBefore = (other: Hit) => other.at < hit.at || (other.at === hit.at && other.index < hit.index)
  const before = reachOf(hit, others, isBefore)
  const after = reachOf(hit, others, (other) => !isBefore(other))
  const pair = spanOf(before, after, 2)
  const three = spanOf(before, after, SWEEP.links)
  const crowd = spanOf(before, after, CROWD)
  let weight = 0
  if (pair <= PAIR.fastMs) weight = 2
  if (pair <= PAIR.instantMs) weight = 4
  if (three <= SWEEP.brisk) weight = Math.max(weight, 3)
  if (three <= SWEEP.fastMs) weight = 5
  if (crowd <= WINDOW_MS) weight = Math.max(weight, 4)
  return weight
}

const weighSweep = (hit: Hit, near: readonly Weighed[]): Clue[] => {
  if (hit.link === null) return []
  const others = near.filter((other) => !other.isCertainHuman).map((other) => other.hit)
  const alone = sweepWeight(
    hit,
    others.filter((other) => other.ip === hit.ip),
  )
  const together = sweepWeight(hit, others) * 0.6
  if (alone === 0 && together === 0) return []
  return alone >= together
    ? [{ reason: 'link_sweep', weight: alone }]
    : [{ reason: 'link_sweep_many_addresses', weight: together }]
}

const weighHaste = (hit: Hit, sentAt: number | null): Clue[] => {
  const since = sentAt === null ? Infinity : hit.at - sentAt
  if (since < 0 || since > EARLY_MS.minute) return []
  if (since <= EARLY_MS.instant) return [{ reason: 'too_soon', weight: 2 }]
  return [{ reason: 'too_soon', weight: since <= EARLY_MS.soon ? 1 : 0.5 }]
}

const weighEcho = (self: Weighed, near: readonly Weighed[]): Clue[] => {
  const { hit, weight } = self
  if (hit.link === null) return []
  const isEcho = near.some(
    (other) =>
      other.hit.link === hit.link &&
      other.hit.ip !== hit.ip &&
      other.hit.agent !== hit.agent &&
      weight - other.weight >= ECHO_MARGIN,
  )
  return isEcho ? [{ reason: 'click_echo', weight: 3 }] : []
}

const weighImage = (hit: Hit, near: readonly Weighed[]): Clue[] => {
  const isAtOnce = near.some(
    ({ hit: other }) =>
      other.ip === hit.ip &&
      (other.kind === 'pixel') !== (hit.kind === 'pixel') &&
      Math.abs(other.at - hit.at) <= IMAGE_WITH_CLICK_MS,
  )
  return isAtOnce ? [{ reason: 'image_with_click', weight: 2 }] : []
}

/** What happened around a hit says: sweeps over the links, haste after the sending, the same link asked for by
 *  another address at once. */
export const weighContext = (self: Weighed, near: readonly Weighed[], sentAt: number | null): Clue[] => [
  ...weighSweep(self.hit, near),
  ...weighHaste(self.hit, sentAt),
  ...weighEcho(self, near),
  ...weighImage(self.hit, near),
]
