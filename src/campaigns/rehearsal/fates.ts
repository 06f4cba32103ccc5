/** What the built-in sink lets a recipient do. refused: the server would not take the mail at all. */
export type Deed =
  | 'open'
  | 'open_again'
  | 'machine_open'
  | 'click'
  | 'machine_click'
  | 'unsubscribe'
  | 'bounce'
  | 'full'
  | 'reply'
  | 'autoreply'
  | 'complaint'

export type Fate = 'refused' | readonly Deed[]

// One after another, so that a rehearsal of twenty shows everything that can happen; it foretells nothing.
const FATES: readonly Fate[] = [
  ['open'],
  ['open', 'click'],
  [],
  ['open', 'reply'],
  ['machine_open'],
  ['bounce'],
  ['open', 'open_again'],
  [],
  ['autoreply'],
  ['machine_open', 'open'],
  ['open', 'unsubscribe'],
  [],
  'refused',
  ['machine_open', 'machine_click'],
  [],
  ['open', 'click', 'click'],
  ['full'],
  [],
  ['open'],
  [],
]
const COMPLAINT: Fate = ['open', 'complaint']
const COMPLAINT_EVERY = 200

/** The fate of the n-th mail of a rehearsal, from 0. */
export const fateOf = (n: number): Fate =>
  n % COMPLAINT_EVERY === COMPLAINT_EVERY - 1 ? COMPLAINT : (FATES[n % FATES.length] ?? [])

/** How long after the mail each of them happens, in milliseconds: machines at once, people a little later. */
export const DELAYS: Record<Deed, number> = {
  machine_open: 1_000,
  machine_click: 1_500,
  bounce: 2_000,
  full: 2_000,
  autoreply: 3_000,
  open: 14_000,
  click: 20_000,
  unsubscribe: 22_000,
  open_again: 26_000,
  reply: 28_000,
  complaint: 28_000,
}
