/** z of a difference that chance makes in 5 of 100 tests (two-sided), and of one that is found in 80 of 100. */
const Z_CHANCE = 1.96
const Z_FOUND = 0.8416

export type SampleShare = { label: string; weight: number; recipients: number }

/** How many recipients each variant gets, largest remainders first so that the sum is right. */
export const shareRecipients = (
  variants: readonly { label: string; weight: number }[],
  recipients: number,
): SampleShare[] => {
  const total = variants.reduce((sum, { weight }) => sum + weight, 0) || variants.length
  const exact = variants.map(({ label, weight }) => {
    const share = (recipients * (total === variants.length && weight === 0 ? 1 : weight)) / total
    return { label, weight, recipients: Math.floor(share), rest: share - Math.floor(share) }
  })
  let left = recipients - exact.reduce((sum, one) => sum + one.recipients, 0)
  const given = new Set(
    exact
      .toSorted((one, other) => other.rest - one.rest)
      .filter(() => left-- > 0)
      .map(({ label }) => label),
  )
  return exact.map(({ label, weight, recipients: count }) => ({
    label,
    weight,
    recipients: count + (given.has(label) ? 1 : 0),
  }))
}

/** The rate a second variant must reach so that the difference to `rate` (0–1) is found with `perVariant` recipients each,
 *  in four of five tests, chance in one of twenty (normal approximation of two proportions); null when none would. */
export const detectableRate = (rate: number, perVariant: number): number | null => {
  for (let other = rate + 0.001; other <= 1; other += 0.001) {
    const mean = (rate + other) / 2
    const needed =
      (Z_CHANCE * Math.sqrt(2 * mean * (1 - mean)) +
        Z_FOUND * Math.sqrt(rate * (1 - rate) + other * (1 - other))) **
        2 /
      (other - rate) ** 2
    if (needed <= perVariant) return other
  }
  return null
}
