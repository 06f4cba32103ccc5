import { neighbourhoodOf } from './address-origin.ts'
import type { Clue } from './weigh-headers.ts'
import type { Hit } from './traffic-document.ts'

/** How far on each side of a hit others may bear on it: its verdict is final when this has passed. */
export const WINDOW_MS = 10_000
/** Others looked at on each side, so that a flood takes time in proportion to its length. */
const MAX_NEIGHBOURS = 60
const CROWD = 4
const CROWD_FAST_MS = 4_000
const SWEEP = { links: 3, fastMs: 2_000, briskMs: 4_000 }
const PAIR = { instantMs: 400, quickMs: 700, fastMs: 1_500 }
/** So many links within the window are more than anyone opens by hand. */
const MANY_LINKS = 5
/** A sweep of this weight is a machine's, however complete its browser looks. */
export const SURE_SWEEP = 6
const UNSURE_SWEEP = 5
const SEVERAL_ADDRESSES = 3
const FEW_ADDRESSES_FACTOR = 0.7
const EARLY_MS = { instant: 2_000, soon: 10_000, minute: 60_000 }
const IMAGE_WITH_CLICK_MS = 500
const ECHO_MARGIN = 1
const REVISIT_MS = 600_000
const REVISIT_MARGIN = 3
const ECHO_FAST_MS = 3_000

/** A hit with what it says by itself; `weight` is the sum of its clues, Infinity for a certain machine. A scanner is a
 *  certain machine that is not the reader's own browser loading ahead. */
export type Weighed = { hit: Hit; weight: number; isCertainHuman: boolean; isScanner: boolean }

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

/** How much the requests for different links around a hit look like a sweep; the image counts as no link. */
const sweepWeight = (hit: Hit, others: readonly Hit[]): number => {
  const isBefore = (other: Hit) => other.at < hit.at || (other.at === hit.at && other.index < hit.index)
  const before = reachOf(hit, others, isBefore)
  const after = reachOf(hit, others, (other) => !isBefore(other))
  const own = hit.link === null ? 1 : 0
  const three = spanOf(before, after, SWEEP.links + own)
  const crowd = spanOf(before, after, CROWD + own)
  if (three <= SWEEP.fastMs || crowd <= CROWD_FAST_MS) return SURE_SWEEP
  const pair = own ? Infinity : spanOf(before, after, 2)
  if (pair <= PAIR.instantMs) return 5
  if (pair <= PAIR.quickMs || crowd <= WINDOW_MS) return 4
  if (three <= SWEEP.briskMs) return 3
  return pair <= PAIR.fastMs ? 2 : 0
}

/** What makes several links more than a curious reader's: very many of them, the page of unsubscribing among them. */
const sweepExtras = (hit: Hit, others: readonly Hit[]): number => {
  const asked = [hit, ...others].filter(({ link }) => link !== null)
  const links = new Set(asked.map(({ link }) => link)).size
  const hasUnsubscribe = asked.some(({ kind }) => kind === 'unsubscribe')
  return (links >= MANY_LINKS ? 1.5 : 0) + (links >= SWEEP.links && hasUnsubscribe ? 1.5 : 0)
}

const weighSweep = (hit: Hit, near: readonly Weighed[]): Clue[] => {
  const others = near.filter((other) => !other.isCertainHuman).map((other) => other.hit)
  const alone = weighAlone(hit, others)
  const together = weighTogether(hit, others)
  return alone.weight + together.weight === 0 ? [] : [together.weight > alone.weight ? together : alone]
}

const weighAlone = (hit: Hit, others: readonly Hit[]): Clue => {
  const here = others.filter((other) => other.ip === hit.ip)
  const alone = sweepWeight(hit, here)
  const weight = alone === 0 ? 0 : alone + sweepExtras(hit, here)
  // Of an office's one address, a reader may come while its appliance sweeps.
  const isAccompanied = here.some((other) => other.agent === hit.agent)
  return { reason: 'link_sweep', weight: isAccompanied ? weight : Math.min(weight, UNSURE_SWEEP) }
}

/** Addresses next to each other with the same browser are one actor; two far apart may be two readers. */
const weighTogether = (hit: Hit, others: readonly Hit[]): Clue => {
  const together = hit.link === null ? 0 : sweepWeight(hit, others)
  const all = [hit, ...others]
  const addresses = new Set(all.map(({ ip }) => ip)).size
  const isOne = all.every(
    ({ ip, agent }) => agent === hit.agent && neighbourhoodOf(ip) === neighbourhoodOf(hit.ip),
  )
  const factor = isOne || addresses >= SEVERAL_ADDRESSES ? 1 : FEW_ADDRESSES_FACTOR
  return { reason: 'link_sweep_many_addresses', weight: together * factor }
}

const weighHaste = (hit: Hit, sentAt: number | null): Clue[] => {
  const since = sentAt === null ? Infinity : hit.at - sentAt
  if (since < 0 || since > EARLY_MS.minute) return []
  if (since <= EARLY_MS.instant) return [{ reason: 'too_soon', weight: hit.kind === 'pixel' ? 2 : 4 }]
  return [{ reason: 'too_soon', weight: since <= EARLY_MS.soon ? 1 : 0.5 }]
}

const weighEcho = (self: Weighed, near: readonly Weighed[]): Clue[] => {
  const { hit, weight } = self
  if (hit.link === null) return []
  const delays = near
    .filter(
      (other) =>
        other.hit.link === hit.link && other.hit.ip !== hit.ip && weight - other.weight >= ECHO_MARGIN,
    )
    .map((other) => Math.abs(other.hit.at - hit.at))
  if (delays.length === 0) return []
  return [{ reason: 'click_echo', weight: Math.min(...delays) <= ECHO_FAST_MS ? 3 : 1.5 }]
}

/** A link somebody opened a little before from elsewhere, asked for again by what looks much less like a person: web
 *  filters go and see what their users open. */
export const weighRevisit = ({ hit, weight }: Weighed, last: Weighed | undefined): Clue[] => {
  if (hit.link === null || !last || hit.at - last.hit.at > REVISIT_MS) return []
  return last.hit.ip !== hit.ip && weight - last.weight >= REVISIT_MARGIN
    ? [{ reason: 'click_echo', weight: 1 }]
    : []
}

const weighCompany = ({ hit }: Weighed, near: readonly Weighed[]): Clue[] => {
  const scanners = near.filter((other) => other.isScanner && other.hit.ip === hit.ip)
  if (scanners.length === 0) return []
  const isSame = scanners.some((other) => other.hit.agent === hit.agent)
  return [{ reason: 'near_machine', weight: isSame ? 3 : 1.5 }]
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
  ...weighCompany(self, near),
]
