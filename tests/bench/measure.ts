/** One measured value beside what it is held to: a target of the product, or a peer measured in the same run. */
export type Measure = {
  what: string
  value: number
  unit: string
  /** At most this (`atLeast`: at least). Without it the value is told for information. */
  target?: number
  atLeast?: boolean
  /** Measured in this run on the same input; `ratio` is then told against it. */
  peer?: { name: string; value: number }
}

export type Bench = () => Promise<Measure[]>

/** True when the target is met; null when there is none. */
export const isMet = ({ value, target, atLeast }: Measure): boolean | null =>
  target === undefined ? null : atLeast ? value >= target : value <= target

/** Measured value by peer's or, without one, by the target. */
export const ratioOf = ({ value, target, peer }: Measure): number | null => {
  const other = peer?.value ?? target
  return other ? value / other : null
}

/** The value below which the given share (0–1) of the values lies. */
export const percentile = (values: number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.ceil(values.length * share) - 1)] ?? 0

/** A table of text, one line per measure. */
export const tableOf = (measures: Measure[]): string => {
  const rows = [
    ['', 'measured', 'held to', 'ratio', ''],
    ...measures.map((measure) => [
      measure.what,
      `${short(measure.value)} ${measure.unit}`,
      heldTo(measure),
      ratioOf(measure) === null ? '' : `× ${ratioOf(measure)!.toFixed(2)}`,
      { true: 'met', false: 'MISSED', null: '' }[String(isMet(measure))] ?? '',
    ]),
  ]
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

const heldTo = ({ target, atLeast, peer, unit }: Measure): string => {
  const parts = [
    ...(target === undefined ? [] : [`${atLeast ? '≥' : '≤'} ${short(target)} ${unit}`]),
    ...(peer ? [`${peer.name}: ${short(peer.value)}`] : []),
  ]
  return parts.join(', ')
}

const short = (value: number): string =>
  Math.abs(value) >= 100 ? Math.round(value).toString() : value.toFixed(Math.abs(value) >= 10 ? 1 : 2)
