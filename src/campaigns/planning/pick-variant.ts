import { createHash } from 'node:crypto'

/** One of these by chance that is always the same for the same key: who is planned again stays in the group they were
 *  in. Shares are by `weight`; one of weight 0 is only picked when all are. */
export const pickStable = <T extends { weight: number }>(choices: readonly T[], key: string): T => {
  const [first] = choices
  if (!first) throw new Error('nothing to pick from')
  const total = choices.reduce((sum, { weight }) => sum + weight, 0)
  let point = (createHash('sha256').update(key).digest().readUInt32BE(0) / 2 ** 32) * total
  for (const choice of choices) {
    point -= choice.weight
    if (point < 0) return choice
  }
  return first
}
