/** The scale, and beside it what no place on the scale would say: `unreachable` and `parked` sites, sites that
 *  could not be read (`unread`), and companies not to be contacted (`excluded`). */
export const scaleLevels = ['very-high', 'high', 'medium', 'low', 'very-low'] as const
export const ownLevels = ['parked', 'unreachable', 'unread', 'excluded'] as const
export const levels = [...scaleLevels, ...ownLevels] as const

export type ScaleLevel = (typeof scaleLevels)[number]
export type Level = (typeof levels)[number]

const LEAST: [ScaleLevel, number][] = [
  ['very-high', 80],
  ['high', 60],
  ['medium', 40],
  ['low', 20],
]

/** The level of a value of 0–100: 80, 60, 40 and 20 are the first of theirs. */
export const levelOf = (value: number): ScaleLevel =>
  LEAST.find(([, least]) => value >= least)?.[0] ?? 'very-low'
