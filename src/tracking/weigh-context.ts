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

/** The hits within the window around one, itself not among them. */
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

/** How long it took to ask for `count` different links, this hit's among them; Infinity when it never did. */
const spanOf = (hit: Hit, others: readonly Hit[], count: number): number => {
  const all = [hit, ...others].filter((other) => other.link !== null).sort((a, b) => a.at - b.at)
  let best = Infinity
  for (let from = 0; from < all.length; from++) {
    const start = all[from]?.at ?? 0
    if (start > hit.at) break
    const links = new Set<string | null>([hit.link])
    for (let to = from; to < all.length; to++) {
      links.add(all[to]?.link ?? null)
      const end = Math.max(hit.at, all[to]?.at ?? 0)
      if (links.size >= count) {
        best = Math.min(best, end - start)
        break
      }
    }
  }
  return best
}

const sweepWeight = (hit: Hit, others: readonly Hit[]): number => {
  const pair = spanOf(hit, others, 2)
  const three = spanOf(hit, others, SWEEP.links)
  const crowd = spanOf(hit, others, CROWD)
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
